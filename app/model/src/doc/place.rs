//! Where a block stands: its parent and its order among the siblings, in one register.
//!
//! The value is one string, `PARENT KEY`, so that concurrent moves of a block cannot tear its parent from its order.
//! `PARENT` is a block's id or `-` for the root. `KEY` is a fractional index: a number between 0 and 1 written in base
//! 62 with the digits `0–9A–Za–z`, which sort as ASCII does, never ending in `0`. Every key ends in three random digits,
//! so two people who insert at the same place get two keys; keys of one paste share theirs, so two pastes do not
//! interleave. The idea of a fractional index is Greenspan's ("Implementing Fractional Indexing"); the random
//! suffix and the step sizes are our own.

use serde::{Deserialize, Serialize};

use std::fmt;

use super::id::{BlockId, Entropy};

/// The parent of what hangs under no block.
pub const ROOT: &str = "-";

/// Keys grow no longer than this; beyond it the neighbours are given new ones.
pub const MAX_KEY_LEN: usize = 40;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u64 = 62;
/// A new key takes as few digits as leave it at least this many to choose from.
const MIN_GAP: u64 = 256;
const SUFFIX_LEN: usize = 3;

/// What a block hangs under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Parent {
    Root,
    Block(BlockId),
}

/// The value of `place`: parent and order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub parent: Parent,
    /// As it stands in the document; [`Key::parse`] says whether it is one of ours.
    pub key: String,
}

/// A well-formed order key: 1 to [`MAX_KEY_LEN`] base-62 digits, the last not `0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(String);

/// Keys for an insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The new blocks' keys, in order.
    pub keys: Vec<Key>,
    /// Siblings (by their index) that need a new key, because theirs were equal, malformed or too long.
    pub rekeyed: Vec<(usize, Key)>,
}

/// `n` increasing keys between `lo` and `hi`, all in one sub-interval. `None` is an open end.
///
/// Returns nothing when there is no room: `lo` is not below `hi`, or a key would grow beyond [`MAX_KEY_LEN`].
#[must_use]
pub fn between(lo: Option<&Key>, hi: Option<&Key>, n: usize, entropy: Entropy<'_>) -> Option<Vec<Key>> {
    if let (Some(lo), Some(hi)) = (lo, hi)
        && lo >= hi
    {
        return None;
    }
    if n == 0 {
        return Some(Vec::new());
    }
    let mut digits = common_interval(lo, hi, entropy)?;
    for place in 0..SUFFIX_LEN {
        let last = place + 1 == SUFFIX_LEN;
        digits.push(if last {
            1 + entropy() % (BASE - 1)
        } else {
            entropy() % BASE
        });
    }
    if n == 1 {
        return Key::from_digits(&digits).map(|key| vec![key]);
    }
    let count = n as u64 + 1;
    let mut width = 1;
    let mut slots = BASE;
    while slots < 8 * count {
        slots *= BASE;
        width += 1;
    }
    (1..count)
        .map(|number| {
            let mut slot = number * slots / count;
            if slot.is_multiple_of(BASE) {
                slot += 1;
            }
            let mut key = digits.clone();
            key.extend((0..width).rev().map(|power| slot / BASE.pow(power) % BASE));
            Key::from_digits(&key)
        })
        .collect()
}

/// Keys for `n` blocks before the sibling at `index` (or after the last); `siblings` are the keys as they stand.
#[must_use]
pub fn insert(siblings: &[&str], index: usize, n: usize, entropy: Entropy<'_>) -> Insertion {
    let keys: Vec<Option<Key>> = siblings.iter().map(|key| Key::parse(key)).collect();
    // The window `start..end` is given new keys too. It grows until there is room between its neighbours.
    let (mut start, mut end) = (index.min(keys.len()), index.min(keys.len()));
    let mut to_the_right = true;
    loop {
        let lo = start.checked_sub(1).map(|before| keys[before].as_ref());
        let hi = (end < keys.len()).then(|| keys[end].as_ref());
        match (lo, hi) {
            (Some(None), _) => start -= 1,
            (_, Some(None)) => end += 1,
            _ => {
                let count = n + end - start;
                if let Some(all) = between(lo.flatten(), hi.flatten(), count, &mut *entropy) {
                    return distribute(all, index.min(keys.len()) - start, start, n);
                }
                if (to_the_right && end < keys.len()) || start == 0 {
                    end = (end + 1).min(keys.len());
                } else {
                    start -= 1;
                }
                to_the_right = !to_the_right;
            }
        }
    }
}

