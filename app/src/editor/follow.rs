//! Following somebody through the text: the page goes where they are, until one does something oneself.

use gloo_events::EventListener;
use leptos::prelude::*;
use model::doc::FieldId;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::live::Editor;
use crate::i18n::t_string;

/// Who is nearer than this to an edge of the window is brought into its middle (CSS pixels).
const MARGIN_PX: f64 = 96.0;

/// Begins to follow a participant, or stops.
pub(super) fn toggle(editor: Editor, participant: String) {
    let following = editor.actions.following;
    if following.with_untracked(|followed| followed.as_ref() == Some(&participant)) {
        return stop(editor);
    }
    following.set(Some(participant.clone()));
    let (Some(name), i18n) = (name_of(editor, &participant), editor.i18n) else {
        return;
    };
    let text = if place_of(editor, &participant).is_some() {
        t_string!(i18n, editor.following, name = name).to_string()
    } else {
        t_string!(i18n, editor.following_nowhere, name = name).to_string()
    };
    editor.actions.announcement.set(text);
}

/// Keeps up with whoever is followed.
pub(super) fn watch(editor: Editor) {
    let following = editor.actions.following;
    let listeners: StoredValue<Vec<EventListener>, LocalStorage> = StoredValue::new_local(Vec::new());
    Effect::new(move |_| {
        let is_following = following.with(Option::is_some);
        let before = listeners.try_update_value(std::mem::take);
        // One of them may be what is running now.
        leptos::task::spawn_local(async move { drop(before) });
        if is_following {
            let listen = |name: &'static str, ends: fn(&Event) -> bool| {
                EventListener::new(&window(), name, move |event| {
                    if ends(event) {
                        stop(editor);
                    }
                })
            };
            listeners.set_value(vec![
                listen("wheel", |_| true),
                listen("touchmove", |_| true),
                listen("input", |_| true),
                listen("keydown", is_own_doing),
            ]);
        }
    });
    Effect::new(move |_| {
        let Some(participant) = following.get() else { return };
        let shown = editor.shown;
        shown.carets.track();
        shown.remote_words.track();
        let is_here = shown
            .people
            .with(|people| people.iter().any(|person| person.participant == participant));
        if is_here {
            // After the frame in which their caret is drawn.
            request_animation_frame(move || go(editor, &participant));
        } else {
            stop(editor);
        }
    });
    on_cleanup(move || {
        listeners.try_update_value(std::mem::take);
    });
}

fn stop(editor: Editor) {
    let followed = editor.actions.following.try_update(Option::take).flatten();
    if followed.is_some() {
        let text = t_string!(editor.i18n, editor.following_ended);
        editor.actions.announcement.set(text.to_owned());
    }
}

/// Keys that move or write. Those that press the button which ends it are its own affair.
fn is_own_doing(event: &Event) -> bool {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
        return false;
    };
    let on_button = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.matches("[data-action=follow]").unwrap_or(false));
    match event.key().as_str() {
        "Escape" => true,
        "Tab" | "Shift" | "Control" | "Alt" | "Meta" => false,
        "Enter" | " " => !on_button,
        _ => true,
    }
}

fn name_of(editor: Editor, participant: &str) -> Option<String> {
    editor.shown.people.with_untracked(|people| {
        let person = people.iter().find(|person| person.participant == participant)?;
        Some(person.name.clone())
    })
}

/// The element that shows where somebody is: their caret, or the block.
fn place_of(editor: Editor, participant: &str) -> Option<Element> {
    let carets = document().query_selector_all("[data-editor] [data-caret]").ok()?;
    let caret = (0..carets.length())
        .filter_map(|index| carets.get(index)?.dyn_into::<Element>().ok())
        .find(|caret| caret.get_attribute("data-caret").as_deref() == Some(participant));
    if caret.is_some() {
        return caret;
    }
    let own = editor.shown.client_id.get_untracked();
    let field = editor.shown.people.with_untracked(|people| {
        let person = people.iter().find(|person| person.participant == participant)?;
        let places = editor.shown.places.read_untracked();
        let mut fields = person
            .client_ids
            .iter()
            .filter(|id| **id != own)
            .filter_map(|id| places.get(id));
        fields.next().and_then(|field| FieldId::parse(field))
    })?;
    let selector = match &field {
        FieldId::Root(root) => format!("[data-editor] .block-{}", root.as_str()),
        // What parsed as an id needs no escaping.
        FieldId::Block(id) | FieldId::Plain(id) => format!("[data-editor] [data-block=\"{id}\"]"),
    };
    document().query_selector(&selector).ok().flatten()
}

fn go(editor: Editor, participant: &str) {
    let still = editor.actions.following.try_get_untracked().flatten();
    if still.as_deref() != Some(participant) {
        return;
    }
    let Some(place) = place_of(editor, participant) else {
        return;
    };
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let place = place.get_bounding_client_rect();
    if place.top() < MARGIN_PX || place.top() > height - MARGIN_PX {
        window().scroll_by_with_x_and_y(0.0, place.top() - height * 0.4);
    }
}
