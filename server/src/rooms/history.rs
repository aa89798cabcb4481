//! What was: the states that the log still gives, and thinning out the old ones.
//!
//! A state is the document after a row of the log. Kept are every state of the last [`limits::HISTORY_WHOLE`], of older
//! ones the last of each [`limits::HISTORY_STEP`], and every state that bears a name. Compaction merges the rows
//! between two kept states into one; it leaves out no update.
//!
//! Looking back is work that must not hold up writing: one such task runs at a time, a list of states is read once and
//! then only continued, and a state is built from the nearest one before it that is at hand.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{ags::Ags, limits, wire::admission};
use tokio::sync::{Semaphore, SemaphorePermit};
use yrs::{Update, updates::decoder::Decode};

use super::{
    Batch, Claim, Log, LogError, LogRow, ParticipantId, RoomError,
    log::Part,
    replica::{self, Broken, Replica},
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

/// Looks back, for all rooms.
pub(super) struct History {
    /// One at a time: it costs memory and a core.
    turn: Semaphore,
    known: Mutex<Known>,
    /// Where a commit is running or has failed: the last row that is durable for certain.
    doubts: Mutex<BTreeMap<Ags, u64>>,
}

/// What was read before.
#[derive(Default)]
struct Known {
    /// By use, the latest last.
    lists: VecDeque<(Ags, Arc<List>)>,
    states: VecDeque<State>,
}

/// The states of a Leitbild.
#[derive(Clone, Default)]
struct List {
    rows: Vec<Row>,
}

/// A row of the log without its update.
#[derive(Clone)]
struct Row {
    seq: u64,
    at_ms: i64,
    by: Arc<str>,
    /// Where the part begins that it was committed with: a log is read by parts.
    part: u64,
}

/// A document as it was.
#[derive(Clone)]
struct State {
    ags: Ags,
    seq: u64,
    update: Arc<[u8]>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            known: Mutex::default(),
            doubts: Mutex::default(),
        }
    }
}

impl History {
    /// Every state that the log gives, oldest first.
    pub(super) async fn entries(&self, log: &dyn Log, ags: &Ags) -> Result<Vec<HistoryEntry>, LogError> {
        let list = {
            let _turn = self.turn().await;
            self.list(log, ags).await?
        };
        let names: BTreeMap<u64, String> = log.names(ags).await?.into_iter().collect();
        let entry = |row: &Row| HistoryEntry {
            seq: row.seq,
            at_ms: row.at_ms,
            by: ParticipantId(row.by.to_string()),
            name: names.get(&row.seq).cloned(),
        };
        Ok(list.rows.iter().map(entry).collect())
    }

    /// The document after row `seq`, as one update.
    pub(super) async fn state_at(&self, log: &dyn Log, ags: &Ags, seq: u64) -> Result<Vec<u8>, RoomError> {
        let _turn = self.turn().await;
        let list = self.list(log, ags).await?;
        // What lies between two states is the earlier one.
        let end = list.rows.partition_point(|row| row.seq <= seq);
        let Some(seq) = end.checked_sub(1).map(|last| list.rows[last].seq) else {
            return Ok(Replica::new(1).everything());
        };
        let mut base = self.state_before(ags, seq);
        if let Some(snapshot) = log.snapshot(ags).await?
            && snapshot.seq <= seq
            && base.as_ref().is_none_or(|base| base.seq < snapshot.seq)
        {
            base = Some(State {
                ags: ags.clone(),
                seq: snapshot.seq,
                update: snapshot.update.into(),
            });
        }
        if let Some(base) = base.as_ref().filter(|base| base.seq == seq) {
            return Ok(base.update.to_vec());
        }
        let after = base.as_ref().map_or(0, |base| base.seq);
        let next = list.rows.partition_point(|row| row.seq <= after);
        let mut from = list.rows.get(next).map_or(1, |row| row.part);
        let mut updates: Vec<(u64, Arc<[u8]>)> = base.map(|base| (base.seq, base.update)).into_iter().collect();
        loop {
            let parts = log.parts(ags, from).await?;
            let Some(last) = parts.last().and_then(|part| part.rows.last()).map(|row| row.seq) else {
                // The list says that there is more.
                return Err(RoomError::Corrupt(from));
            };
            let rows = parts.into_iter().flat_map(|part| part.rows);
            let wanted = rows.filter(|row| row.seq > after && row.seq <= seq);
            updates.extend(wanted.map(|row| (row.seq, row.update.into())));
            if last >= seq {
                break;
            }
            from = last + 1;
        }
        let built = tokio::task::spawn_blocking(move || {
            let mut replica = Replica::new(1);
            replica
                .replay_all(updates.iter().map(|(seq, update)| (*seq, update.as_ref())))
                .map_err(|(Broken, seq)| RoomError::Corrupt(seq))?;
            Ok::<_, RoomError>(replica.everything())
        });
        let update = built
            .await
            .unwrap_or_else(|error| Err(LogError::Unavailable(error.to_string()).into()))?;
        self.keep_state(State {
            ags: ags.clone(),
            seq,
            update: update.clone().into(),
        });
        Ok(update)
    }

