//! Under a block's words: where it was taken over from, its life phases, and an Einfache Sprache that has to be looked at again.

use leptos::prelude::*;
use model::{
    doc::{BlockView, FieldId},
    leitbild::PointSource,
};

use crate::{
    editor::{Places, chain::phase_name, live::Editor},
    i18n::t_string,
    lean::view,
    versions::day_text,
};

/// What there is to say of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::editor) struct Notes {
    is_stale: bool,
    phases: Vec<String>,
    source: Option<PointSource>,
}

/// Tells each block's row what there is to say, whenever the text changed.
pub(in crate::editor) fn marks_of_view(editor: Editor) {
    Effect::new(move |_| {
        let notes = editor
            .shown
            .view
            .with(|view| view.blocks().chain(&view.bin).filter_map(notes_of).collect());
        editor.notes.set(notes);
    });
}

fn notes_of(block: &BlockView) -> Option<(FieldId, Notes)> {
    let notes = Notes {
        is_stale: block.plain_stale,
        phases: block.phases.clone(),
        source: block.source.clone(),
    };
    let is_any = notes.is_stale || !notes.phases.is_empty() || notes.source.is_some();
    is_any.then(|| (FieldId::Block(block.id.clone()), notes))
}

pub(in crate::editor) fn marks(editor: Editor, field: &FieldId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let notes = editor.notes.of(field);
    move || {
        notes.get().map(|Notes { is_stale, phases, source }| {
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
    let there = format!("/kommune/{}#b-{}", source.ags, source.block);
    let words = move || {
        let date = day_text(i18n, &source.date);
        t_string!(i18n, papers.taken_from, place = place.clone(), date = date).to_string()
    };
    view! {
        <li class="mark-source" data-source=there>
            <a href=there.clone() target="_blank" rel="noopener">{move || words()}</a>
        </li>
    }
}
