//! Inserting a text with structure, as pasting from another program does.

use yrs::{Doc, Text, TransactionMut};

use super::delta::utf16_len;
use super::edit::{self, EditError, single_line};
use super::field::Selection;
use super::id::{BlockId, BlockKind, Entropy, FieldId, RootText};
use super::place::{Parent, Place};
use super::view::{List, View, view};

/// What a stretch of text was where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Heading,
    Paragraph,
    /// One item of a list.
    Item,
}

/// One stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub role: Role,
    pub words: String,
}

/// Where an insertion ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// The field with the end of what was inserted, and the place for the caret in it, in UTF-16 units.
    pub last: FieldId,
    pub at: u32,
    /// How many blocks were made.
    pub blocks: usize,
}

/// Inserts stretches of text in place of the selection in a field.
///
/// The first one goes into the field itself, where it fits there; the others become blocks after it. A heading becomes a
/// Leitlinie, what follows it its points; what stands before the first heading becomes more of what is there. Ideas
/// stay ideas. The points after the block stay with their Leitlinie. After title and motto the text begins, so the rest
/// comes before all blocks; nothing follows the closing sentence, so there it comes right before it.
pub fn insert_outline(
    doc: &Doc,
    field: &FieldId,
    selection: Selection,
    stretches: &[Stretch],
    entropy: Entropy<'_>,
) -> Result<Inserted, EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (spot, block) = match field {
        FieldId::Root(root) => (Spot::of_root(&now, *root), None),
        FieldId::Block(id) => {
            let (list, index) = now.locate(id).ok_or(EditError::NoBlock)?;
            (Spot::of(&now, id, &list, index)?, now.block(id))
        }
        FieldId::Plain(_) => return Err(EditError::WrongParent),
    };
    let text = edit::editable(&txn, field)?;

    let end = selection.end.min(text.len(&txn));
    let start = selection.start.min(end);
    let is_emptied = start == 0 && end == text.len(&txn);
    let fits = |role| block.is_none_or(|block| fits(&block.kind, role, is_emptied));
    let (first, rest) = match stretches.split_first() {
        Some((first, rest)) if rest.is_empty() || fits(first.role) => (Some(first), rest),
        _ => (None, stretches),
    };
    if end > start {
        text.remove_range(&mut txn, start, end - start);
    }
    let mut inserted = Inserted {
        last: field.clone(),
        at: start,
        blocks: 0,
    };
    if let Some(first) = first {
        let words = single_line(&first.words);
        text.insert(&mut txn, start, &words);
        inserted.at += utf16_len(&words);
    } else if let Some(block) = block
        && is_emptied
        && block.plain.is_empty()
        && block.kind != BlockKind::Guideline
    {
        // Nobody wants the empty block in which they stood.
        edit::flag_removed(&mut txn, &block.id)?;
    }

    let before = rest.iter().take_while(|stretch| spot.keeps(stretch.role)).count();
    let (before, headed) = rest.split_at(before);
    let keys = edit::make_room(
        &mut txn,
        &spot.parent,
        &now.list(&spot.list),
        spot.index,
        before.len(),
        entropy,
    );
    for (stretch, key) in before.iter().zip(keys) {
        inserted.add(&mut txn, &spot.kind, &spot.parent, key, stretch, entropy);
    }

    let headings = headed.iter().filter(|stretch| stretch.role == Role::Heading).count();
    let guidelines = now.list(&List::Guidelines);
    let keys = edit::make_room(&mut txn, &Parent::Root, &guidelines, spot.guideline, headings, entropy);
    let sections = headed.chunk_by(|_, next| next.role != Role::Heading);
    for (section, key) in sections.zip(keys) {
        let Some((heading, points)) = section.split_first() else {
            continue;
        };
        let guideline = inserted.add(&mut txn, &BlockKind::Guideline, &Parent::Root, key, heading, entropy);
        let parent = Parent::Block(guideline);
        let keys = edit::make_room(&mut txn, &parent, &[], 0, points.len(), entropy);
        for (point, key) in points.iter().zip(keys) {
            inserted.add(&mut txn, &BlockKind::Point, &parent, key, point, entropy);
        }
    }
    Ok(inserted)
}

impl Inserted {
    fn add(
        &mut self,
        txn: &mut TransactionMut<'_>,
        kind: &BlockKind,
        parent: &Parent,
        key: String,
        stretch: &Stretch,
        entropy: Entropy<'_>,
    ) -> BlockId {
        let words = single_line(&stretch.words);
        let place = Place {
            parent: parent.clone(),
            key,
        };
        let id = edit::create(txn, kind, &place, &words, None, entropy);
        self.last = FieldId::Block(id.clone());
        self.at = utf16_len(&words);
        self.blocks += 1;
        id
    }
}

/// Can the first stretch go into the block where the caret stands?
fn fits(kind: &BlockKind, role: Role, is_emptied: bool) -> bool {
    match (kind, role) {
        (BlockKind::Guideline, Role::Heading) => is_emptied,
        (BlockKind::Guideline, Role::Item) => false,
        (BlockKind::Idea, _) => true,
        (_, role) => role != Role::Heading,
    }
}

/// Where the stretches go that do not stand under a heading, and where new Leitlinien go.
struct Spot {
    kind: BlockKind,
    parent: Parent,
    list: List,
    index: usize,
    guideline: usize,
}

impl Spot {
    fn of(now: &View, id: &BlockId, list: &List, index: usize) -> Result<Self, EditError> {
        let after = |guideline: &BlockId| {
            let found = now.guidelines.iter().position(|other| other.block.id == *guideline);
            found.map_or(now.guidelines.len(), |index| index + 1)
        };
        let (kind, parent, list, index, guideline) = match list {
            List::Preamble => (BlockKind::Paragraph, Parent::Root, list.clone(), index + 1, 0),
            List::Guidelines => (
                BlockKind::Point,
                Parent::Block(id.clone()),
                List::Points(id.clone()),
                0,
                index + 1,
            ),
            List::Points(parent) => (
                BlockKind::Point,
                Parent::Block(parent.clone()),
                list.clone(),
                index + 1,
                after(parent),
            ),
            List::IdeasOf(parent) => (
                BlockKind::Idea,
                Parent::Block(parent.clone()),
                list.clone(),
                index + 1,
                after(parent),
            ),
            List::Ideas => (
                BlockKind::Idea,
                Parent::Root,
                list.clone(),
                index + 1,
                now.guidelines.len(),
            ),
            List::Loose => return Err(EditError::WrongParent),
            List::Bin => return Err(EditError::Removed),
        };
        Ok(Self {
            kind,
            parent,
            list,
            index,
            guideline,
        })
    }

    fn of_root(now: &View, root: RootText) -> Self {
        let last = now.guidelines.len();
        let (list, index, guideline) = match (root, now.guidelines.last()) {
            (RootText::Title | RootText::Motto, _) => (List::Preamble, 0, 0),
            (RootText::Closing, None) => (List::Preamble, now.preamble.len(), 0),
            (RootText::Closing, Some(guideline)) => {
                let parent = guideline.block.id.clone();
                return Self {
                    kind: BlockKind::Point,
                    parent: Parent::Block(parent.clone()),
                    list: List::Points(parent),
                    index: guideline.points.len(),
                    guideline: last,
                };
            }
        };
        Self {
            kind: BlockKind::Paragraph,
            parent: Parent::Root,
            list,
            index,
            guideline,
        }
    }

    /// Does a stretch stay in the list where the caret is? Ideas take everything.
    fn keeps(&self, role: Role) -> bool {
        role != Role::Heading || self.kind == BlockKind::Idea
    }
}