    /// See [`compact`].
    pub(super) async fn compact(&self, log: &dyn Log, ags: &Ags, now_ms: i64) -> Result<Compacted, LogError> {
        let _turn = self.turn().await;
        let compacted = compact(log, ags, now_ms).await;
        if !matches!(compacted, Ok(Compacted { before, after }) if before == after) {
            let mut known = self.known();
            known.lists.retain(|(of, _)| of != ags);
            known.states.retain(|state| state.ags != *ags);
        }
        compacted
    }

    /// What the log has after row `known`, durably: all of it is written once more before it is given.
    ///
    /// A commit that failed may be in the log all the same, and be seen there before the disk has it: when its sync
    /// failed, nobody knows what would survive a loss of power, and another sync need not tell. Writing it again does.
    pub(super) async fn take_over(&self, log: &dyn Log, ags: &Ags, known: u64) -> Result<Batch, LogError> {
        let found = log.load_after(ags, known).await?;
        if found.rows.iter().all(|row| row.seq <= known) {
            return Ok(found);
        }
        // Compaction must not put parts together meanwhile.
        let _turn = self.turn().await;
        log.rewrite_claims(ags, &claims_of(&found)).await?;
        let mut from = known + 1;
        loop {
            let parts = log.parts(ags, from).await?;
            // None begins here when compaction has put it together with what was before, which was a commit, too.
            let Some(last) = parts.last().and_then(|part| part.rows.last()).map(|row| row.seq) else {
                return Ok(found);
            };
            log.rewrite(ags, &parts).await?;
            from = last + 1;
        }
    }

    /// A commit behind row `known` was begun. Until it is known to have ended well, nothing after that row is taken for
    /// durable because it can be read.
    pub(super) fn doubt(&self, ags: &Ags, known: u64) {
        self.doubts().insert(ags.clone(), known);
    }

    /// All that can be read is durable.
    pub(super) fn trust(&self, ags: &Ags) {
        self.doubts().remove(ags);
    }

    /// For a room that opens where another one ended in the middle of a commit: makes what can be read durable.
    pub(super) async fn settle(&self, log: &dyn Log, ags: &Ags) -> Result<(), LogError> {
        let doubt = self.doubts().get(ags).copied();
        if let Some(known) = doubt {
            self.take_over(log, ags, known).await?;
            self.trust(ags);
        }
        Ok(())
    }

