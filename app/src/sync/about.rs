//! What a change did, block by block: for the mark at the block, and to name it should the server refuse it.

use std::collections::BTreeMap;

use model::{
    doc::{BlockId, BlockKind, FieldId, Place, View},
    insert::inserted,
};
use serde::{Deserialize, Serialize};

/// One thing that a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub field: FieldId,
    pub deed: Deed,
}

/// What was done to a block or to one of the texts that exist once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Its words were changed.
    Words,
    Added,
    Moved,
    Removed,
    Restored,
}

impl Deed {
    pub(super) const ALL: [Self; 5] = [Self::Words, Self::Added, Self::Moved, Self::Removed, Self::Restored];

    /// The words themselves are at stake, not only where they stand.
    #[must_use]
    pub fn is_about_words(self) -> bool {
        matches!(self, Self::Words | Self::Added)
    }
}

/// What happened to blocks between two views. Words are not compared: a view is not made anew for every letter.
#[must_use]
pub fn deeds(before: &View, after: &View) -> Vec<About> {
    let (shown_before, shown_after) = (shown(before), shown(after));
    let mut deeds = Vec::new();
    for (id, place) in &shown_after {
        let deed = match shown_before.get(id) {
            Some(was) if was == place => continue,
            Some(_) => Deed::Moved,
            None if before.bin.iter().any(|block| block.id == **id) => Deed::Restored,
            None => Deed::Added,
        };
        deeds.push(about(id, deed));
    }
    let gone = shown_before.keys().filter(|id| !shown_after.contains_key(*id));
    deeds.extend(gone.map(|id| about(id, Deed::Removed)));
    deeds
}

type Shown<'a> = BTreeMap<&'a BlockId, (&'a BlockKind, Option<&'a Place>)>;

fn shown(view: &View) -> Shown<'_> {
    inserted(
        view.blocks()
            .map(|block| (&block.id, (&block.kind, block.place.as_ref()))),
    )
}

fn about(id: &BlockId, deed: Deed) -> About {
    About {
        field: FieldId::Block(id.clone()),
        deed,
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{self, Parent};
    use yrs::Transact;

    use super::*;

    #[test]
    fn what_was_done_to_blocks_is_named() {
        let doc = doc::new_doc(1);
        let mut next = 0_u64;
        let mut entropy = move || {
            next = next.wrapping_add(0x9e37_79b9_7f4a_7c15);
            next
        };
        let look = || doc::view(&doc.transact());
        let mut add = |kind, parent| doc::add_block(&doc, &kind, &parent, usize::MAX, "", &mut entropy).unwrap();
        let first = add(BlockKind::Guideline, Parent::Root);
        let second = add(BlockKind::Guideline, Parent::Root);
        let empty = look();
        let point = add(BlockKind::Point, Parent::Block(first.clone()));
        let with_point = look();
        let of = |id: &BlockId, deed| vec![about(id, deed)];
        assert_eq!(deeds(&empty, &with_point), of(&point, Deed::Added));

        doc::move_block(&doc, &point, &Parent::Block(second), 0, &mut || 7).unwrap();
        let moved = look();
        assert_eq!(deeds(&with_point, &moved), of(&point, Deed::Moved));

        doc::remove_block(&doc, &point).unwrap();
        let removed = look();
        assert_eq!(deeds(&moved, &removed), of(&point, Deed::Removed));

        doc::restore_block(&doc, &point).unwrap();
        assert_eq!(deeds(&removed, &look()), of(&point, Deed::Restored));
        assert!(deeds(&look(), &look()).is_empty());
    }
}
