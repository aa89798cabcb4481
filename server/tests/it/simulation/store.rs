//! A disk that forgets, refuses, waits and lies, and the log on it.

use std::{
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use leitnetz::rooms::{
    Batch, Claim, Log, LogError, LogRow, Snapshot,
    log::{BoxFuture, Opening, Part},
};
use model::{ags::Ags, doc, stage::Stage, wire::admission};
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
    /// Synced, as it was committed or as compaction left it: survives everything.
    durable: Vec<Part>,
    claims: Vec<Claim>,
    /// The newest snapshot; a rewritten log may have lost it.
    snapshot: Option<Snapshot>,
    /// Where the Leitbild stands.
    stage: Stage,
    /// Written and not synced: can be read, and is in doubt when the power goes.
    written: Vec<Batch>,
    /// The same for claims whose rows were written again without them.
    unsynced_claims: Vec<Claim>,
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
    /// So many commits are written, and the sync after it fails.
    unsynced: u32,
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
    WrittenAndNotSynced,
}

impl Disk {
    pub(super) fn new(random: Random) -> Self {
        Self(Arc::new(Mutex::new(State {
            random,
            server: 0,
            durable: Vec::new(),
            claims: Vec::new(),
            snapshot: None,
            stage: Stage::default(),
            written: Vec::new(),
            unsynced_claims: Vec::new(),
            content: Content::default(),
            refuses_until: None,
            slow_until: None,
            conflicts: 0,
            lies: 0,
            panics: 0,
            unsynced: 0,
            violation: None,
        })))
    }

    /// The log for a new server; the one before cannot write any more. Had it stopped in good order, it has written
    /// what it had into its tables, and they are synced.
    pub(super) fn open(&self) -> DiskLog {
        let mut state = self.state();
        state.server += 1;
        state.sync_all();
        DiskLog {
            disk: self.clone(),
            server: state.server,
        }
    }

