//! What is said about a block beside its words: life phases, and whether its Einfache Sprache is up to date.

use yrs::{Doc, Map};

use super::blocks::{self, PHASE, PLAIN_FOR};
use super::edit::{EditError, begin};
use super::id::BlockId;
use crate::phase::PhaseId;

/// Says that a block serves a life phase, or that it does not. Each phase is a register of its own, so two people who mark
/// two phases at once mark both.
pub fn set_phase(doc: &Doc, id: &BlockId, phase: &PhaseId, serves: bool) -> Result<(), EditError> {
    let mut txn = begin(doc)?;
    let map = blocks::block_map(&txn, id).ok_or(EditError::NoBlock)?;
    let is_set = blocks::phases(&txn, &map).iter().any(|other| other == phase.as_str());
    if is_set != serves {
        map.insert(&mut txn, format!("{PHASE}{phase}"), serves);
    }
    Ok(())
}

/// Says that a block's Einfache Sprache fits its words as they stand now.
pub fn confirm_plain(doc: &Doc, id: &BlockId) -> Result<(), EditError> {
    let mut txn = begin(doc)?;
    let block = blocks::read_one(&txn, id).ok_or(EditError::NoBlock)?;
    let map = blocks::block_map(&txn, id).ok_or(EditError::NoBlock)?;
    let now = blocks::fingerprint(&block.text);
    if block.plain_for.as_deref() != Some(&now) {
        map.insert(&mut txn, PLAIN_FOR, now);
    }
    Ok(())
}
