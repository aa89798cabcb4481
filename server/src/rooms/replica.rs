//! The room's copy of the document: what may enter it, and what it brought.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    mem::ManuallyDrop,
    panic::{AssertUnwindSafe, catch_unwind},
};

use model::{
    doc::{self, EditError, What},
    leitbild::Leitbild,
    limits,
    wire::admission::{self, Id, Refusal, Summary},
};
use yrs::{
    ClientID, Doc, Map, MapRef, Out, ReadTxn, StateVector, Text, TextRef, Transact, Update,
    branch::{Branch, BranchPtr},
    updates::{decoder::Decode, encoder::Encode},
};

use super::{RoomError, Taking};

/// The document is in an unknown state: it has to be built again from the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// A yrs document without pending structs, and what admission has to know of it.
pub(super) struct Replica {
    /// Never dropped while broken: what a panic left behind cannot be walked safely.
    doc: ManuallyDrop<Doc>,
    is_broken: bool,
    /// How far the document has each client id; without gaps.
    clocks: HashMap<u64, u32>,
    /// The texts inside maps.
    texts: HashSet<Id>,
    /// How many maps the roots hold: blocks.
    maps: usize,
    /// The document has at most about so many bytes.
    bytes: usize,
    /// No text of the document is longer, in UTF-16 units.
    longest: usize,
    /// Counts the changes.
    version: u64,
}

impl Replica {
    /// An empty document. The server itself never writes under `client_id`; yrs wants one.
    pub(super) fn new(client_id: u64) -> Self {
        Self {
            doc: ManuallyDrop::new(doc::new_doc(client_id)),
            is_broken: false,
            clocks: HashMap::new(),
            texts: HashSet::new(),
            maps: 0,
            bytes: 0,
            longest: 0,
            version: 0,
        }
    }

    /// Applies an update of the log, which was admitted when it was written.
    ///
    /// # Errors
    /// When it cannot be applied.
    pub(super) fn replay(&mut self, update: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
        let summary = admission::scan_stored(update).map_err(|_| Broken)?;
        self.apply(update, &summary)
    }

    /// Applies rows of the log, each with its number, in one transaction: far cheaper than one by one.
    ///
    /// # Errors
    /// The number of the row that cannot be applied. The replica must not be used any more then.
    pub(super) fn replay_all<'a>(
        &mut self,
        rows: impl IntoIterator<Item = (u64, &'a [u8])>,
    ) -> Result<(), (Broken, u64)> {
        let doc = ManuallyDrop::new(Doc::clone(&self.doc));
        let mut at = 0;
        let applied = catch_unwind(AssertUnwindSafe(|| {
            // As in `apply`: only dropped when everything went well.
            let mut txn = ManuallyDrop::new(doc.transact_mut());
            for (seq, update) in rows {
                at = seq;
                let summary = admission::scan_stored(update).map_err(|_| Broken)?;
                let decoded = Update::decode_v1(update).map_err(|_| Broken)?;
                txn.apply_update(decoded).map_err(|_| Broken)?;
                if txn.has_missing_updates() {
                    return Err(Broken);
                }
                self.note(update, &summary);
            }
            drop(ManuallyDrop::into_inner(txn));
            Ok(())
        }));
        match applied {
            Ok(Ok(())) => {
                drop(ManuallyDrop::into_inner(doc));
                Ok(())
            }
            Ok(Err(Broken)) | Err(_) => {
                self.is_broken = true;
                Err((Broken, at))
            }
        }
    }

    /// How far the document has this client id.
    pub(super) fn clock(&self, client_id: u64) -> u32 {
        self.clocks.get(&client_id).copied().unwrap_or(0)
    }

    /// How many client ids the document has something of.
    pub(super) fn client_ids(&self) -> usize {
        self.clocks.len()
    }

    /// Counts the changes: as long as it stays, so does everything that is read.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Is this id a text inside a map?
    pub(super) fn is_text(&self, id: Id) -> bool {
        self.texts.contains(&id)
    }

