//! `/koordination`: the coordinator's overview of the network.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_router::components::A;

use model::phase::Phase;

use super::data::PageData;
use crate::{
    calls::{ImportFacts, SetPhases, SignOut, list_choices, list_phases},
    i18n::{t_string, use_i18n},
    lean::view,
    views::Choice,
    widgets::{ErrorNotice, ImportResult, NeedsScript, PageTitle, live},
};

/// A table of facts, to begin with.
const FACTS_EXAMPLE: &str = "Gemeindeschlüssel;Angabe;Wert;Quelle;Stand\n05566;inhabitants;447614;IT.NRW;2022-12-31";

/// The route: loads the overview.
#[component]
pub fn CoordinationPage() -> impl IntoView {
    let phases = PageData::new(String::new, list_phases);
    PageData::new(String::new, list_choices).show(move |choices| {
        phases.show(move |phases| view! { <Overview choices=choices.clone() phases /> }.into_any())
    })
}

#[component]
fn Overview(choices: Vec<Choice>, phases: Vec<Phase>) -> impl IntoView {
    let i18n = use_i18n();
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, coordination.title).to_owned()) />
        <article class="page">
            <h1>{text!(i18n, coordination.title)}</h1>
            <p class="lead">{text!(i18n, coordination.intro)}</p>
            <table class="choices">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, coordination.municipality)}</th>
                        <th scope="col">{text!(i18n, coordination.state)}</th>
                        <th scope="col">{text!(i18n, coordination.links)}</th>
                    </tr>
                </thead>
                <tbody>
                    {choices
                        .into_iter()
                        .map(|choice| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <A href=format!("/koordination/{}", choice.ags)>{choice.name}</A>
                                    </th>
                                    <td>
                                        {move || {
                                            if choice.published {
                                                t_string!(i18n, coordination.published)
                                            } else {
                                                t_string!(i18n, coordination.unpublished)
                                            }
                                        }}
                                    </td>
                                    <td>{choice.links}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
            <PhasesForm phases />
            <ImportFactsForm />
            <ActionForm action=sign_out>
                <button type="submit" class="button">{text!(i18n, coordination.sign_out)}</button>
            </ActionForm>
            {move || sign_out.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })}
        </article>
    }
}

/// The life phases, a row each, with room for more.
#[component]
fn PhasesForm(phases: Vec<Phase>) -> impl IntoView {
    /// Empty rows at the end.
    const MORE: usize = 2;
    let i18n = use_i18n();
    let set = ServerAction::<SetPhases>::new();
    let rows = RwSignal::new(phases);
    let form = NodeRef::<html::Form>::new();
    // What was saved comes back with its new ids, perhaps in other rows. A field that was typed in would keep its words whatever
    // its row is given; reset, it shows that.
    Effect::new(move |_| {
        if let Some(Ok(saved)) = set.value().get() {
            if let Some(form) = form.get_untracked() {
                form.reset();
            }
            rows.set(saved);
        }
    });
    let fields = move || {
        let rows = rows.get();
        let empty = std::iter::repeat_n(None, MORE);
        rows.into_iter()
            .map(Some)
            .chain(empty)
            .enumerate()
            .map(|(index, phase)| {
                let number = (index + 1).to_string();
                let (german, english) = (number.clone(), number);
                let (id, de, en) = phase.map_or_else(Default::default, |phase| (String::from(phase.id), phase.de, phase.en));
                view! {
                    <li>
                        <input type="hidden" name=format!("phases[{index}][id]") value=id />
                        <input
                            name=format!("phases[{index}][de]")
                            value=de
                            maxlength="40"
                            autocomplete="off"
                            lang="de"
                            aria-label=move || t_string!(i18n, coordination.phase_de, number = german.clone()).to_string()
                        />
                        <input
                            name=format!("phases[{index}][en]")
                            value=en
                            maxlength="40"
                            autocomplete="off"
                            lang="en"
                            aria-label=move || t_string!(i18n, coordination.phase_en, number = english.clone()).to_string()
                        />
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <section aria-labelledby="lebensphasen">
            <h2 id="lebensphasen">{text!(i18n, coordination.phases)}</h2>
            <p>{text!(i18n, coordination.phases_hint)}</p>
            <ActionForm action=set node_ref=form attr:class="form">
                <ol class="phase-rows">{move || fields()}</ol>
                <button type="submit" class="button" disabled=move || set.pending().get()>
                    {text!(i18n, coordination.phases_save)}
                </button>
                <div role="status">
                    {move || match set.value().get() {
                        Some(Ok(_)) => view! { <p class="notice notice-good">{text!(i18n, coordination.phases_saved)}</p> }.into_any(),
                        Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
                        None => ().into_any(),
                    }}
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn ImportFactsForm() -> impl IntoView {
    let i18n = use_i18n();
    let import = ServerAction::<ImportFacts>::new();
    let live = live();
    view! {
        <section aria-labelledby="fakten-import">
            <h2 id="fakten-import">{text!(i18n, coordination.import_facts)}</h2>
            <p>{text!(i18n, coordination.import_facts_hint)}</p>
            <pre class="code">{FACTS_EXAMPLE}</pre>
            <ActionForm action=import attr:class="form">
                <label for="csv">{text!(i18n, coordination.csv)}</label>
                <textarea id="csv" name="csv" rows="8" required spellcheck="false" class="code"></textarea>
                <button type="submit" class="button" disabled=move || !live.get() || import.pending().get()>
                    {text!(i18n, coordination.import)}
                </button>
                <NeedsScript />
                {move || match import.value().get() {
                    Some(Ok(report)) => view! { <ImportResult report /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
                    None => ().into_any(),
                }}
            </ActionForm>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_table_that_can_be_taken_over() {
        assert_eq!(model::import::facts::parse(FACTS_EXAMPLE).unwrap().len(), 1);
    }
}
