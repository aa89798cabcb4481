//! The layer above a field that shows its marks: the same words in the same place, invisible, with the marks around them.
//!
//! The browser lays them out; nothing is measured. It exists only while there is something to show.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::document;
use model::doc::TextDelta;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlTextAreaElement};

use super::marks::{self, Flag, Layer, Layers, Mark, Piece};

/// The mirror of one field.
pub(super) struct Mirror {
    inner: RefCell<Inner>,
    /// Asks for [`Mirror::update`].
    ask: Rc<dyn Fn()>,
}

struct Inner {
    field: HtmlTextAreaElement,
    element: Option<Element>,
    layers: Layers,
    /// The text that the offsets of the marks are about; old as long as there are none.
    text: String,
    /// It shows something else than it should.
    is_old: bool,
}

impl Mirror {
    /// `ask` is called when there is something to draw that can wait, and [`Self::update`] then draws it.
    pub(super) fn new(field: HtmlTextAreaElement, ask: Rc<dyn Fn()>) -> Self {
        let inner = RefCell::new(Inner {
            field,
            element: None,
            layers: Layers::new(),
            text: String::new(),
            is_old: false,
        });
        Self { inner, ask }
    }

    /// Shows other marks of a layer. `text` is what the field shows; the marks are about that.
    pub(super) fn mark(&self, layer: Layer, marks: Vec<Mark>, text: &str) {
        let mut inner = self.inner.borrow_mut();
        inner.carry(text, None);
        if inner
            .layers
            .get(&layer)
            .map_or(marks.is_empty(), |before| *before == marks)
        {
            return;
        }
        inner.layers.insert(layer, marks);
        inner.is_old = true;
        drop(inner);
        (self.ask)();
    }

    /// The field shows another text: the marks move along. `caret` tells which of several equal letters changed.
    pub(super) fn show(&self, text: &str, caret: Option<u32>) {
        let mut inner = self.inner.borrow_mut();
        if inner.has_marks() && inner.text != text {
            inner.carry(text, caret);
            inner.is_old = true;
            drop(inner);
            (self.ask)();
        }
    }

    /// Where the letter after `offset` begins on the screen.
    pub(super) fn place_of(&self, text: &str, offset: u32) -> Option<DomRect> {
        let own = Mark {
            start: offset,
            end: offset,
            class: "caret-own".to_owned(),
            flag: None,
        };
        let mut inner = self.inner.borrow_mut();
        let mirror = inner.element()?;
        fill(&mirror, text, &Layers::from([(Layer::Carets, vec![own])]));
        let place = mirror
            .query_selector(".caret-own")
            .ok()
            .flatten()
            .map(|caret| caret.get_bounding_client_rect());
        inner.draw();
        place
    }

    /// Draws, however much changed since it last did.
    pub(super) fn update(&self) {
        let mut inner = self.inner.borrow_mut();
        if std::mem::take(&mut inner.is_old) {
            inner.draw();
        }
    }
}

impl Inner {
    fn has_marks(&self) -> bool {
        self.layers.values().any(|marks| !marks.is_empty())
    }

    fn carry(&mut self, text: &str, caret: Option<u32>) {
        if self.text != text {
            if self.has_marks() {
                marks::carry(&mut self.layers, &TextDelta::between(&self.text, text, caret));
            }
            text.clone_into(&mut self.text);
        }
    }

    fn draw(&mut self) {
        if !self.has_marks() {
            if let Some(element) = self.element.take() {
                element.remove();
            }
        } else if let Some(element) = self.element() {
            fill(&element, &self.text, &self.layers);
        }
    }

    fn element(&mut self) -> Option<Element> {
        if self.element.is_none() {
            let element = document().create_element("div").ok()?;
            // As the field, so that it has its fonts and its lines. Neither name nor element can be wrong here.
            element.set_class_name("field mirror");
            let _ = element.set_attribute("aria-hidden", "true");
            let _ = self.field.insert_adjacent_element("afterend", &element);
            self.element = Some(element);
        }
        self.element.clone()
    }
}

fn fill(mirror: &Element, text: &str, layers: &Layers) {
    mirror.set_text_content(None);
    for piece in marks::pieces(text, layers) {
        // None of these names is wrong, so nothing here fails.
        let _ = match piece {
            Piece::Text { words, classes } if classes.is_empty() => mirror.append_with_str_1(words),
            Piece::Text { words, classes } => span(&classes.join(" "), words).and_then(|span| append(mirror, &span)),
            Piece::Caret(mark) => caret(mark).and_then(|caret| append(mirror, &caret)),
        };
    }
}

fn caret(mark: &Mark) -> Result<Element, wasm_bindgen::JsValue> {
    let caret = span(&mark.class, "")?;
    if let Some(Flag { participant, text }) = &mark.flag {
        caret.set_attribute("data-caret", participant)?;
        append(&caret, &span("caret-flag", text)?)?;
    }
    Ok(caret)
}

fn span(class: &str, text: &str) -> Result<Element, wasm_bindgen::JsValue> {
    let span = document().create_element("span")?;
    span.set_class_name(class);
    span.set_text_content(Some(text));
    Ok(span)
}

fn append(parent: &Element, child: &Element) -> Result<(), wasm_bindgen::JsValue> {
    parent.append_child(child.unchecked_ref()).map(drop)
}