    /// Would the document with this update still be within its limits? Estimates, and looks closely only near a limit.
    /// What only deletes is always within them.
    ///
    /// # Errors
    /// [`Refusal::TooManyBlocks`], [`Refusal::TextTooLong`], [`Refusal::DocumentFull`].
    pub(super) fn check_size(&mut self, update: &[u8], summary: &Summary) -> Result<(), Refusal> {
        let growth = self.growth(update, summary);
        if growth.units == 0 {
            return Ok(());
        }
        // A block has two texts; further ones are what other programs add.
        let most_texts = limits::BLOCKS_PER_DOCUMENT * 4;
        if self.maps + growth.maps > limits::BLOCKS_PER_DOCUMENT || self.texts.len() + growth.texts > most_texts {
            return Err(Refusal::TooManyBlocks);
        }
        if self.bytes + growth.bytes > limits::DOCUMENT_BYTES {
            self.bytes = self.everything().len();
            if self.bytes + growth.bytes > limits::DOCUMENT_BYTES {
                return Err(Refusal::DocumentFull);
            }
        }
        if self.longest + growth.units > limits::TEXT_UNITS {
            // Should it not be possible to tell, applying it will tell.
            let Some((before, after)) = self.try_out(update) else {
                return Ok(());
            };
            self.longest = before;
            if after > limits::TEXT_UNITS && after > before {
                return Err(Refusal::TextTooLong);
            }
        }
        Ok(())
    }

    fn growth(&self, update: &[u8], summary: &Summary) -> Growth {
        let is_new = |id: Id| id.1 >= self.clock(id.0);
        let units = summary.new_units(|client_id| self.clock(client_id));
        Growth {
            units,
            // A unit has at most three bytes of UTF-8.
            bytes: update
                .len()
                .min(units * 3 + summary.structs.min(units) * limits::STRUCT_BYTES),
            maps: summary.maps.iter().filter(|id| is_new(**id)).count(),
            texts: summary.texts.iter().filter(|text| is_new(text.id)).count(),
        }
    }

    /// The longest text before and after an update, found out on a copy.
    fn try_out(&self, update: &[u8]) -> Option<(usize, usize)> {
        let tried = catch_unwind(AssertUnwindSafe(|| {
            // Forgotten rather than dropped if yrs panics, like every broken document.
            let copy = ManuallyDrop::new(doc::new_doc(1));
            let mut txn = ManuallyDrop::new(copy.transact_mut());
            txn.apply_update(Update::decode_v1(&self.everything()).ok()?).ok()?;
            let before = longest_text(&*txn);
            txn.apply_update(Update::decode_v1(update).ok()?).ok()?;
            let after = longest_text(&*txn);
            drop(ManuallyDrop::into_inner(txn));
            drop(ManuallyDrop::into_inner(copy));
            Some((before, after))
        }));
        tried.unwrap_or(None)
    }

    /// Applies an admitted, complete update. Returns what it brought, as one update, or `None` when that is nothing.
    ///
    /// # Errors
    /// When yrs panics, fails, or keeps something pending. The replica must not be used any more then.
    pub(super) fn apply(&mut self, update: &[u8], summary: &Summary) -> Result<Option<Vec<u8>>, Broken> {
        if self.is_broken {
            return Err(Broken);
        }
        let doc: &Doc = &self.doc;
        let is_all_new = summary.is_all_new(|client_id| self.clock(client_id));
        let applied = catch_unwind(AssertUnwindSafe(|| {
            let sent = update;
            let update = Update::decode_v1(update).map_err(|_| Broken)?;
            // A transaction commits when it is dropped. After a panic that would panic again and abort, so it is
            // only dropped when everything went well.
            let mut txn = ManuallyDrop::new(doc.transact_mut());
            txn.apply_update(update).map_err(|_| Broken)?;
            if txn.has_missing_updates() {
                return Err(Broken);
            }
            let news = if is_all_new && txn.delete_set().is_empty() {
                // Typing on: what came is what it brought. Having yrs find that out costs a look at every client there is.
                Some(sent.to_vec())
            } else {
                let brought = !txn.insert_set().is_empty() || !txn.delete_set().is_empty();
                brought.then(|| txn.encode_update_v1())
            };
            drop(ManuallyDrop::into_inner(txn));
            Ok(news)
        }));
        let news = applied.unwrap_or(Err(Broken)).inspect_err(|_| self.is_broken = true)?;
        self.note(update, summary);
        self.version += u64::from(news.is_some());
        Ok(news)
    }

