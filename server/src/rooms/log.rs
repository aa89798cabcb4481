//! Where a room keeps its updates: an append-only log for each Leitbild, stated as a trait.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use model::ags::Ags;

use super::ParticipantId;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One update of a document, as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Place in the log: 1, 2, 3 … without gaps.
    pub seq: u64,
    /// What it brought, in Yjs' update encoding version 1.
    pub update: Vec<u8>,
    /// Who sent it; not always who wrote it, because a neighbour may bring back what a crash cost.
    pub by: ParticipantId,
    /// When it was applied, in milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// A client id belongs to the participant who first used it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub client_id: u64,
    pub participant: ParticipantId,
}

/// Rows with the claims that they rest on: what one commit adds, and what loading returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// By ascending `seq`.
    pub rows: Vec<LogRow>,
    /// Claims may repeat what is already known; the first one stays.
    pub claims: Vec<Claim>,
}

/// What went wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A row with one of these numbers is there already: another writer, or an earlier attempt that only seemed to
    /// fail.
    #[error("a row with this number is already in the log")]
    Conflict,
    /// Anything else; trying again may help.
    #[error("the log is not available: {0}")]
    Unavailable(String),
}

/// The log of all Leitbilder.
pub trait Log: Send + Sync + 'static {
    /// Everything of this Leitbild; empty when there is nothing yet.
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>>;

    /// Adds rows and claims, all or none. `Ok` means that they survive a loss of power.
    ///
    /// Fails with [`LogError::Conflict`] when one of the numbers is taken.
    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>>;
}

/// A log in memory, for tests and simulations.
#[derive(Debug, Default)]
pub struct MemoryLog {
    kept: Mutex<HashMap<Ags, Batch>>,
}

impl MemoryLog {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the log of this Leitbild holds now.
    #[must_use]
    pub fn rows(&self, ags: &Ags) -> Batch {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(ags)
            .cloned()
            .unwrap_or_default()
    }

    /// Adds a batch at once.
    ///
    /// # Errors
    /// [`LogError::Conflict`] when one of the numbers is taken.
    pub fn append_now(&self, ags: &Ags, batch: &Batch) -> Result<(), LogError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(ags.clone()).or_default();
        let last = kept.rows.last().map_or(0, |row| row.seq);
        if batch.rows.first().is_some_and(|row| row.seq <= last) {
            return Err(LogError::Conflict);
        }
        kept.rows.extend(batch.rows.iter().cloned());
        for claim in &batch.claims {
            if kept.claims.iter().all(|known| known.client_id != claim.client_id) {
                kept.claims.push(claim.clone());
            }
        }
        Ok(())
    }
}

impl Log for MemoryLog {
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move { Ok(self.rows(ags)) })
    }

    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(async move { self.append_now(ags, batch) })
    }
}
