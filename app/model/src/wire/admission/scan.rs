//! The walk over the bytes of an update.

use std::{collections::HashSet, ops::Range};

use super::{Id, NestedText, Refusal, Summary, client_id};
use crate::{limits, wire::lib0::Reader};

/// Walks over an update in Yjs' encoding version 1, as a client sends it.
///
/// # Errors
/// Why it must not reach yrs.
pub fn scan(update: &[u8]) -> Result<Summary, Refusal> {
    within(update, &SENT)
}

/// Walks over what the server itself stored: the same checks, with room for a whole document.
///
/// # Errors
/// Why it must not reach yrs.
pub fn scan_stored(update: &[u8]) -> Result<Summary, Refusal> {
    within(update, &STORED)
}

/// How much of everything there may be.
struct Bounds {
    bytes: usize,
    structs: usize,
    clients: u64,
    deletions: u64,
    text_bytes: usize,
}

const SENT: Bounds = Bounds {
    bytes: limits::MESSAGE_MAX_BYTES,
    structs: limits::UPDATE_STRUCTS,
    clients: limits::UPDATE_CLIENTS as u64,
    deletions: limits::UPDATE_DELETIONS as u64,
    text_bytes: limits::TEXT_BYTES,
};

/// The size of a document is estimated, so what is stored may be somewhat larger. Everything counted takes a byte at
/// least.
const STORED: Bounds = Bounds {
    bytes: limits::DOCUMENT_BYTES * 4,
    structs: limits::DOCUMENT_BYTES * 4,
    clients: limits::DOCUMENT_BYTES as u64 * 4,
    deletions: limits::DOCUMENT_BYTES as u64 * 4,
    text_bytes: limits::DOCUMENT_BYTES,
};

fn within(update: &[u8], bounds: &'static Bounds) -> Result<Summary, Refusal> {
    if update.len() > bounds.bytes {
        return Err(Refusal::TooLarge);
    }
    let mut scan = Scan {
        reader: Reader::new(update),
        summary: Summary::default(),
        budget: bounds.structs,
        bounds,
    };
    scan.structs()?;
    scan.deletions()?;
    scan.reader.finish()?;
    Ok(scan.summary)
}

const GC: u8 = 0;
const SKIP: u8 = 10;
const DELETED: u8 = 1;
const STRING: u8 = 4;
const TYPE: u8 = 7;
const ANY: u8 = 8;
const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_SUB: u8 = 0x20;
const UNUSED_BIT: u8 = 0x10;
const TYPE_MAP: u8 = 1;
const TYPE_TEXT: u8 = 2;

/// Where an item says it stands.
enum Parent {
    /// Not said: where its neighbours stand.
    Copied,
    Root,
    Item(Id),
}

struct Scan<'a> {
    reader: Reader<'a>,
    summary: Summary,
    /// Structs and values that may still come.
    budget: usize,
    bounds: &'static Bounds,
}

