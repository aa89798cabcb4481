//! The tab "Lebensphasen": which phases of the Präventionskette a Leitlinie or a point serves.

use leptos::prelude::*;
use model::{
    doc::{self, BlockId},
    phase::PhaseId,
};

use crate::{
    editor::{chain::phase_name, live::Editor},
    i18n::t_string,
    lean::{list, view},
};

pub(super) fn phases(editor: Editor, id: &BlockId) -> AnyView {
    let i18n = editor.i18n;
    let id = id.clone();
    let serves = {
        let id = id.clone();
        Memo::new(move |_| {
            let phases = |view: &doc::View| view.block(&id).map(|block| block.phases.clone());
            editor.shown.view.with(|view| phases(view)).unwrap_or_default()
        })
    };
    // A phase that the network does not name any more stays with the block and can only be taken away.
    let all = Memo::new(move |_| {
        let known: Vec<PhaseId> = editor
            .phases
            .with_value(|all| all.iter().map(|phase| phase.id.clone()).collect());
        let unknown = serves.get().into_iter().filter_map(|phase| PhaseId::parse(&phase));
        let unknown: Vec<PhaseId> = unknown.filter(|phase| !known.contains(phase)).collect();
        known.into_iter().chain(unknown).collect::<Vec<_>>()
    });
    view! {
        <fieldset class="panel-phases">
            <legend>{text!(i18n, panel.phases_legend)}</legend>
            {list(move || all.get(), move |phase: PhaseId| {
                    let (id, shown, set) = (id.clone(), phase.clone(), phase.clone());
                    let is_on = move || serves.with(|serves| serves.iter().any(|other| other == shown.as_str()));
                    view! {
                        <label class="check">
                            <input
                                type="checkbox"
                                data-phase=phase.to_string()
                                prop:checked=is_on
                                on:change=move |event| {
                                    let on = event_target_checked(&event);
                                    editor.step(|doc, _| doc::set_phase(doc, &id, &set, on));
                                }
                            />
                            <span>{move || editor.phases.with_value(|all| phase_name(i18n, all, phase.as_str()))}</span>
                        </label>
                    }
                })}
        </fieldset>
        <p class="hint">{move || t_string!(i18n, panel.phases_hint)}</p>
    }
    .into_any()
}
