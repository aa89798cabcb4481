//! Reading blocks as they stand in the document, whatever somebody wrote there.

use std::collections::BTreeSet;

use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn, Text, TextRef};

use super::delta::utf16_len;
use super::id::{BlockId, BlockKind, FieldId};
use super::place::Place;
use crate::{insert::inserted, leitbild::PointSource};

pub(super) const BLOCKS: &str = "blocks";
pub(super) const KIND: &str = "kind";
pub(super) const PLACE: &str = "place";
pub(super) const TEXT: &str = "text";
pub(super) const PLAIN: &str = "plain";
pub(super) const REMOVED: &str = "removed";
pub(super) const REMOVED_SEEN: &str = "removed_seen";
pub(super) const FROM: &str = "from";
pub(super) const PLAIN_FOR: &str = "plain_for";
pub(super) const SOURCE: &str = "source";
pub(super) const PHASE: &str = "phase:";
pub(super) const INTO: &str = "into";

/// Above this length (bytes) `removed_seen` holds a hash instead of the words, so that it stays a short value.
const SEEN_WORDS_MAX_BYTES: usize = 2_000;

/// One entry of `blocks`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) id: BlockId,
    pub(super) kind: BlockKind,
    pub(super) place: Option<Place>,
    pub(super) text: String,
    pub(super) plain: String,
    /// Of which words `plain` was last said to be the simple form: their [`fingerprint`].
    pub(super) plain_for: Option<String>,
    /// The life phases it is marked with, in the order of their ids.
    pub(super) phases: Vec<String>,
    /// Where it was taken over from.
    pub(super) source: Option<PointSource>,
    /// The register `removed`.
    pub(super) flagged: bool,
    /// Flagged, and nothing was written since that the remover did not see.
    pub(super) hidden: bool,
}

/// Every key of `blocks`, in no order.
pub(super) fn read_all<T: ReadTxn>(txn: &T) -> Vec<Block> {
    let Some(blocks) = txn.get_map(BLOCKS) else {
        return Vec::new();
    };
    blocks
        .iter(txn)
        .map(|(key, value)| read(txn, BlockId::from_key(key), value))
        .collect()
}

pub(super) fn read_one<T: ReadTxn>(txn: &T, id: &BlockId) -> Option<Block> {
    let value = txn.get_map(BLOCKS)?.get(txn, id.as_str())?;
    Some(read(txn, id.clone(), value))
}

/// The words of one of a block's texts; nothing when the block does not exist.
pub(super) fn words_of<T: ReadTxn>(txn: &T, id: &BlockId, key: &str) -> Option<String> {
    Some(match txn.get_map(BLOCKS)?.get(txn, id.as_str())? {
        Out::YMap(map) => words(txn, map.get(txn, key)),
        // As `read` has it: what is no block is shown as words.
        value if key == TEXT => words(txn, Some(value)),
        _ => String::new(),
    })
}

/// The block's map; nothing when the key does not exist or holds something else.
pub(super) fn block_map<T: ReadTxn>(txn: &T, id: &BlockId) -> Option<MapRef> {
    match txn.get_map(BLOCKS)?.get(txn, id.as_str())? {
        Out::YMap(map) => Some(map),
        _ => None,
    }
}

/// The shared text of a field; nothing when it does not exist or holds something else.
pub(super) fn text_ref<T: ReadTxn>(txn: &T, field: &FieldId) -> Option<TextRef> {
    let (id, key) = match field {
        FieldId::Root(root) => return txn.get_text(root.as_str()),
        FieldId::Block(id) => (id, TEXT),
        FieldId::Plain(id) => (id, PLAIN),
    };
    match block_map(txn, id)?.get(txn, key)? {
        Out::YText(text) => Some(text),
        _ => None,
    }
}

/// Is every unit of the text a letter? Embedded objects, which we never write, would shift our offsets.
pub(super) fn is_pure<T: ReadTxn>(txn: &T, text: &TextRef) -> bool {
    text.len(txn) == utf16_len(&text.get_string(txn))
}

