//! Adding, removing and restoring blocks, and changing words.

use thiserror::Error;
use yrs::{Doc, GetString, Map, MapPrelim, Text, TextPrelim, TextRef, Transact, TransactionMut};

use super::blocks::{self, BLOCKS, FROM, INTO, KIND, PLACE, PLAIN, PLAIN_FOR, REMOVED, REMOVED_SEEN, SOURCE, TEXT};
use super::delta::{Step, TextDelta, utf16_len};
use super::id::{BlockId, BlockKind, Entropy, FieldId};
use super::place::{self, Insertion, Parent, Place};
use super::view::{BlockView, List, View, view};
use super::{LOCAL_ORIGIN, TYPING_ORIGIN};
use crate::leitbild::PointSource;

/// Why a document was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// Another transaction is open.
    #[error("the document is in use")]
    Busy,
    /// There is no such block.
    #[error("there is no such block")]
    NoBlock,
    /// The block is removed; restore it first.
    #[error("the block is removed")]
    Removed,
    /// Blocks of this kind do not stand there.
    #[error("blocks of this kind do not stand there")]
    WrongParent,
    /// There is nothing before or after it to move beyond or to join with.
    #[error("there is no block to move beyond or to join with")]
    NoNeighbour,
    /// The field's text does not exist or holds something that is not text.
    #[error("the field cannot be edited")]
    NoText,
    /// The document is not empty.
    #[error("the document is not empty")]
    NotEmpty,
}

/// Adds one block before the one at `index` of its list (or after the last); returns its id.
pub fn add_block(
    doc: &Doc,
    kind: &BlockKind,
    parent: &Parent,
    index: usize,
    text: &str,
    entropy: Entropy<'_>,
) -> Result<BlockId, EditError> {
    let ids = add_blocks(doc, kind, parent, index, &[text], entropy)?;
    ids.into_iter().next().ok_or(EditError::NoBlock)
}

/// Adds blocks in one go, as pasting several lines does: they stay together also when somebody pastes there meanwhile.
pub fn add_blocks(
    doc: &Doc,
    kind: &BlockKind,
    parent: &Parent,
    index: usize,
    texts: &[&str],
    entropy: Entropy<'_>,
) -> Result<Vec<BlockId>, EditError> {
    let mut txn = begin(doc)?;
    let now = view(&txn);
    let list = list_for(&now, kind, parent)?;
    let keys = make_room(&mut txn, parent, &now.list(&list), index, texts.len(), entropy);
    let mut ids = Vec::with_capacity(texts.len());
    for (text, key) in texts.iter().zip(keys) {
        let place = Place {
            parent: parent.clone(),
            key,
        };
        ids.push(create(&mut txn, kind, &place, &single_line(text), None, entropy));
    }
    Ok(ids)
}

/// Takes a point over from another place's published text: a new point after the point `after`, or the first one of the
/// Leitlinie `after`, which keeps where it comes from.
pub fn borrow_point(
    doc: &Doc,
    after: &BlockId,
    text: &str,
    source: &PointSource,
    entropy: Entropy<'_>,
) -> Result<BlockId, EditError> {
    let mut txn = begin(doc)?;
    let now = view(&txn);
    let (guideline, index) = match now.locate(after) {
        Some((List::Points(guideline), index)) => (guideline, index + 1),
        Some((List::Guidelines, _)) => (after.clone(), 0),
        Some(_) => return Err(EditError::WrongParent),
        None => return Err(EditError::NoBlock),
    };
    let points = now.list(&List::Points(guideline.clone()));
    let parent = Parent::Block(guideline);
    let key = make_room(&mut txn, &parent, &points, index, 1, entropy).pop();
    let place = Place {
        parent,
        key: key.ok_or(EditError::WrongParent)?,
    };
    let id = create(&mut txn, &BlockKind::Point, &place, &single_line(text), None, entropy);
    if let Some(map) = blocks::block_map(&txn, &id) {
        map.insert(&mut txn, SOURCE, source.to_string());
    }
    Ok(id)
}

