//! `/koordination`: the coordinator's overview of the network.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;

use super::not_found::PageError;
use crate::{
    calls::{ImportFacts, SignOut, list_choices},
    i18n::{t_string, use_i18n},
    views::Choice,
    widgets::{ErrorNotice, ImportResult, PageTitle},
};

/// The route: loads the overview.
#[component]
pub fn CoordinationPage() -> impl IntoView {
    let choices = Resource::new(|| (), |()| list_choices());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match choices.await {
                    Ok(choices) => view! { <Overview choices /> }.into_any(),
                    Err(error) => view! { <PageError error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Overview(choices: Vec<Choice>) -> impl IntoView {
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
            <ImportFactsForm />
            <ActionForm action=sign_out>
                <button type="submit" class="button">{text!(i18n, coordination.sign_out)}</button>
            </ActionForm>
        </article>
    }
}

#[component]
fn ImportFactsForm() -> impl IntoView {
    let i18n = use_i18n();
    let import = ServerAction::<ImportFacts>::new();
    view! {
        <section aria-labelledby="fakten-import">
            <h2 id="fakten-import">{text!(i18n, coordination.import_facts)}</h2>
            <p>{text!(i18n, coordination.import_facts_hint)}</p>
            <ActionForm action=import attr:class="form">
                <label for="csv">{text!(i18n, coordination.csv)}</label>
                <textarea id="csv" name="csv" rows="8" required spellcheck="false" class="code"></textarea>
                <button type="submit" class="button" disabled=move || import.pending().get()>
                    {text!(i18n, coordination.import)}
                </button>
                {move || match import.value().get() {
                    Some(Ok(report)) => view! { <ImportResult report /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
                    None => ().into_any(),
                }}
            </ActionForm>
        </section>
    }
}
