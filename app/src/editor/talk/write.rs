//! Fields in which something is said.

use std::sync::Arc;

use js_sys::{Function, Reflect};
use leptos::{ev::KeyboardEvent, prelude::*};
use model::{doc::FieldId, limits};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    editor::live::Editor,
    i18n::t_string,
    lean::{view, words},
    sync::{drafts::Draft, talk::Selected},
};

/// What is said with the words of a field; false: they stay in it.
pub(super) type Say = Arc<dyn Fn(String) -> bool + Send + Sync>;

/// Under which key is kept what was begun in a field, and what stands in it before anything is.
pub(super) struct Start {
    pub(super) key: String,
    pub(super) before: String,
}

impl Start {
    /// Of a field in which nothing stands.
    pub(super) fn empty(key: String) -> Self {
        Self {
            key,
            before: String::new(),
        }
    }
}

/// A field with a button that says what stands in it. What was begun is kept until it is said, whatever the panel shows
/// meanwhile, and over a reload.
pub(super) fn write(
    editor: Editor,
    start: Start,
    action: &'static str,
    label: Signal<&'static str>,
    send: Signal<&'static str>,
    begin: Arc<dyn Fn() + Send + Sync>,
    say: Say,
) -> AnyView {
    let Start { key, before } = start;
    let text = RwSignal::new(editor.draft(&key).unwrap_or_else(|| before.clone()));
    let keep = move |words: String| {
        let is_begun = !words.is_empty() && words != before;
        editor.keep_draft(&key, is_begun.then(|| Draft::Words(words.clone())));
        text.set(words);
    };
    let typed = {
        let keep = keep.clone();
        move |event| keep(event_target_value(&event))
    };
    let can_be_said = |words: &str| !words.trim().is_empty() && too_many(words) == 0;
    let say = std::rc::Rc::new(move || {
        let words = text.get_untracked();
        if can_be_said(&words) && say(words) {
            keep(String::new());
        }
    });
    let by_key = {
        let say = std::rc::Rc::clone(&say);
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
                event.prevent_default();
                say();
            }
        }
    };
    view! {
        <div class="talk-write">
            <label>
                <span>{label}</span>
                <textarea
                    rows="2"
                    data-say=action
                    prop:value=text
                    on:focus=move |_| begin()
                    on:input=typed
                    on:keydown=by_key
                ></textarea>
            </label>
            <button
                type="button"
                class="button button-small"
                data-action=action
                aria-disabled=words(move || text.with(|text| !can_be_said(text)).to_string())
                on:click=move |_| say()
            >
                {send}
            </button>
            {too_long(editor, move || text.with(|text| too_many(text)))}
        </div>
    }
    .into_any()
}

/// How many characters more these are than anybody can say at once. Nothing is cut off: a long paste would lose its end
/// unseen.
pub(super) fn too_many(words: &str) -> usize {
    words.trim().chars().count().saturating_sub(limits::COMMENT_CHARS)
}

/// Says that it is too long, once, and by how much.
pub(super) fn too_long(editor: Editor, too_many: impl Fn() -> usize + Copy + Send + Sync + 'static) -> AnyView {
    let i18n = editor.i18n;
    let reason = move || match too_many() {
        0 => String::new(),
        _ => t_string!(i18n, talk.too_long).to_owned(),
    };
    let by = move || match too_many() {
        0 => String::new(),
        count => t_string!(i18n, talk.too_many, count = count).to_string(),
    };
    view! {
        <p class="talk-too-long">
            <span role="status">{words(reason)}</span>
            " "
            <span>{words(by)}</span>
        </p>
    }
    .into_any()
}

/// The words that are selected in a block's text on the page, where blocks are no fields.
pub(super) fn selected_in_text(field: &FieldId) -> Option<Selected> {
    let selection = call(&window(), "getSelection")?;
    let get = |name: &str| Reflect::get(&selection, &name.into()).ok();
    let node = |name: &str| get(name)?.dyn_into::<web_sys::Node>().ok();
    let unit = |name: &str| get(name)?.as_f64().map(|unit| unit as u32);
    // A block's words are one text node.
    let within = node("anchorNode").filter(|anchor| anchor.is_same_node(node("focusNode").as_ref()))?;
    let place = within.parent_element()?.closest("[data-text]").ok().flatten()?;
    let (from, to) = (unit("anchorOffset")?, unit("focusOffset")?);
    let (start, end) = (from.min(to), from.max(to));
    if start == end || place.get_attribute("data-text")? != field.to_string() {
        return None;
    }
    let units: Vec<u16> = within.text_content()?.encode_utf16().collect();
    let words = String::from_utf16_lossy(units.get(start as usize..end as usize)?);
    Some(Selected {
        field: field.clone(),
        start,
        end,
        words,
    })
}

fn call(object: &JsValue, name: &str) -> Option<JsValue> {
    let function = Reflect::get(object, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    function.call0(object).ok()
}
