//! Shows in fields what came from elsewhere, in slices: see [`super::due`].

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use model::doc::FieldId;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event};

use super::{
    carets,
    due::{Due, When},
    field::Slot,
    live::{Editor, field_of},
    row::Rows,
};

/// No slice goes on longer than this, in milliseconds: what a person does in between must not wait.
const SLICE_MS: f64 = 8.0;
/// Fields far from the screen show what came together in this time, in milliseconds.
const FAR_EVERY_MS: u32 = 400;
/// And they do so after so much more at the latest, in milliseconds, however busy the browser is.
const FAR_AT_LATEST_MS: f64 = 1_000.0;
/// Between two slices where the browser does not tell when there is time, in milliseconds.
const PAUSE_MS: u32 = 50;
/// The browser tells when a row goes far from the screen (`content-visibility: auto` in the style sheet). One that does
/// not know this tells nothing, and then no row is far.
const CAME_OR_WENT: &str = "contentvisibilityautostatechange";

/// What is to be shown.
#[derive(Default)]
pub(super) struct Showing {
    due: Due,
    /// Carets of others are to be drawn.
    carets: bool,
    has_frame: bool,
    has_idle: bool,
    is_building: bool,
}

/// Follows rows as they come to the screen and go, as long as what is returned lives.
pub(super) fn watch(editor: Editor, container: &Element) -> [EventListener; 2] {
    let came_or_went = EventListener::new(container, CAME_OR_WENT, move |event| {
        let (Some(field), Some(is_far)) = (field_in(event), is_skipped(event)) else {
            return;
        };
        let waits = editor
            .showing
            .try_update_value(|showing| showing.due.go(&field, is_far));
        if waits == Some(true) {
            frame_soon(editor);
        }
    });
    // Paper shows all of the text.
    let printed = EventListener::new(&window(), "beforeprint", move |_| {
        while let Some(field) = next(editor, |showing| showing.due.next()) {
            editor.with_slot(&field, Slot::update);
        }
    });
    [came_or_went, printed]
}

/// A field has something to show that came from elsewhere.
pub(super) fn show_soon(editor: Editor, field: &FieldId) {
    match editor.showing.try_update_value(|showing| showing.due.add(field)) {
        Some(When::Frame) => frame_soon(editor),
        Some(When::Idle) => idle_soon(editor),
        None => {}
    }
}

/// Others' carets are to be drawn, once the words are shown.
pub(super) fn draw_carets_soon(editor: Editor) {
    if editor
        .showing
        .try_update_value(|showing| showing.carets = true)
        .is_some()
    {
        frame_soon(editor);
    }
}

/// Somebody goes into this field: it shows everything.
pub(super) fn show_now(editor: Editor, field: &FieldId) {
    editor.showing.try_update_value(|showing| showing.due.done(field));
    editor.with_slot(field, Slot::update);
}

/// There is no such field any more.
pub(super) fn forget(editor: Editor, field: &FieldId) {
    editor.showing.try_update_value(|showing| showing.due.forget(field));
}

/// Builds the rows that something stands in for, those on the screen first.
pub(super) fn build_soon(editor: Editor) {
    let was_building = editor
        .showing
        .try_update_value(|showing| std::mem::replace(&mut showing.is_building, true));
    if was_building == Some(false) {
        // The first ones are painted before the others are built.
        request_animation_frame(move || after(0, move || build(editor)));
    }
}

fn build(editor: Editor) {
    let end = now() + SLICE_MS;
    let goes_on = editor.rows.try_update_value(|rows| {
        let from = rows.first_on_screen();
        loop {
            if !rows.build_next(from, &Rows(editor)) {
                return false;
            }
            if now() >= end {
                return true;
            }
        }
    });
    if goes_on == Some(true) {
        after(0, move || build(editor));
    } else {
        editor.showing.try_update_value(|showing| showing.is_building = false);
    }
}

fn frame_soon(editor: Editor) {
    let had_frame = editor
        .showing
        .try_update_value(|showing| std::mem::replace(&mut showing.has_frame, true));
    if had_frame == Some(false) {
        request_animation_frame(move || frame(editor));
    }
}

fn frame(editor: Editor) {
    let end = now() + SLICE_MS;
    show_near(editor, end);
    // Their places are in what the fields show, so the words come first; the layers above fields, which they change, last.
    if now() < end && next(editor, |showing| std::mem::take(&mut showing.carets).then_some(())).is_some() {
        carets::draw(editor);
        show_near(editor, end);
    }
    let goes_on = editor.showing.try_update_value(|showing| {
        showing.has_frame = false;
        showing.carets || showing.due.has_near()
    });
    if goes_on == Some(true) {
        frame_soon(editor);
    }
}

fn show_near(editor: Editor, end: f64) {
    let focused = editor.focused.try_get_untracked().flatten();
    let focused = focused.as_ref().and_then(field_of);
    while let Some(field) = next(editor, |showing| showing.due.next_near(focused.as_ref())) {
        editor.with_slot(&field, Slot::update);
        if now() >= end {
            return;
        }
    }
}

fn idle_soon(editor: Editor) {
    let had_idle = editor
        .showing
        .try_update_value(|showing| std::mem::replace(&mut showing.has_idle, true));
    if had_idle == Some(false) {
        after(FAR_EVERY_MS, move || when_idle(move || idle(editor)));
    }
}

fn idle(editor: Editor) {
    let end = now() + SLICE_MS;
    while let Some(field) = next(editor, |showing| showing.due.next()) {
        editor.with_slot(&field, Slot::update);
        if now() >= end {
            return when_idle(move || idle(editor));
        }
    }
    editor.showing.try_update_value(|showing| showing.has_idle = false);
}

fn next<T>(editor: Editor, take: impl FnOnce(&mut Showing) -> Option<T>) -> Option<T> {
    editor.showing.try_update_value(take).flatten()
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Calls back after so many milliseconds. Nothing has to end it: a page that is gone has nothing to show.
fn after(pause: u32, act: impl FnOnce() + 'static) {
    // What it returns is only for ending it.
    let _ = Timeout::new(pause, act).forget();
}

/// Calls back when the browser has nothing else to do; where it does not tell, a moment later.
fn when_idle(act: impl FnOnce() + 'static) {
    let window = window();
    let ask = js_sys::Reflect::get(&window, &JsValue::from_str("requestIdleCallback"));
    let Some(ask) = ask.ok().and_then(|ask| ask.dyn_into::<js_sys::Function>().ok()) else {
        return after(PAUSE_MS, act);
    };
    let options = js_sys::Object::new();
    // An object that was made here takes every property.
    let _ = js_sys::Reflect::set(&options, &JsValue::from_str("timeout"), &FAR_AT_LATEST_MS.into());
    let act = Closure::once_into_js(act);
    if ask.call2(&window, &act, &options).is_err() {
        // It never throws; should it all the same, the fields must not wait for ever.
        after(PAUSE_MS, move || {
            if let Some(act) = act.dyn_ref::<js_sys::Function>() {
                // What it does, it does itself.
                let _ = act.call0(&JsValue::NULL);
            }
        });
    }
}

/// The field of the row that came or went.
fn field_in(event: &Event) -> Option<FieldId> {
    let row = event.target()?.dyn_into::<Element>().ok()?;
    let field = row.query_selector("[data-field]").ok().flatten()?;
    FieldId::parse(&field.get_attribute("data-field")?)
}

fn is_skipped(event: &Event) -> Option<bool> {
    js_sys::Reflect::get(event, &JsValue::from_str("skipped"))
        .ok()?
        .as_bool()
}
