//! What is different between two states of a Leitbild: blocks first, by their ids, then the words inside each.
//!
//! A block is the same block wherever it stands, so a moved one is shown as moved and not as removed and new. Shown are
//! the texts that a Leitbild consists of; what is in the bin, and Einfache Sprache, are not part of it.

mod order;
mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use words::{Budget, Kind, Piece, words};

use crate::doc::{BlockId, BlockKind, BlockView, FieldId, RootText, View};
use order::{Entry, merge};

/// Two states in one order of reading: that of the newer one, with what is only in the older one where it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub lines: Vec<Line>,
}

/// A text of the Leitbild, as it was and as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The field, in the form of [`FieldId`].
    pub field: String,
    pub part: Part,
    pub change: Change,
    pub pieces: Vec<Piece>,
}

/// What a line is in the Leitbild.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Title,
    Motto,
    Paragraph,
    /// With its number in the state where it stands; the newer one if it is in both.
    Guideline(usize),
    Point,
    /// Of a workshop.
    Idea,
    /// What belongs to no Leitlinie.
    Loose,
    Closing,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Same,
    /// Its words are others.
    Changed,
    /// It stands elsewhere. For a point, with the number of the Leitlinie in the older state, if it was another one.
    Moved(Option<usize>),
    /// Both of these.
    MovedAndChanged(Option<usize>),
    /// It is not in the older state.
    New,
    /// It is not in the newer state.
    Removed,
}

impl Comparison {
    /// How many lines are new, removed, changed and moved; one that was moved and changed counts for both.
    #[must_use]
    pub fn count(&self) -> Counts {
        let mut counts = Counts::default();
        for line in &self.lines {
            match line.change {
                Change::Same => {}
                Change::New => counts.new += 1,
                Change::Removed => counts.removed += 1,
                Change::Changed => counts.changed += 1,
                Change::Moved(_) => counts.moved += 1,
                Change::MovedAndChanged(_) => {
                    counts.moved += 1;
                    counts.changed += 1;
                }
            }
        }
        counts
    }
}

/// See [`Comparison::count`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: usize,
    pub removed: usize,
    pub changed: usize,
    pub moved: usize,
}

/// Compares two states. Texts that are empty in both are left out.
#[must_use]
pub fn compare(older: &View, newer: &View) -> Comparison {
    let mut comparing = Comparing {
        older: Side::of(older),
        newer: Side::of(newer),
        budget: Budget::default(),
        lines: Vec::new(),
    };
    comparing.root(RootText::Title, Part::Title, &older.title, &newer.title);
    comparing.root(RootText::Motto, Part::Motto, &older.motto, &newer.motto);
    comparing.list(&older.preamble, &newer.preamble, |_| Part::Paragraph);
    comparing.guidelines(older, newer);
    comparing.root(RootText::Closing, Part::Closing, &older.closing, &newer.closing);
    comparing.list(&older.loose, &newer.loose, |_| Part::Loose);
    comparing.list(&older.ideas, &newer.ideas, |_| Part::Idea);
    Comparison { lines: comparing.lines }
}

/// A state, by block.
struct Side<'a> {
    /// Every block that is not removed.
    blocks: HashMap<&'a BlockId, Placed<'a>>,
}

/// A block with the Leitlinie that it stands under, and the number of that.
type Placed<'a> = (&'a BlockView, Option<(&'a BlockId, usize)>);

impl<'a> Side<'a> {
    fn of(view: &'a View) -> Self {
        let mut blocks: HashMap<_, _> = view.blocks().map(|block| (&block.id, (block, None))).collect();
        for (index, guideline) in view.guidelines.iter().enumerate() {
            for block in guideline.points.iter().chain(&guideline.ideas) {
                blocks.insert(&block.id, (block, Some((&guideline.block.id, index + 1))));
            }
        }
        Self { blocks }
    }

    fn get(&self, id: &BlockId) -> Option<Placed<'a>> {
        self.blocks.get(id).copied()
    }
}

struct Comparing<'a> {
    older: Side<'a>,
    newer: Side<'a>,
    budget: Budget,
    lines: Vec<Line>,
}

