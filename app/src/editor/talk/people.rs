//! For facilitators: who writes, and who only suggests.

use leptos::prelude::*;
use model::{ags::Ags, role::Role};

use crate::{
    calls::set_person_role,
    error::AppError,
    i18n::use_i18n,
    lean::{list, view},
    sync::shown::Shown,
    widgets::ErrorNotice,
};

/// Everybody here who can be set, each with the choice. Hidden as long as there is nobody.
#[component]
pub(in crate::editor) fn Roles(shown: Shown, ags: Ags) -> impl IntoView {
    let i18n = use_i18n();
    let people = Memo::new(move |_| {
        if !shown.role.get().may_decide() {
            return Vec::new();
        }
        let people = shown.people.get().into_iter().filter(|person| person.role.can_be_set());
        people
            .map(|person| (person.participant, person.name, person.role))
            .collect::<Vec<_>>()
    });
    let failed = RwSignal::new(None::<AppError>);
    view! {
        <details class="people-roles" data-people-roles hidden=move || people.with(Vec::is_empty)>
            <summary>{text!(i18n, talk.roles)}</summary>
            <ul role="list">
                {list(move || people.get(), move |(participant, name, role): (String, String, Role)| {
                        let ags = ags.clone();
                        let id = participant.clone();
                        let label = name.clone();
                        let choose = move |event| {
                            let Some(role) = Role::parse(&event_target_value(&event)) else { return };
                            let (ags, participant) = (ags.clone(), participant.clone());
                            leptos::task::spawn_local(async move {
                                failed.set(set_person_role(ags, participant, role).await.err());
                            });
                        };
                        view! {
                            <li>
                                <label>
                                    <span>{label}</span>
                                    <select data-role-of=id on:change=choose>
                                        <option value=Role::Participate.as_str() selected=role == Role::Participate>
                                            {text!(i18n, talk.role_writes)}
                                        </option>
                                        <option value=Role::Suggest.as_str() selected=role == Role::Suggest>
                                            {text!(i18n, talk.role_suggests)}
                                        </option>
                                    </select>
                                </label>
                            </li>
                        }
                    })}
            </ul>
            {move || failed.get().map(|error| view! { <ErrorNotice error /> })}
        </details>
    }
}
