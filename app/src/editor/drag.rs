//! Moving a block by its grip, with finger or mouse. What this does, the arrow buttons and Alt+↑/↓ do as well.
//!
//! A mouse takes the block at once. A finger has to rest on the grip first: one that moves on scrolls the page, as
//! everywhere.

use std::cell::Cell;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use model::doc::BlockId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

use super::{
    keyboard,
    layout::{RowKey, Target},
    live::Editor,
};

/// Nearer than this to an edge of the window, the page scrolls (CSS pixels).
const SCROLL_ZONE_PX: f64 = 72.0;
const SCROLL_STEP_PX: f64 = 12.0;
const SCROLL_EVERY_MS: u32 = 16;
/// A finger that rests this long takes the block, in milliseconds.
const HOLD_MS: u32 = 350;
/// And does not move further than this meanwhile (CSS pixels).
const HOLD_SLACK_PX: f64 = 8.0;

/// A drag that is going on.
pub(super) struct Drag {
    id: BlockId,
    pointer: i32,
    row: Option<Element>,
    /// Where the pointer is, in the window.
    y: Cell<f64>,
    _listeners: Vec<EventListener>,
    _scrolling: Interval,
}

impl Drag {
    pub(super) fn key(&self) -> RowKey {
        RowKey::Block(self.id.clone())
    }
}

/// A finger that rests on a grip.
pub(super) struct Hold {
    pointer: i32,
    from: (f64, f64),
    _listeners: [EventListener; 3],
    _timer: Timeout,
}

/// The grip of a block was pressed.
pub(super) fn press(editor: Editor, id: &BlockId, event: &PointerEvent) {
    if event.button() != 0 || editor.drag.with_value(Option::is_some) {
        return;
    }
    let grip = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let from = (f64::from(event.client_x()), f64::from(event.client_y()));
    let pointer = event.pointer_id();
    if event.pointer_type() != "touch" {
        event.prevent_default();
        return start(editor, id, grip.as_ref(), pointer, from.1);
    }
    let listen = |name: &'static str, react: fn(Editor, &Event)| {
        EventListener::new(&window(), name, move |event| react(editor, event))
    };
    let id = id.clone();
    let hold = Hold {
        pointer,
        from,
        _listeners: [
            listen("pointermove", |editor, event| let_go(editor, event, true)),
            listen("pointerup", |editor, event| let_go(editor, event, false)),
            listen("pointercancel", |editor, event| let_go(editor, event, false)),
        ],
        _timer: Timeout::new(HOLD_MS, move || {
            forget_hold(editor);
            start(editor, &id, grip.as_ref(), pointer, from.1);
            vibrate();
        }),
    };
    editor.hold.set_value(Some(hold));
}

/// While a block is dragged, the page stays where it is under the finger.
pub(super) fn keep_page(editor: Editor, event: &web_sys::TouchEvent) {
    if editor.drag.with_value(Option::is_some) && event.cancelable() {
        event.prevent_default();
    }
}

/// The finger left the grip, or, if `unless_near`, moved too far.
fn let_go(editor: Editor, event: &Event, unless_near: bool) {
    let Some(event) = event.dyn_ref::<PointerEvent>() else {
        return;
    };
    let ends = editor.hold.with_value(|hold| {
        hold.as_ref().is_some_and(|hold| {
            let (x, y) = hold.from;
            let way = (f64::from(event.client_x()) - x).hypot(f64::from(event.client_y()) - y);
            hold.pointer == event.pointer_id() && !(unless_near && way <= HOLD_SLACK_PX)
        })
    });
    if ends {
        forget_hold(editor);
    }
}

fn forget_hold(editor: Editor) {
    let hold = editor.hold.try_update_value(Option::take);
    // One of its listeners, or its timer, is running now.
    leptos::task::spawn_local(async move { drop(hold) });
}

/// A short tick, where a device has it: the block is in the hand now.
fn vibrate() {
    let navigator = window().navigator();
    if let Ok(vibrate) = js_sys::Reflect::get(&navigator, &JsValue::from_str("vibrate"))
        && let Some(vibrate) = vibrate.dyn_ref::<js_sys::Function>()
    {
        let _ = vibrate.call1(&navigator, &JsValue::from_f64(10.0));
    }
}

