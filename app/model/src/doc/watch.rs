//! Telling what changed in a document, field by field.

use std::cell::RefCell;
use std::rc::Rc;

use yrs::types::{Delta, Event, PathSegment};
use yrs::{Any, DeepObservable, Doc, Observable, Out, Transact, TransactionMut};

use super::blocks::{BLOCKS, PLAIN, TEXT};
use super::delta::TextDelta;
use super::edit::EditError;
use super::id::{BlockId, FieldId, RootText};
use super::{REMOTE_ORIGIN, TYPING_ORIGIN};

/// Who changed the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A [`Field`](super::Field) of this page, which knows its words already.
    Typing,
    /// Something else that this person did, undo included.
    Local,
    /// An update from elsewhere.
    Remote,
}

/// How a field's text changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextChange {
    Delta(TextDelta),
    /// It was created or replaced: read it again.
    Reset,
}

/// What one transaction changed, as far as one root is concerned: a transaction that touches blocks and the title tells
/// both by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    pub source: Source,
    /// For a [`Field`](super::Field) of this page only what did not come from [`Source::Typing`] is news.
    pub texts: Vec<(FieldId, TextChange)>,
    /// Blocks were created, moved, removed or restored; typing does that too, when it brings a removed block back.
    pub structure: bool,
}

/// Calls back on every change until it is dropped. Drop it with no transaction open.
pub struct Watch {
    doc: Doc,
    key: String,
}

impl Watch {
    /// `on_change` is called inside the transaction: it must not open another one, only note what it was told.
    /// `name` tells watches of one document apart.
    pub fn new(doc: &Doc, name: &str, on_change: impl FnMut(&Changes) + 'static) -> Result<Self, EditError> {
        let key = format!("watch:{name}");
        let on_change = Rc::new(RefCell::new(on_change));
        for root in RootText::ALL {
            let on_change = Rc::clone(&on_change);
            let text = {
                let txn = doc.try_transact().map_err(|_| EditError::Busy)?;
                yrs::ReadTxn::get_text(&txn, root.as_str()).ok_or(EditError::NoText)?
            };
            text.observe(key.as_str(), move |txn, event| {
                let change = text_change(event.delta(txn));
                let texts = vec![(FieldId::Root(root), change)];
                (on_change.borrow_mut())(&Changes {
                    source: source(txn),
                    texts,
                    structure: false,
                });
            });
        }
        let blocks = {
            let txn = doc.try_transact().map_err(|_| EditError::Busy)?;
            yrs::ReadTxn::get_map(&txn, BLOCKS).ok_or(EditError::NoText)?
        };
        blocks.observe_deep(key.as_str(), move |txn, events| {
            let mut changes = Changes {
                source: source(txn),
                texts: Vec::new(),
                structure: false,
            };
            for event in events.iter() {
                note(&mut changes, txn, event);
            }
            (on_change.borrow_mut())(&changes);
        });
        Ok(Self { doc: doc.clone(), key })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        use yrs::ReadTxn;
        let Ok(txn) = self.doc.try_transact() else {
            return;
        };
        for text in RootText::ALL.into_iter().filter_map(|root| txn.get_text(root.as_str())) {
            text.unobserve(self.key.as_str());
        }
        if let Some(blocks) = txn.get_map(BLOCKS) {
            blocks.unobserve_deep(self.key.as_str());
        }
    }
}

fn source(txn: &TransactionMut<'_>) -> Source {
    match txn.origin().map(AsRef::<[u8]>::as_ref) {
        Some(origin) if origin == TYPING_ORIGIN.as_bytes() => Source::Typing,
        Some(origin) if origin == REMOTE_ORIGIN.as_bytes() => Source::Remote,
        _ => Source::Local,
    }
}

fn note(changes: &mut Changes, txn: &TransactionMut<'_>, event: &Event) {
    let path: Vec<PathSegment> = event.path().into_iter().collect();
    match (path.as_slice(), event) {
        ([PathSegment::Key(id), PathSegment::Key(key)], Event::Text(event)) => {
            if let Some(field) = field(id, key) {
                changes.texts.push((field, text_change(event.delta(txn))));
            }
        }
        ([], Event::Map(event)) => {
            changes.structure = true;
            for id in event.keys(txn).keys() {
                changes
                    .texts
                    .extend([TEXT, PLAIN].into_iter().filter_map(|key| field(id, key)).map(reset));
            }
        }
        ([PathSegment::Key(id)], Event::Map(event)) => {
            changes.structure = true;
            changes
                .texts
                .extend(event.keys(txn).keys().filter_map(|key| field(id, key)).map(reset));
        }
        _ => changes.structure = true,
    }
}

fn reset(field: FieldId) -> (FieldId, TextChange) {
    (field, TextChange::Reset)
}

fn field(id: &str, key: &str) -> Option<FieldId> {
    match key {
        TEXT => Some(FieldId::Block(BlockId::from_key(id))),
        PLAIN => Some(FieldId::Plain(BlockId::from_key(id))),
        _ => None,
    }
}

fn text_change(steps: &[Delta]) -> TextChange {
    let mut delta = TextDelta::default();
    for step in steps {
        match step {
            Delta::Retain(len, _) => delta.keep(*len),
            Delta::Deleted(len) => delta.delete(*len),
            Delta::Inserted(Out::Any(Any::String(words)), _) => delta.insert(words),
            Delta::Inserted(..) => return TextChange::Reset,
        }
    }
    TextChange::Delta(delta)
}
