//! Moving blocks. A move is one write of `place`.

use yrs::Doc;

use super::edit::{self, EditError};
use super::id::{BlockId, BlockKind, Entropy};
use super::place::{Parent, Place};
use super::view::{List, View, view};

/// Moves a block under `parent`, so that it stands at `index` of its list there (or last).
pub fn move_block(
    doc: &Doc,
    id: &BlockId,
    parent: &Parent,
    index: usize,
    entropy: Entropy<'_>,
) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (from, at) = now.locate(id).ok_or(EditError::NoBlock)?;
    if from == List::Bin {
        return Err(EditError::Removed);
    }
    let block = now.block(id).ok_or(EditError::NoBlock)?;
    let to = edit::list_for(&now, &block.kind, parent)?;
    let mut siblings = now.list(&to);
    siblings.retain(|sibling| sibling.id != *id);
    let index = index.min(siblings.len());
    if from == to && index == at {
        return Ok(());
    }
    let keys = edit::make_room(&mut txn, parent, &siblings, index, 1, entropy);
    for key in keys {
        edit::write_place(
            &mut txn,
            id,
            &Place {
                parent: parent.clone(),
                key,
            },
        );
    }
    Ok(())
}

/// Moves a block one step towards the beginning. The first point of a Leitlinie becomes the last of the one before; a
/// block that belongs nowhere becomes the last of its kind.
pub fn move_up(doc: &Doc, id: &BlockId, entropy: Entropy<'_>) -> Result<(), EditError> {
    step(doc, id, true, entropy)
}

/// Moves a block one step towards the end. The last point of a Leitlinie becomes the first of the next one.
pub fn move_down(doc: &Doc, id: &BlockId, entropy: Entropy<'_>) -> Result<(), EditError> {
    step(doc, id, false, entropy)
}

fn step(doc: &Doc, id: &BlockId, up: bool, entropy: Entropy<'_>) -> Result<(), EditError> {
    let target = {
        use yrs::Transact;
        let txn = doc.try_transact().map_err(|_| EditError::Busy)?;
        let now = view(&txn);
        let (list, at) = now.locate(id).ok_or(EditError::NoBlock)?;
        target(&now, id, &list, at, up)?
    };
    move_block(doc, id, &target.0, target.1, entropy)
}

fn target(now: &View, id: &BlockId, list: &List, at: usize, up: bool) -> Result<(Parent, usize), EditError> {
    let len = now.list(list).len();
    let within = if up {
        at.checked_sub(1)
    } else {
        (at + 1 < len).then_some(at + 1)
    };
    match list {
        List::Bin => Err(EditError::Removed),
        List::Preamble | List::Guidelines | List::Ideas => {
            within.map(|index| (Parent::Root, index)).ok_or(EditError::NoNeighbour)
        }
        List::Points(parent) | List::IdeasOf(parent) => {
            if let Some(index) = within {
                return Ok((Parent::Block(parent.clone()), index));
            }
            let here = now
                .guidelines
                .iter()
                .position(|guideline| guideline.block.id == *parent);
            let next = here.and_then(|here| if up { here.checked_sub(1) } else { Some(here + 1) });
            let next = next
                .and_then(|next| now.guidelines.get(next))
                .ok_or(EditError::NoNeighbour)?;
            Ok((Parent::Block(next.block.id.clone()), if up { usize::MAX } else { 0 }))
        }
        List::Loose if up => match now.block(id).map(|block| &block.kind) {
            Some(BlockKind::Point) => {
                let last = now.guidelines.last().ok_or(EditError::NoNeighbour)?;
                Ok((Parent::Block(last.block.id.clone()), usize::MAX))
            }
            _ => Ok((Parent::Root, usize::MAX)),
        },
        List::Loose => Err(EditError::NoNeighbour),
    }
}
