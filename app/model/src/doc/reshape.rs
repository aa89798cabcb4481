//! Splitting, joining, and turning points into Leitlinien and back.

use yrs::{Doc, GetString, Map, Text};

use super::authors;
use super::blocks::{self, PLAIN_FOR, REMOVED};
use super::delta::utf16_len;
use super::edit::{self, EditError};
use super::id::{BlockId, BlockKind, Entropy, FieldId};
use super::place::{Key, Parent, Place};
use super::view::{List, View, view};

/// Where the words went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub into: BlockId,
    /// Where they begin there, in UTF-16 units: the place for the caret.
    pub at: u32,
}

/// Splits a block's text before unit `at` (never inside a character): the tail goes into a new block after it, or, for
/// a Leitlinie, into a new first point. At the end of the text the new block is empty. Returns the new block.
///
/// What others type meanwhile stays in the old block, at the cut.
pub fn split(doc: &Doc, id: &BlockId, at: u32, entropy: Entropy<'_>) -> Result<BlockId, EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (list, index) = now.locate(id).ok_or(EditError::NoBlock)?;
    let block = now.block(id).ok_or(EditError::NoBlock)?;
    let (kind, parent, siblings, index) = match &list {
        List::Bin => return Err(EditError::Removed),
        List::Guidelines => {
            let list = List::Points(id.clone());
            (BlockKind::Point, Parent::Block(id.clone()), now.list(&list), 0)
        }
        List::Preamble | List::Ideas => (block.kind.clone(), Parent::Root, now.list(&list), index + 1),
        List::Points(parent) | List::IdeasOf(parent) => (
            block.kind.clone(),
            Parent::Block(parent.clone()),
            now.list(&list),
            index + 1,
        ),
        List::Loose => {
            let parent = block.place.as_ref().map_or(Parent::Root, |place| place.parent.clone());
            (block.kind.clone(), parent, vec![block], 1)
        }
    };
    let field = FieldId::Block(id.clone());
    let text = edit::editable(&txn, &field)?;
    let words = text.get_string(&txn);
    let (head, tail) = words.split_at(byte_offset(&words, at));
    let cut = utf16_len(head);
    let runs = authors::cut(&authors::runs(&mut txn, &field, &text), cut, u32::MAX);
    let keys = edit::make_room(&mut txn, &parent, &siblings, index, 1, entropy);
    let key = keys.into_iter().next().ok_or(EditError::NoBlock)?;
    let place = Place { parent, key };
    let new = edit::create(&mut txn, &kind, &place, tail, Some(format!("{id} {cut}")), entropy);
    authors::note(&mut txn, &FieldId::Block(new.clone()), 0, &runs);
    // One that words brought back from the bin stays, also with fewer of them.
    if let Some(map) = blocks::block_map(&txn, id)
        && blocks::flag(&txn, &map)
    {
        map.insert(&mut txn, REMOVED, false);
    }
    if !tail.is_empty() {
        text.remove_range(&mut txn, cut, utf16_len(tail));
    }
    Ok(new)
}

/// Appends a block's words to the one before it in its list, or a first point's to its Leitlinie, and removes it. Points of
/// a joined Leitlinie move along, and what the removed block said of life phases, the other says too.
pub fn join(doc: &Doc, id: &BlockId, entropy: Entropy<'_>) -> Result<Joined, EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (list, index) = now.locate(id).ok_or(EditError::NoBlock)?;
    let into = match (&list, index.checked_sub(1)) {
        (List::Bin, _) => return Err(EditError::Removed),
        // The other way round of a split, which makes a Leitlinie's tail its first point.
        (List::Points(guideline), None) => guideline.clone(),
        (List::Loose, _) | (_, None) => return Err(EditError::NoNeighbour),
        (list, Some(before)) => now.list(list)[before].id.clone(),
    };
    let block = now.block(id).ok_or(EditError::NoBlock)?;
    blocks::block_map(&txn, id).ok_or(EditError::NoText)?;
    let text = edit::editable(&txn, &FieldId::Block(into.clone()))?;
    let field = FieldId::Block(id.clone());
    let runs = match blocks::text_ref(&txn, &field) {
        Some(appended) => authors::runs(&mut txn, &field, &appended),
        None => Vec::new(),
    };
    let plain = if block.plain.is_empty() {
        None
    } else {
        Some(edit::editable(&txn, &FieldId::Plain(into.clone()))?)
    };
    let at = text.len(&txn);
    text.insert(&mut txn, at, &edit::single_line(&block.text));
    authors::note(&mut txn, &FieldId::Block(into.clone()), at, &runs);
    if let Some(plain) = plain {
        let end = plain.len(&txn);
        let space = if end == 0 { "" } else { " " };
        plain.insert(&mut txn, end, &format!("{space}{}", edit::single_line(&block.plain)));
        if end == 0
            && let Some(map) = blocks::block_map(&txn, &into)
        {
            // It says the same as the appended words, not as those before them.
            let made_for = blocks::block_map(&txn, id).and_then(|map| blocks::plain_for(&txn, &map));
            let made_for = made_for.unwrap_or_else(|| blocks::fingerprint(&block.text));
            map.insert(&mut txn, PLAIN_FOR, made_for);
        }
    }
    if let Some(map) = blocks::block_map(&txn, &into) {
        let known = blocks::phases(&txn, &map);
        for phase in block.phases.iter().filter(|phase| !known.contains(*phase)) {
            map.insert(&mut txn, format!("{}{phase}", blocks::PHASE), true);
        }
    }
    if list == List::Guidelines {
        move_under(&mut txn, &now, id, &into, None, entropy);
    }
    edit::flag_removed(&mut txn, id)?;
    edit::note_joined(&mut txn, id, &into, at);
    Ok(Joined { into, at })
}

