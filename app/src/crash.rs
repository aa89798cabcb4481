//! What a person sees when the page's program has broken off.
//!
//! A panic ends everything that reacts; what is on the screen stays. So nothing more may be typed, which nobody would
//! take down, and what was typed must stay readable.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

use crate::i18n::{Locale, td_string};

const BANNER_CLASS: &str = "crash-banner";

/// Stops input and offers to load the page again. Does nothing when that was done before.
pub fn show_banner() {
    let document = document();
    let is_there = document
        .query_selector(&format!(".{BANNER_CLASS}"))
        .ok()
        .flatten()
        .is_some();
    if is_there {
        return;
    }
    if let Ok(fields) = document.query_selector_all("textarea, input") {
        for field in (0..fields.length()).filter_map(|index| fields.get(index)) {
            match field.dyn_into::<HtmlTextAreaElement>() {
                Ok(field) => field.set_read_only(true),
                Err(other) => set(other.unchecked_ref(), "readonly", ""),
            }
        }
    }
    let is_english = document
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .as_deref()
        == Some("en");
    let locale = if is_english { Locale::en } else { Locale::de };
    let (Ok(banner), Ok(text), Ok(reload)) = (
        document.create_element("div"),
        document.create_element("p"),
        document.create_element("a"),
    ) else {
        return;
    };
    banner.set_class_name(BANNER_CLASS);
    set(&banner, "role", "alert");
    text.set_text_content(Some(td_string!(locale, editor.crashed)));
    reload.set_text_content(Some(td_string!(locale, editor.reload)));
    reload.set_class_name("button button-main");
    // A link to the page itself needs no program to work.
    set(&reload, "href", "");
    let appended = banner.append_child(&text).and_then(|_| banner.append_child(&reload));
    if let (Ok(_), Some(body)) = (appended, document.body()) {
        // Nothing is left to do should even this fail.
        let _ = body.prepend_with_node_1(&banner);
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // Fails only for names that are not an attribute.
    let _ = element.set_attribute(name, value);
}
