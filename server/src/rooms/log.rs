//! Where a room keeps its updates: an append-only log for each Leitbild, stated as a trait.

use std::{future::Future, pin::Pin};

use model::{ags::Ags, stage::Stage};

use super::ParticipantId;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One update of a document, as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Place in the log: 1, 2, 3 … Where older rows were merged into one, it has the place of the last of them.
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

/// A whole document, so that a room need not replay its log from the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The row that it includes everything up to.
    pub seq: u64,
    /// The document, in Yjs' update encoding version 1.
    pub update: Vec<u8>,
    /// When it was taken, in milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// What a room opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// None: the rows are the whole log.
    pub snapshot: Option<Snapshot>,
    /// The rows after the snapshot, and all claims.
    pub log: Batch,
}

/// Rows that were committed together: what is read and replaced as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The first place in the log that this part covers. What is before ends right before it.
    pub first: u64,
    /// By ascending `seq`; the last one ends the part.
    pub rows: Vec<LogRow>,
}

/// An update that broke a document while it was applied, for whoever examines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// SHA-256 of the whole update, hexadecimal.
    pub hash: String,
    /// How long the whole update is.
    pub bytes: usize,
    /// Its beginning, at most `QUARANTINE_BYTES`.
    pub update: Vec<u8>,
    /// Who sent it.
    pub by: ParticipantId,
    /// When, in milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// What went wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A row with one of these numbers is there already: another writer, or an earlier attempt that only seemed to
    /// fail, or did not reach the disk.
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

    /// What a room opens with: the newest snapshot that stands before a whole rest of the log. A log without snapshots
    /// gives everything.
    fn open<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Opening, LogError>> {
        Box::pin(async move {
            let log = self.load(ags).await?;
            Ok(Opening { snapshot: None, log })
        })
    }

    /// The rows after `seq`, and all claims.
    fn load_after<'a>(&'a self, ags: &'a Ags, seq: u64) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move {
            let mut log = self.load(ags).await?;
            log.rows.retain(|row| row.seq > seq);
            Ok(log)
        })
    }

    /// Keeps a snapshot in the place of the one before. A log may go without.
    fn keep_snapshot<'a>(&'a self, ags: &'a Ags, snapshot: &'a Snapshot) -> BoxFuture<'a, Result<(), LogError>> {
        let _ = (ags, snapshot);
        Box::pin(async { Ok(()) })
    }

    /// Gives the state after row `seq` a name: compaction keeps it.
    fn name_state<'a>(&'a self, ags: &'a Ags, seq: u64, name: &'a str) -> BoxFuture<'a, Result<(), LogError>> {
        let _ = (ags, seq, name);
        Box::pin(async { Err(LogError::Unavailable("this log keeps no names".to_owned())) })
    }

    /// The named states of a Leitbild, by ascending `seq`.
    fn names<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Vec<(u64, String)>, LogError>> {
        let _ = ags;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Where the Leitbild stands, which decides whether anybody may write. A log may know of drafts only.
    fn stage<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Stage, LogError>> {
        let _ = ags;
        Box::pin(async { Ok(Stage::default()) })
    }

    /// The newest snapshot. A log may have none.
    fn snapshot<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Option<Snapshot>, LogError>> {
        let _ = ags;
        Box::pin(async { Ok(None) })
    }

    /// Some parts in their order, the first of them the one that begins at `from`: about `COMPACT_BYTES`, one at least;
    /// none when nothing begins there.
    fn parts<'a>(&'a self, ags: &'a Ags, from: u64) -> BoxFuture<'a, Result<Vec<Part>, LogError>>;

    /// Puts `parts` in the place of those that cover the same; all or nothing. `Ok` means that they survive a loss of power.
    /// Every log can: a room writes what a failed commit left behind once more, and would go on trying for ever.
    fn rewrite<'a>(&'a self, ags: &'a Ags, parts: &'a [Part]) -> BoxFuture<'a, Result<(), LogError>>;

    /// Writes claims that are there already once more; all or none. `Ok` means that they survive a loss of power.
    fn rewrite_claims<'a>(&'a self, ags: &'a Ags, claims: &'a [Claim]) -> BoxFuture<'a, Result<(), LogError>>;

    /// Keeps an update that broke a document; at most `QUARANTINE_UPDATES` for a Leitbild, the newest. Keeps nothing
    /// unless a log says otherwise.
    fn quarantine<'a>(&'a self, ags: &'a Ags, update: &'a Quarantined) -> BoxFuture<'a, Result<(), LogError>> {
        let _ = (ags, update);
        Box::pin(async { Ok(()) })
    }
}