/// Turns a point into a Leitlinie after the one it stood under; the points after it stay there.
pub fn promote(doc: &Doc, id: &BlockId, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (list, _) = now.locate(id).ok_or(EditError::NoBlock)?;
    let block = now.block(id).ok_or(EditError::NoBlock)?;
    let index = match &list {
        List::Bin => return Err(EditError::Removed),
        List::Points(parent) => now
            .guidelines
            .iter()
            .position(|guideline| guideline.block.id == *parent),
        List::Loose if block.kind == BlockKind::Point => None,
        _ => return Err(EditError::WrongParent),
    };
    let index = index.map_or(now.guidelines.len(), |index| index + 1);
    let siblings = now.list(&List::Guidelines);
    for key in edit::make_room(&mut txn, &Parent::Root, &siblings, index, 1, entropy) {
        edit::write_kind(&mut txn, id, &BlockKind::Guideline);
        edit::write_place(
            &mut txn,
            id,
            &Place {
                parent: Parent::Root,
                key,
            },
        );
    }
    Ok(())
}

/// Turns a Leitlinie into the last point of the one before; its points and ideas follow it. The first one cannot.
pub fn demote(doc: &Doc, id: &BlockId, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    match now.locate(id).ok_or(EditError::NoBlock)? {
        (List::Guidelines, 0) => Err(EditError::NoNeighbour),
        (List::Guidelines, index) => {
            let before = now.guidelines[index - 1].block.id.clone();
            edit::write_kind(&mut txn, id, &BlockKind::Point);
            move_under(&mut txn, &now, id, &before, Some(id), entropy);
            Ok(())
        }
        (List::Bin, _) => Err(EditError::Removed),
        _ => Err(EditError::WrongParent),
    }
}

/// Moves the points and ideas of `from` (after `first`, if any) to the end of those of `to`.
fn move_under(
    txn: &mut yrs::TransactionMut<'_>,
    now: &View,
    from: &BlockId,
    to: &BlockId,
    first: Option<&BlockId>,
    entropy: Entropy<'_>,
) {
    let parent = Parent::Block(to.clone());
    let lists = [
        (List::Points(from.clone()), List::Points(to.clone()), first),
        (List::IdeasOf(from.clone()), List::IdeasOf(to.clone()), None),
    ];
    for (source, target, first) in lists {
        let moved: Vec<&BlockId> = first
            .into_iter()
            .chain(now.list(&source).into_iter().map(|block| &block.id))
            .collect();
        let siblings = now.list(&target);
        let keys = edit::make_room(txn, &parent, &siblings, siblings.len(), moved.len(), entropy);
        for (id, key) in moved.into_iter().zip(keys) {
            debug_assert!(Key::parse(&key).is_some());
            edit::write_place(
                txn,
                id,
                &Place {
                    parent: parent.clone(),
                    key,
                },
            );
        }
    }
}

/// The byte at which unit `at` begins; the beginning of the character when it lies inside one.
fn byte_offset(text: &str, at: u32) -> usize {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        units += letter.len_utf16() as u32;
        if units > at {
            return byte;
        }
    }
    text.len()
}
