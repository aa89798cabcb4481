//! Which change turned one text of a field into the next.

use super::delta::TextDelta;

/// See [`TextDelta::between`].
pub(super) fn diff(old: &str, new: &str, caret: Option<u32>) -> TextDelta {
    let old: Vec<u16> = old.encode_utf16().collect();
    let new: Vec<u16> = new.encode_utf16().collect();
    let (prefix, suffix) = cut(&old, &new, caret);
    let inserted = String::from_utf16_lossy(&new[prefix..new.len() - suffix]);
    TextDelta::replace(prefix as u32, (old.len() - suffix - prefix) as u32, &inserted)
}

/// How many units at the beginning and at the end stay.
fn cut(old: &[u16], new: &[u16], caret: Option<u32>) -> (usize, usize) {
    let shorter = old.len().min(new.len());
    // After typing, deleting or pasting the caret stands at the end of what changed: what is right of it stayed.
    let right_of_caret = caret.map_or(shorter, |caret| new.len().saturating_sub(caret as usize));
    let mut suffix = common(old.iter().rev(), new.iter().rev()).min(right_of_caret);
    let mut prefix = common(old.iter(), new.iter()).min(shorter - suffix);
    if prefix + suffix < shorter {
        // Something was replaced while the caret stood further right: the common end stayed all the same.
        suffix += common(
            old[prefix..old.len() - suffix].iter().rev(),
            new[prefix..new.len() - suffix].iter().rev(),
        );
    }
    while prefix > 0 && (splits(old, prefix) || splits(new, prefix)) {
        prefix -= 1;
    }
    while suffix > 0 && (splits(old, old.len() - suffix) || splits(new, new.len() - suffix)) {
        suffix -= 1;
    }
    (prefix, suffix)
}

fn common<'a>(one: impl Iterator<Item = &'a u16>, other: impl Iterator<Item = &'a u16>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// Would a cut before unit `at` tear a character: a surrogate pair, or a letter from its combining marks?
fn splits(units: &[u16], at: usize) -> bool {
    if at == 0 || at >= units.len() {
        return false;
    }
    let (before, after) = (units[at - 1], units[at]);
    is_low_surrogate(after) && is_high_surrogate(before)
        || before == ZERO_WIDTH_JOINER
        || is_extending(after)
        || is_extending_pair(after, units.get(at + 1).copied())
}

const ZERO_WIDTH_JOINER: u16 = 0x200D;

fn is_high_surrogate(unit: u16) -> bool {
    (0xD800..=0xDBFF).contains(&unit)
}

fn is_low_surrogate(unit: u16) -> bool {
    (0xDC00..=0xDFFF).contains(&unit)
}

/// Combining marks, variation selectors and the joiner: the blocks that occur in European text and emoji. Not all of
/// Unicode's grapheme rules, which would need its tables.
fn is_extending(unit: u16) -> bool {
    matches!(unit,
        ZERO_WIDTH_JOINER | 0x0300..=0x036F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE00..=0xFE0F
        | 0xFE20..=0xFE2F)
}

/// Skin tones (U+1F3FB–1F3FF) and tags (U+E0020–E007F).
fn is_extending_pair(high: u16, low: Option<u16>) -> bool {
    match (high, low) {
        (0xD83C, Some(low)) => (0xDFFB..=0xDFFF).contains(&low),
        (0xDB40, Some(low)) => (0xDC20..=0xDC7F).contains(&low),
        _ => false,
    }
}