fn start(editor: Editor, id: &BlockId, grip: Option<&Element>, pointer: i32, y: f64) {
    let row = grip.and_then(|grip| grip.closest(".block").ok().flatten());
    if let Some(row) = &row {
        set_class(row, "block-dragged", true);
    }
    if let Some(body) = document().body() {
        set_class(&body, "dragging", true);
    }
    let listen = |name: &'static str, react: fn(Editor, &Event)| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window(), name, options, move |event| react(editor, event))
    };
    let listeners = vec![
        listen("pointermove", moved),
        listen("pointerup", released),
        listen("pointercancel", cancelled),
        listen("keydown", |editor, event| {
            if event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|event| event.key() == "Escape")
            {
                event.prevent_default();
                end(editor);
            }
        }),
    ];
    let scrolling = Interval::new(SCROLL_EVERY_MS, move || scroll(editor));
    editor.drag.set_value(Some(Drag {
        id: id.clone(),
        pointer,
        row,
        y: Cell::new(y),
        _listeners: listeners,
        _scrolling: scrolling,
    }));
    show_line(editor);
}

fn moved(editor: Editor, event: &Event) {
    if let Some(event) = own(editor, event) {
        event.prevent_default();
        editor.drag.with_value(|drag| {
            if let Some(drag) = drag {
                drag.y.set(f64::from(event.client_y()));
            }
        });
        show_line(editor);
    }
}

fn released(editor: Editor, event: &Event) {
    if own(editor, event).is_none() {
        return;
    }
    let target = nearest(editor).map(|(_, target)| target);
    let id = editor.drag.with_value(|drag| drag.as_ref().map(|drag| drag.id.clone()));
    end(editor);
    if let (Some(id), Some(target)) = (id, target) {
        editor.move_to(&id, &target);
    }
}

fn cancelled(editor: Editor, event: &Event) {
    if own(editor, event).is_some() {
        end(editor);
    }
}

/// The event, if it is of the pointer that drags.
fn own(editor: Editor, event: &Event) -> Option<PointerEvent> {
    let event = event.dyn_ref::<PointerEvent>()?;
    let pointer = editor.drag.with_value(|drag| drag.as_ref().map(|drag| drag.pointer));
    (pointer == Some(event.pointer_id())).then(|| event.clone())
}

fn end(editor: Editor) {
    let Some(drag) = editor.drag.try_update_value(Option::take).flatten() else {
        return;
    };
    if let Some(row) = &drag.row {
        set_class(row, "block-dragged", false);
    }
    if let Some(body) = document().body() {
        set_class(&body, "dragging", false);
    }
    if let Some(line) = editor.drop_line.get_untracked() {
        line.set_hidden(true);
    }
    // One of its listeners is running now.
    leptos::task::spawn_local(async move { drop(drag) });
}

/// The place nearest to the pointer, with the height of its line in the window.
fn nearest(editor: Editor) -> Option<(f64, Target)> {
    let (id, y) = editor
        .drag
        .with_value(|drag| drag.as_ref().map(|drag| (drag.id.clone(), drag.y.get())))?;
    editor
        .drop_targets(&id)
        .into_iter()
        .map(|(element, target)| (element.get_bounding_client_rect().top(), target))
        .min_by(|(one, _), (other, _)| (one - y).abs().total_cmp(&(other - y).abs()))
}

fn show_line(editor: Editor) {
    let Some(line) = editor.drop_line.get_untracked() else {
        return;
    };
    let (Some((top, _)), Some(place)) = (nearest(editor), line.parent_element()) else {
        return line.set_hidden(true);
    };
    let offset = top - place.get_bounding_client_rect().top();
    line.set_hidden(false);
    let style = web_sys::HtmlElement::style(&line);
    // A length is always a valid value.
    let _ = style.set_property("transform", &format!("translateY({offset}px)"));
}

fn scroll(editor: Editor) {
    let Some(y) = editor
        .drag
        .try_with_value(|drag| drag.as_ref().map(|drag| drag.y.get()))
        .flatten()
    else {
        return;
    };
    let step = if y < SCROLL_ZONE_PX {
        -SCROLL_STEP_PX
    } else if y > keyboard::visible_bottom() - SCROLL_ZONE_PX {
        SCROLL_STEP_PX
    } else {
        return;
    };
    window().scroll_by_with_x_and_y(0.0, step);
    show_line(editor);
}

fn set_class(element: &Element, class: &str, on: bool) {
    // Fails only for names that are not a class.
    let _ = element.class_list().toggle_with_force(class, on);
}