impl Scan<'_> {
    fn structs(&mut self) -> Result<(), Refusal> {
        let clients = self.reader.var_uint()?;
        if clients > self.bounds.clients {
            return Err(Refusal::TooMany);
        }
        for _ in 0..clients {
            let count = self.reader.var_uint()?;
            // A struct has two bytes at least. yrs reserves room for the declared number, so it must not be a lie.
            if count == 0 || count > self.reader.remaining() as u64 {
                return Err(Refusal::Malformed);
            }
            let client_id = client_id(&mut self.reader)?;
            if self.summary.inserts.contains_key(&client_id) {
                return Err(Refusal::Malformed);
            }
            let mut clock = clock(self.reader.var_uint()?)?;
            let mut ranges: Vec<Range<u32>> = Vec::new();
            for _ in 0..count {
                self.spend(1)?;
                self.summary.structs += 1;
                let (length, is_gap) = self.one_struct((client_id, clock))?;
                let end = clock
                    .checked_add(length)
                    .filter(|end| u64::from(*end) <= limits::CLOCK_MAX)
                    .ok_or(Refusal::OutOfRange)?;
                self.summary.has_gaps |= is_gap;
                if !is_gap {
                    match ranges.last_mut() {
                        Some(last) if last.end == clock => last.end = end,
                        _ => ranges.push(clock..end),
                    }
                }
                clock = end;
            }
            // A client of nothing but gaps would bring nothing and has no business in an update.
            if ranges.is_empty() {
                return Err(Refusal::Malformed);
            }
            self.summary.inserts.insert(client_id, ranges);
        }
        Ok(())
    }

    /// One struct: its length in clocks, and whether it is a gap.
    fn one_struct(&mut self, id: Id) -> Result<(u32, bool), Refusal> {
        let info = self.reader.u8()?;
        if info == GC || info == SKIP {
            return Ok((self.length()?, info == SKIP));
        }
        if info & UNUSED_BIT != 0 {
            return Err(Refusal::Malformed);
        }
        if info & HAS_ORIGIN != 0 {
            self.reference()?;
        }
        if info & HAS_RIGHT_ORIGIN != 0 {
            self.reference()?;
        }
        let mut has_key = false;
        let parent = if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) != 0 {
            Parent::Copied
        } else {
            let parent = match self.reader.var_uint()? {
                1 => {
                    self.text(limits::KEY_BYTES)?;
                    Parent::Root
                }
                0 => Parent::Item(self.reference()?),
                _ => return Err(Refusal::Malformed),
            };
            if info & HAS_PARENT_SUB != 0 {
                has_key = true;
                self.text(limits::KEY_BYTES)?;
            }
            parent
        };
        let length = match info & 0x0f {
            DELETED => self.length()?,
            STRING => {
                let text = self.text(self.bounds.text_bytes)?;
                let units = text.chars().map(char::len_utf16).sum::<usize>();
                u32::try_from(units)
                    .ok()
                    .filter(|units| *units > 0)
                    .ok_or(Refusal::Malformed)?
            }
            TYPE => {
                self.nested_type(id, &parent, has_key)?;
                1
            }
            ANY => self.values(&parent, has_key)?,
            2 | 3 | 5 | 6 | 9 => return Err(Refusal::ContentKind),
            _ => return Err(Refusal::Malformed),
        };
        Ok((length, false))
    }

    /// A map stands under a key of a root, a text under a key of a root or of such a map. Both say where they stand:
    /// keys that hold a type are set once, so there is no older value to copy it from.
    fn nested_type(&mut self, id: Id, parent: &Parent, has_key: bool) -> Result<(), Refusal> {
        let kind = self.reader.u8()?;
        if !has_key || !matches!(kind, TYPE_MAP | TYPE_TEXT) {
            return Err(Refusal::ContentKind);
        }
        match (kind, parent) {
            (_, Parent::Copied) => Err(Refusal::ContentKind),
            (TYPE_MAP, Parent::Root) => {
                self.summary.maps.push(id);
                Ok(())
            }
            (TYPE_MAP, Parent::Item(_)) => Err(Refusal::TooDeep),
            (_, Parent::Root) => {
                self.summary.texts.push(NestedText { id, parent: None });
                Ok(())
            }
            (_, Parent::Item(parent)) => {
                self.summary.texts.push(NestedText {
                    id,
                    parent: Some(*parent),
                });
                Ok(())
            }
        }
    }

    /// Plain values of a map: text, number, truth value or nothing. Overwritten ones that an undo manager keeps may
    /// stand in one struct together.
    fn values(&mut self, parent: &Parent, has_key: bool) -> Result<u32, Refusal> {
        if !has_key && !matches!(parent, Parent::Copied) {
            return Err(Refusal::ContentKind);
        }
        let count = self.reader.var_uint()?;
        if count == 0 || count > self.reader.remaining() as u64 {
            return Err(Refusal::Malformed);
        }
        let count = u32::try_from(count).map_err(|_| Refusal::Malformed)?;
        self.spend(count as usize)?;
        for _ in 0..count {
            match self.reader.u8()? {
                // undefined, null, false, true
                127 | 126 | 121 | 120 => {}
                125 => self.reader.skip_var_int()?,
                124 => {
                    self.reader.take(4)?;
                }
                123 | 122 => {
                    self.reader.take(8)?;
                }
                119 => {
                    self.text(limits::VALUE_BYTES)?;
                }
                // object, array
                118 | 117 => return Err(Refusal::TooDeep),
                116 => return Err(Refusal::ContentKind),
                _ => return Err(Refusal::Malformed),
            }
        }
        Ok(count)
    }

    fn deletions(&mut self) -> Result<(), Refusal> {
        let clients = self.reader.var_uint()?;
        if clients > self.bounds.clients {
            return Err(Refusal::TooMany);
        }
        let mut budget = self.bounds.deletions;
        let mut seen = HashSet::new();
        for _ in 0..clients {
            let client_id = client_id(&mut self.reader)?;
            // yrs keeps only the last list of a client: a second one would silently lose deletions.
            if !seen.insert(client_id) {
                return Err(Refusal::Malformed);
            }
            let count = self.reader.var_uint()?;
            budget = budget.checked_sub(count).ok_or(Refusal::TooMany)?;
            let mut end = 0;
            for _ in 0..count {
                let start = clock(self.reader.var_uint()?)?;
                let length = clock(self.reader.var_uint()?)?;
                // yrs takes the ranges as ordered without looking.
                if length == 0 || start < end {
                    return Err(Refusal::Malformed);
                }
                end = clock(u64::from(start) + u64::from(length))?;
                self.summary.deletes = true;
            }
            if end > 0 {
                self.need(client_id, end);
            }
        }
        Ok(())
    }

    /// The id of another unit that must be known.
    fn reference(&mut self) -> Result<Id, Refusal> {
        let client_id = client_id(&mut self.reader)?;
        let clock = clock(self.reader.var_uint()?)?;
        self.need(client_id, clock + 1);
        Ok((client_id, clock))
    }

    fn need(&mut self, client_id: u64, clock: u32) {
        let needed = self.summary.needs.entry(client_id).or_default();
        *needed = (*needed).max(clock);
    }

    fn length(&mut self) -> Result<u32, Refusal> {
        let length = clock(self.reader.var_uint()?)?;
        if length == 0 {
            Err(Refusal::Malformed)
        } else {
            Ok(length)
        }
    }

    fn text(&mut self, max: usize) -> Result<&str, Refusal> {
        let text = self.reader.var_string()?;
        if text.len() > max {
            Err(Refusal::TooLong)
        } else {
            Ok(text)
        }
    }

    fn spend(&mut self, count: usize) -> Result<(), Refusal> {
        self.budget = self.budget.checked_sub(count).ok_or(Refusal::TooMany)?;
        Ok(())
    }
}

fn clock(value: u64) -> Result<u32, Refusal> {
    if value > limits::CLOCK_MAX {
        Err(Refusal::OutOfRange)
    } else {
        u32::try_from(value).map_err(|_| Refusal::OutOfRange)
    }
}
