//! Suggestions: a change that somebody proposes, and that is applied only when it is accepted.
//!
//! A suggestion is an update, made on a fork of the document under a client id of its own. Applied later it merges with
//! whatever was written meanwhile, like every other update; applied to a copy of the present document it shows what it
//! would do.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use yrs::{Doc, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

use super::blocks::fingerprint;
use super::delta::{Side, TextDelta, utf16_len};
use super::edit::{self, EditError};
use super::id::{BlockId, BlockKind, Entropy, FieldId, RootText};
use super::moves;
use super::place::Parent;
use super::view::{BlockView, View, field_text, view};
use super::{REMOTE_ORIGIN, new_doc};
use crate::compare::{Budget, Kind, Piece, words};

/// A longer text is not kept with a suggestion that changes it, in bytes as it was and as it would be together.
const BASIS_BYTES: usize = 16 * 1024;

/// What somebody proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// Another wording of a field, whose author had `seen` before their eyes. What others wrote since stays.
    Words {
        field: FieldId,
        seen: String,
        text: String,
    },
    /// A new block before the one at `index` of its list, or the last.
    Add {
        kind: BlockKind,
        parent: Parent,
        index: usize,
        text: String,
    },
    Remove(BlockId),
    /// Under `parent`, so that it stands at `index` there.
    Move {
        id: BlockId,
        parent: Parent,
        index: usize,
    },
}

/// What a suggestion would do to a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Fields whose words change: as they are, as they would be.
    pub words: Vec<(FieldId, String, String)>,
    /// New blocks with their words.
    pub added: Vec<(BlockId, String)>,
    pub removed: Vec<BlockId>,
    pub moved: Vec<BlockId>,
    /// The text as it would be.
    pub after: View,
}

impl Effect {
    /// Would everything stay as it is?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.added.is_empty() && self.removed.is_empty() && self.moved.is_empty()
    }
}

/// The change that `proposal` makes to a fork of `base` under `client_id`, which nobody else uses: the change alone, in
/// encoding version 1.
///
/// # Errors
/// As the change itself has them. [`EditError::NoNeighbour`] when it would change nothing.
pub fn suggest(base: &Doc, client_id: u64, proposal: &Proposal, entropy: Entropy<'_>) -> Result<Vec<u8>, EditError> {
    let fork = fork(base, client_id)?;
    let updates: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
    let noted = Rc::clone(&updates);
    fork.observe_update_v1("suggestion", move |_, event| {
        noted.borrow_mut().push(event.update.clone())
    })
    .map_err(|_| EditError::Busy)?;
    match proposal {
        Proposal::Words { field, seen, text } => {
            let now = field_text(&fork.transact(), field).ok_or(EditError::NoText)?;
            edit::edit_text(&fork, field, &carried(seen, &edit::single_line(text), &now))?;
        }
        Proposal::Add {
            kind,
            parent,
            index,
            text,
        } => {
            edit::add_block(&fork, kind, parent, *index, text, entropy)?;
        }
        Proposal::Remove(id) => edit::remove_block(&fork, id)?,
        Proposal::Move { id, parent, index } => moves::move_block(&fork, id, parent, *index, entropy)?,
    }
    let updates = updates.take();
    match updates.as_slice() {
        [] => Err(EditError::NoNeighbour),
        updates => yrs::merge_updates_v1(updates).map_err(|_| EditError::Busy),
    }
}

/// The change from `seen` to `text`, over what has become of `seen` meanwhile.
fn carried(seen: &str, text: &str, now: &str) -> TextDelta {
    if text == now {
        return TextDelta::default();
    }
    let by_words = |new| TextDelta::by_words(seen, new, &mut Budget::brief());
    by_words(text).over(&by_words(now), Side::Before)
}

/// What an update would do to the document as it is now; nothing when it cannot be applied or builds on something that
/// is not there.
#[must_use]
pub fn effect(now: &Doc, update: &[u8]) -> Option<Effect> {
    // Under an id that cannot write anything: nothing is written here.
    let copy = fork(now, 0).ok()?;
    let before = view(&copy.transact());
    {
        let mut txn = copy.transact_mut_with(REMOTE_ORIGIN);
        txn.apply_update(Update::decode_v1(update).ok()?).ok()?;
        if txn.has_missing_updates() {
            return None;
        }
    }
    let after = view(&copy.transact());
    Some(compare(&before, after))
}

