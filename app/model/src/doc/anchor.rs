//! Where a comment belongs: a field, or some words in it, found again after whatever happened to the text.
//!
//! A passage is kept threefold: as sticky positions (the identity of its first and last letter), as the quoted words, and
//! as a little of what stood around them. Positions follow edits and moves. A split or a join writes the words anew
//! elsewhere; then the quote is looked up in the blocks that are related by `from` and `into`.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use yrs::branch::{Branch, BranchPtr};
use yrs::updates::{decoder::Decode, encoder::Encode};
use yrs::{Assoc, GetString, IndexedSequence, ReadTxn, StickyIndex, TextRef};

use super::blocks;
use super::delta::utf16_len;
use super::id::{BlockId, FieldId};
use crate::hex::{hex, unhex};
use crate::limits;

/// How much of what stands around a passage is kept, in characters on each side.
const AROUND_CHARS: usize = 24;
/// A quote of at least so many characters counts as found wherever it stands; a shorter one ("und") must be surrounded by
/// what surrounded it.
const TELLING_CHARS: usize = 8;
/// So many characters of what stood around a short quote must agree on one side.
const TELLING_AROUND_CHARS: usize = 4;
/// How many related blocks are looked at.
const RELATED_BLOCKS: usize = 64;

/// What a thread is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub field: FieldId,
    /// Some words of the field; nothing: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
}

/// Some words of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Sticky positions of the first and the last letter: yrs' encoding (version 1), in hexadecimal digits.
    pub start: String,
    pub end: String,
    /// The words as they were.
    pub quote: String,
    /// What stood before and after them.
    #[serde(default)]
    pub before: String,
    #[serde(default)]
    pub after: String,
}

/// Where a thread is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// At a field as a whole.
    Field(FieldId),
    /// At units `start..end` (UTF-16) of a field.
    Words { field: FieldId, start: u32, end: u32 },
    /// The words, or the block, are not there any more. The field where they were, if it still is.
    Gone(Option<FieldId>),
}

impl Whereabouts {
    /// The field at which it is shown, if there is one.
    #[must_use]
    pub fn field(&self) -> Option<&FieldId> {
        match self {
            Self::Field(field) | Self::Words { field, .. } => Some(field),
            Self::Gone(field) => field.as_ref(),
        }
    }
}

impl Anchor {
    /// A whole field.
    #[must_use]
    pub fn field(field: FieldId) -> Self {
        Self { field, passage: None }
    }

    /// Units `start..end` of a field, of many words the first; the whole field when that is empty or all of it. Nothing when
    /// there is no such field.
    #[must_use]
    pub fn words<T: ReadTxn>(txn: &T, field: &FieldId, start: u32, end: u32) -> Option<Self> {
        let text = blocks::text_ref(txn, field)?;
        let words = text.get_string(txn);
        let (from, to) = (byte_at(&words, start), byte_at(&words, end));
        let selected = words.get(from..to).unwrap_or_default();
        // What would be too long for a thread is cut.
        let quote = match selected.char_indices().nth(limits::QUOTE_CHARS) {
            Some((end, _)) => &selected[..end],
            None => selected,
        };
        if quote.trim().is_empty() || selected.len() == words.len() {
            return Some(Self::field(field.clone()));
        }
        let to = from + quote.len();
        let sticky = |at: u32, assoc| text.sticky_index(txn, at, assoc).map(|index| hex(&index.encode_v1()));
        let before: Vec<char> = words[..from].chars().rev().take(AROUND_CHARS).collect();
        let passage = Passage {
            start: sticky(utf16_len(&words[..from]), Assoc::After)?,
            end: sticky(utf16_len(&words[..to]), Assoc::Before)?,
            quote: quote.to_owned(),
            before: before.into_iter().rev().collect(),
            after: words[to..].chars().take(AROUND_CHARS).collect(),
        };
        Some(Self {
            field: field.clone(),
            passage: Some(passage),
        })
    }
}

/// Where each of these is now. Reads the document once for all of them.
pub fn locate<'a, T: ReadTxn>(txn: &T, anchors: impl IntoIterator<Item = &'a Anchor>) -> Vec<Whereabouts> {
    let mut anchors = anchors.into_iter().peekable();
    if anchors.peek().is_none() {
        return Vec::new();
    }
    let family = Family::read(txn);
    anchors.map(|anchor| family.locate(txn, anchor)).collect()
}

/// Which blocks are shown, and which came from which.
struct Family {
    shown: HashMap<BlockId, bool>,
    related: BTreeMap<BlockId, Vec<BlockId>>,
    into: HashMap<BlockId, BlockId>,
}

impl Family {
    fn read<T: ReadTxn>(txn: &T) -> Self {
        let mut family = Self {
            shown: HashMap::new(),
            related: BTreeMap::new(),
            into: HashMap::new(),
        };
        for block in blocks::read_all(txn) {
            let other = |key| {
                let map = blocks::block_map(txn, &block.id)?;
                let value = blocks::string(txn, &map, key)?;
                BlockId::parse(value.split(' ').next()?)
            };
            if let Some(into) = other(blocks::INTO) {
                family.relate(&block.id, &into);
                family.into.insert(block.id.clone(), into);
            }
            if let Some(from) = other(blocks::FROM) {
                family.relate(&block.id, &from);
            }
            family.shown.insert(block.id, !block.hidden);
        }
        family
    }

