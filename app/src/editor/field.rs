//! One field of the page: a plain textarea bound to one text of the document by the model's diff rule.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use model::doc::{Field, FieldId, Selection};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;

use super::{
    marks::{Layer, Mark},
    mirror::Mirror,
};
use crate::sync::session::{Session, Tell, TextListener};

/// Where the caret goes when a field is focused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caret {
    Start,
    End,
    /// In UTF-16 units.
    At(u32),
    /// Where it was.
    Keep,
}

/// A textarea and what it shows.
pub(super) struct Slot {
    session: Session,
    id: FieldId,
    field: RefCell<Field>,
    element: HtmlTextAreaElement,
    listener: RefCell<Option<TextListener>>,
    /// The document has other words than this field was last compared with.
    is_behind: Cell<bool>,
    /// Asks for [`Self::update`].
    ask: Rc<dyn Fn()>,
    mirror: Mirror,
    fits_by_itself: bool,
}

impl Slot {
    /// Fills `element` with the document's text and keeps it up to date until [`Self::release`]: `ask` is called when
    /// something is to be shown that can wait, and [`Self::update`] then shows it.
    pub(super) fn bind(session: Session, id: FieldId, element: HtmlTextAreaElement, ask: Rc<dyn Fn()>) -> Rc<Self> {
        let text = session.text(&id).unwrap_or_default();
        element.set_value(&text);
        let field = RefCell::new(Field::new(id.clone(), &text));
        let mirror = Mirror::new(element.clone(), Rc::clone(&ask));
        let slot = Rc::new(Self {
            session,
            id,
            field,
            element,
            listener: RefCell::default(),
            is_behind: Cell::new(false),
            ask,
            mirror,
            fits_by_itself: sizes_by_content(),
        });
        let weak = Rc::downgrade(&slot);
        let listener: TextListener = Rc::new(move |tell| {
            if let Some(slot) = weak.upgrade() {
                slot.hear(tell);
            }
        });
        slot.session.listen(&slot.id, Rc::clone(&listener));
        slot.listener.replace(Some(listener));
        slot.fit();
        slot
    }

    /// Ends the binding.
    pub(super) fn release(&self) {
        if let Some(listener) = self.listener.take() {
            self.session.unlisten(&self.id, &listener);
        }
    }

    /// The page's field has a new value.
    pub(super) fn input(&self) {
        self.write(Field::input);
    }

    pub(super) fn composition_start(&self) {
        self.field.borrow_mut().composition_start();
    }

    pub(super) fn composition_end(&self) {
        self.write(Field::composition_end);
    }

    pub(super) fn value(&self) -> String {
        self.element.value()
    }

    /// Where the selection is now, in UTF-16 units.
    pub(super) fn selection(&self) -> Selection {
        let start = self.element.selection_start().ok().flatten().unwrap_or_default();
        let end = self.element.selection_end().ok().flatten().unwrap_or(start);
        Selection { start, end }
    }

    /// Where the selection began and where it ends, in the document's text.
    pub(super) fn anchor_and_head(&self) -> (u32, u32) {
        let Selection { start, end } = self.selection();
        let is_backward = self.element.selection_direction().ok().flatten().as_deref() == Some("backward");
        let field = self.field.borrow();
        let (start, end) = (field.to_document(start), field.to_document(end));
        if is_backward { (end, start) } else { (start, end) }
    }

    /// Shows the marks of a layer, whose offsets are about the document's text.
    pub(super) fn mark(&self, layer: Layer, mut marks: Vec<Mark>) {
        let field = self.field.borrow();
        for mark in &mut marks {
            mark.start = field.from_document(mark.start);
            mark.end = field.from_document(mark.end);
        }
        self.mirror.mark(layer, marks, field.shown());
    }

    /// Where the field is on the screen.
    pub(super) fn place(&self) -> web_sys::DomRect {
        self.element.get_bounding_client_rect()
    }

    /// Where the caret is on the screen.
    pub(super) fn caret_on_screen(&self) -> Option<web_sys::DomRect> {
        let caret = self.selection().end;
        let text = self.value();
        self.mirror.place_of(&text, caret)
    }

