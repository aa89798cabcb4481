//! Above the text: who is here, what is saved, undo and redo.

use leptos::prelude::*;
use model::{insert::in_order, wire::Person};

use super::{Action, Actions, keys_help::KeysHelp};
use crate::{
    i18n::{t_string, use_i18n},
    lean::{list_by, view},
    sync::{
        saved::SaveState,
        shown::{DeviceState, Shown},
    },
};
use std::hash::{DefaultHasher, Hash};

/// Above this many, only initials are shown; the names stay for screen readers and as tooltips.
const NAMED_PEOPLE: usize = 8;

/// Everybody who is here, oneself first. Who presses another one's name goes where they are.
#[component]
pub(super) fn People(shown: Shown, actions: Actions, own: String) -> impl IntoView {
    let i18n = use_i18n();
    let first = own.clone();
    let people = Memo::new(move |_| {
        let is_first = |person: &Person| person.participant == first;
        in_order(shown.people.get(), |one, other| is_first(one) && !is_first(other))
    });
    let is_many = move || shown.people.with(|people| people.len() > NAMED_PEOPLE);
    // Without a connection nobody knows.
    let is_alone = move || shown.connected.get() && shown.people.with(|people| people.len() == 1);
    // Items stay while others come and go, and so does the focus on them.
    let key = |person: &Person, hasher: &mut DefaultHasher| {
        (&person.participant, &person.name, person.role.may_write()).hash(hasher);
    };
    let row = move |person: Person| {
        let is_own = person.participant == own;
        view! { <PersonItem person is_own actions /> }
    };
    view! {
        <div class="people" class:people-many=is_many>
            <h2 class="visually-hidden">{text!(i18n, editor.people)}</h2>
            <ul data-people role="list">
                {list_by(move || people.get(), key, row)}
            </ul>
            <p class="hint" hidden=move || !is_alone()>
                {text!(i18n, editor.alone)}
            </p>
        </div>
    }
}