pub(super) fn flag<T: ReadTxn>(txn: &T, map: &MapRef) -> bool {
    matches!(map.get(txn, REMOVED), Some(Out::Any(Any::Bool(true))))
}

pub(super) fn string<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> Option<String> {
    match map.get(txn, key)? {
        Out::Any(Any::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// The value of `removed_seen`: what a remover saw.
pub(super) fn seen(text: &str, plain: &str) -> String {
    let words = joined(text, plain);
    if words.len() <= SEEN_WORDS_MAX_BYTES {
        format!("={words}")
    } else {
        format!("#{:016x}", fnv1a(&words))
    }
}

fn read<T: ReadTxn>(txn: &T, id: BlockId, value: Out) -> Block {
    let Out::YMap(map) = value else {
        let text = words(txn, Some(value));
        let kind = BlockKind::Other(String::new());
        return Block {
            id,
            kind,
            place: None,
            text,
            plain: String::new(),
            plain_for: None,
            phases: Vec::new(),
            source: None,
            flagged: false,
            hidden: false,
        };
    };
    let text = words(txn, map.get(txn, TEXT));
    let plain = words(txn, map.get(txn, PLAIN));
    let flagged = flag(txn, &map);
    let hidden = flagged && string(txn, &map, REMOVED_SEEN).is_none_or(|seen| covers(&seen, &text, &plain));
    Block {
        id,
        kind: BlockKind::parse(&string(txn, &map, KIND).unwrap_or_default()),
        place: string(txn, &map, PLACE).and_then(|place| Place::parse(&place)),
        text,
        plain,
        plain_for: plain_for(txn, &map),
        phases: phases(txn, &map),
        source: string(txn, &map, SOURCE).and_then(|source| PointSource::parse(&source)),
        flagged,
        hidden,
    }
}

/// Nobody said so, and said so of nothing, are one state: undo can only write the latter.
pub(super) fn plain_for<T: ReadTxn>(txn: &T, map: &MapRef) -> Option<String> {
    string(txn, map, PLAIN_FOR).filter(|value| !value.is_empty())
}

/// The ids of the life phases that are switched on, in order.
pub(super) fn phases<T: ReadTxn>(txn: &T, map: &MapRef) -> Vec<String> {
    let phases: BTreeSet<String> = inserted(
        map.iter(txn)
            .filter(|(_, value)| matches!(value, Out::Any(Any::Bool(true))))
            .filter_map(|(key, _)| key.strip_prefix(PHASE).map(str::to_owned)),
    );
    phases.into_iter().collect()
}

/// The value of `plain_for`: which words these are, in few letters.
pub(super) fn fingerprint(text: &str) -> String {
    format!("{:016x}", fnv1a(text.trim()))
}

/// What can be read of a value that should be a text. Nothing nested is followed: a hostile value may be deep.
fn words<T: ReadTxn>(txn: &T, value: Option<Out>) -> String {
    match value {
        Some(Out::YText(text)) => text.get_string(txn),
        Some(Out::Any(Any::String(text))) => text.to_string(),
        _ => String::new(),
    }
}

/// Did the remover see everything that stands there now? Words that others deleted since do not count.
fn covers(seen: &str, text: &str, plain: &str) -> bool {
    let now = joined(text, plain);
    if let Some(words) = seen.strip_prefix('=') {
        let mut words = words.chars();
        return now.chars().all(|letter| words.any(|seen| seen == letter));
    }
    match seen.strip_prefix('#') {
        Some(hash) => hash == format!("{:016x}", fnv1a(&now)),
        // Written by somebody else, in a form of their own: their removal holds.
        None => true,
    }
}

fn joined(text: &str, plain: &str) -> String {
    let without_breaks = |text: &str| text.replace(['\n', '\r'], "");
    format!("{}\n{}", without_breaks(text), without_breaks(plain))
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): not against an adversary, who could as well restore or remove the block.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