/// Flags a block as removed and writes down what was seen. Removing a removed block changes nothing.
pub fn remove_block(doc: &Doc, id: &BlockId) -> Result<(), EditError> {
    let mut txn = begin(doc)?;
    let block = blocks::read_one(&txn, id).ok_or(EditError::NoBlock)?;
    if block.hidden {
        return Ok(());
    }
    flag_removed(&mut txn, id)
}

/// Takes the flag away. Restoring a block that is there changes nothing.
pub fn restore_block(doc: &Doc, id: &BlockId) -> Result<(), EditError> {
    let mut txn = begin(doc)?;
    let map = blocks::block_map(&txn, id).ok_or(EditError::NoBlock)?;
    if blocks::flag(&txn, &map) {
        map.insert(&mut txn, REMOVED, false);
    }
    Ok(())
}

/// Applies a change of words that was made on the document's present text. Inserted words bring a removed block back.
///
/// For words from a browser's field use [`Field::input`](super::Field::input), which makes the change.
pub fn edit_text(doc: &Doc, field: &FieldId, delta: &TextDelta) -> Result<(), EditError> {
    write_field(doc, field, delta, LOCAL_ORIGIN)
}

/// Makes a field hold `text` by the smallest change of the document's present text. For tools; see [`edit_text`].
pub fn set_text(doc: &Doc, field: &FieldId, text: &str) -> Result<(), EditError> {
    let now = {
        let txn = doc.try_transact().map_err(|_| EditError::Busy)?;
        blocks::text_ref(&txn, field).ok_or(EditError::NoText)?.get_string(&txn)
    };
    edit_text(doc, field, &TextDelta::between(&now, &single_line(text), None))
}

