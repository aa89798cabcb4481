//! Where others are in the text: their carets and selections, as marks.

use std::collections::HashMap;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use model::doc::FieldId;

use super::{
    bar::{color_class, initial},
    live::Editor,
    marks::{Flag, Layer, Mark},
    showing,
};
use crate::sync::presence::At;

/// How long a caret that moved bears the whole name, in milliseconds; then the initial is enough.
const NAMED_MS: u32 = 2_500;

/// What was seen of others' carets.
#[derive(Default)]
pub(super) struct Carets {
    /// The newest place of each client, and when it was first seen.
    seen: HashMap<u64, (At, f64)>,
    /// The fields with marks in them.
    marked: Vec<FieldId>,
    /// Names are to become initials.
    fading: Option<Timeout>,
}

/// Draws whenever somebody moves or words of others come in.
pub(super) fn watch(editor: Editor) {
    Effect::new(move |_| {
        let shown = editor.shown;
        shown.carets.track();
        shown.people.track();
        shown.remote_words.track();
        showing::draw_carets_soon(editor);
    });
}

/// Draws them all, in the next frame after [`showing::draw_carets_soon`].
pub(super) fn draw(editor: Editor) {
    let now = js_sys::Date::now();
    let places = editor.shown.carets.get_untracked();
    let own = editor.shown.client_id.get_untracked();
    let mut marks: HashMap<FieldId, Vec<Mark>> = HashMap::new();
    let mut is_named = false;
    editor.carets.update_value(|carets| {
        carets.seen.retain(|client_id, _| places.contains_key(client_id));
        for (client_id, at) in places.iter().filter(|(client_id, _)| **client_id != own) {
            let seen = carets.seen.get(client_id).filter(|(before, _)| before == at);
            let since = seen.map_or(now, |(_, since)| *since);
            if seen.is_none() {
                carets.seen.insert(*client_id, (at.clone(), now));
            }
            let is_new = now - since < f64::from(NAMED_MS);
            if let Some((field, found)) = marks_of(editor, *client_id, at, is_new) {
                is_named |= is_new;
                marks.entry(field).or_default().extend(found);
            }
        }
    });
    let left = editor
        .carets
        .try_update_value(|carets| std::mem::replace(&mut carets.marked, marks.keys().cloned().collect()));
    for field in left.unwrap_or_default() {
        if !marks.contains_key(&field) {
            editor.mark(&field, Layer::Carets, Vec::new());
        }
    }
    for (field, marks) in marks {
        editor.mark(&field, Layer::Carets, marks);
    }
    let fading = is_named.then(|| Timeout::new(NAMED_MS, move || showing::draw_carets_soon(editor)));
    // One of these may be what is running now.
    let before = editor
        .carets
        .try_update_value(|carets| std::mem::replace(&mut carets.fading, fading));
    leptos::task::spawn_local(async move { drop(before) });
}

/// The selection and the caret of one client. Nothing while its letters have not arrived.
fn marks_of(editor: Editor, client_id: u64, at: &At, is_new: bool) -> Option<(FieldId, Vec<Mark>)> {
    let field = FieldId::parse(&at.field)?;
    let head = editor.offset(&field, at.head.as_ref()?)?;
    let anchor = at.anchor.as_ref().and_then(|anchor| editor.offset(&field, anchor));
    let (participant, name, color) = editor.shown.people.with_untracked(|people| {
        let person = people.iter().find(|person| person.client_ids.contains(&client_id))?;
        Some((
            person.participant.clone(),
            person.name.clone(),
            color_class(person.color),
        ))
    })?;
    let mut marks = Vec::new();
    if let Some(anchor) = anchor.filter(|anchor| *anchor != head) {
        marks.push(Mark {
            start: anchor.min(head),
            end: anchor.max(head),
            class: format!("selected {color}"),
            flag: None,
        });
    }
    let text = if is_new { name } else { initial(&name) };
    marks.push(Mark {
        start: head,
        end: head,
        class: format!("caret {color}"),
        flag: Some(Flag { participant, text }),
    });
    Some((field, marks))
}
