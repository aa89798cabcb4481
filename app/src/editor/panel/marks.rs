//! Under a block's words: where it was taken over from, its life phases, and an Einfache Sprache that has to be looked at again.

use leptos::prelude::*;
use model::{doc::BlockId, leitbild::PointSource, paper::german_date};

use crate::{
    editor::{Places, chain::phase_name, live::Editor},
    i18n::t_string,
    lean::view,
};

pub(in crate::editor) fn marks(editor: Editor, id: &BlockId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let id = id.clone();
    let marks = Memo::new(move |_| {
        editor.shown.view.with(|view| {
            let block = view.block(&id)?;
            let has_marks = block.plain_stale || !block.phases.is_empty() || block.source.is_some();
            has_marks.then(|| (block.plain_stale, block.phases.clone(), block.source.clone()))
        })
    });
    move || {
        marks.get().map(|(is_stale, phases, source)| {
            let phases = phases.into_iter().map(|phase| {
                view! { <li class="mark-phase">{move || editor.phases.with_value(|all| phase_name(i18n, all, &phase))}</li> }
            });
            let stale = is_stale.then(|| view! { <li class="mark-stale">{text!(i18n, panel.stale_mark)}</li> });
            view! {
                <ul class="marks" role="list" data-marks>
                    {source.map(|source| taken_from(editor, source))}
                    {phases.collect_view()}
                    {stale}
                </ul>
            }
        })
    }
}

/// Whose words the block began with.
fn taken_from(editor: Editor, source: PointSource) -> impl IntoView {
    let i18n = editor.i18n;
    let name = use_context::<Places>().and_then(|places| {
        let all = |all: &Vec<(_, String)>| {
            all.iter()
                .find(|(ags, _)| *ags == source.ags)
                .map(|(_, name)| name.clone())
        };
        places.0.with_value(all)
    });
    let place = name.unwrap_or_else(|| source.ags.to_string());
    let date = german_date(&source.date);
    let words = move || t_string!(i18n, papers.taken_from, place = place.clone(), date = date.clone()).to_string();
    let there = format!("/kommune/{}#b-{}", source.ags, source.block);
    view! {
        <li class="mark-source" data-source=there>
            <a href=there.clone() target="_blank" rel="noopener">{move || words()}</a>
        </li>
    }
}