    fn doubts(&self) -> MutexGuard<'_, BTreeMap<Ags, u64>> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.turn.acquire().await.ok()
    }

    /// All rows so far, those that were read before and those that came since.
    async fn list(&self, log: &dyn Log, ags: &Ags) -> Result<Arc<List>, LogError> {
        let mut list = {
            let mut known = self.known();
            let at = known.lists.iter().position(|(of, _)| of == ags);
            at.and_then(|at| known.lists.remove(at))
                .map_or_else(Arc::default, |(_, list)| list)
        };
        loop {
            let from = list.rows.last().map_or(1, |row| row.seq + 1);
            let parts = log.parts(ags, from).await?;
            if parts.is_empty() {
                break;
            }
            let all = Arc::make_mut(&mut list);
            for part in parts {
                for row in part.rows {
                    let before = all.rows.last().filter(|before| *before.by == row.by.0);
                    let by = before.map_or_else(|| row.by.0.as_str().into(), |before| Arc::clone(&before.by));
                    all.rows.push(Row {
                        seq: row.seq,
                        at_ms: row.at_ms,
                        by,
                        part: part.first,
                    });
                }
            }
        }
        let mut known = self.known();
        known.lists.push_back((ags.clone(), Arc::clone(&list)));
        if known.lists.len() > limits::HISTORY_LISTS {
            known.lists.pop_front();
        }
        Ok(list)
    }

    /// The newest state up to `seq` that is at hand.
    fn state_before(&self, ags: &Ags, seq: u64) -> Option<State> {
        let mut known = self.known();
        let nearest = known
            .states
            .iter()
            .enumerate()
            .filter(|(_, state)| state.ags == *ags && state.seq <= seq)
            .max_by_key(|(_, state)| state.seq)
            .map(|(at, _)| at)?;
        let state = known.states.remove(nearest)?;
        known.states.push_back(state.clone());
        Some(state)
    }

    fn keep_state(&self, state: State) {
        let mut known = self.known();
        known.states.push_back(state);
        let mut bytes: usize = known.states.iter().map(|state| state.update.len()).sum();
        while bytes > limits::HISTORY_CACHE_BYTES
            && let Some(gone) = known.states.pop_front()
        {
            bytes -= gone.update.len();
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The claims that these rows rest on: those on the ids that write in them.
fn claims_of(batch: &Batch) -> Vec<Claim> {
    let scanned = batch
        .rows
        .iter()
        .filter_map(|row| admission::scan_stored(&row.update).ok());
    let writing: BTreeSet<u64> = scanned.flat_map(|summary| summary.inserts.into_keys()).collect();
    let claims = batch.claims.iter().filter(|claim| writing.contains(&claim.client_id));
    claims.cloned().collect()
}

/// Thins out what is older than [`limits::HISTORY_WHOLE`], some parts at a time, so that each transaction stays small.
async fn compact(log: &dyn Log, ags: &Ags, now_ms: i64) -> Result<Compacted, LogError> {
    // Where a step begins, so that each is thinned out as a whole.
    let whole_since = step(now_ms.saturating_sub(millis(limits::HISTORY_WHOLE))) * millis(limits::HISTORY_STEP);
    let names: BTreeSet<u64> = log.names(ags).await?.into_iter().map(|(seq, _)| seq).collect();
    let names = Arc::new(names);
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
        let (parts, thinner) = merged_beside(parts, &names).await?;
        open = match thinner {
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

/// [`merged`], for more than a few rows on a thread of its own: no room waits for it.
async fn merged_beside(
    parts: Vec<Part>,
    names: &Arc<BTreeSet<u64>>,
) -> Result<(Vec<Part>, Result<Option<Vec<Part>>, u64>), LogError> {
    const FEW_ROWS: usize = 1_000;
    if parts.iter().map(|part| part.rows.len()).sum::<usize>() <= FEW_ROWS {
        let thinner = merged(&parts, names);
        return Ok((parts, thinner));
    }
    let names = Arc::clone(names);
    let merging = tokio::task::spawn_blocking(move || {
        let thinner = merged(&parts, &names);
        (parts, thinner)
    });
    merging.await.map_err(|error| LogError::Unavailable(error.to_string()))
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
    let merged = replica::merge(&updates)?;
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
