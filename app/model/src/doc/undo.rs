//! Undo and redo of one person's own changes.
//!
//! A step holds two parts. The words: the sets of letters that its transactions inserted and deleted, reverted by yrs'
//! `UndoManager` within the shared texts, so other people's words are never touched, also not those typed in between.
//! The blocks: which registers (`kind`, `place`, `removed`, `plain_for`, phases) it changed from what to what. Undo never overrides another
//! person's later move or removal: a step is taken back only if all of its registers still hold what it wrote, else it
//! is passed over as a whole. A block that the step created is not deleted but flagged removed, and only when no words
//! of others stand in it.
//!
//! Time is passed in by the caller; yrs' own clock does not exist on wasm.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use yrs::undo::{Options, StackItem};
use yrs::{Any, Doc, IdSet, Map, MapRef, Out, ReadTxn, Transact, TransactionMut, UndoManager};

use super::blocks::{self, KIND, PHASE, PLACE, PLAIN, PLAIN_FOR, REMOVED, REMOVED_SEEN, TEXT};
use super::edit::{self, EditError};
use super::id::{BlockId, FieldId, RootText};
use super::{LOCAL_ORIGIN, TYPING_ORIGIN};
use crate::insert::inserted;

/// Typing in one field is one step as long as no pause is longer than this, in milliseconds.
pub const MERGE_TYPING_MS: u64 = 500;
/// Older steps are forgotten.
const MAX_STEPS: usize = 200;
const UNDO_ORIGIN: &str = "undo";

/// The steps of one person in one document. Make the document with [`new_editor_doc`](super::new_editor_doc).
pub struct Undo {
    doc: Doc,
    captured: Arc<Mutex<Option<StackItem<()>>>>,
    key: String,
    undo: Vec<Step>,
    redo: Vec<Step>,
    /// The field and the time (ms) of the last typing, while its step is open.
    open: Option<(FieldId, u64)>,
}

/// What was undone or redone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The field that the step was typed into, for the focus.
    pub field: Option<FieldId>,
}

struct Step {
    words: Option<StackItem<()>>,
    blocks: Vec<Change>,
    field: Option<FieldId>,
    /// Did it, or what it takes back, delete words of others? Put back, they carry this person's client id.
    others: bool,
}

/// What happened to one block.
struct Change {
    id: BlockId,
    before: Option<Registers>,
    after: Registers,
}

/// A block's registers by key; one without meaning (not removed, phase switched off) is left out as if it did not exist.
type Registers = BTreeMap<Arc<str>, Any>;
type Snapshot = BTreeMap<BlockId, Registers>;

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Undo,
    Redo,
}

impl Undo {
    pub fn new(doc: &Doc) -> Result<Self, EditError> {
        let captured: Arc<Mutex<Option<StackItem<()>>>> = Arc::default();
        let key = format!("undo:{:p}", Arc::as_ptr(&captured));
        let target = Arc::clone(&captured);
        doc.observe_after_transaction(key.as_str(), move |txn| capture(txn, &target))
            .map_err(|_| EditError::Busy)?;
        Ok(Self {
            doc: doc.clone(),
            captured,
            key,
            undo: Vec::new(),
            redo: Vec::new(),
            open: None,
        })
    }

    /// Runs a change of words of `field`. Within [`MERGE_TYPING_MS`] of the last in the same field it joins its step.
    /// `now` is any clock in milliseconds.
    pub fn typing<T>(&mut self, field: &FieldId, now: u64, op: impl FnOnce(&Doc) -> T) -> T {
        let goes_on = self
            .open
            .as_ref()
            .is_some_and(|(last, time)| last == field && now.abs_diff(*time) < MERGE_TYPING_MS);
        let snapshot = |undo: &Self| field.block().map_or_else(Snapshot::new, |id| undo.snapshot(Some(id)));
        let before = snapshot(self);
        self.forget_captured();
        let result = op(&self.doc);
        let step = self.finish(|undo| difference(&before, &snapshot(undo)), Some(field.clone()));
        if let Some(step) = step {
            let merges = goes_on && step.blocks.is_empty();
            self.push(step, merges);
            self.open = Some((field.clone(), now));
        }
        result
    }

    /// Runs a change of blocks (or anything else) as a step of its own.
    pub fn step<T>(&mut self, op: impl FnOnce(&Doc) -> T) -> T {
        let before = self.snapshot(None);
        self.forget_captured();
        let result = op(&self.doc);
        if let Some(step) = self.finish(|undo| difference(&before, &undo.snapshot(None)), None) {
            self.push(step, false);
        }
        self.open = None;
        result
    }

