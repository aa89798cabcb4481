//! Under a block's words: its life phases, and an Einfache Sprache that has to be looked at again.

use leptos::prelude::*;
use model::doc::BlockId;

use crate::editor::{chain::phase_name, live::Editor};

pub(in crate::editor) fn marks(editor: Editor, id: &BlockId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let id = id.clone();
    let marks = Memo::new(move |_| {
        editor.shown.view.with(|view| {
            let block = view.block(&id)?;
            (block.plain_stale || !block.phases.is_empty()).then(|| (block.plain_stale, block.phases.clone()))
        })
    });
    move || {
        marks.get().map(|(is_stale, phases)| {
            let phases = phases.into_iter().map(|phase| {
                view! { <li class="mark-phase">{move || editor.phases.with_value(|all| phase_name(i18n, all, &phase))}</li> }
            });
            let stale = is_stale.then(|| view! { <li class="mark-stale">{text!(i18n, panel.stale_mark)}</li> });
            view! {
                <ul class="marks" role="list" data-marks>
                    {phases.collect_view()}
                    {stale}
                </ul>
            }
        })
    }
}