#[component]
fn PersonItem(person: Person, is_own: bool, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let Person {
        participant,
        name,
        color,
        role,
        ..
    } = person;
    let initial = initial(&name);
    let title = name.clone();
    let (spoken, followed) = (name.clone(), participant.clone());
    let text = move || {
        let name = name.clone();
        if is_own {
            t_string!(i18n, editor.person_you, name = name).to_string()
        } else if role.may_write() {
            name
        } else if role.may_talk() {
            t_string!(i18n, editor.person_suggests, name = name).to_string()
        } else {
            t_string!(i18n, editor.person_reads, name = name).to_string()
        }
    };
    let inside = view! {
        <span class="person-initial" aria-hidden="true">{initial}</span>
        <span class="person-name">{text}</span>
    };
    let inside = if is_own {
        inside.into_any()
    } else {
        let is_followed = {
            let followed = followed.clone();
            move || {
                actions
                    .following
                    .with(|following| following.as_ref() == Some(&followed))
            }
        };
        view! {
            <button
                type="button"
                class="person-follow"
                data-action="follow"
                title=move || t_string!(i18n, editor.follow, name = spoken.clone()).to_string()
                aria-pressed=move || is_followed().to_string()
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| actions.ask.set(Some(Action::Follow(followed.clone())))
            >
                {inside}
                <span class="visually-hidden">{move || t_string!(i18n, editor.follow_short)}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <li class=format!("person {}", color_class(color)) data-person=participant title=title>
            {inside}
        </li>
    }
}

/// Saved state, undo and redo: stays in sight.
#[component]
pub(super) fn Bar(shown: Shown, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || {
        let may_write = shown.may_write();
        match (shown.connected.get(), shown.saved.get()) {
            (false, _) if shown.unreadable.get() => t_string!(i18n, errors.draft_unreadable),
            (false, _) if !shown.loaded.get() && may_write => t_string!(i18n, editor.state_starting),
            (false, _) if !shown.loaded.get() => t_string!(i18n, editor.state_connecting),
            (false, _) if !may_write => t_string!(i18n, editor.state_offline_reading),
            (false, SaveState::Saved) => t_string!(i18n, editor.state_offline),
            (false, SaveState::Device) => t_string!(i18n, editor.state_device),
            (false, SaveState::Pending) if shown.device.get() == DeviceState::Ready => {
                t_string!(i18n, editor.state_pending_device)
            }
            (false, SaveState::Pending) => t_string!(i18n, editor.state_offline_pending),
            (true, SaveState::Pending | SaveState::Device) if shown.waits_for_storage() => {
                t_string!(i18n, editor.state_storage)
            }
            (true, SaveState::Pending | SaveState::Device) => t_string!(i18n, editor.state_pending),
            (true, SaveState::Saved) if may_write => t_string!(i18n, editor.state_saved),
            (true, SaveState::Saved) => t_string!(i18n, editor.state_current),
        }
    };
    // Only what changes for the person is announced; "is being saved" at every word would drown the text.
    let spoken = Memo::new(move |before: Option<&(Safety, &'static str)>| {
        let safety = Safety::of(shown, before.map(|(safety, _)| *safety));
        match before {
            Some((was, text)) if *was == safety => (safety, *text),
            Some(_) => (safety, state()),
            None => (safety, ""),
        }
    });
    let followed = move || {
        let participant = actions.following.get()?;
        shown.people.with(|people| {
            let person = people.iter().find(|person| person.participant == participant)?;
            Some(person.name.clone())
        })
    };
    view! {
        <div class="editor-bar" hidden=move || shown.withdrawn.get()>
            <p
                class="save-state"
                data-saved=move || shown.saved.get().as_str()
                data-connection=move || if shown.connected.get() { "online" } else { "offline" }
            >
                <span class="save-mark" aria-hidden="true"></span>
                <span>{move || state()}</span>
            </p>
            <p class="visually-hidden" role="status">{move || spoken.get().1}</p>
            <p class="visually-hidden" role="status">{move || actions.announcement.get()}</p>
            {move || followed().map(|name| view! { <Following name actions /> })}
            <div class="editor-bar-tools" role="group" aria-label=move || t_string!(i18n, editor.tools) hidden=move || !shown.is_live()>
                <button
                    type="button"
                    class="tool"
                    data-action="undo"
                    aria-label=move || t_string!(i18n, editor.undo)
                    title=move || t_string!(i18n, editor.undo)
                    disabled=move || !shown.can_undo.get()
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| actions.ask.set(Some(Action::Undo))
                >
                    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                        <path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3" />
                    </svg>
                </button>
                <button
                    type="button"
                    class="tool"
                    data-action="redo"
                    aria-label=move || t_string!(i18n, editor.redo)
                    title=move || t_string!(i18n, editor.redo)
                    disabled=move || !shown.can_redo.get()
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| actions.ask.set(Some(Action::Redo))
                >
                    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                        <path d="m15 14 5-5-5-5m5 5H10a6 6 0 0 0 0 12h3" />
                    </svg>
                </button>
                <KeysHelp />
            </div>
        </div>
    }
}

/// Whom this page follows, and how to end it.
#[component]
fn Following(name: String, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let participant = actions.following.get_untracked().unwrap_or_default();
    let ended = participant.clone();
    let text = move || t_string!(i18n, editor.following_short, name = name.clone()).to_string();
    view! {
        <p class="following" data-following=participant>
            <span>{text}</span>
            <button
                type="button"
                class="button button-small"
                on:click=move |_| actions.ask.set(Some(Action::Follow(ended.clone())))
            >
                {text!(i18n, editor.follow_end)}
            </button>
        </p>
    }
}

/// How things stand with what was typed, as far as a person who listens has to know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// Before the text has arrived.
    Opening,
    /// What is typed is saved, or about to be.
    Good,
    /// The server does not store at the moment.
    ServerFull,
    /// Without a connection; everything is saved.
    Offline,
    /// Without a connection; something lies on this device, or is about to.
    OnDevice,
    /// Without a connection; something is only on this page.
    OnPage,
}

impl Safety {
    fn of(shown: Shown, before: Option<Self>) -> Self {
        if shown.connected.get() {
            return match shown.saved.get() {
                SaveState::Saved => Self::Good,
                _ if shown.waits_for_storage() => Self::ServerFull,
                // Whether it came to be saved is told then.
                _ => before.unwrap_or(Self::Good),
            };
        }
        match shown.saved.get() {
            _ if !shown.loaded.get() => Self::Opening,
            SaveState::Saved => Self::Offline,
            SaveState::Device => Self::OnDevice,
            SaveState::Pending if shown.device.get() == DeviceState::Ready => before.unwrap_or(Self::OnDevice),
            SaveState::Pending => Self::OnPage,
        }
    }
}

/// The class that carries a participant's colour.
pub(super) fn color_class(color: u8) -> String {
    /// As many as `style/tokens.css` has.
    const COLORS: u8 = 8;
    format!("color-{}", color % COLORS)
}

/// The first letter of a name, large.
pub(super) fn initial(name: &str) -> String {
    name.trim()
        .chars()
        .next()
        .map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().collect())
}
