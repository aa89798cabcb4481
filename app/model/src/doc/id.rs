//! Names inside a document: blocks, their kinds, and the fields that hold words.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::place::ROOT;

/// A source of randomness: 64 random bits a call. The browser passes its own, tests a seeded one.
pub type Entropy<'a> = &'a mut dyn FnMut() -> u64;

/// The key of a block in the root map `blocks`.
///
/// Ids made here are 12 characters of `a–z2–7` (60 random bits). A document may hold any other string as a key; such a
/// block is shown like every other, but [`BlockId::parse`] takes only well-formed ids from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockId(Arc<str>);

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// A paragraph of the preamble.
    Paragraph,
    /// A Leitlinie; its text is its title.
    Guideline,
    /// A point under a Leitlinie.
    Point,
    /// An idea from a workshop, unsorted or ordered under a Leitlinie.
    Idea,
    /// A kind that this version does not know. It is shown and kept.
    Other(String),
}

/// The texts that every Leitbild has exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RootText {
    Title,
    Motto,
    Closing,
}

/// A place where words are typed: one text of the document.
///
/// Its string form (`Display`) is `title`, `motto`, `closing`, the block's id, or `ID:plain`; [`FieldId::parse`] reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum FieldId {
    Root(RootText),
    /// The text of a block.
    Block(BlockId),
    /// The same block in Einfache Sprache.
    Plain(BlockId),
}

impl BlockId {
    /// Longest well-formed id, in characters.
    pub const MAX_LEN: usize = 64;

    /// A new random id.
    pub fn random(entropy: Entropy<'_>) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut bits = entropy();
        let text: String = (0..12)
            .map(|_| {
                let letter = char::from(LETTERS[(bits & 31) as usize]);
                bits >>= 5;
                letter
            })
            .collect();
        Self(text.into())
    }

    /// Takes 1 to 64 ASCII letters, digits, `-` and `_`, but no name of a root text and not the mark of the root.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = (1..=Self::MAX_LEN).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && text != ROOT
            && RootText::parse(text).is_none();
        well_formed.then(|| Self(text.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Any key as it stands in a document.
    pub(super) fn from_key(key: &str) -> Self {
        Self(key.into())
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl BlockKind {
    /// The value of `kind` in the document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Guideline => "guideline",
            Self::Point => "point",
            Self::Idea => "idea",
            Self::Other(name) => name,
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "paragraph" => Self::Paragraph,
            "guideline" => Self::Guideline,
            "point" => Self::Point,
            "idea" => Self::Idea,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl RootText {
    pub const ALL: [Self; 3] = [Self::Title, Self::Motto, Self::Closing];

    /// The root's name in the document.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Motto => "motto",
            Self::Closing => "closing",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.as_str() == text)
    }
}

impl FieldId {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(root) = RootText::parse(text) {
            return Some(Self::Root(root));
        }
        match text.strip_suffix(":plain") {
            Some(id) => BlockId::parse(id).map(Self::Plain),
            None => BlockId::parse(text).map(Self::Block),
        }
    }

    /// The block that the field belongs to.
    #[must_use]
    pub fn block(&self) -> Option<&BlockId> {
        match self {
            Self::Root(_) => None,
            Self::Block(id) | Self::Plain(id) => Some(id),
        }
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(root) => formatter.write_str(root.as_str()),
            Self::Block(id) => write!(formatter, "{id}"),
            Self::Plain(id) => write!(formatter, "{id}:plain"),
        }
    }
}

impl From<FieldId> for String {
    fn from(field: FieldId) -> Self {
        field.to_string()
    }
}

impl TryFrom<String> for FieldId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the name of a field")
    }
}