    /// The power goes: of what was written and not synced only the first commits may be there afterwards.
    pub(super) fn crash(&self) {
        let mut state = self.state();
        state.server += 1;
        state.unsynced_claims.clear();
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

    pub(super) fn fail_to_sync(&self, commits: u32) {
        self.state().unsynced = commits;
    }

    pub(super) fn heal(&self) {
        let mut state = self.state();
        state.refuses_until = None;
        state.slow_until = None;
        (state.conflicts, state.lies, state.panics, state.unsynced) = (0, 0, 0, 0);
    }

    /// Is this in the durable rows, and whose it is?
    pub(super) fn holds(&self, content: &Content) -> bool {
        let written_by = content.clocks();
        let is_by = |claim: &Claim| written_by.contains_key(&claim.client_id);
        if self.state().unsynced_claims.iter().any(is_by) {
            return false;
        }
        // A letter can be deleted without a row that says so by name, as the loser of two values for one key: only the
        // document tells then.
        self.state().content.covers(content) || Content::of_doc(&self.document()).covers(content)
    }

    /// The document that the durable rows give.
    pub(super) fn document(&self) -> Doc {
        let doc = doc::new_doc(1);
        let rows: Vec<LogRow> = self.state().rows().cloned().collect();
        for row in rows {
            apply(&doc, &row.update);
        }
        doc
    }

    pub(super) fn updates(&self) -> Vec<Vec<u8>> {
        self.state().rows().map(|row| row.update.clone()).collect()
    }

    /// The number of the newest row, synced or not.
    pub(super) fn last_seq(&self) -> u64 {
        self.state().last_seq()
    }

    /// The row that the newest snapshot includes everything up to.
    pub(super) fn snapshot_seq(&self) -> Option<u64> {
        self.state().snapshot.as_ref().map(|snapshot| snapshot.seq)
    }

    pub(super) fn rows(&self) -> usize {
        self.state().rows().count()
    }

    pub(super) fn set_stage(&self, stage: Stage) {
        self.state().stage = stage;
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
        let written = self.written.last().and_then(|batch| batch.rows.last());
        written.or_else(|| self.rows().last()).map_or(0, |row| row.seq)
    }

    fn rows(&self) -> impl DoubleEndedIterator<Item = &LogRow> {
        self.durable.iter().flat_map(|part| &part.rows)
    }

    /// What can be read: synced or not.
    fn log_after(&self, seq: u64) -> Batch {
        let unsynced = self.written.iter().flat_map(|batch| &batch.rows);
        let claims = self.written.iter().flat_map(|batch| &batch.claims);
        let claims = claims.chain(&self.unsynced_claims);
        Batch {
            rows: self
                .rows()
                .chain(unsynced)
                .filter(|row| row.seq > seq)
                .cloned()
                .collect(),
            claims: self.claims.iter().chain(claims).cloned().collect(),
        }
    }

    fn parts(&self) -> Vec<Part> {
        let unsynced = self.written.iter().filter_map(as_part);
        self.durable.iter().cloned().chain(unsynced).collect()
    }

    /// Keeps a snapshot, which must be what the rows up to its place give.
    fn keep(&mut self, snapshot: &Snapshot) {
        let (given, shot) = (doc::new_doc(1), doc::new_doc(2));
        let rows = self.rows().filter(|row| row.seq <= snapshot.seq);
        for row in rows {
            apply(&given, &row.update);
        }
        apply(&shot, &snapshot.update);
        let is_there = self.rows().any(|row| row.seq == snapshot.seq);
        if !is_there || !Content::of_doc(&given).equals(&Content::of_doc(&shot)) {
            self.violation = Some(format!("the snapshot {} is not what its rows give", snapshot.seq));
        }
        self.snapshot = Some(snapshot.clone());
    }

    /// Puts parts in the place of those that cover the same. Nothing may be left out, and nothing come in. Rows that were
    /// not synced are with it, their claims are not.
    fn rewrite(&mut self, parts: &[Part]) {
        let last_of = |part: &Part| part.rows.last().map_or(0, |row| row.seq);
        let (Some(from), Some(last)) = (parts.first().map(|part| part.first), parts.last().map(last_of)) else {
            return;
        };
        for mut batch in std::mem::take(&mut self.written) {
            if batch.rows.last().is_some_and(|row| row.seq > last) {
                self.written.push(batch);
                continue;
            }
            let claims = std::mem::take(&mut batch.claims).into_iter();
            let unsynced = claims.filter(|claim| !self.claims.contains(claim));
            self.unsynced_claims.extend(unsynced);
            self.sync(batch);
        }
        let start = self.durable.iter().position(|part| part.first == from);
        let end = self.durable.iter().position(|part| last_of(part) == last);
        let (Some(start), Some(end)) = (start, end) else {
            self.violation = Some(format!(
                "rows {from} to {last} are rewritten, where no commits begin and end"
            ));
            return;
        };
        let mut next = from;
        for part in parts {
            if part.first != next {
                self.violation = Some(format!("a rewritten part begins at {} and not at {next}", part.first));
            }
            next = last_of(part) + 1;
        }
        self.durable.splice(start..=end, parts.iter().cloned());
        let mut content = Content::default();
        for row in self.rows() {
            content.add(&Content::of_update(&row.update));
        }
        if !content.equals(&self.content) {
            self.violation = Some(format!("rewriting rows {from} to {last} changed what the log holds"));
        }
        // What comes after such a snapshot may not begin there any more.
        self.snapshot.take_if(|snapshot| (from..last).contains(&snapshot.seq));
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
        self.durable.extend(as_part(&batch));
        self.claim(batch.claims);
    }

    /// These claims are durable.
    fn claim(&mut self, claims: Vec<Claim>) {
        self.unsynced_claims.retain(|claim| !claims.contains(claim));
        for claim in claims {
            let known = &mut self.claims;
            match known.iter().find(|known| known.client_id == claim.client_id) {
                None => known.push(claim),
                Some(first) if *first == claim => {}
                Some(first) => {
                    self.violation = Some(format!("{claim:?} after {first:?}"));
                }
            }
        }
    }

    fn sync_all(&mut self) {
        for batch in std::mem::take(&mut self.written) {
            self.sync(batch);
        }
        let claims = std::mem::take(&mut self.unsynced_claims);
        self.claim(claims);
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
        } else if count_down(&mut self.unsynced) {
            Fate::WrittenAndNotSynced
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
            Fate::Made | Fate::MadeAndReportedFailed | Fate::WrittenAndNotSynced => {}
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
        if matches!(fate, Fate::WrittenAndNotSynced) {
            return Err(LogError::Unavailable("the disk did not sync".to_owned()));
        }
        {
            let mut state = self.alive().await;
            for batch in std::mem::take(&mut state.written) {
                state.sync(batch);
            }
            // Its rows may have been written again meanwhile, without them.
            state.claim(batch.claims.clone());
        }
        self.pause().await;
        drop(self.alive().await);
        match fate {
            Fate::MadeAndReportedFailed => Err(LogError::Unavailable("no answer".to_owned())),
            _ => Ok(()),
        }
    }

    /// Something else than a commit is written: it is made, or the disk refuses.
    async fn write(&self, change: impl FnOnce(&mut State)) -> Result<(), LogError> {
        self.pause().await;
        change(&mut *self.readable().await?);
        self.pause().await;
        drop(self.alive().await);
        Ok(())
    }

    /// The disk, unless it refuses.
    async fn readable(&self) -> Result<MutexGuard<'_, State>, LogError> {
        let state = self.alive().await;
        if state.refuses_until.is_some_and(|until| Instant::now() < until) {
            return Err(LogError::Unavailable("the disk cannot be read".to_owned()));
        }
        Ok(state)
    }
}