impl Place {
    /// Reads `PARENT KEY`; nothing when there is no space or a half is empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (parent, key) = text.rsplit_once(' ')?;
        if parent.is_empty() || key.is_empty() {
            return None;
        }
        let parent = if parent == ROOT {
            Parent::Root
        } else {
            Parent::Block(BlockId::from_key(parent))
        };
        Some(Self {
            parent,
            key: key.to_owned(),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.parent, self.key)
    }
}

impl fmt::Display for Parent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => formatter.write_str(ROOT),
            Self::Block(id) => id.fmt(formatter),
        }
    }
}

impl Key {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = (1..=MAX_KEY_LEN).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !text.ends_with('0');
        well_formed.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_digits(digits: &[u64]) -> Option<Self> {
        (digits.len() <= MAX_KEY_LEN)
            .then(|| Self(digits.iter().map(|digit| char::from(DIGITS[*digit as usize])).collect()))
    }

    /// The digit at `level`, counted from 0; a short key goes on with zeros.
    fn digit(&self, level: usize) -> u64 {
        self.0.as_bytes().get(level).map_or(0, |byte| match byte {
            b'0'..=b'9' => u64::from(byte - b'0'),
            b'A'..=b'Z' => u64::from(byte - b'A') + 10,
            _ => u64::from(byte.saturating_sub(b'a')) + 36,
        })
    }
}

/// The digits of a number v such that everything that begins with them lies between `lo` and `hi`.
fn common_interval(lo: Option<&Key>, hi: Option<&Key>, entropy: Entropy<'_>) -> Option<Vec<u64>> {
    let mut digits: Vec<u64> = Vec::new();
    // How many numbers of this many digits lie from lo (rounded down) up to hi (rounded down).
    let mut gap = u64::from(hi.is_none());
    while gap < MIN_GAP {
        let level = digits.len();
        if level + SUFFIX_LEN >= MAX_KEY_LEN {
            return None;
        }
        let low = lo.map_or(0, |key| key.digit(level));
        let high = hi.map_or(0, |key| key.digit(level));
        gap = (gap * BASE + high).checked_sub(low)?;
        digits.push(low);
    }
    // At an open end a small step leaves room for long lists. Inside, stay nearer to `lo`: people write downwards.
    let mut step = match (lo, hi) {
        (None, None) => gap / 2 - gap / 16 + entropy() % (gap / 8),
        (Some(_), None) => 1 + entropy() % 4,
        (None, Some(_)) => gap - 1 - entropy() % 4,
        (Some(_), Some(_)) => gap / 8 + entropy() % (gap / 8),
    };
    for digit in digits.iter_mut().rev() {
        let sum = *digit + step;
        *digit = sum % BASE;
        step = sum / BASE;
    }
    Some(digits)
}

fn distribute(all: Vec<Key>, before: usize, start: usize, n: usize) -> Insertion {
    let mut insertion = Insertion {
        keys: Vec::with_capacity(n),
        rekeyed: Vec::new(),
    };
    for (position, key) in all.into_iter().enumerate() {
        if position < before {
            insertion.rekeyed.push((start + position, key));
        } else if position < before + n {
            insertion.keys.push(key);
        } else {
            insertion.rekeyed.push((start + position - n, key));
        }
    }
    insertion
}