    /// Keeps account of an update that was applied.
    fn note(&mut self, update: &[u8], summary: &Summary) {
        let growth = self.growth(update, summary);
        self.maps += growth.maps;
        self.longest += growth.units;
        self.bytes += growth.bytes;
        for text in &summary.texts {
            // Under a known clock yrs ignored what the update said.
            if text.id.1 >= self.clock(text.id.0) {
                self.texts.insert(text.id);
            }
        }
        for (client_id, ranges) in &summary.inserts {
            let end = ranges.last().map_or(0, |range| range.end);
            let clock = self.clocks.entry(*client_id).or_default();
            *clock = (*clock).max(end);
        }
    }

    /// Would this update change the document? Costs a walk over it: for those who may not write.
    pub(super) fn would_change(&self, update: &[u8], summary: &Summary) -> bool {
        if summary
            .new_client_ids(|client_id| self.clock(client_id))
            .next()
            .is_some()
        {
            return true;
        }
        if !summary.deletes {
            return false;
        }
        let Ok(mut update) = Update::decode_v1(update).map(|update| update.delete_set().clone()) else {
            return true;
        };
        update.diff_with(&self.doc.transact().snapshot().delete_set);
        !update.is_empty()
    }

    /// The state vector, encoded.
    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// What somebody with these clocks lacks, as one update.
    ///
    /// # Errors
    /// When yrs panics over them.
    pub(super) fn diff(&self, clocks: &BTreeMap<u64, u32>) -> Result<Vec<u8>, Refusal> {
        let known: StateVector = clocks
            .iter()
            .map(|(client_id, clock)| (ClientID::new(*client_id), *clock))
            .collect();
        catch_unwind(AssertUnwindSafe(|| self.doc.transact().encode_diff_v1(&known))).map_err(|_| Refusal::NotApplied)
    }

