//! An open editor page: the document under its own client id, the field with the focus, undo, and what is saved.
//!
//! It follows `app/src/sync/session.rs` and `app/src/editor/field.rs`, and counts with the page's own `Saved`.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use app::sync::saved::{SaveState, Saved};
use model::{
    doc::{
        self, BlockId, Changes, EditError, Field, FieldId, REMOTE_ORIGIN, Selection, Source, TextChange, Undo, View,
        Watch,
    },
    wire::admission,
};
use yrs::{
    Any, Doc, Map, MapRef, Out, ReadTxn, StateVector, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::random::Random;

/// Changes from a page before this one of the same browser: not typed here, but to be sent all the same.
const ADOPTED_ORIGIN: &str = "adopted";

pub(super) struct Page {
    pub(super) client_id: u64,
    pub(super) saved: Saved,
    pub(super) focus: Option<Focus>,
    /// The server's document has been here.
    pub(super) is_loaded: bool,
    /// The server said that nobody may write.
    pub(super) is_frozen: bool,
    doc: Doc,
    undo: Undo,
    /// By number, from 1: the device's name for the change.
    stored: Vec<u64>,
    updates: Rc<RefCell<Vec<Vec<u8>>>>,
    changes: Rc<RefCell<Vec<Changes>>>,
    _watch: Watch,
}

/// The field with the focus.
pub(super) struct Focus {
    pub(super) field: Field,
    /// What stands in the textarea.
    pub(super) value: String,
    /// In UTF-16 units.
    pub(super) caret: u32,
}

/// A change that a page made and settled.
pub(super) struct Change {
    pub(super) number: u64,
    pub(super) update: Vec<u8>,
    /// It goes out as a message now; otherwise the next answer to the server's `SyncStep1` brings it.
    pub(super) is_sent: bool,
}

impl Page {
    pub(super) fn open(client_id: u64) -> Self {
        let doc = doc::new_editor_doc(client_id);
        let updates: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
        let noted = Rc::clone(&updates);
        doc.observe_update_v1("session", move |txn, event| {
            let is_remote = |origin: &yrs::Origin| origin.as_ref() == REMOTE_ORIGIN.as_bytes();
            if !txn.origin().is_some_and(is_remote) {
                noted.borrow_mut().push(event.update.clone());
            }
        })
        .unwrap();
        let changes: Rc<RefCell<Vec<Changes>>> = Rc::default();
        let noted = Rc::clone(&changes);
        let watch = Watch::new(&doc, "session", move |change| noted.borrow_mut().push(change.clone())).unwrap();
        let undo = Undo::new(&doc).unwrap();
        Self {
            client_id,
            saved: Saved::default(),
            focus: None,
            is_loaded: false,
            is_frozen: false,
            doc,
            undo,
            stored: Vec::new(),
            updates,
            changes,
            _watch: watch,
        }
    }

    pub(super) fn doc(&self) -> &Doc {
        &self.doc
    }

    pub(super) fn view(&self) -> View {
        doc::view(&self.doc.transact())
    }

    /// All blocks, removed or not, and whether they call themselves Leitlinien. Quicker than a view.
    pub(super) fn blocks(&self) -> Vec<(BlockId, bool)> {
        let txn = self.doc.transact();
        let Some(blocks) = txn.get_map("blocks") else {
            return Vec::new();
        };
        let mut found: Vec<(BlockId, bool)> = blocks
            .iter(&txn)
            .filter_map(|(key, block)| {
                let kind = block.cast::<MapRef>().ok()?.get(&txn, "kind");
                let is_guideline = matches!(kind, Some(Out::Any(Any::String(kind))) if &*kind == "guideline");
                Some((BlockId::parse(key)?, is_guideline))
            })
            .collect();
        found.sort();
        found
    }

    pub(super) fn text(&self, field: &FieldId) -> Option<String> {
        doc::field_text(&self.doc.transact(), field)
    }

    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// How far the document has each client id.
    pub(super) fn clocks(&self) -> BTreeMap<u64, u32> {
        let state = self.doc.transact().state_vector();
        state.iter().map(|(client, clock)| (client.get(), *clock)).collect()
    }

    /// Everything that somebody with this state vector lacks.
    pub(super) fn diff(&self, state_vector: &[u8]) -> Vec<u8> {
        let known = StateVector::decode_v1(state_vector).unwrap();
        self.doc.transact().encode_diff_v1(&known)
    }

    /// The whole document, for the device.
    pub(super) fn everything(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// Takes an update from the server or from the device's copy.
    pub(super) fn apply(&mut self, update: &[u8]) -> Result<(), String> {
        let update = Update::decode_v1(update).map_err(|error| error.to_string())?;
        self.doc
            .transact_mut_with(REMOTE_ORIGIN)
            .apply_update(update)
            .map_err(|error| error.to_string())?;
        if self.doc.transact().has_missing_updates() {
            return Err("the server sent something with a gap before it".to_owned());
        }
        self.show();
        Ok(())
    }

    /// Takes a change that an earlier page of this browser could not get saved; false while something before it is
    /// missing here.
    pub(super) fn adopt(&mut self, update: &[u8]) -> bool {
        let clocks = self.doc.transact().state_vector();
        let complete = admission::scan(update)
            .is_ok_and(|summary| summary.is_complete(|client| clocks.get(&yrs::ClientID::new(client))));
        if complete {
            let decoded = Update::decode_v1(update).unwrap();
            self.doc
                .transact_mut_with(ADOPTED_ORIGIN)
                .apply_update(decoded)
                .unwrap();
            // What the document knew already makes no event; it has to be sent, and counted, all the same.
            let mut noted = self.updates.borrow_mut();
            noted.clear();
            noted.push(update.to_vec());
        }
        complete
    }

    /// Numbers what was changed since the last call, and shows the rest of it.
    pub(super) fn settle(&mut self) -> Vec<Change> {
        let updates = std::mem::take(&mut *self.updates.borrow_mut());
        let mut settled = Vec::new();
        for update in updates {
            let (number, is_sent) = self.saved.change();
            settled.push(Change {
                number,
                update,
                is_sent,
            });
        }
        self.show();
        settled
    }

    /// Notes under which number the device keeps a change.
    pub(super) fn is_stored_as(&mut self, change: &Change, id: u64) {
        assert_eq!(change.number, self.stored.len() as u64 + 1);
        self.stored.push(id);
    }

    /// The server said `saved`: the device's numbers of what is acknowledged by it, so far.
    pub(super) fn acknowledge(&mut self, messages: u64) -> &[u64] {
        let changes = self.saved.acknowledge(messages);
        &self.stored[..changes as usize]
    }

    /// Is something not saved, as far as this page can tell?
    pub(super) fn has_unsaved(&self) -> bool {
        !self.saved.is_connected() || self.saved.state() != SaveState::Saved
    }

    /// Goes to another field.
    pub(super) fn focus(&mut self, id: &FieldId) {
        if self.focus.as_ref().is_some_and(|focus| focus.field.id() == id) {
            return;
        }
        self.undo.close_step();
        self.focus = self.text(id).map(|value| Focus {
            field: Field::new(id.clone(), &value),
            caret: 0,
            value,
        });
    }

    /// The textarea holds something else now.
    pub(super) fn input(&mut self, value: String, caret: u32, now_ms: u64) -> Result<(), EditError> {
        let Some(focus) = &mut self.focus else { return Ok(()) };
        (focus.value, focus.caret) = (value, caret);
        let (field, value) = (&mut focus.field, &focus.value);
        let id = field.id().clone();
        self.undo
            .typing(&id, now_ms, |doc| field.input(doc, value, Some(caret)))
    }

    pub(super) fn composition_start(&mut self) {
        if let Some(focus) = &mut self.focus {
            focus.field.composition_start();
        }
    }

    pub(super) fn composition_end(&mut self, now_ms: u64) -> Result<(), EditError> {
        let Some(focus) = &mut self.focus else { return Ok(()) };
        if !focus.field.is_composing() {
            return Ok(());
        }
        let (field, value, caret) = (&mut focus.field, &focus.value, focus.caret);
        let id = field.id().clone();
        let written = self
            .undo
            .typing(&id, now_ms, |doc| field.composition_end(doc, value, Some(caret)));
        self.show();
        written
    }

    /// Changes blocks, as one step of undo; what is not possible just now changes nothing.
    pub(super) fn step<T>(
        &mut self,
        random: &mut Random,
        change: impl FnOnce(&Doc, doc::Entropy<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        self.undo.step(|doc| change(doc, &mut || random.next()))
    }

    pub(super) fn undo(&mut self) -> bool {
        self.undo.undo().is_some()
    }

    pub(super) fn redo(&mut self) -> bool {
        self.undo.redo().is_some()
    }

    /// Brings the focused field up to the document, unless it composes.
    fn show(&mut self) {
        let changes = std::mem::take(&mut *self.changes.borrow_mut());
        let Some(focus) = &mut self.focus else { return };
        let id = focus.field.id().clone();
        let elsewhere = changes.iter().filter(|change| change.source != Source::Typing);
        for (_, change) in elsewhere
            .flat_map(|change| &change.texts)
            .filter(|(field, _)| *field == id)
        {
            if let TextChange::Delta(delta) = change {
                focus.field.remote(delta);
            }
        }
        if let Some(text) = doc::field_text(&self.doc.transact(), &id) {
            focus.field.reset(&text);
        }
        let caret = Selection {
            start: focus.caret,
            end: focus.caret,
        };
        if let Some(show) = focus.field.show(caret) {
            (focus.value, focus.caret) = (show.text, show.selection.end);
        }
    }
}
