//! The diff rule: what a browser's field shows, and what was typed into it.
//!
//! A field's new value is compared with **the text that the field last showed**, never with the document: the document
//! may already hold words from elsewhere that the field does not show yet, and comparing with it would undo them. The
//! change is then carried over those words. While a field composes (dead keys, Gboard, dictation) it is never touched;
//! words from elsewhere are held back until [`Field::composition_end`].
//!
//! How a browser uses it: on `input` call [`Field::input`]; on a change of the document from elsewhere
//! ([`Watch`](super::Watch), every source but typing) call [`Field::remote`], then [`Field::show`] and put what it
//! returns into the field; on `compositionstart` and `compositionend` the functions of that name, then `show`.

use yrs::{Doc, Transact};

use super::delta::{Side, TextDelta};
use super::edit::{self, EditError, single_line};
use super::id::FieldId;
use super::view::field_text;

/// The state of one field of the page.
#[derive(Clone, Debug)]
pub struct Field {
    id: FieldId,
    /// The text that the page's field shows.
    shown: String,
    /// From `shown` to the document's text: words from elsewhere that are not shown yet.
    held: TextDelta,
    composing: bool,
    /// The page's field holds a line break, which `shown` does not.
    stale: bool,
}

/// A selection in UTF-16 units; a caret has both ends at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub start: u32,
    pub end: u32,
}

/// What the page's field must show now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub text: String,
    pub selection: Selection,
}

impl Field {
    /// A field that shows `text`, which is the document's.
    #[must_use]
    pub fn new(id: FieldId, text: &str) -> Self {
        Self {
            id,
            shown: text.to_owned(),
            held: TextDelta::default(),
            composing: false,
            stale: false,
        }
    }

    #[must_use]
    pub fn id(&self) -> &FieldId {
        &self.id
    }

    /// The text that the page's field shows.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    #[must_use]
    pub fn is_composing(&self) -> bool {
        self.composing
    }

    /// The page's field now holds `value`: writes the difference into the document.
    ///
    /// `caret` is where the caret stands now, in UTF-16 units. On an error the words are in the page's field only; do
    /// not call [`Field::show`] before they are kept elsewhere.
    pub fn input(&mut self, doc: &Doc, value: &str, caret: Option<u32>) -> Result<(), EditError> {
        self.resync(doc)?;
        match self.on_input(value, caret) {
            Some(delta) => edit::type_text(doc, &self.id, &delta),
            None => Ok(()),
        }
    }

    /// The same without a document: the change to make in its text, if any.
    pub fn on_input(&mut self, value: &str, caret: Option<u32>) -> Option<TextDelta> {
        let value_on_one_line = single_line(value);
        self.stale = value_on_one_line != value;
        let typed = TextDelta::between(&self.shown, &value_on_one_line, caret);
        self.shown = value_on_one_line;
        let carried = typed.over(&self.held, Side::Before);
        self.held = self.held.over(&typed, Side::After);
        (!carried.is_empty()).then_some(carried)
    }

    /// The document's text changed from elsewhere. Nothing is shown before [`Field::show`].
    pub fn remote(&mut self, delta: &TextDelta) {
        self.held = self.held.then(delta);
    }

    /// The document's text was replaced, or a change of it was missed.
    pub fn reset(&mut self, document: &str) {
        let believed = self.document();
        if believed != document {
            self.remote(&TextDelta::between(&believed, document, None));
        }
    }

    /// What the page's field must show, if that differs from what it shows; nothing while it composes.
    ///
    /// `selection` is where it is now. Words that arrived exactly at the caret stand after it.
    pub fn show(&mut self, selection: Selection) -> Option<Show> {
        if self.composing || (self.held.is_empty() && !self.stale) {
            return None;
        }
        let held = std::mem::take(&mut self.held);
        self.stale = false;
        self.shown = held.apply(&self.shown);
        let start = held.map_offset(selection.start, Side::Before);
        let end = held.map_offset(selection.end, Side::Before);
        Some(Show {
            text: self.shown.clone(),
            selection: Selection { start, end },
        })
    }

    pub fn composition_start(&mut self) {
        self.composing = true;
    }

    /// The composition ended with `value` in the page's field. Call [`Field::show`] afterwards.
    pub fn composition_end(&mut self, doc: &Doc, value: &str, caret: Option<u32>) -> Result<(), EditError> {
        self.composing = false;
        self.input(doc, value, caret)
    }

    /// Where a place in the page's field stands in the document, for a split or a cursor that others see.
    #[must_use]
    pub fn to_document(&self, offset: u32) -> u32 {
        self.held.map_offset(offset, Side::Before)
    }

    /// The other way round: where a place in the document stands in the page's field, which may not show all of it yet.
    #[must_use]
    pub fn from_document(&self, offset: u32) -> u32 {
        self.held.map_offset_back(offset)
    }

    /// What the document's text must be, as far as this field knows.
    #[must_use]
    pub fn document(&self) -> String {
        self.held.apply(&self.shown)
    }

    /// Should a change from elsewhere not have been told, it is found here, before anything is written.
    fn resync(&mut self, doc: &Doc) -> Result<(), EditError> {
        let text = {
            let txn = doc.try_transact().map_err(|_| EditError::Busy)?;
            field_text(&txn, &self.id).ok_or(EditError::NoBlock)?
        };
        self.reset(&text);
        Ok(())
    }
}