    fn relate(&mut self, one: &BlockId, other: &BlockId) {
        for (one, other) in [(one, other), (other, one)] {
            self.related.entry(one.clone()).or_default().push(other.clone());
        }
    }

    fn is_shown(&self, field: &FieldId) -> bool {
        field
            .block()
            .is_none_or(|id| self.shown.get(id).copied().unwrap_or(false))
    }

    fn locate<T: ReadTxn>(&self, txn: &T, anchor: &Anchor) -> Whereabouts {
        let Some(passage) = &anchor.passage else {
            return match self.successor(&anchor.field) {
                Some(field) => Whereabouts::Field(field),
                None => Whereabouts::Gone(None),
            };
        };
        let own = self
            .is_shown(&anchor.field)
            .then(|| stuck(txn, &anchor.field, passage))
            .flatten();
        // The very words, where their letters are.
        if let Some((start, end, words)) = &own
            && let Some(at) = words.find(&passage.quote)
        {
            let start = start + utf16_len(&words[..at]);
            let end = (start + utf16_len(&passage.quote)).min(*end);
            return Whereabouts::Words {
                field: anchor.field.clone(),
                start,
                end,
            };
        }
        // The very words, written anew.
        if let Some(found) = self
            .relatives(&anchor.field)
            .find_map(|field| quoted(txn, field, passage))
        {
            return found;
        }
        // What became of them.
        match own {
            Some((start, end, words)) if !words.trim().is_empty() => Whereabouts::Words {
                field: anchor.field.clone(),
                start,
                end,
            },
            _ => Whereabouts::Gone(self.successor(&anchor.field)),
        }
    }

    /// The field itself while it is shown, or the one that its block was joined to.
    fn successor(&self, field: &FieldId) -> Option<FieldId> {
        let mut field = field.clone();
        for _ in 0..RELATED_BLOCKS {
            if self.is_shown(&field) {
                return Some(field);
            }
            let into = self.into.get(field.block()?)?.clone();
            field = in_block(&field, into);
        }
        None
    }

    /// The shown fields of the same sort in this block and those related to it, the nearest first.
    fn relatives(&self, field: &FieldId) -> impl Iterator<Item = FieldId> {
        let mut found: Vec<FieldId> = Vec::new();
        let Some(id) = field.block() else {
            found.push(field.clone());
            return found.into_iter();
        };
        let mut seen = vec![id.clone()];
        let mut next = VecDeque::from([id.clone()]);
        while let Some(id) = next.pop_front() {
            for other in self.related.get(&id).into_iter().flatten() {
                if !seen.contains(other) && seen.len() < RELATED_BLOCKS {
                    seen.push(other.clone());
                    next.push_back(other.clone());
                }
            }
        }
        found.extend(
            seen.into_iter()
                .map(|id| in_block(field, id))
                .filter(|field| self.is_shown(field)),
        );
        found.into_iter()
    }
}

/// What stands between the sticky positions now: units and words.
fn stuck<T: ReadTxn>(txn: &T, field: &FieldId, passage: &Passage) -> Option<(u32, u32, String)> {
    let text = blocks::text_ref(txn, field)?;
    let start = offset(txn, &text, &passage.start)?;
    let end = offset(txn, &text, &passage.end)?;
    let words = text.get_string(txn);
    let found = words.get(byte_at(&words, start)..byte_at(&words, end))?;
    Some((start, end, found.to_owned()))
}

fn offset<T: ReadTxn>(txn: &T, text: &TextRef, encoded: &str) -> Option<u32> {
    let index = StickyIndex::decode_v1(&unhex(encoded)?).ok()?;
    let offset = index.get_offset(txn)?;
    (offset.branch == BranchPtr::from(AsRef::<Branch>::as_ref(text))).then_some(offset.index)
}

/// The quote in a field, where it is surrounded most like it was.
fn quoted<T: ReadTxn>(txn: &T, field: FieldId, passage: &Passage) -> Option<Whereabouts> {
    let words = blocks::text_ref(txn, &field)?.get_string(txn);
    let quote = passage.quote.as_str();
    let likeness = |at: usize| {
        let before = words[..at].chars().rev().zip(passage.before.chars().rev());
        let after = words[at + quote.len()..].chars().zip(passage.after.chars());
        let same = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|(a, b)| a == b).count();
        (same(&mut before.into_iter()), same(&mut after.into_iter()))
    };
    let (at, (before, after)) = words
        .match_indices(quote)
        .map(|(at, _)| (at, likeness(at)))
        .max_by_key(|(at, (before, after))| (before + after, std::cmp::Reverse(*at)))?;
    let is_telling = quote.chars().count() >= TELLING_CHARS
        || words.trim() == quote.trim()
        || before.max(after) >= TELLING_AROUND_CHARS;
    is_telling.then(|| {
        let start = utf16_len(&words[..at]);
        Whereabouts::Words {
            field,
            start,
            end: start + utf16_len(quote),
        }
    })
}

/// The field of the same sort in another block.
fn in_block(field: &FieldId, id: BlockId) -> FieldId {
    match field {
        FieldId::Plain(_) => FieldId::Plain(id),
        _ => FieldId::Block(id),
    }
}

/// The byte at which unit `at` begins, never inside a character.
fn byte_at(text: &str, at: u32) -> usize {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        if units >= at {
            return byte;
        }
        units += letter.len_utf16() as u32;
    }
    text.len()
}
