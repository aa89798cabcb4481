//! This page's copy of the document under one client id.

use std::{cell::RefCell, collections::BTreeSet, mem, rc::Rc};

use model::doc::{self, Changes, EditError, FieldId, REMOTE_ORIGIN, Run, Sticky, Undo, View, Watch};
use yrs::{ClientID, Doc, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode, updates::encoder::Encode};

use super::browser;

/// The document with its undo and what happened in it since the last look.
pub(super) struct Replica {
    pub(super) doc: Doc,
    pub(super) client_id: u64,
    pub(super) undo: Undo,
    updates: Rc<RefCell<Vec<Vec<u8>>>>,
    changes: Rc<RefCell<Vec<Changes>>>,
    _watch: Watch,
}

impl Replica {
    /// An empty document under a new client id.
    pub(super) fn new() -> Result<Self, EditError> {
        let client_id = browser::client_id();
        let doc = doc::new_editor_doc(client_id);
        let updates: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
        let noted = Rc::clone(&updates);
        doc.observe_update_v1("session", move |txn, event| {
            if txn
                .origin()
                .is_none_or(|origin| origin.as_ref() != REMOTE_ORIGIN.as_bytes())
            {
                noted.borrow_mut().push(event.update.clone());
            }
        })
        .map_err(|_| EditError::Busy)?;
        let changes: Rc<RefCell<Vec<Changes>>> = Rc::default();
        let noted = Rc::clone(&changes);
        let watch = Watch::new(&doc, "session", move |change| noted.borrow_mut().push(change.clone()))?;
        let undo = Undo::new(&doc)?;
        Ok(Self {
            doc,
            client_id,
            undo,
            updates,
            changes,
            _watch: watch,
        })
    }

    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// Everything that somebody with this state vector lacks; nothing when it cannot be read.
    pub(super) fn diff(&self, state_vector: &[u8]) -> Option<Vec<u8>> {
        let state_vector = StateVector::decode_v1(state_vector).ok()?;
        Some(self.doc.transact().encode_diff_v1(&state_vector))
    }

    /// Like [`Self::diff`], without what was made under these client ids; deletions are in it all the same.
    pub(super) fn diff_without(&self, state_vector: &[u8], client_ids: &BTreeSet<u64>) -> Option<Vec<u8>> {
        let mut state_vector = StateVector::decode_v1(state_vector).ok()?;
        let txn = self.doc.transact();
        let own = txn.state_vector();
        for client_id in client_ids.iter().map(|id| ClientID::new(*id)) {
            state_vector.set_max(client_id, own.get(&client_id));
        }
        Some(txn.encode_diff_v1(&state_vector))
    }

    /// The whole document, as an update.
    pub(super) fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// Takes an update from the server; false when it cannot be read.
    pub(super) fn apply(&self, update: &[u8]) -> bool {
        self.apply_all([update]) == 1
    }

    /// Takes updates in one transaction; answers with how many could be read.
    pub(super) fn apply_all<'a>(&self, updates: impl IntoIterator<Item = &'a [u8]>) -> usize {
        let mut txn = self.doc.transact_mut_with(REMOTE_ORIGIN);
        let readable = updates.into_iter().filter_map(|update| Update::decode_v1(update).ok());
        readable.filter_map(|update| txn.apply_update(update).ok()).count()
    }

    /// Does the document wait for something that an update builds on?
    pub(super) fn lacks_something(&self) -> bool {
        self.doc.transact().has_missing_updates()
    }

    pub(super) fn view(&self) -> View {
        doc::view(&self.doc.transact())
    }

    /// See [`View::reread`].
    pub(super) fn reread(&self, view: &mut View, fields: &BTreeSet<FieldId>) -> bool {
        view.reread(&self.doc.transact(), fields)
    }

    pub(super) fn text(&self, field: &FieldId) -> Option<String> {
        doc::field_text(&self.doc.transact(), field)
    }

    /// A field's words, and who wrote them.
    pub(super) fn authors(&self, field: &FieldId) -> Option<(String, Vec<Run>)> {
        let runs = doc::authors(&self.doc, field).ok()?;
        Some((self.text(field)?, runs))
    }

    /// Where somebody is in a field's text, as it is told to others.
    pub(super) fn stick(&self, field: &FieldId, offset: u32) -> Option<Sticky> {
        Sticky::at(&self.doc.transact(), field, offset)
    }

    /// And back.
    pub(super) fn offset(&self, field: &FieldId, place: &Sticky) -> Option<u32> {
        place.offset(&self.doc.transact(), field)
    }

    /// Own updates since the last call, in order.
    pub(super) fn take_updates(&self) -> Vec<Vec<u8>> {
        mem::take(&mut *self.updates.borrow_mut())
    }

    /// What changed since the last call.
    pub(super) fn take_changes(&self) -> Vec<Changes> {
        mem::take(&mut *self.changes.borrow_mut())
    }
}
