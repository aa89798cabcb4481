//! Who has joined the draft, and erasing somebody who asks for it.

use leptos::{form::ActionForm, html, prelude::*};
use model::ags::Ags;

use crate::{calls::ErasePerson, i18n::use_i18n, lean::view, views::PersonSummary, widgets::outcome};

#[component]
pub(super) fn People(ags: Ags, people: Vec<PersonSummary>, erase: ServerAction<ErasePerson>) -> impl IntoView {
    let i18n = use_i18n();
    let count = people.len();
    // After a workshop there are many; whoever has just erased one sees who is left.
    let is_open = move || erase.version().get() > 0;
    let chosen = RwSignal::new(None::<String>);
    view! {
        <section aria-labelledby="personen">
            <h2 id="personen">{text!(i18n, coordination.people)}</h2>
            <p>{text!(i18n, coordination.people_hint)}</p>
            {outcome(erase, "erased", text!(i18n, coordination.erase_done))}
            {if count == 0 {
                view! { <p class="hint">{text!(i18n, coordination.people_none)}</p> }.into_any()
            } else {
                view! {
                    <details class="people-joined" open=is_open>
                        <summary>{text!(i18n, coordination.people_show)} " (" {count} ")"</summary>
                        <ul class="links">
                            {people
                                .into_iter()
                                .map(|person| view! { <Person ags=ags.clone() person erase chosen /> })
                                .collect_view()}
                        </ul>
                    </details>
                }
                    .into_any()
            }}
        </section>
    }
}

/// It cannot be taken back, so it takes two steps, of which the first says what happens; they work without JavaScript, too.
///
/// `chosen` is whose second step is open. When the list is there anew its rows stay the same elements, with other people in them: what
/// stands open must not be the next person's.
#[component]
fn Person(
    ags: Ags,
    person: PersonSummary,
    erase: ServerAction<ErasePerson>,
    chosen: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let PersonSummary { id, name } = person;
    let whose = name.clone();
    let (shown, noted) = (id.clone(), id.clone());
    let details = NodeRef::<html::Details>::new();
    let is_open = move || chosen.with(|chosen| chosen.as_ref() == Some(&shown));
    // The browser opens and closes it by itself, also before the script is there.
    let note = move || {
        let is_open = details.get_untracked().is_some_and(|details| details.open());
        chosen.update(|chosen| {
            if is_open {
                *chosen = Some(noted.clone());
            } else if chosen.as_ref() == Some(&noted) {
                *chosen = None;
            }
        });
    };
    let toggled = note.clone();
    view! {
        <li class="link">
            <span class="link-label">{name}</span>
            <details
                class="erase"
                node_ref=details
                open=is_open
                on:toggle=move |_| toggled()
                on:submit=move |_| note()
            >
                <summary>
                    {text!(i18n, coordination.erase)} <span class="visually-hidden">" " {whose}</span>
                </summary>
                <p class="hint">{text!(i18n, coordination.erase_hint)}</p>
                <ActionForm action=erase>
                    <input type="hidden" name="ags" value=ags.to_string() />
                    <input type="hidden" name="participant" value=id />
                    <button type="submit" class="button button-small" disabled=move || erase.pending().get()>
                        {text!(i18n, coordination.erase_now)}
                    </button>
                </ActionForm>
            </details>
        </li>
    }
}