/// The words that a suggestion brings, for its author to keep: as they would stand in the text as it is now, or, where
/// it does not fit that any more, as they were meant.
#[must_use]
pub fn wording(now: &Doc, update: &[u8], basis: Option<&Basis>) -> Vec<String> {
    let brought = |doc: &Doc| -> Vec<String> {
        let would = effect(doc, update).unwrap_or_default();
        let written = would.words.into_iter().map(|(_, _, becomes)| becomes);
        let words = written.chain(would.added.into_iter().map(|(_, text)| text));
        words.filter(|words| !words.is_empty()).collect()
    };
    let fitting = brought(now);
    if !fitting.is_empty() {
        return fitting;
    }
    let kept = basis.into_iter().flat_map(|basis| &basis.words);
    let meant: Vec<String> = kept.map(|(_, _, becomes)| becomes.clone()).collect();
    if !meant.is_empty() {
        return meant;
    }
    // A new block stands by itself, also in a document without anything else.
    brought(&new_doc(0))
}

/// Do two suggestions change the same words, or one block in two ways? Both against the same document.
#[must_use]
pub fn same_words(one: &Effect, other: &Effect) -> bool {
    let blocks = |effect: &Effect| [effect.removed.clone(), effect.moved.clone()].concat();
    if blocks(one).iter().any(|id| blocks(other).contains(id)) {
        return true;
    }
    let writes = |effect: &Effect, id: &BlockId| effect.words.iter().any(|(field, ..)| field.block() == Some(id));
    if one.removed.iter().any(|id| writes(other, id)) || other.removed.iter().any(|id| writes(one, id)) {
        return true;
    }
    one.words.iter().any(|(field, was, becomes)| {
        let mut theirs = other.words.iter().filter(|(other, ..)| other == field);
        theirs.any(|(.., other)| overlap(was, becomes, other))
    })
}

/// What a suggestion wanted to change, as it was when the suggestion was made: so that it can be told later whether the
/// same words, or the same block, were changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Fields that would get other words: as they were, as they would have been.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<(FieldId, String, String)>,
    /// What would be removed or moved, and texts too long to be kept: by their hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    whole: Vec<(FieldId, Aspect, String)>,
}

/// What of a block has to be as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Aspect {
    Words,
    Place,
}

impl Basis {
    /// What `update` wants to change in the document as it is now.
    #[must_use]
    pub fn of(now: &Doc, update: &[u8]) -> Option<Self> {
        let effect = effect(now, update)?;
        let before = view(&now.try_transact().ok()?);
        let mut basis = Self::default();
        for (field, was, becomes) in effect.words {
            basis.keep_words(field, was, becomes);
        }
        for id in effect.removed {
            basis.keep(&before, FieldId::Block(id.clone()), Aspect::Words);
            basis.keep(&before, FieldId::Plain(id), Aspect::Words);
        }
        for id in effect.moved {
            basis.keep(&before, FieldId::Block(id), Aspect::Place);
        }
        Some(basis)
    }

    /// What `proposal`, of which `update` was made, wants to change: another wording changes what its author saw, so that
    /// it is outdated at once where others have changed the same words in the meantime.
    #[must_use]
    pub fn of_proposal(now: &Doc, update: &[u8], proposal: &Proposal) -> Option<Self> {
        let Proposal::Words { field, seen, text } = proposal else {
            return Self::of(now, update);
        };
        let mut basis = Self::default();
        basis.keep_words(field.clone(), seen.clone(), edit::single_line(text));
        Some(basis)
    }

