//! What a document shows: one total function.
//!
//! Any document, also a hostile or cyclic one, shows every block exactly once: where it belongs, or under `loose`
//! ("Ohne Leitlinie"), or in the bin. Order is by key, then by id, so every replica shows the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use yrs::ReadTxn;

use super::blocks::{self, Block};
use super::id::{BlockId, BlockKind, FieldId, RootText};
use super::place::{Parent, Place};
use crate::leitbild::PointSource;

/// A document as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub title: String,
    pub motto: String,
    pub closing: String,
    /// Paragraphs before the Leitlinien.
    pub preamble: Vec<BlockView>,
    /// The Leitlinien in order; I is the first.
    pub guidelines: Vec<GuidelineView>,
    /// Blocks that belong nowhere: points whose Leitlinie is gone, unknown kinds, blocks under a wrong parent.
    pub loose: Vec<BlockView>,
    /// Workshop ideas that are not ordered yet.
    pub ideas: Vec<BlockView>,
    /// Removed blocks.
    pub bin: Vec<BlockView>,
}

/// A Leitlinie with what hangs under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidelineView {
    pub block: BlockView,
    pub points: Vec<BlockView>,
    /// Workshop ideas that were ordered under this Leitlinie.
    pub ideas: Vec<BlockView>,
}

/// One block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockView {
    pub id: BlockId,
    pub kind: BlockKind,
    pub text: String,
    /// The same in Einfache Sprache; empty when there is none.
    #[serde(default)]
    pub plain: String,
    /// The words changed since `plain` was written or confirmed.
    #[serde(default)]
    pub plain_stale: bool,
    /// The life phases it is marked with, by id; see [`crate::phase`].
    #[serde(default)]
    pub phases: Vec<String>,
    /// Where it was taken over from; without the place's name, which a document does not hold.
    #[serde(default)]
    pub source: Option<PointSource>,
    /// Nothing when the document's value cannot be read.
    pub place: Option<Place>,
}

/// The lists of a [`View`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum List {
    Preamble,
    Guidelines,
    /// The points of a Leitlinie.
    Points(BlockId),
    /// The ideas ordered under a Leitlinie.
    IdeasOf(BlockId),
    Ideas,
    Loose,
    Bin,
}

/// What the document shows.
pub fn view<T: ReadTxn>(txn: &T) -> View {
    let root = |text| field_text(txn, &FieldId::Root(text)).unwrap_or_default();
    let roots = View {
        title: root(RootText::Title),
        motto: root(RootText::Motto),
        closing: root(RootText::Closing),
        ..View::default()
    };
    arranged(roots, blocks::read_all(txn))
}

/// Puts every block into its list. Apart from [`view`], so that it is compiled once for all kinds of transactions.
fn arranged(mut result: View, mut all: Vec<Block>) -> View {
    all.sort_by(|a, b| (order_key(a), &a.id).cmp(&(order_key(b), &b.id)));
    let guidelines: HashSet<BlockId> = all
        .iter()
        .filter(|block| !block.hidden && block.kind == BlockKind::Guideline && parent(block) == Some(&Parent::Root))
        .map(|block| block.id.clone())
        .collect();

    let mut under: BTreeMap<BlockId, (Vec<BlockView>, Vec<BlockView>)> = BTreeMap::new();
    for block in all {
        let list = list_of(&block, &guidelines);
        let shown = BlockView::from(block);
        match list {
            List::Preamble => result.preamble.push(shown),
            List::Guidelines => {
                result.guidelines.push(GuidelineView {
                    block: shown,
                    points: Vec::new(),
                    ideas: Vec::new(),
                });
            }
            List::Points(guideline) => under.entry(guideline).or_default().0.push(shown),
            List::IdeasOf(guideline) => under.entry(guideline).or_default().1.push(shown),
            List::Ideas => result.ideas.push(shown),
            List::Loose => result.loose.push(shown),
            List::Bin => result.bin.push(shown),
        }
    }
    for guideline in &mut result.guidelines {
        if let Some((points, ideas)) = under.remove(&guideline.block.id) {
            guideline.points = points;
            guideline.ideas = ideas;
        }
    }
    result
}

/// The words of one field; nothing when its block does not exist.
pub fn field_text<T: ReadTxn>(txn: &T, field: &FieldId) -> Option<String> {
    match field {
        FieldId::Root(_) => Some(blocks::text_ref(txn, field).map_or_else(String::new, |text| {
            use yrs::GetString;
            text.get_string(txn)
        })),
        FieldId::Block(id) => blocks::words_of(txn, id, blocks::TEXT),
        FieldId::Plain(id) => blocks::words_of(txn, id, blocks::PLAIN),
    }
}