/// `text` on one line: every line break becomes a space, letter for letter, so that offsets stay.
#[must_use]
pub fn single_line(text: &str) -> String {
    let is_break = |letter: char| {
        matches!(
            letter,
            '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    text.chars()
        .map(|letter| if is_break(letter) { ' ' } else { letter })
        .collect()
}

pub(super) fn begin(doc: &Doc) -> Result<TransactionMut<'_>, EditError> {
    doc.try_transact_mut_with(LOCAL_ORIGIN).map_err(|_| EditError::Busy)
}

pub(super) fn type_text(doc: &Doc, field: &FieldId, delta: &TextDelta) -> Result<(), EditError> {
    write_field(doc, field, delta, TYPING_ORIGIN)
}

/// The list in which blocks of this kind stand under this parent.
pub(super) fn list_for(view: &View, kind: &BlockKind, parent: &Parent) -> Result<List, EditError> {
    match (kind, parent) {
        (BlockKind::Paragraph, Parent::Root) => Ok(List::Preamble),
        (BlockKind::Guideline, Parent::Root) => Ok(List::Guidelines),
        (BlockKind::Idea, Parent::Root) => Ok(List::Ideas),
        (BlockKind::Point, Parent::Block(id)) if view.guideline(id).is_some() => Ok(List::Points(id.clone())),
        (BlockKind::Idea, Parent::Block(id)) if view.guideline(id).is_some() => Ok(List::IdeasOf(id.clone())),
        _ => Err(EditError::WrongParent),
    }
}

/// Keys for `n` blocks before the sibling at `index`; siblings whose own keys leave no room get new ones.
pub(super) fn make_room(
    txn: &mut TransactionMut<'_>,
    parent: &Parent,
    siblings: &[&BlockView],
    index: usize,
    n: usize,
    entropy: Entropy<'_>,
) -> Vec<String> {
    let keys: Vec<&str> = siblings
        .iter()
        .map(|block| block.place.as_ref().map_or("", |place| place.key.as_str()))
        .collect();
    let Insertion { keys, rekeyed } = place::insert(&keys, index, n, entropy);
    for (sibling, key) in rekeyed {
        write_place(
            txn,
            &siblings[sibling].id,
            &Place {
                parent: parent.clone(),
                key: key.as_str().to_owned(),
            },
        );
    }
    keys.iter().map(|key| key.as_str().to_owned()).collect()
}

/// A new block under an id that does not exist yet.
pub(super) fn create(
    txn: &mut TransactionMut<'_>,
    kind: &BlockKind,
    place: &Place,
    text: &str,
    from: Option<String>,
    entropy: Entropy<'_>,
) -> BlockId {
    use yrs::WriteTxn;
    let blocks = txn.get_or_insert_map(BLOCKS);
    let mut id = BlockId::random(entropy);
    while blocks.get(txn, id.as_str()).is_some() {
        id = BlockId::random(entropy);
    }
    let map = blocks.insert(txn, id.as_str(), MapPrelim::default());
    map.insert(txn, KIND, kind.as_str());
    map.insert(txn, PLACE, place.to_string());
    map.insert(txn, TEXT, TextPrelim::new(text));
    map.insert(txn, PLAIN, TextPrelim::new(""));
    if let Some(from) = from {
        map.insert(txn, FROM, from);
    }
    id
}

/// The one write that a move is.
pub(super) fn write_place(txn: &mut TransactionMut<'_>, id: &BlockId, place: &Place) {
    if let Some(map) = blocks::block_map(txn, id) {
        map.insert(txn, PLACE, place.to_string());
    }
}

pub(super) fn write_kind(txn: &mut TransactionMut<'_>, id: &BlockId, kind: &BlockKind) {
    if let Some(map) = blocks::block_map(txn, id) {
        map.insert(txn, KIND, kind.as_str());
    }
}

pub(super) fn flag_removed(txn: &mut TransactionMut<'_>, id: &BlockId) -> Result<(), EditError> {
    let block = blocks::read_one(txn, id).ok_or(EditError::NoBlock)?;
    let map = blocks::block_map(txn, id).ok_or(EditError::NoBlock)?;
    map.insert(txn, REMOVED_SEEN, blocks::seen(&block.text, &block.plain));
    map.insert(txn, REMOVED, true);
    Ok(())
}

/// Writes down where a joined block's words went, for those who look for them there.
pub(super) fn note_joined(txn: &mut TransactionMut<'_>, id: &BlockId, into: &BlockId, at: u32) {
    if let Some(map) = blocks::block_map(txn, id) {
        map.insert(txn, INTO, format!("{into} {at}"));
    }
}

/// A field's text, if our offsets count its units.
pub(super) fn editable(txn: &TransactionMut<'_>, field: &FieldId) -> Result<TextRef, EditError> {
    blocks::text_ref(txn, field)
        .filter(|text| blocks::is_pure(txn, text))
        .ok_or(EditError::NoText)
}

fn write_field(doc: &Doc, field: &FieldId, delta: &TextDelta, origin: &str) -> Result<(), EditError> {
    let mut txn = doc.try_transact_mut_with(origin).map_err(|_| EditError::Busy)?;
    let text = editable(&txn, field)?;
    let begins = text.len(&txn) == 0 && delta.has_insert();
    write_delta(&mut txn, &text, delta);
    if let FieldId::Plain(id) = field
        && begins
        && let (Some(map), Some(block)) = (blocks::block_map(&txn, id), blocks::read_one(&txn, id))
    {
        // Whoever begins it has the words beside it before their eyes.
        map.insert(&mut txn, PLAIN_FOR, blocks::fingerprint(&block.text));
    }
    if let Some(map) = field.block().and_then(|id| blocks::block_map(&txn, id))
        && delta.has_insert()
        && blocks::flag(&txn, &map)
    {
        map.insert(&mut txn, REMOVED, false);
    }
    Ok(())
}

/// Steps beyond the text's end have nothing to act on: yrs would panic.
pub(super) fn write_delta(txn: &mut TransactionMut<'_>, text: &TextRef, delta: &TextDelta) {
    let mut at = 0;
    for step in delta.steps() {
        match step {
            Step::Keep(len) => at = (at + len).min(text.len(txn)),
            Step::Insert(words) => {
                let words = single_line(words);
                text.insert(txn, at, &words);
                at += utf16_len(&words);
            }
            Step::Delete(len) => {
                let len = (*len).min(text.len(txn) - at);
                if len > 0 {
                    text.remove_range(txn, at, len);
                }
            }
        }
    }
}