    /// Everything, as one update.
    pub(super) fn everything(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// The Leitbild as it stands.
    pub(super) fn leitbild(&self) -> Leitbild {
        doc::to_leitbild(&doc::view(&self.doc.transact()))
    }

    /// The update that writes `draft` into this document, if it is empty. Written in a copy, so that it goes the way
    /// of every other update.
    pub(super) fn draft(
        &self,
        draft: &Leitbild,
        taking: Taking,
        client_id: u64,
        entropy: doc::Entropy<'_>,
    ) -> Result<Vec<u8>, RoomError> {
        let failed = |error: &dyn std::fmt::Display| RoomError::Draft(error.to_string());
        let copy = doc::new_doc(client_id);
        let state = Update::decode_v1(&self.everything()).map_err(|error| failed(&error))?;
        copy.transact_mut()
            .apply_update(state)
            .map_err(|error| failed(&error))?;
        let before = copy.transact().state_vector();
        let taken = match taking {
            Taking::IntoEmpty => doc::fill(&copy, draft, entropy),
            Taking::Append => doc::append(&copy, draft, entropy),
        };
        taken.map_err(|error| match error {
            EditError::NotEmpty => RoomError::NotEmpty,
            error => failed(&error),
        })?;
        Ok(copy.transact().encode_diff_v1(&before))
    }

    /// The update that brings `what` of an earlier state (everything up to then, as one update) back. Written in a copy,
    /// too.
    pub(super) fn rewind(&self, past: &[u8], what: &What, client_id: u64) -> Result<Vec<u8>, RoomError> {
        let written = catch_unwind(AssertUnwindSafe(|| {
            // Forgotten rather than dropped if yrs panics, like every broken document.
            let copy = ManuallyDrop::new(doc::new_doc(client_id));
            let then = ManuallyDrop::new(doc::new_doc(1));
            let failed = |error: &dyn std::fmt::Display| RoomError::Draft(error.to_string());
            for (doc, update) in [(&copy, self.everything().as_slice()), (&then, past)] {
                let update = Update::decode_v1(update).map_err(|error| failed(&error))?;
                doc.transact_mut()
                    .apply_update(update)
                    .map_err(|error| failed(&error))?;
            }
            let before = copy.transact().state_vector();
            doc::rewind(&copy, &then.transact(), what).map_err(|error| match error {
                EditError::NoBlock => RoomError::NoState,
                error => failed(&error),
            })?;
            let update = copy.transact().encode_diff_v1(&before);
            drop((ManuallyDrop::into_inner(copy), ManuallyDrop::into_inner(then)));
            Ok(update)
        }));
        written.unwrap_or_else(|_| Err(RoomError::Draft(Refusal::NotApplied.to_string())))
    }
}

/// What an update would add, at most.
struct Growth {
    units: usize,
    bytes: usize,
    maps: usize,
    texts: usize,
}

/// The longest text anywhere in a document, whatever its roots are called, in UTF-16 units.
fn longest_text(txn: &impl ReadTxn) -> usize {
    // Admission lets types nest two deep.
    fn in_value(txn: &impl ReadTxn, value: Out, depth: u32) -> u32 {
        let branch: BranchPtr = match value {
            Out::YText(text) => return text.len(txn),
            Out::YMap(map) => BranchPtr::from(AsRef::<Branch>::as_ref(&map)),
            Out::UndefinedRef(branch) => branch,
            _ => return 0,
        };
        let own = TextRef::from(branch).len(txn);
        if depth == 0 {
            return own;
        }
        let map = MapRef::from(branch);
        let nested = map.values(txn).flatten();
        nested
            .map(|value| in_value(txn, value, depth - 1))
            .max()
            .unwrap_or(0)
            .max(own)
    }
    let texts = txn.root_refs().map(|(_, value)| in_value(txn, value, 2));
    texts.max().unwrap_or(0) as usize
}

/// Joins updates into one, so that they travel as one message. Should yrs not be able to, they travel one by one.
pub(super) fn join(updates: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    if updates.len() < 2 {
        return updates;
    }
    match merge(&updates) {
        Some(joined) => vec![joined],
        None => updates,
    }
}

/// One update of several that were made one after the other; none when yrs cannot.
pub(super) fn merge<T: AsRef<[u8]>>(updates: &[T]) -> Option<Vec<u8>> {
    /// For each struct yrs looks at all updates again, so few are merged at a time, and what comes of them again.
    const AT_ONCE: usize = 16;
    fn once<T: AsRef<[u8]>>(updates: &[T]) -> Result<Vec<Vec<u8>>, yrs::encoding::read::Error> {
        updates.chunks(AT_ONCE).map(yrs::merge_updates_v1).collect()
    }
    let merged = catch_unwind(AssertUnwindSafe(|| {
        let mut merged = once(updates)?;
        while merged.len() > 1 {
            merged = once(&merged)?;
        }
        Ok::<_, yrs::encoding::read::Error>(merged.pop())
    }));
    merged.ok()?.ok()?
}

impl Drop for Replica {
    fn drop(&mut self) {
        if !self.is_broken {
            let doc = std::mem::replace(&mut self.doc, ManuallyDrop::new(Doc::new()));
            drop(ManuallyDrop::into_inner(doc));
        }
    }
}