    /// How much there is to keep, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let words = self
            .words
            .iter()
            .map(|(_, was, becomes)| was.len() + becomes.len() + 64);
        words.sum::<usize>() + self.whole.len() * 128
    }

    fn keep_words(&mut self, field: FieldId, was: String, becomes: String) {
        if was.len() + becomes.len() <= BASIS_BYTES {
            self.words.push((field, was, becomes));
        } else {
            self.whole.push((field, Aspect::Words, fingerprint(&was)));
        }
    }

    fn keep(&mut self, before: &View, field: FieldId, aspect: Aspect) {
        if let Some(hash) = aspect.hash(before, &field) {
            self.whole.push((field, aspect, hash));
        }
    }

    /// Did others change the same since? Then the suggestion, put on top of it, may read as nobody meant it.
    #[must_use]
    pub fn is_outdated(&self, now: &View) -> bool {
        let is_other = |(field, was, becomes): &(FieldId, String, String)| {
            now.words(field).is_none_or(|words| overlap(was, becomes, words))
        };
        let is_not = |(field, aspect, hash): &(FieldId, Aspect, String)| aspect.hash(now, field).as_ref() != Some(hash);
        self.words.iter().any(is_other) || self.whole.iter().any(is_not)
    }
}

impl Aspect {
    fn hash(self, view: &View, field: &FieldId) -> Option<String> {
        match self {
            Self::Words => view.words(field).map(fingerprint),
            Self::Place => {
                let place = view.shown_block(field.block()?)?.place.as_ref()?;
                Some(fingerprint(&place.to_string()))
            }
        }
    }
}

/// Do two changes of one text meet?
fn overlap(was: &str, one: &str, other: &str) -> bool {
    let ranges = changed(was, one);
    // Two insertions at one place do, too, and so do neighbours.
    changed(was, other)
        .into_iter()
        .any(|(start, end)| ranges.iter().any(|(from, to)| *from <= end && start <= *to))
}

/// The units of `old` that the change replaces; an insertion is an empty range.
fn changed(old: &str, new: &str) -> Vec<(u32, u32)> {
    let mut at = 0;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for Piece { kind, text } in words(old, new, &mut Budget::brief()) {
        let units = utf16_len(&text);
        match kind {
            Kind::Same => at += units,
            Kind::Deleted => {
                ranges.push((at, at + units));
                at += units;
            }
            Kind::Inserted => ranges.push((at, at)),
        }
    }
    ranges
}

fn compare(before: &View, after: View) -> Effect {
    let mut effect = Effect::default();
    let roots = |view: &View| {
        [
            (RootText::Title, view.title.clone()),
            (RootText::Motto, view.motto.clone()),
            (RootText::Closing, view.closing.clone()),
        ]
    };
    for ((root, was), (_, is)) in roots(before).into_iter().zip(roots(&after)) {
        if was != is {
            effect.words.push((FieldId::Root(root), was, is));
        }
    }
    let then = by_id(before);
    for block in after.blocks() {
        let Some(was) = then.get(&block.id) else {
            effect.added.push((block.id.clone(), block.text.clone()));
            continue;
        };
        if was.text != block.text {
            let field = FieldId::Block(block.id.clone());
            effect.words.push((field, was.text.clone(), block.text.clone()));
        }
        if was.plain != block.plain {
            let field = FieldId::Plain(block.id.clone());
            effect.words.push((field, was.plain.clone(), block.plain.clone()));
        }
        if was.place != block.place || was.kind != block.kind {
            effect.moved.push(block.id.clone());
        }
    }
    {
        let now = by_id(&after);
        let gone = before.blocks().filter(|block| !now.contains_key(&block.id));
        effect.removed.extend(gone.map(|block| block.id.clone()));
    }
    effect.after = after;
    effect
}

/// Every block that is not removed.
fn by_id(view: &View) -> HashMap<&BlockId, &BlockView> {
    view.blocks().map(|block| (&block.id, block)).collect()
}

fn fork(base: &Doc, client_id: u64) -> Result<Doc, EditError> {
    let state = base
        .try_transact()
        .map_err(|_| EditError::Busy)?
        .encode_diff_v1(&StateVector::default());
    let fork = new_doc(client_id);
    let update = Update::decode_v1(&state).map_err(|_| EditError::Busy)?;
    fork.transact_mut_with(REMOTE_ORIGIN)
        .apply_update(update)
        .map_err(|_| EditError::Busy)?;
    Ok(fork)
}
