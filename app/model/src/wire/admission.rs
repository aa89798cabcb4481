//! What an update may hold, checked before yrs decodes it.
//!
//! yrs trusts its input: arrays nested 10,000 deep overflow its stack and abort the process, which nothing can catch.
//! So the server first walks over the bytes here: once, without recursion, without reserving what a length merely
//! claims. The walk is total: any bytes give a [`Summary`] or a [`Refusal`].
//!
//! Source of the format: npm `yjs` 13.6, `src/utils/encoding.js`, `src/structs/*.js` and `DeleteSet.js`, encoding
//! version 1; yrs 0.28 writes the same.

mod refusal;
mod scan;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use super::lib0::Reader;
use crate::limits;

pub use refusal::Refusal;
pub use scan::{scan, scan_stored};

/// The id of one unit of content: client id and clock.
pub type Id = (u64, u32);

/// What an admitted update brings and what it builds on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Clocks of the structs by client id: ascending, not touching each other, never empty. More than one range means
    /// that the update itself has gaps.
    pub inserts: BTreeMap<u64, Vec<Range<u32>>>,
    /// For every client id that structs or deletions refer to: the clock that must be known, exclusive.
    pub needs: BTreeMap<u64, u32>,
    /// How many structs there are, gaps included.
    pub structs: usize,
    /// Does it delete anything?
    pub deletes: bool,
    /// Does it leave out some of its own clocks?
    pub has_gaps: bool,
    /// Maps in roots: blocks.
    pub maps: Vec<Id>,
    /// Texts inside maps, with the map's id where the update names it.
    pub texts: Vec<NestedText>,
}

/// A text that the update creates inside something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NestedText {
    pub id: Id,
    /// What it stands in; `None` for a root.
    pub parent: Option<Id>,
}

impl Summary {
    /// Neither structs nor deletions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inserts.is_empty() && !self.deletes
    }

    /// Would all of it be new to a document of which `known` says how far it has each client id, and nothing be left out?
    /// Then it brings itself, unless it also deletes something by replacing it.
    #[must_use]
    pub fn is_all_new(&self, known: impl Fn(u64) -> u32) -> bool {
        let goes_on = |(client_id, ranges): (&u64, &Vec<Range<u32>>)| {
            let starts_right = |range: &Range<u32>| range.start == known(*client_id);
            ranges.len() == 1 && ranges.iter().all(starts_right)
        };
        !self.inserts.is_empty() && !self.deletes && !self.has_gaps && self.inserts.iter().all(goes_on)
    }

    /// Would the document, of which `known` says how far it has each client id, have everything the update builds on?
    /// Clocks in the document have no gaps.
    #[must_use]
    pub fn is_complete(&self, known: impl Fn(u64) -> u32) -> bool {
        let follows = self.inserts.iter().all(|(client_id, ranges)| {
            let mut end = known(*client_id);
            ranges.iter().all(|range| {
                let follows = range.start <= end;
                end = end.max(range.end);
                follows
            })
        });
        follows
            && self.needs.iter().all(|(client_id, clock)| {
                let brought = self
                    .inserts
                    .get(client_id)
                    .and_then(|ranges| ranges.last())
                    .map_or(0, |range| range.end);
                *clock <= known(*client_id).max(brought)
            })
    }

    /// The client ids under which the update brings structs that the document does not have yet.
    pub fn new_client_ids(&self, known: impl Fn(u64) -> u32) -> impl Iterator<Item = u64> {
        self.inserts
            .iter()
            .filter(move |(client_id, ranges)| ranges.last().is_some_and(|range| range.end > known(**client_id)))
            .map(|(client_id, _)| *client_id)
    }

    /// How many units it brings that the document does not have yet. A unit is a UTF-16 unit of text, a value, a type,
    /// or one of them that was deleted.
    pub fn new_units(&self, known: impl Fn(u64) -> u32) -> usize {
        let units = self.inserts.iter().map(|(client_id, ranges)| {
            let known = known(*client_id);
            ranges
                .iter()
                .map(|range| range.end.saturating_sub(range.start.max(known)) as usize)
                .sum::<usize>()
        });
        units.sum()
    }

    /// Checks that no text stands in another text; types in types could nest without end, one per update.
    /// `is_text` says which ids are nested texts of the document.
    ///
    /// # Errors
    /// [`Refusal::TooDeep`].
    pub fn check_depth(&self, is_text: impl Fn(Id) -> bool) -> Result<(), Refusal> {
        let mut own = HashSet::new();
        own.extend(self.texts.iter().map(|text| text.id));
        let nested = |id: Id| own.contains(&id) || is_text(id);
        if self.texts.iter().any(|text| text.parent.is_some_and(nested)) {
            Err(Refusal::TooDeep)
        } else {
            Ok(())
        }
    }
}

/// Reads a state vector: how far the other side has each client id.
///
/// # Errors
/// [`Refusal::Malformed`], [`Refusal::TooMany`], [`Refusal::OutOfRange`].
pub fn state_vector(bytes: &[u8]) -> Result<BTreeMap<u64, u32>, Refusal> {
    let mut reader = Reader::new(bytes);
    let count = reader.var_uint()?;
    if count > limits::UPDATE_CLIENTS as u64 {
        return Err(Refusal::TooMany);
    }
    let mut clocks = BTreeMap::new();
    for _ in 0..count {
        let client_id = client_id(&mut reader)?;
        let clock = u32::try_from(reader.var_uint()?).map_err(|_| Refusal::OutOfRange)?;
        clocks.insert(client_id, clock);
    }
    Ok(clocks)
}

fn client_id(reader: &mut Reader<'_>) -> Result<u64, Refusal> {
    let client_id = reader.var_uint()?;
    if client_id > limits::CLIENT_ID_MAX {
        Err(Refusal::OutOfRange)
    } else {
        Ok(client_id)
    }
}