impl Log for DiskLog {
    fn load<'a>(&'a self, _ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move {
            self.pause().await;
            Ok(self.readable().await?.log_after(0))
        })
    }

    fn append<'a>(&'a self, _ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(self.commit(batch))
    }

    fn open<'a>(&'a self, _ags: &'a Ags) -> BoxFuture<'a, Result<Opening, LogError>> {
        Box::pin(async move {
            self.pause().await;
            let state = self.readable().await?;
            let snapshot = state.snapshot.clone();
            let log = state.log_after(snapshot.as_ref().map_or(0, |snapshot| snapshot.seq));
            Ok(Opening { snapshot, log })
        })
    }

    fn keep_snapshot<'a>(&'a self, _ags: &'a Ags, snapshot: &'a Snapshot) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(self.write(|state| state.keep(snapshot)))
    }

    fn snapshot<'a>(&'a self, _ags: &'a Ags) -> BoxFuture<'a, Result<Option<Snapshot>, LogError>> {
        Box::pin(async move { Ok(self.readable().await?.snapshot.clone()) })
    }

    fn stage<'a>(&'a self, _ags: &'a Ags) -> BoxFuture<'a, Result<Stage, LogError>> {
        Box::pin(async move { Ok(self.alive().await.stage) })
    }

    fn parts<'a>(&'a self, _ags: &'a Ags, from: u64) -> BoxFuture<'a, Result<Vec<Part>, LogError>> {
        /// A few at a time, so that a step can go on in the next answer.
        const PARTS: usize = 8;
        Box::pin(async move {
            self.pause().await;
            let state = self.readable().await?;
            let parts = state.parts().into_iter().skip_while(|part| part.first != from);
            Ok(parts.take(PARTS).collect())
        })
    }

    fn rewrite<'a>(&'a self, _ags: &'a Ags, parts: &'a [Part]) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(self.write(|state| state.rewrite(parts)))
    }

    fn rewrite_claims<'a>(&'a self, _ags: &'a Ags, claims: &'a [Claim]) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(self.write(|state| state.claim(claims.to_vec())))
    }
}

fn as_part(batch: &Batch) -> Option<Part> {
    Some(Part {
        first: batch.rows.first()?.seq,
        rows: batch.rows.clone(),
    })
}

fn apply(doc: &Doc, update: &[u8]) {
    doc.transact_mut()
        .apply_update(Update::decode_v1(update).unwrap())
        .unwrap();
}