    /// Closes the step: on changing fields, for instance.
    pub fn close_step(&mut self) {
        self.open = None;
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Takes back the last step that still can be; nothing when there is none.
    pub fn undo(&mut self) -> Option<Undone> {
        self.open = None;
        while let Some(step) = self.undo.pop() {
            if let Some(inverse) = self.revert(step, Direction::Undo) {
                let field = inverse.field.clone();
                self.redo.push(inverse);
                return Some(Undone { field });
            }
        }
        None
    }

    /// Does the last undone step again.
    pub fn redo(&mut self) -> Option<Undone> {
        self.open = None;
        while let Some(step) = self.redo.pop() {
            if let Some(inverse) = self.revert(step, Direction::Redo) {
                let field = inverse.field.clone();
                self.undo.push(inverse);
                return Some(Undone { field });
            }
        }
        None
    }

    fn push(&mut self, step: Step, merges: bool) {
        self.redo.clear();
        if merges
            && let Some(last) = self.undo.last_mut()
            && let (Some(words), Some(more)) = (&mut last.words, &step.words)
        {
            words.merge(more.clone(), |(), ()| ());
            last.others |= step.others;
            return;
        }
        self.undo.push(step);
        if self.undo.len() > MAX_STEPS {
            self.undo.remove(0);
        }
    }

    /// What was captured, as a step.
    fn finish(&self, blocks: impl FnOnce(&Self) -> Vec<Change>, field: Option<FieldId>) -> Option<Step> {
        let words = self.forget_captured()?;
        Some(Step {
            others: self.deletes_others(&words),
            words: Some(words),
            blocks: blocks(self),
            field,
        })
    }

    fn deletes_others(&self, words: &StackItem<()>) -> bool {
        let own = self.doc.client_id();
        words.deletions().client_ids().any(|client_id| client_id != own)
    }

    /// Changes that were made outside of a step are not undone.
    fn forget_captured(&self) -> Option<StackItem<()>> {
        self.captured.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Puts back what can be, and returns the step that would undo that; nothing when nothing changed.
    fn revert(&self, step: Step, direction: Direction) -> Option<Step> {
        let before = self.snapshot(None);
        if step
            .blocks
            .iter()
            .any(|change| before.get(&change.id) != Some(&change.after))
        {
            return None;
        }
        let others = step.others;
        // Where others' words come back, too, nothing is hidden again.
        let hidden = if others { HashSet::new() } else { self.hidden() };
        let words = step.words.and_then(|words| self.revert_words(words, direction));
        self.revert_blocks(&step.blocks, &hidden);
        let blocks = difference(&before, &self.snapshot(None));
        if words.is_none() && blocks.is_empty() {
            return None;
        }
        Some(Step {
            others: others || words.as_ref().is_some_and(|words| self.deletes_others(words)),
            words,
            blocks,
            field: step.field,
        })
    }

    /// One `UndoManager` for one step: ours cannot get out of step with a stack of its own.
    fn revert_words(&self, words: StackItem<()>, direction: Direction) -> Option<StackItem<()>> {
        let texts: Vec<_> = {
            let txn = self.doc.try_transact().ok()?;
            all_texts(&txn)
        };
        // expand_scope panics when a transaction is open.
        drop(self.doc.try_transact_mut().ok()?);
        let (init_undo_stack, init_redo_stack) = match direction {
            Direction::Undo => (vec![words], Vec::new()),
            Direction::Redo => (Vec::new(), vec![words]),
        };
        let mut manager: UndoManager = UndoManager::with_options(Options {
            capture_timeout_millis: 0,
            tracked_origins: HashSet::new(),
            capture_transaction: None,
            timestamp: Arc::new(|| 1_u64),
            init_undo_stack,
            init_redo_stack,
        });
        for text in &texts {
            manager.expand_scope(&self.doc, text);
        }
        match direction {
            Direction::Undo => manager
                .undo_blocking()
                .then(|| manager.redo_stack().last().cloned())
                .flatten(),
            Direction::Redo => manager
                .redo_blocking()
                .then(|| manager.undo_stack().last().cloned())
                .flatten(),
        }
    }

    fn revert_blocks(&self, changes: &[Change], hidden_before: &HashSet<BlockId>) {
        let Ok(mut txn) = self.doc.try_transact_mut_with(UNDO_ORIGIN) else {
            return;
        };
        for change in changes {
            let Some(map) = blocks::block_map(&txn, &change.id) else {
                continue;
            };
            match &change.before {
                Some(before) => put_back(&mut txn, &map, before),
                None => remove_if_empty(&mut txn, &change.id),
            }
        }
        // Words put back into a block that another person removed meanwhile do not count as new ones.
        let own: HashSet<&BlockId> = changes.iter().map(|change| &change.id).collect();
        for block in blocks::read_all(&txn) {
            let came_back = block.flagged && !block.hidden && hidden_before.contains(&block.id);
            if came_back && !own.contains(&block.id) {
                // The block exists, so this cannot fail.
                let _written = edit::flag_removed(&mut txn, &block.id);
            }
        }
    }

    fn hidden(&self) -> HashSet<BlockId> {
        let Ok(txn) = self.doc.try_transact() else {
            return HashSet::new();
        };
        blocks::read_all(&txn)
            .into_iter()
            .filter(|block| block.hidden)
            .map(|block| block.id)
            .collect()
    }

    fn snapshot(&self, only: Option<&BlockId>) -> Snapshot {
        let Ok(txn) = self.doc.try_transact() else {
            return Snapshot::new();
        };
        let Some(all) = txn.get_map(blocks::BLOCKS) else {
            return Snapshot::new();
        };
        if let Some(id) = only {
            let map = blocks::block_map(&txn, id);
            return inserted(map.map(|map| (id.clone(), registers(&txn, &map))));
        }
        let maps = all.iter(&txn).filter_map(|(key, value)| match value {
            Out::YMap(map) => Some((BlockId::from_key(key), map)),
            _ => None,
        });
        inserted(maps.map(|(id, map)| (id, registers(&txn, &map))))
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        // With a transaction open the observer stays, and notes into what nobody reads any more.
        let _removed = self.doc.unobserve_after_transaction(self.key.as_str());
    }
}

fn capture(txn: &TransactionMut<'_>, target: &Mutex<Option<StackItem<()>>>) {
    let own = txn.origin().map(AsRef::<[u8]>::as_ref);
    if own != Some(LOCAL_ORIGIN.as_bytes()) && own != Some(TYPING_ORIGIN.as_bytes()) {
        return;
    }
    let deletions: IdSet = txn.delete_set().clone();
    let insertions: IdSet = txn.insert_set().clone();
    if deletions.is_empty() && insertions.is_empty() {
        return;
    }
    let item = StackItem::new(txn.doc().guid(), deletions, insertions);
    let mut target = target.lock().unwrap_or_else(PoisonError::into_inner);
    match target.as_mut() {
        Some(earlier) => earlier.merge(item, |(), ()| ()),
        None => *target = Some(item),
    }
}

fn all_texts<T: ReadTxn>(txn: &T) -> Vec<yrs::TextRef> {
    let roots = RootText::ALL.into_iter().filter_map(|root| txn.get_text(root.as_str()));
    let blocks = txn.get_map(blocks::BLOCKS);
    let nested = blocks
        .iter()
        .flat_map(|blocks| blocks.iter(txn))
        .filter_map(|(_, value)| match value {
            Out::YMap(map) => Some(map),
            _ => None,
        });
    let nested = nested
        .flat_map(|map| [map.get(txn, TEXT), map.get(txn, PLAIN)])
        .flatten();
    let nested = nested.filter_map(|value| match value {
        Out::YText(text) => Some(text),
        _ => None,
    });
    roots.chain(nested).collect()
}

fn registers<T: ReadTxn>(txn: &T, map: &MapRef) -> Registers {
    let flagged = blocks::flag(txn, map);
    let means_something = |key: &str, value: &Any| match key {
        KIND | PLACE => true,
        REMOVED | REMOVED_SEEN => flagged,
        PLAIN_FOR => *value != Any::from(""),
        key => key.starts_with(PHASE) && *value == Any::Bool(true),
    };
    inserted(map.iter(txn).filter_map(|(key, value)| match value {
        Out::Any(value) if means_something(key, &value) => Some((key.into(), value)),
        _ => None,
    }))
}

fn difference(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let changed = after.iter().filter(|(id, now)| before.get(*id) != Some(*now));
    changed
        .map(|(id, now)| Change {
            id: id.clone(),
            before: before.get(id).cloned(),
            after: now.clone(),
        })
        .collect()
}

fn put_back(txn: &mut TransactionMut<'_>, map: &MapRef, before: &Registers) {
    let now = registers(txn, map);
    for (key, value) in before {
        if now.get(key) != Some(value) {
            map.insert(txn, Arc::clone(key), value.clone());
        }
    }
    for key in now.keys().filter(|key| !before.contains_key(*key)) {
        match key.as_ref() {
            PLAIN_FOR => drop(map.insert(txn, PLAIN_FOR, "")),
            key if key == REMOVED || key.starts_with(PHASE) => drop(map.insert(txn, key, false)),
            // Every block has a kind and a place, and what was seen means nothing without the flag.
            _ => {}
        }
    }
}

fn remove_if_empty(txn: &mut TransactionMut<'_>, id: &BlockId) {
    if blocks::read_one(txn, id).is_some_and(|block| block.text.is_empty() && block.plain.is_empty()) {
        // The block exists, so this cannot fail.
        let _written = edit::flag_removed(txn, id);
    }
}
