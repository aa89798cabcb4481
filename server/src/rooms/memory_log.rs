//! A log in memory, for tests and simulations.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{ags::Ags, limits, stage::Stage};

use super::log::{Batch, BoxFuture, Claim, Log, LogError, LogRow, Opening, Part, Quarantined, Snapshot};

/// A log in memory, for tests and simulations.
#[derive(Debug, Default)]
pub struct MemoryLog {
    kept: Mutex<HashMap<Ags, Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    log: Batch,
    snapshot: Option<Snapshot>,
    names: BTreeMap<u64, String>,
    stage: Stage,
    quarantined: Vec<Quarantined>,
}

impl MemoryLog {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the log of this Leitbild holds now.
    #[must_use]
    pub fn rows(&self, ags: &Ags) -> Batch {
        self.kept().get(ags).map(|kept| kept.log.clone()).unwrap_or_default()
    }

    /// The snapshot of this Leitbild.
    #[must_use]
    pub fn snapshot(&self, ags: &Ags) -> Option<Snapshot> {
        self.kept().get(ags).and_then(|kept| kept.snapshot.clone())
    }

    /// What of this Leitbild is in quarantine, oldest first.
    #[must_use]
    pub fn quarantined(&self, ags: &Ags) -> Vec<Quarantined> {
        self.kept()
            .get(ags)
            .map(|kept| kept.quarantined.clone())
            .unwrap_or_default()
    }

    /// Says where this Leitbild stands.
    pub fn set_stage(&self, ags: &Ags, stage: Stage) {
        self.change(ags, |kept| kept.stage = stage);
    }

    /// Adds a batch at once.
    ///
    /// # Errors
    /// [`LogError::Conflict`] when one of the numbers is taken.
    pub fn append_now(&self, ags: &Ags, batch: &Batch) -> Result<(), LogError> {
        let mut kept = self.kept();
        let log = &mut kept.entry(ags.clone()).or_default().log;
        let last = log.rows.last().map_or(0, |row| row.seq);
        if batch.rows.first().is_some_and(|row| row.seq <= last) {
            return Err(LogError::Conflict);
        }
        log.rows.extend(batch.rows.iter().cloned());
        for claim in &batch.claims {
            if log.claims.iter().all(|known| known.client_id != claim.client_id) {
                log.claims.push(claim.clone());
            }
        }
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Ags, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, ags: &Ags, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(self.kept().entry(ags.clone()).or_default())
    }
}

impl Log for MemoryLog {
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move { Ok(self.rows(ags)) })
    }

    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(async move { self.append_now(ags, batch) })
    }

    fn open<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Opening, LogError>> {
        Box::pin(async move {
            let snapshot = self.snapshot(ags);
            let log = self
                .load_after(ags, snapshot.as_ref().map_or(0, |snapshot| snapshot.seq))
                .await?;
            Ok(Opening { snapshot, log })
        })
    }

    fn keep_snapshot<'a>(&'a self, ags: &'a Ags, snapshot: &'a Snapshot) -> BoxFuture<'a, Result<(), LogError>> {
        self.change(ags, |kept| kept.snapshot = Some(snapshot.clone()));
        Box::pin(async { Ok(()) })
    }

    fn name_state<'a>(&'a self, ags: &'a Ags, seq: u64, name: &'a str) -> BoxFuture<'a, Result<(), LogError>> {
        self.change(ags, |kept| kept.names.insert(seq, name.to_owned()));
        Box::pin(async { Ok(()) })
    }

    fn names<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Vec<(u64, String)>, LogError>> {
        let names = self.change(ags, |kept| kept.names.clone().into_iter().collect());
        Box::pin(async move { Ok(names) })
    }

    fn stage<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Stage, LogError>> {
        let stage = self.change(ags, |kept| kept.stage);
        Box::pin(async move { Ok(stage) })
    }

    fn snapshot<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Option<Snapshot>, LogError>> {
        let snapshot = Self::snapshot(self, ags);
        Box::pin(async move { Ok(snapshot) })
    }

    fn parts<'a>(&'a self, ags: &'a Ags, from: u64) -> BoxFuture<'a, Result<Vec<Part>, LogError>> {
        /// A few at a time, as a database gives them.
        const PARTS: usize = 16;
        let mut bytes = 0;
        let mut first = from;
        let mut parts = Vec::new();
        for row in self.rows(ags).rows.into_iter().filter(|row| row.seq >= from) {
            if bytes > limits::COMPACT_BYTES || parts.len() == PARTS {
                break;
            }
            bytes += row.update.len();
            let next = row.seq + 1;
            parts.push(Part { first, rows: vec![row] });
            first = next;
        }
        Box::pin(async move { Ok(parts) })
    }

    fn rewrite<'a>(&'a self, ags: &'a Ags, parts: &'a [Part]) -> BoxFuture<'a, Result<(), LogError>> {
        self.change(ags, |kept| {
            let rows: Vec<LogRow> = parts.iter().flat_map(|part| part.rows.clone()).collect();
            let (Some(first), Some(last)) = (parts.first(), rows.last()) else {
                return;
            };
            let at = kept.log.rows.partition_point(|row| row.seq < first.first);
            let end = kept.log.rows.partition_point(|row| row.seq <= last.seq);
            kept.log.rows.splice(at..end, rows);
        });
        Box::pin(async { Ok(()) })
    }

    fn rewrite_claims<'a>(&'a self, _ags: &'a Ags, _claims: &'a [Claim]) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(async { Ok(()) })
    }

    fn quarantine<'a>(&'a self, ags: &'a Ags, update: &'a Quarantined) -> BoxFuture<'a, Result<(), LogError>> {
        self.change(ags, |kept| kept.quarantined.push(update.clone()));
        Box::pin(async { Ok(()) })
    }
}
