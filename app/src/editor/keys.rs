//! What keys do in a field.

use leptos::prelude::*;
use model::doc::utf16_len;

use super::{
    commands::{Turn, Way},
    field::{Caret, Slot},
    layout::RowKey,
    live::{Editor, field_of},
};

/// What has no key press of its own on a phone, or one that says nothing ("Unidentified"): Enter, Backspace, and the shake
/// or menu that undoes. A key that [`key_down`] has answered does not come here: it was prevented.
pub(super) fn before_input(editor: Editor, key: &RowKey, event: &web_sys::InputEvent) {
    match event.input_type().as_str() {
        "insertLineBreak" | "insertParagraph" => {
            event.prevent_default();
            // To an input method it says that its word is done.
            if !event.is_composing() {
                editor.enter(key);
            }
        }
        "deleteContentBackward" if !event.is_composing() && editor.join(key) => event.prevent_default(),
        "historyUndo" => {
            event.prevent_default();
            editor.undo();
        }
        "historyRedo" => {
            event.prevent_default();
            editor.redo();
        }
        _ => {}
    }
}

/// The same beside the rows, in a field that holds one line and has no others after it.
pub(super) fn before_input_of_one_line(editor: Editor, event: &web_sys::InputEvent) {
    match event.input_type().as_str() {
        "insertLineBreak" | "insertParagraph" => event.prevent_default(),
        "historyUndo" => {
            event.prevent_default();
            editor.undo();
        }
        "historyRedo" => {
            event.prevent_default();
            editor.redo();
        }
        _ => {}
    }
}

/// The keys of a field beside the rows: undo, redo, and no line break.
pub(super) fn key_down_in_one_line(editor: Editor, event: &web_sys::KeyboardEvent) {
    if composes(event) {
        return;
    }
    if event.key() == "Enter" {
        event.prevent_default();
    } else {
        undo_keys(editor, event);
    }
}

/// Does the key belong to a composition? Safari ends one before the key that ends it, and marks that key by its code alone.
fn composes(event: &web_sys::KeyboardEvent) -> bool {
    /// UI Events, "keyCode for composition".
    const COMPOSING: u32 = 229;
    event.is_composing() || event.key_code() == COMPOSING
}

/// Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y; on a Mac with ⌘. True when it was one of them.
fn undo_keys(editor: Editor, event: &web_sys::KeyboardEvent) -> bool {
    let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    match event.key().as_str() {
        "z" | "Z" if command && event.shift_key() => editor.redo(),
        "z" | "Z" if command => editor.undo(),
        "y" if command && !event.shift_key() => editor.redo(),
        _ => return false,
    }
    event.prevent_default();
    true
}

pub(super) fn key_down(editor: Editor, key: &RowKey, event: &web_sys::KeyboardEvent) {
    if composes(event) || undo_keys(editor, event) {
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    let plain = !command && !event.alt_key() && !event.shift_key();
    let way = match event.key().as_str() {
        "ArrowUp" => Some(Way::Up),
        "ArrowDown" => Some(Way::Down),
        _ => None,
    };
    let turn = match event.key().as_str() {
        "ArrowLeft" => Some(Turn::Promote),
        "ArrowRight" => Some(Turn::Demote),
        _ => None,
    };
    if let (Some(turn), true, RowKey::Block(id)) = (turn, event.alt_key() && event.shift_key() && !command, key) {
        event.prevent_default();
        return editor.turn(id, turn);
    }
    match (event.key().as_str(), way) {
        ("Enter", _) if !command && !event.alt_key() => {
            event.prevent_default();
            editor.enter(key);
        }
        ("Backspace", _) if plain && editor.join(key) => event.prevent_default(),
        (_, Some(way)) if event.alt_key() && !command && !event.shift_key() => {
            if let RowKey::Block(id) = key {
                event.prevent_default();
                editor.move_by(id, way);
            }
        }
        (_, Some(way)) if plain => cross(editor, key, way, event),
        _ => {}
    }
}

/// ↑ in the first line and ↓ in the last go on to the next field. In a field of several lines it shows which line that
/// was when the browser has moved the caret, or could not.
fn cross(editor: Editor, key: &RowKey, way: Way, event: &web_sys::KeyboardEvent) {
    let Some(field) = field_of(key) else { return };
    let state = editor.with_slot(&field, |slot| (slot.selection(), slot.value(), slot.has_one_line()));
    let Some((before, words, has_one_line)) = state else {
        return;
    };
    if before.start != before.end {
        return;
    }
    if has_one_line {
        if editor.focus_next(key, way, Caret::At(before.start)) {
            event.prevent_default();
        }
        return;
    }
    let at_edge = match way {
        Way::Up => before.start == 0,
        Way::Down => before.end == utf16_len(&words),
    };
    let key = key.clone();
    request_animation_frame(move || {
        let could_not_move = at_edge || editor.with_slot(&field, Slot::selection) == Some(before);
        let is_still_there = editor.focused.with_untracked(|focused| focused.as_ref() == Some(&key));
        if is_still_there && could_not_move {
            editor.focus_next(&key, way, if way == Way::Up { Caret::End } else { Caret::Start });
        }
    });
}

pub(super) fn paste(editor: Editor, key: &RowKey, event: &web_sys::ClipboardEvent) {
    let (Some(field), Some(data)) = (field_of(key), event.clipboard_data()) else {
        return;
    };
    let held = |kind| data.get_data(kind).unwrap_or_default();
    if editor.paste(&field, &held("text/html"), &held("text/plain")) {
        event.prevent_default();
    }
}
