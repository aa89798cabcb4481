//! The on-screen keyboard: the tools of the focused block stand on top of it, and the caret above them.
//!
//! Where a browser lays the page out anew for its keyboard, there is nothing to do. On iOS the keyboard covers the page:
//! the visual viewport tells how much, and the style sheet puts the tools there (`--keyboard`).

use gloo_events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomRect, Element, EventTarget, HtmlElement};

use super::{
    field::Slot,
    live::{Editor, field_of},
};

/// As in `style/editor-tools.css`.
const TOOLS_AT_BOTTOM: &str = "(max-width: 74.99rem)";
/// Between the caret and what covers the page (CSS pixels).
const MARGIN_PX: f64 = 12.0;

/// Follows the keyboard as long as what is returned lives.
#[must_use]
pub(super) fn watch(editor: Editor) -> Vec<EventListener> {
    let Some(viewport) = viewport() else {
        return Vec::new();
    };
    ["resize", "scroll"]
        .map(|event| {
            EventListener::new(&viewport, event, move |_| {
                let covered = covered();
                if let Some(root) = document().document_element() {
                    let style = root.unchecked_ref::<HtmlElement>().style();
                    // A length is always a valid value.
                    let _ = style.set_property("--keyboard", &format!("{covered}px"));
                }
                reveal_caret(editor);
            })
        })
        .into()
}

/// The lower edge of what can be seen of the page, in the window.
pub(super) fn visible_bottom() -> f64 {
    height() - covered()
}

/// Scrolls until the caret stands above the tools, once the frame is laid out. Where the tools stand beside the words, the
/// browser does what is needed.
pub(super) fn reveal_caret(editor: Editor) {
    let is_narrow = window()
        .match_media(TOOLS_AT_BOTTOM)
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    if !is_narrow {
        return;
    }
    request_animation_frame(move || {
        let focused = editor.focused.try_get_untracked().flatten();
        let Some(field) = focused.as_ref().and_then(field_of) else {
            return;
        };
        let bottom = tools_place().map_or_else(visible_bottom, |tools| tools.top()) - MARGIN_PX;
        let hidden = editor.with_slot(&field, |slot| hidden_below(slot, bottom)).flatten();
        if let Some(hidden) = hidden {
            window().scroll_by_with_x_and_y(0.0, hidden);
        }
    });
}

/// How much of the caret's line lies below `bottom`. Most fields end above it, and nothing needs a measure.
fn hidden_below(slot: &Slot, bottom: f64) -> Option<f64> {
    if slot.place().bottom() <= bottom {
        return None;
    }
    let hidden = slot.caret_on_screen()?.bottom() - bottom;
    (hidden > 0.0).then_some(hidden)
}

/// The tools of the focused block, where they stand at the bottom of the window.
fn tools_place() -> Option<DomRect> {
    let tools = document()
        .query_selector(".block:focus-within .block-tools")
        .ok()
        .flatten()?;
    let style = window().get_computed_style(&tools).ok().flatten()?;
    let is_fixed = style
        .get_property_value("position")
        .is_ok_and(|position| position == "fixed");
    is_fixed.then(|| Element::get_bounding_client_rect(&tools))
}

fn height() -> f64 {
    document()
        .document_element()
        .map_or(0.0, |root| f64::from(root.client_height()))
}

/// How much of the window the keyboard covers, in CSS pixels. A page that is zoomed in is not covered.
fn covered() -> f64 {
    let Some(viewport) = viewport() else { return 0.0 };
    let number = |name: &str| {
        let value = js_sys::Reflect::get(&viewport, &JsValue::from_str(name));
        value.ok().and_then(|value| value.as_f64()).unwrap_or_default()
    };
    if number("scale") > 1.01 {
        return 0.0;
    }
    (height() - number("height") - number("offsetTop")).max(0.0).round()
}

fn viewport() -> Option<EventTarget> {
    let viewport = js_sys::Reflect::get(&window(), &JsValue::from_str("visualViewport")).ok()?;
    // By its class it could not be told from a stand-in, which is as good.
    (viewport.is_object()).then(|| viewport.unchecked_into())
}