impl View {
    /// Reads the words of these fields again, when nothing else has changed since the view was made: far quicker than
    /// [`view`]. False when one of these blocks does not stand where it stood, because words came to a removed one or
    /// went from one that they had brought back; then only a new view tells.
    #[must_use]
    pub fn reread<T: ReadTxn>(&mut self, txn: &T, fields: &BTreeSet<FieldId>) -> bool {
        let mut blocks = BTreeMap::new();
        for field in fields {
            let Some(id) = field.block() else {
                if let FieldId::Root(root) = field {
                    let words = field_text(txn, field).unwrap_or_default();
                    match root {
                        RootText::Title => self.title = words,
                        RootText::Motto => self.motto = words,
                        RootText::Closing => self.closing = words,
                    }
                }
                continue;
            };
            let Some(block) = blocks::read_one(txn, id) else {
                return false;
            };
            blocks.insert(id, block);
        }
        let guidelines = self.guidelines.iter_mut().flat_map(|guideline| {
            std::iter::once(&mut guideline.block)
                .chain(&mut guideline.points)
                .chain(&mut guideline.ideas)
        });
        let shown = self
            .preamble
            .iter_mut()
            .chain(guidelines)
            .chain(&mut self.loose)
            .chain(&mut self.ideas);
        for before in shown {
            match blocks.remove(&before.id) {
                Some(block) if block.hidden => return false,
                Some(block) => *before = block.into(),
                None => {}
            }
        }
        for before in &mut self.bin {
            match blocks.remove(&before.id) {
                Some(block) if !block.hidden => return false,
                Some(block) => *before = block.into(),
                None => {}
            }
        }
        blocks.is_empty()
    }

    /// Every block that is not removed, in the order of reading, each once.
    pub fn blocks(&self) -> impl Iterator<Item = &BlockView> {
        let guidelines = self.guidelines.iter().flat_map(|guideline| {
            std::iter::once(&guideline.block)
                .chain(&guideline.points)
                .chain(&guideline.ideas)
        });
        self.preamble
            .iter()
            .chain(guidelines)
            .chain(&self.loose)
            .chain(&self.ideas)
    }

    /// A block, removed or not.
    #[must_use]
    pub fn block(&self, id: &BlockId) -> Option<&BlockView> {
        self.blocks().chain(&self.bin).find(|block| block.id == *id)
    }

    /// A block that is not removed.
    #[must_use]
    pub fn shown_block(&self, id: &BlockId) -> Option<&BlockView> {
        self.blocks().find(|block| block.id == *id)
    }

    /// The words of a field that is shown; nothing for one of a removed block.
    #[must_use]
    pub fn words(&self, field: &FieldId) -> Option<&str> {
        Some(match field {
            FieldId::Root(RootText::Title) => &self.title,
            FieldId::Root(RootText::Motto) => &self.motto,
            FieldId::Root(RootText::Closing) => &self.closing,
            FieldId::Block(id) => &self.shown_block(id)?.text,
            FieldId::Plain(id) => &self.shown_block(id)?.plain,
        })
    }

    #[must_use]
    pub fn guideline(&self, id: &BlockId) -> Option<&GuidelineView> {
        self.guidelines.iter().find(|guideline| guideline.block.id == *id)
    }

    /// The blocks of one list, in order; empty when there is no such Leitlinie.
    #[must_use]
    pub fn list(&self, list: &List) -> Vec<&BlockView> {
        match list {
            List::Preamble => self.preamble.iter().collect(),
            List::Guidelines => self.guidelines.iter().map(|guideline| &guideline.block).collect(),
            List::Points(id) => self
                .guideline(id)
                .map_or_else(Vec::new, |found| found.points.iter().collect()),
            List::IdeasOf(id) => self
                .guideline(id)
                .map_or_else(Vec::new, |found| found.ideas.iter().collect()),
            List::Ideas => self.ideas.iter().collect(),
            List::Loose => self.loose.iter().collect(),
            List::Bin => self.bin.iter().collect(),
        }
    }

    /// In which list a block stands, and at which index.
    #[must_use]
    pub fn locate(&self, id: &BlockId) -> Option<(List, usize)> {
        let fixed = [List::Preamble, List::Guidelines, List::Loose, List::Ideas, List::Bin];
        let under = self.guidelines.iter().flat_map(|guideline| {
            let id = &guideline.block.id;
            [List::Points(id.clone()), List::IdeasOf(id.clone())]
        });
        fixed.into_iter().chain(under).find_map(|list| {
            let index = self.list(&list).iter().position(|block| block.id == *id)?;
            Some((list, index))
        })
    }
}

impl From<Block> for BlockView {
    fn from(block: Block) -> Self {
        let is_for_other_words = |made_for: String| made_for != blocks::fingerprint(&block.text);
        Self {
            plain_stale: !block.plain.is_empty() && block.plain_for.is_some_and(is_for_other_words),
            phases: block.phases,
            source: block.source,
            id: block.id,
            kind: block.kind,
            text: block.text,
            plain: block.plain,
            place: block.place,
        }
    }
}

fn parent(block: &Block) -> Option<&Parent> {
    block.place.as_ref().map(|place| &place.parent)
}

fn order_key(block: &Block) -> Option<&str> {
    block.place.as_ref().map(|place| place.key.as_str())
}

/// Where a block belongs. No parent is followed further than one step, so a cycle cannot be entered.
fn list_of(block: &Block, guidelines: &HashSet<BlockId>) -> List {
    if block.hidden {
        return List::Bin;
    }
    match (&block.kind, parent(block)) {
        (BlockKind::Paragraph, Some(Parent::Root)) => List::Preamble,
        (BlockKind::Guideline, Some(Parent::Root)) => List::Guidelines,
        (BlockKind::Point, Some(Parent::Block(id))) if guidelines.contains(id) => List::Points(id.clone()),
        (BlockKind::Idea, Some(Parent::Root)) => List::Ideas,
        (BlockKind::Idea, Some(Parent::Block(id))) if guidelines.contains(id) => List::IdeasOf(id.clone()),
        _ => List::Loose,
    }
}