impl<'a> Comparing<'a> {
    fn root(&mut self, root: RootText, part: Part, older: &str, newer: &str) {
        let change = match (older.is_empty(), newer.is_empty()) {
            (true, false) => Change::New,
            (false, true) => Change::Removed,
            _ if older == newer => Change::Same,
            _ => Change::Changed,
        };
        self.line(FieldId::Root(root), part, change, older, newer);
    }

    fn guidelines(&mut self, older: &'a View, newer: &'a View) {
        let ids = |view: &'a View| -> Vec<&'a BlockId> {
            view.guidelines.iter().map(|guideline| &guideline.block.id).collect()
        };
        let by_id = |view: &'a View| -> HashMap<&'a BlockId, usize> {
            let numbered = view.guidelines.iter().enumerate();
            numbered
                .map(|(index, guideline)| (&guideline.block.id, index))
                .collect()
        };
        let (places_before, places_now) = (by_id(older), by_id(newer));
        for entry in merge(&ids(older), &ids(newer)) {
            let id = match entry {
                Entry::Stayed(id) | Entry::Newer(id) | Entry::Older(id) => id,
            };
            let (was, is) = (places_before.get(id).copied(), places_now.get(id).copied());
            if matches!(entry, Entry::Older(_)) && is.is_some() {
                continue;
            }
            let number = is.or(was).map_or(0, |index| index + 1);
            self.block(entry, Part::Guideline(number));
            // Also of one that is a point now: points that were removed are told here, the others where they stand now.
            let (was, is) = (
                was.map(|index| &older.guidelines[index]),
                is.map(|index| &newer.guidelines[index]),
            );
            let points = |guideline: Option<&'a crate::doc::GuidelineView>| {
                guideline.map_or(&[][..], |guideline| guideline.points.as_slice())
            };
            let ideas = |guideline: Option<&'a crate::doc::GuidelineView>| {
                guideline.map_or(&[][..], |guideline| guideline.ideas.as_slice())
            };
            self.list(points(was), points(is), |_| Part::Point);
            self.list(ideas(was), ideas(is), |_| Part::Idea);
        }
    }

    fn list(&mut self, older: &'a [BlockView], newer: &'a [BlockView], part: impl Fn(&BlockKind) -> Part) {
        let ids = |blocks: &'a [BlockView]| -> Vec<&'a BlockId> { blocks.iter().map(|block| &block.id).collect() };
        for entry in merge(&ids(older), &ids(newer)) {
            let id = match entry {
                Entry::Stayed(id) | Entry::Newer(id) | Entry::Older(id) => id,
            };
            let block = self.newer.get(id).or_else(|| self.older.get(id));
            if let Some((block, _)) = block {
                let part = part(&block.kind);
                self.block(entry, part);
            }
        }
    }

    /// Adds the line of a block, unless another place of the newer state has it.
    fn block(&mut self, entry: Entry<&'a BlockId>, part: Part) {
        let (Entry::Stayed(id) | Entry::Newer(id) | Entry::Older(id)) = entry;
        let (was, is) = (self.older.get(id), self.newer.get(id));
        let text = |side: Option<Placed<'a>>| side.map_or("", |(block, _)| block.text.as_str());
        let changed = text(was) != text(is);
        let change = match entry {
            Entry::Older(_) if is.is_some() => return,
            Entry::Older(_) => Change::Removed,
            Entry::Newer(_) => match was {
                None => Change::New,
                Some((_, under)) => {
                    let now_under = is.and_then(|(_, under)| under).map(|(id, _)| id);
                    let elsewhere = under.filter(|(id, _)| now_under != Some(*id)).map(|(_, number)| number);
                    if changed {
                        Change::MovedAndChanged(elsewhere)
                    } else {
                        Change::Moved(elsewhere)
                    }
                }
            },
            Entry::Stayed(_) if changed => Change::Changed,
            Entry::Stayed(_) => Change::Same,
        };
        self.line(FieldId::Block(id.clone()), part, change, text(was), text(is));
    }

    fn line(&mut self, field: FieldId, part: Part, change: Change, older: &str, newer: &str) {
        if older.is_empty() && newer.is_empty() {
            return;
        }
        self.lines.push(Line {
            field: field.to_string(),
            part,
            change,
            pieces: words(older, newer, &mut self.budget),
        });
    }
}
