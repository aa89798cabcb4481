//! Opening a room, and the snapshots that keep that quick.

use tokio::{task::JoinHandle, time::Instant};

use super::{
    super::{
        Batch, Claim, LogError, RoomError,
        ledger::Ledger,
        log::{Opening, Snapshot},
        replica::{Broken, Replica},
    },
    Room,
};
use model::limits;

/// When the next snapshot is due, and the one that is being written.
#[derive(Default)]
pub(super) struct Snapshots {
    /// Bytes of the last one.
    bytes: usize,
    /// What came after it.
    rows_since: usize,
    bytes_since: usize,
    /// Taken with the running commit; written once that is durable.
    taken: Option<Snapshot>,
    pub(super) writing: Option<JoinHandle<Result<(), LogError>>>,
}

impl Snapshots {
    fn after(opened: &Opened) -> Self {
        Self {
            bytes: opened.snapshot_bytes,
            rows_since: opened.rows,
            bytes_since: opened.bytes,
            ..Self::default()
        }
    }

    /// Is one due once `batch` is in the log?
    fn is_due(&self, batch: &Batch) -> bool {
        let rows = self.rows_since + batch.rows.len();
        let bytes = self.bytes_since + batch.rows.iter().map(|row| row.update.len()).sum::<usize>();
        let is_long = rows >= limits::SNAPSHOT_AFTER_ROWS && bytes * 8 >= self.bytes;
        // Few rows can be many bytes: whoever inserts and deletes much leaves a small document with a large log.
        let is_large = bytes >= limits::SNAPSHOT_AFTER_BYTES.max(self.bytes);
        self.writing.is_none() && (is_long || is_large)
    }
}

/// A document built from its log.
pub(super) struct Opened {
    pub(super) replica: Replica,
    pub(super) claims: Vec<Claim>,
    last_seq: u64,
    snapshot_bytes: usize,
    rows: usize,
    bytes: usize,
}

impl Room {
    pub(super) async fn open(&mut self) -> Result<(), RoomError> {
        let began = Instant::now();
        self.rooms
            .inner
            .history
            .settle(&*self.rooms.inner.log, &self.ags)
            .await?;
        let opened = self.read().await?;
        self.stage = self.rooms.inner.log.stage(&self.ags).await?;
        self.told = self.why_read_only();
        tracing::debug!(
            room.ags = %self.ags, room.rows = opened.rows, room.snapshot_bytes = opened.snapshot_bytes,
            room.open_ms = began.elapsed().as_millis() as u64, "A room was opened."
        );
        self.snapshots = Snapshots::after(&opened);
        self.claims.load(&opened.claims);
        self.ledger = Ledger::new(opened.last_seq);
        self.replica = opened.replica;
        self.idle_since = Some(Instant::now());
        Ok(())
    }

    /// The document as the log has it.
    pub(super) async fn read(&self) -> Result<Opened, RoomError> {
        let log = &self.rooms.inner.log;
        let opening = log.open(&self.ags).await?;
        let has_snapshot = opening.snapshot.is_some();
        match self.build(opening) {
            Err(error @ RoomError::Corrupt(_)) if has_snapshot => {
                tracing::error!(room.ags = %self.ags, %error, "A snapshot could not be read; the whole log is replayed.");
                let log = log.load(&self.ags).await?;
                self.build(Opening { snapshot: None, log })
            }
            other => other,
        }
    }

    fn build(&self, opening: Opening) -> Result<Opened, RoomError> {
        let Opening { snapshot, log } = opening;
        let mut replica = Replica::new(self.rooms.inner.entropy.client_id());
        let snapshot_row = snapshot
            .iter()
            .map(|snapshot| (snapshot.seq, snapshot.update.as_slice()));
        let rows = log.rows.iter().map(|row| (row.seq, row.update.as_slice()));
        replica
            .replay_all(snapshot_row.chain(rows))
            .map_err(|(Broken, seq)| RoomError::Corrupt(seq))?;
        let snapshot_seq = snapshot.as_ref().map_or(0, |snapshot| snapshot.seq);
        Ok(Opened {
            replica,
            last_seq: log.rows.last().map_or(snapshot_seq, |row| row.seq),
            snapshot_bytes: snapshot.map_or(0, |snapshot| snapshot.update.len()),
            rows: log.rows.len(),
            bytes: log.rows.iter().map(|row| row.update.len()).sum(),
            claims: log.claims,
        })
    }

    /// Takes a snapshot along with a commit, if one is due. Only when the commit holds all that is applied, so that the
    /// snapshot is exactly the state after its last row.
    pub(super) fn take_snapshot(&mut self, batch: &Batch, is_all: bool) {
        self.snapshots.taken = None;
        if is_all
            && self.snapshots.is_due(batch)
            && let Some(last) = batch.rows.last()
        {
            self.snapshots.taken = Some(self.snapshot(last.seq));
        }
        self.snapshots.rows_since += batch.rows.len();
        self.snapshots.bytes_since += batch.rows.iter().map(|row| row.update.len()).sum::<usize>();
    }

    /// The commit that it was taken with is durable.
    pub(super) fn write_taken_snapshot(&mut self) {
        if let Some(snapshot) = self.snapshots.taken.take() {
            self.write_snapshot(snapshot);
        }
    }

    /// Nobody is here any more: the next opening should be quick.
    pub(super) fn write_idle_snapshot(&mut self) {
        if self.is_idle()
            && self.is_settled()
            && self.snapshots.writing.is_none()
            && self.snapshots.rows_since >= limits::SNAPSHOT_IDLE_ROWS
        {
            let snapshot = self.snapshot(self.ledger.last_seq());
            self.write_snapshot(snapshot);
        }
    }

    fn snapshot(&self, seq: u64) -> Snapshot {
        Snapshot {
            seq,
            update: self.replica.everything(),
            at_ms: self.rooms.inner.clock.now_ms(),
        }
    }

    fn write_snapshot(&mut self, snapshot: Snapshot) {
        self.snapshots.bytes = snapshot.update.len();
        self.snapshots.rows_since = 0;
        self.snapshots.bytes_since = 0;
        let (log, ags) = (self.rooms.inner.log.clone(), self.ags.clone());
        self.snapshots.writing = Some(tokio::spawn(async move { log.keep_snapshot(&ags, &snapshot).await }));
    }

    /// A snapshot was written, or was not: then the log is as good as before, only longer to read.
    pub(super) fn finish_snapshot(&mut self, outcome: Option<Result<(), LogError>>) {
        self.snapshots.writing = None;
        if let Some(Err(error)) = outcome {
            tracing::warn!(room.ags = %self.ags, %error, "A snapshot could not be written.");
        }
    }
}
