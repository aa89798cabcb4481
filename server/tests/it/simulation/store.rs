//! A disk that forgets, refuses, waits and lies, and the log on it.

use std::{
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use leitnetz::rooms::{Batch, Log, LogError, log::BoxFuture};
use model::{ags::Ags, doc, wire::admission};
use tokio::time::{Instant, sleep};
use yrs::{Doc, Transact, Update, updates::decoder::Decode};

use super::random::Random;
use crate::content::Content;

/// The machine's disk: it stays while servers come and go.
#[derive(Clone)]
pub(super) struct Disk(Arc<Mutex<State>>);

struct State {
    random: Random,
    /// Counts the servers that have opened the disk: what an earlier one still does has no effect.
    server: u64,
    /// Synced: survives everything.
    durable: Batch,
    /// Written, not synced: in doubt when the power goes.
    written: Vec<Batch>,
    /// The durable rows' content.
    content: Content,
    refuses_until: Option<Instant>,
    slow_until: Option<Instant>,
    /// So many commits are not made, because another transaction is said to be in the way.
    conflicts: u32,
    /// So many commits are made, and then reported as failed.
    lies: u32,
    /// So many commits end in a panic of their task.
    panics: u32,
    violation: Option<String>,
}

/// The disk as one server has it open.
pub(super) struct DiskLog {
    disk: Disk,
    server: u64,
}

/// What becomes of one commit.
enum Fate {
    Made,
    Refused,
    InTheWay,
    MadeAndReportedFailed,
    Panics,
}

impl Disk {
    pub(super) fn new(random: Random) -> Self {
        Self(Arc::new(Mutex::new(State {
            random,
            server: 0,
            durable: Batch::default(),
            written: Vec::new(),
            content: Content::default(),
            refuses_until: None,
            slow_until: None,
            conflicts: 0,
            lies: 0,
            panics: 0,
            violation: None,
        })))
    }

    /// The log for a new server; the one before cannot write any more.
    pub(super) fn open(&self) -> DiskLog {
        let mut state = self.state();
        state.server += 1;
        DiskLog {
            disk: self.clone(),
            server: state.server,
        }
    }

    /// The power goes: of what was written and not synced only the first commits may be there afterwards.
    pub(super) fn crash(&self) {
        let mut state = self.state();
        state.server += 1;
        let written = std::mem::take(&mut state.written);
        let kept = state.random.index(written.len() + 1);
        for batch in written.into_iter().take(kept) {
            state.sync(batch);
        }
    }

    pub(super) fn refuse(&self, until: Instant) {
        self.state().refuses_until = Some(until);
    }

    pub(super) fn slow_down(&self, until: Instant) {
        self.state().slow_until = Some(until);
    }

    pub(super) fn put_in_the_way(&self, commits: u32) {
        self.state().conflicts = commits;
    }

    pub(super) fn lie(&self, commits: u32) {
        self.state().lies = commits;
    }

    pub(super) fn panic(&self, commits: u32) {
        self.state().panics = commits;
    }

    pub(super) fn heal(&self) {
        let mut state = self.state();
        state.refuses_until = None;
        state.slow_until = None;
        (state.conflicts, state.lies, state.panics) = (0, 0, 0);
    }

    /// Is this in the durable rows?
    pub(super) fn holds(&self, content: &Content) -> bool {
        // A letter can be deleted without a row that says so by name, as the loser of two values for one key: only the
        // document tells then.
        self.state().content.covers(content) || Content::of_doc(&self.document()).covers(content)
    }

    /// The document that the durable rows give.
    pub(super) fn document(&self) -> Doc {
        let doc = doc::new_doc(1);
        let rows = self.state().durable.rows.clone();
        for row in rows {
            doc.transact_mut()
                .apply_update(Update::decode_v1(&row.update).unwrap())
                .unwrap();
        }
        doc
    }

    pub(super) fn updates(&self) -> Vec<Vec<u8>> {
        self.state().durable.rows.iter().map(|row| row.update.clone()).collect()
    }

    /// What the log was asked to do and must not be asked.
    pub(super) fn violation(&self) -> Option<String> {
        self.state().violation.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn last_seq(&self) -> u64 {
        let rows = self.written.last().map_or(&self.durable.rows, |batch| &batch.rows);
        rows.last().map_or(0, |row| row.seq)
    }

    fn sync(&mut self, batch: Batch) {
        for row in &batch.rows {
            let complete = admission::scan(&row.update).is_ok_and(|summary| {
                let doc = self.clocks();
                summary.is_complete(|client| doc.get(&client).copied().unwrap_or(0))
            });
            if !complete {
                self.violation = Some(format!("row {} of the log has a gap before it", row.seq));
            }
            self.content.add(&Content::of_update(&row.update));
        }
        self.durable.rows.extend(batch.rows);
        for claim in batch.claims {
            let known = &mut self.durable.claims;
            match known.iter().find(|known| known.client_id == claim.client_id) {
                None => known.push(claim),
                Some(first) if *first == claim => {}
                Some(first) => {
                    self.violation = Some(format!("{claim:?} after {first:?}"));
                }
            }
        }
    }

    fn clocks(&self) -> std::collections::BTreeMap<u64, u32> {
        self.content.clocks()
    }

    fn is_slow(&self) -> bool {
        self.slow_until.is_some_and(|until| Instant::now() < until)
    }

    fn pause(&mut self) -> Duration {
        let most_ms = if self.is_slow() { 4_000 } else { 12 };
        Duration::from_micros(self.random.below(most_ms * 1_000))
    }

    fn fate(&mut self) -> Fate {
        let count_down = |count: &mut u32| {
            let counts = *count > 0;
            *count = count.saturating_sub(1);
            counts
        };
        if self.refuses_until.is_some_and(|until| Instant::now() < until) {
            Fate::Refused
        } else if count_down(&mut self.panics) {
            Fate::Panics
        } else if count_down(&mut self.conflicts) {
            Fate::InTheWay
        } else if count_down(&mut self.lies) {
            Fate::MadeAndReportedFailed
        } else {
            Fate::Made
        }
    }
}

impl DiskLog {
    /// The disk, unless this server is dead: then nothing happens any more, for ever.
    async fn alive(&self) -> MutexGuard<'_, State> {
        if self.disk.state().server != self.server {
            pending::<()>().await;
        }
        self.disk.state()
    }

    async fn pause(&self) {
        let pause = self.alive().await.pause();
        sleep(pause).await;
    }

    async fn commit(&self, batch: &Batch) -> Result<(), LogError> {
        let fate = self.alive().await.fate();
        self.pause().await;
        match fate {
            Fate::Refused => return Err(LogError::Unavailable("the disk is full".to_owned())),
            Fate::InTheWay => return Err(LogError::Conflict),
            // Without the hook, which would print it.
            Fate::Panics => std::panic::resume_unwind(Box::new("a panic that the simulation asked for")),
            Fate::Made | Fate::MadeAndReportedFailed => {}
        }
        {
            let mut state = self.alive().await;
            let next = state.last_seq() + 1;
            if batch.rows.first().is_some_and(|row| row.seq < next) {
                return Err(LogError::Conflict);
            }
            if batch.rows.iter().zip(next..).any(|(row, seq)| row.seq != seq) {
                state.violation = Some(format!("rows are not numbered from {next} on without gaps"));
            }
            state.written.push(batch.clone());
        }
        self.pause().await;
        {
            let mut state = self.alive().await;
            for batch in std::mem::take(&mut state.written) {
                state.sync(batch);
            }
        }
        self.pause().await;
        drop(self.alive().await);
        match fate {
            Fate::MadeAndReportedFailed => Err(LogError::Unavailable("no answer".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Log for DiskLog {
    fn load<'a>(&'a self, _ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move {
            self.pause().await;
            let state = self.alive().await;
            if state.refuses_until.is_some_and(|until| Instant::now() < until) {
                return Err(LogError::Unavailable("the disk cannot be read".to_owned()));
            }
            Ok(state.durable.clone())
        })
    }

    fn append<'a>(&'a self, _ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(self.commit(batch))
    }
}
