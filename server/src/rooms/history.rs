//! What was: the states that the log still gives, and thinning out the old ones.
//!
//! A state is the document after a row of the log. Kept are every state of the last [`limits::HISTORY_WHOLE`], of older
//! ones the last of each [`limits::HISTORY_STEP`], and every state that bears a name. Compaction merges the rows
//! between two kept states into one; it leaves out no update.

use std::collections::{BTreeMap, BTreeSet};

use model::{ags::Ags, limits, wire::admission};
use yrs::{Update, updates::decoder::Decode};

use super::{
    Log, LogError, LogRow, ParticipantId, RoomError,
    log::Part,
    replica::{Broken, Replica},
};

/// A state that the log gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The row that it includes everything up to.
    pub seq: u64,
    /// When that row was applied, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Who sent that row, or the last of the rows merged into it.
    pub by: ParticipantId,
    /// Its name, if somebody gave it one.
    pub name: Option<String>,
}

/// What compaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Rows that were looked at and are old enough.
    pub before: usize,
    /// Rows that are there instead.
    pub after: usize,
}

/// Every state that the log gives, oldest first.
pub(super) async fn entries(log: &dyn Log, ags: &Ags) -> Result<Vec<HistoryEntry>, LogError> {
    let names: BTreeMap<u64, String> = log.names(ags).await?.into_iter().collect();
    let rows = log.load(ags).await?.rows;
    let entry = |row: LogRow| HistoryEntry {
        seq: row.seq,
        at_ms: row.at_ms,
        by: row.by,
        name: names.get(&row.seq).cloned(),
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The document after row `seq`, as one update.
pub(super) async fn state_at(log: &dyn Log, ags: &Ags, seq: u64) -> Result<Vec<u8>, RoomError> {
    let rows = log.load(ags).await?.rows;
    let mut replica = Replica::new(1);
    let wanted = rows.iter().take_while(|row| row.seq <= seq);
    replica
        .replay_all(wanted.map(|row| (row.seq, row.update.as_slice())))
        .map_err(|(Broken, seq)| RoomError::Corrupt(seq))?;
    Ok(replica.everything())
}

/// Thins out what is older than [`limits::HISTORY_WHOLE`], some parts at a time, so that each transaction stays small.
pub(super) async fn compact(log: &dyn Log, ags: &Ags, now_ms: i64) -> Result<Compacted, LogError> {
    // Where a step begins, so that each is thinned out as a whole.
    let whole_since = step(now_ms.saturating_sub(millis(limits::HISTORY_WHOLE))) * millis(limits::HISTORY_STEP);
    let names: BTreeSet<u64> = log.names(ags).await?.into_iter().map(|(seq, _)| seq).collect();
    let mut compacted = Compacted::default();
    let mut from = 1;
    // The last part of the turn before: its step may go on.
    let mut open: Option<Part> = None;
    loop {
        let parts = log.parts(ags, from).await?;
        let read = parts.len();
        let is_old = |part: &Part| part.rows.iter().all(|row| row.at_ms < whole_since);
        let old: Vec<Part> = parts.into_iter().take_while(is_old).collect();
        let Some(end) = old.last().and_then(|part| part.rows.last()).map(|row| row.seq) else {
            return Ok(compacted);
        };
        let was_cut = old.len() < read;
        compacted.before += old.iter().map(|part| part.rows.len()).sum::<usize>();
        compacted.after += old.iter().map(|part| part.rows.len()).sum::<usize>();
        let parts: Vec<Part> = open.into_iter().chain(old).collect();
        open = match merged(&parts, &names) {
            Ok(Some(thinner)) => {
                log.rewrite(ags, &thinner).await?;
                let rows = |parts: &[Part]| parts.iter().map(|part| part.rows.len()).sum::<usize>();
                compacted.after -= rows(&parts) - rows(&thinner);
                thinner.into_iter().next_back()
            }
            Ok(None) => parts.into_iter().next_back(),
            Err(seq) => {
                tracing::error!(room.ags = %ags, row.seq = seq, "Old rows could not be merged and stay as they are.");
                None
            }
        };
        if was_cut {
            return Ok(compacted);
        }
        from = end + 1;
    }
}

/// Parts with the same rows, those of each step merged into one; none when there is nothing to merge. The last row has a
/// part of its own, because its step may go on behind it.
///
/// # Errors
/// The last row of a step whose merged update would not be the same as its parts.
fn merged(parts: &[Part], names: &BTreeSet<u64>) -> Result<Option<Vec<Part>>, u64> {
    let same_step = |a: &LogRow, b: &LogRow| step(a.at_ms) == step(b.at_ms) && !names.contains(&a.seq);
    let before: Vec<LogRow> = parts.iter().flat_map(|part| part.rows.iter().cloned()).collect();
    let mut rows = Vec::new();
    for group in before.chunk_by(same_step) {
        match group {
            [only] => rows.push(only.clone()),
            [.., last] => rows.push(LogRow {
                update: merge(group).ok_or(last.seq)?,
                ..last.clone()
            }),
            [] => {}
        }
    }
    if rows.len() == before.len() {
        return Ok(None);
    }
    let first = parts.first().map_or(1, |part| part.first);
    let Some(last) = rows.pop() else { return Ok(None) };
    let last = Part {
        first: rows.last().map_or(first, |row| row.seq + 1),
        rows: vec![last],
    };
    let whole = (!rows.is_empty()).then_some(Part { first, rows });
    Ok(Some(whole.into_iter().chain([last]).collect()))
}

/// One update that brings exactly what these rows bring.
fn merge(rows: &[LogRow]) -> Option<Vec<u8>> {
    let updates: Vec<&[u8]> = rows.iter().map(|row| row.update.as_slice()).collect();
    let merged = std::panic::catch_unwind(|| yrs::merge_updates_v1(&updates))
        .ok()?
        .ok()?;
    let (inserted, deleted) = contents(&updates)?;
    let (inserted_merged, deleted_merged) = contents(&[merged.as_slice()])?;
    (same(&inserted, &inserted_merged) && same(&deleted, &deleted_merged)).then_some(merged)
}

/// Which units these updates insert and delete together.
fn contents(updates: &[&[u8]]) -> Option<(yrs::IdSet, yrs::IdSet)> {
    let (mut inserted, mut deleted) = (yrs::IdSet::new(), yrs::IdSet::new());
    for update in updates {
        let summary = admission::scan_stored(update).ok()?;
        for (client_id, ranges) in summary.inserts {
            for range in ranges {
                let id = yrs::ID::new(yrs::ClientID::new(client_id), range.start);
                inserted.insert(id, range.end - range.start);
            }
        }
        let decoded = std::panic::catch_unwind(|| Update::decode_v1(update)).ok()?.ok()?;
        deleted.merge_with(decoded.delete_set().clone());
    }
    Some((inserted, deleted))
}

fn same(a: &yrs::IdSet, b: &yrs::IdSet) -> bool {
    a.diff(b).is_empty() && b.diff(a).is_empty()
}

/// Which step a moment lies in.
fn step(at_ms: i64) -> i64 {
    at_ms.div_euclid(millis(limits::HISTORY_STEP))
}

fn millis(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