    /// Does all of the text stand in one line on the screen?
    pub(super) fn has_one_line(&self) -> bool {
        let style = leptos::prelude::window()
            .get_computed_style(&self.element)
            .ok()
            .flatten();
        let pixels = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value.and_then(|value| value.trim_end_matches("px").parse::<f64>().ok())
        };
        // Without a measure in pixels it counts as several lines, where the caret decides.
        pixels("line-height").is_some_and(|line| {
            let padding = pixels("padding-top").unwrap_or_default() + pixels("padding-bottom").unwrap_or_default();
            f64::from(self.element.scroll_height()) - padding < 1.5 * line
        })
    }

    /// The selected words, and where they stand in the document's text; nothing when none are.
    pub(super) fn selected_words(&self) -> Option<(u32, u32, String)> {
        let Selection { start, end } = self.selection();
        let units: Vec<u16> = self.element.value().encode_utf16().collect();
        let words = String::from_utf16_lossy(units.get(start as usize..end as usize)?);
        let field = self.field.borrow();
        (!words.trim().is_empty()).then(|| (field.to_document(start), field.to_document(end), words))
    }

    /// The selection in the document's text.
    pub(super) fn selection_in_document(&self) -> Selection {
        let Selection { start, end } = self.selection();
        let field = self.field.borrow();
        Selection {
            start: field.to_document(start),
            end: field.to_document(end),
        }
    }

    pub(super) fn focus(&self, caret: Caret) {
        self.update();
        // Fails only for elements outside of the page.
        let _ = self.element.focus();
        let length = self.element.value().encode_utf16().count() as u32;
        let at = match caret {
            Caret::Start => Some(0),
            Caret::End => Some(length),
            Caret::At(offset) => Some(offset.min(length)),
            Caret::Keep => None,
        };
        if let Some(at) = at {
            let _ = self.element.set_selection_range(at, at);
        }
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        self.element.scroll_into_view_with_scroll_into_view_options(&options);
    }

    fn write(&self, write: impl FnOnce(&mut Field, &yrs::Doc, &str, Option<u32>) -> Result<(), model::doc::EditError>) {
        let value = self.element.value();
        let caret = Some(self.selection().end);
        let written = self
            .session
            .typing(&self.id, |doc| write(&mut self.field.borrow_mut(), doc, &value, caret));
        if written.is_err() {
            // The document has no such text any more. The words must not vanish with the field.
            self.session.recover(&value);
            let text = self.session.text(&self.id).unwrap_or_default();
            self.element.set_value(&text);
            self.mirror.show(&text, None);
            self.field.replace(Field::new(self.id.clone(), &text));
        }
        let shown = self.field.borrow().shown().to_owned();
        self.mirror.show(&shown, caret);
        self.show();
        self.fit();
        self.tell_selection();
    }

    /// Tells the others where the caret is, if this is the field it is in.
    pub(super) fn tell_selection(&self) {
        if self.is_focused() {
            let (anchor, head) = self.anchor_and_head();
            self.session.select(&self.id, anchor, head);
        }
    }

    fn hear(&self, tell: Tell<'_>) {
        match tell {
            Tell::Delta(delta) => self.field.borrow_mut().remote(delta),
            Tell::Show => {
                self.is_behind.set(true);
                self.update();
            }
            Tell::ShowSoon => {
                self.is_behind.set(true);
                // Who stands in a field sees at once what others do there.
                if self.is_focused() {
                    self.update();
                } else {
                    (self.ask)();
                }
            }
        }
    }

    /// Shows what came from elsewhere, words and marks. A field that composes is not touched.
    pub(super) fn update(&self) {
        if self.is_behind.take() {
            if let Some(text) = self.session.text(&self.id) {
                self.field.borrow_mut().reset(&text);
            }
            self.show();
        }
        self.mirror.update();
    }

    fn show(&self) {
        let selection = self.selection();
        let Some(show) = self.field.borrow_mut().show(selection) else {
            return;
        };
        // A selection that was made backwards goes on backwards.
        let direction = self.element.selection_direction().ok().flatten();
        self.element.set_value(&show.text);
        // Elsewhere than in the focused field, some browsers would take a selection for a focus.
        if self.is_focused() {
            let (start, end) = (show.selection.start, show.selection.end);
            // A selection that cannot be set leaves the caret where the browser put it; the words are right.
            let _ = match direction {
                Some(direction) => self.element.set_selection_range_with_direction(start, end, &direction),
                None => self.element.set_selection_range(start, end),
            };
        }
        self.mirror.show(&show.text, None);
        self.fit();
    }

    fn is_focused(&self) -> bool {
        leptos::prelude::document().active_element().as_ref() == Some(self.element.unchecked_ref())
    }

    /// Makes the field as high as its text, where the style sheet cannot.
    pub(super) fn fit(&self) {
        if self.fits_by_itself {
            return;
        }
        let style = self.element.style();
        let _ = style.set_property("height", "auto");
        let height = format!("{}px", self.element.scroll_height());
        let _ = style.set_property("height", &height);
    }
}

/// Does the browser know `field-sizing: content`?
fn sizes_by_content() -> bool {
    let window = leptos::prelude::window();
    let css = js_sys::Reflect::get(&window, &JsValue::from_str("CSS"));
    let Ok(css) = css else { return false };
    let supports = js_sys::Reflect::get(&css, &JsValue::from_str("supports"));
    let Some(supports) = supports
        .ok()
        .and_then(|value| value.dyn_into::<js_sys::Function>().ok())
    else {
        return false;
    };
    supports
        .call2(&css, &JsValue::from_str("field-sizing"), &JsValue::from_str("content"))
        .is_ok_and(|answer| answer.is_truthy())
}
