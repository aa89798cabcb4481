//! The Präventionskette below the text: which life phases the Leitbild speaks of, and which it does not speak of yet.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::phase::Phase;

use crate::{
    i18n::{Locale, t_string, use_i18n},
    lean::view,
    sync::shown::Shown,
};

/// One phase after the other, with the number of Leitlinien and points that serve it.
#[component]
pub(super) fn Chain(shown: Shown, phases: Vec<Phase>) -> impl IntoView {
    let i18n = use_i18n();
    if phases.is_empty() {
        return ().into_any();
    }
    let counts = {
        let ids: Vec<String> = phases.iter().map(|phase| phase.id.to_string()).collect();
        Memo::new(move |_| {
            shown.view.with(|view| {
                let serving = |id: &String| view.blocks().filter(|block| block.phases.contains(id)).count();
                ids.iter().map(serving).collect::<Vec<_>>()
            })
        })
    };
    let gaps = move || counts.with(|counts| counts.iter().filter(|count| **count == 0).count());
    let lead = move || match gaps() {
        0 => t_string!(i18n, panel.chain_whole).to_string(),
        count if count == counts.with(Vec::len) => t_string!(i18n, panel.chain_empty).to_string(),
        count => {
            let count = count.to_string();
            t_string!(i18n, panel.chain_gaps, count = count).to_string()
        }
    };
    let items = phases
        .iter()
        .enumerate()
        .map(|(index, phase)| {
            let count = move || counts.with(|counts| counts.get(index).copied().unwrap_or_default());
            let all = [phase.clone()];
            let id = phase.id.to_string();
            let name = {
                let id = id.clone();
                move || phase_name(i18n, &all, &id)
            };
            let says = move || match count() {
                0 => t_string!(i18n, panel.chain_none).to_string(),
                1 => t_string!(i18n, panel.chain_one).to_string(),
                count => {
                    let count = count.to_string();
                    t_string!(i18n, panel.chain_some, count = count).to_string()
                }
            };
            view! {
                <li class="chain-link" class:chain-gap=move || count() == 0 data-phase=id data-count=count>
                    <span class="chain-name">{name}</span>
                    <span class="chain-count">{move || says()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="chain" aria-labelledby="chain-heading" data-chain>
            <h2 id="chain-heading">{text!(i18n, panel.chain)}</h2>
            <p class="hint">{move || lead()}</p>
            <ol role="list">{items}</ol>
        </section>
    }
    .into_any()
}

/// A phase's name in the reader's language; one that the network does not know by its id.
pub(super) fn phase_name(i18n: I18nContext<Locale>, all: &[Phase], id: &str) -> String {
    let Some(phase) = all.iter().find(|phase| phase.id.as_str() == id) else {
        return id.to_owned();
    };
    match i18n.get_locale() {
        Locale::en if !phase.en.is_empty() => phase.en.clone(),
        _ => phase.de.clone(),
    }
}
