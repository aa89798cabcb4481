//! From the document to its log and back.

use std::fmt::Write as _;

use model::{
    leitbild::Leitbild,
    limits,
    wire::{ServerMessage, admission, admission::Refusal},
};
use sha2::{Digest, Sha256};
use tokio::{task::JoinHandle, time::Instant};

use super::{
    super::{
        Batch, LogError, ParticipantId, Quarantined, Rewind, RoomError, Taking,
        replica::{Broken, Replica},
        seat::SeatId,
    },
    Reply, Room,
};

/// What a task of the log came back with.
pub(super) enum Outcome {
    Appended(Result<(), LogError>),
    /// What the log has beyond what is known here, after a conflict; durable now, whatever became of the commit it came by.
    TakenOver(Result<Batch, LogError>),
}

/// The outcome of the running task, `None` when it panicked or was aborted. Never ends without one.
pub(super) async fn finished<T>(task: &mut Option<JoinHandle<T>>) -> Option<T> {
    match task {
        Some(task) => task.await.ok(),
        None => std::future::pending().await,
    }
}

impl Room {
    /// Starts the next commit unless one is running or it is too early.
    pub(super) fn start_commit(&mut self) {
        if self.commit.is_some() || self.commit_due().is_some_and(|at| at > Instant::now()) {
            return;
        }
        let Some(batch) = self.ledger.begin() else { return };
        self.commit_at = Some(Instant::now());
        self.rooms.inner.history.doubt(&self.ags, self.ledger.last_seq());
        self.take_snapshot(&batch, self.ledger.is_all_in_flight());
        let (log, ags) = (self.rooms.inner.log.clone(), self.ags.clone());
        // Its own task: the engine's work must not hold up relaying.
        self.commit = Some(tokio::spawn(async move {
            Outcome::Appended(log.append(&ags, &batch).await)
        }));
    }

    /// The earliest moment for the next commit; none when it may start at once. A stopping room does not group.
    pub(super) fn commit_due(&self) -> Option<Instant> {
        let retry = self.retry.map(|(at, _)| at);
        let grouped = self.commit_at.map(|at| at + limits::COMMIT_PAUSE);
        retry.max(grouped.filter(|_| self.closing.is_none()))
    }

    /// When the running commit counts as failing, unless everybody was told already.
    pub(super) fn stalled_at(&self) -> Option<Instant> {
        self.commit_at
            .filter(|_| self.commit.is_some() && !self.read_only)
            .map(|at| at + limits::COMMIT_STALLED_AFTER)
    }

    /// Tells everybody when a commit does not come back. It goes on: what became of it is not known before it ends.
    pub(super) fn notice_stalled_commit(&mut self) {
        if self.stalled_at().is_some_and(|at| at <= Instant::now()) {
            tracing::error!(room.ags = %self.ags, "A commit takes very long.");
            self.set_read_only(true);
        }
    }

    fn set_read_only(&mut self, is_read_only: bool) {
        self.read_only = is_read_only;
        self.tell_read_only();
    }

    pub(super) fn finish_commit(&mut self, outcome: Option<Outcome>) {
        self.commit = None;
        match outcome {
            Some(Outcome::Appended(Ok(()))) => {
                self.rooms.inner.history.trust(&self.ags);
                self.ledger.done();
                self.saved_changed = true;
                self.unexplained = false;
                self.write_taken_snapshot();
                self.recovered();
            }
            Some(Outcome::Appended(Err(LogError::Conflict))) => {
                tracing::warn!(room.ags = %self.ags, "Another writer or an earlier attempt took the numbers of a commit.");
                let (rooms, ags, known) = (self.rooms.clone(), self.ags.clone(), self.ledger.last_seq());
                self.commit = Some(tokio::spawn(async move {
                    let inner = &rooms.inner;
                    Outcome::TakenOver(inner.history.take_over(&*inner.log, &ags, known).await)
                }));
            }
            Some(Outcome::TakenOver(Ok(log))) => {
                self.rooms.inner.history.trust(&self.ags);
                let explained = self.ledger.reconcile(&log);
                self.saved_changed = true;
                self.claims.load(&log.claims);
                for row in &log.rows {
                    // What another writer logged is news to everybody here.
                    match self.replica.replay(&row.update) {
                        Ok(Some(news)) => self.news.push((news, None)),
                        Ok(None) => {}
                        Err(Broken) => self.broken = Some(RoomError::Corrupt(row.seq)),
                    }
                }
                // The engine may report one that passes. The same again at once would not.
                if explained {
                    self.recovered();
                } else if std::mem::replace(&mut self.unexplained, true) {
                    self.failed("a conflict with nothing that the log shows");
                }
            }
            Some(
                Outcome::Appended(Err(LogError::Unavailable(error)))
                | Outcome::TakenOver(Err(LogError::Unavailable(error))),
            ) => {
                self.failed(&error);
            }
            Some(Outcome::TakenOver(Err(LogError::Conflict))) => {
                self.failed("a conflict while what is in the log was written again");
            }
            None => self.failed("the task of the commit ended early"),
        }
        self.answer_waiting();
    }

    /// Answers the calls whose rows are committed.
    pub(super) fn answer_waiting(&mut self) {
        let committed = self.ledger.committed();
        for (_, reply) in self.waiting.extract_if(.., |(position, _)| *position <= committed) {
            drop(reply.send(Ok(())));
        }
    }

    /// The log took no rows: keep them, say so, try again later.
    pub(super) fn failed(&mut self, error: &str) {
        self.ledger.failed();
        let pause = self.retry.map_or(limits::COMMIT_RETRY_FIRST, |(_, pause)| {
            (pause * 2).min(limits::COMMIT_RETRY_MAX)
        });
        self.retry = Some((Instant::now() + pause, pause));
        tracing::error!(room.ags = %self.ags, error, retry.pause_ms = pause.as_millis() as u64, "A commit failed.");
        self.set_read_only(true);
    }

    /// The log takes rows again.
    pub(super) fn recovered(&mut self) {
        self.retry = None;
        if self.read_only {
            tracing::info!(room.ags = %self.ags, "Commits succeed again.");
            self.set_read_only(false);
        }
    }

    /// Is there too much uncommitted to keep any more of it in memory?
    pub(super) fn is_full(&self) -> bool {
        self.ledger.bytes() > limits::UNCOMMITTED_MAX_BYTES || self.uncommitted.sum() > limits::UNCOMMITTED_TOTAL_BYTES
    }

    /// Asks for what was put off while too much was uncommitted.
    pub(super) fn ask_for_the_rest(&mut self) {
        if !self.overflowed || self.is_full() {
            return;
        }
        self.overflowed = false;
        let unheard: Vec<SeatId> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.progress.needs_question() && seat.identity.role.may_write())
            .map(|(id, _)| *id)
            .collect();
        for id in unheard {
            self.ask(id);
        }
    }

    /// Tells each socket how much of what it sent is saved, together with the next relay if there is one.
    pub(super) fn tell_saved(&mut self) {
        if !self.saved_changed || self.relays_soon() {
            return;
        }
        self.saved_changed = false;
        let committed = self.ledger.committed();
        let mut saved = Vec::new();
        for (id, seat) in &mut self.seats {
            if let Some(count) = seat.progress.committed(committed) {
                saved.push((*id, count));
            }
        }
        for (id, count) in saved {
            self.tell(id, &ServerMessage::Saved(count));
        }
    }

    /// Keeps an update that broke the document for the operator, and reports it once.
    pub(super) fn quarantine(&self, update: &[u8], by: ParticipantId) {
        let hash = Sha256::digest(update).iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        if !self.rooms.is_new_in_quarantine(&hash) {
            return;
        }
        tracing::warn!(
            room.ags = %self.ags, update.bytes = update.len(), update.hash = hash,
            "An update broke the document, which is built again."
        );
        let quarantined = Quarantined {
            hash,
            bytes: update.len(),
            update: update[..update.len().min(limits::QUARANTINE_BYTES)].to_vec(),
            by,
            at_ms: self.rooms.inner.clock.now_ms(),
        };
        let (log, ags) = (self.rooms.inner.log.clone(), self.ags.clone());
        self.rooms.inner.tracker.spawn(async move {
            if let Err(error) = log.quarantine(&ags, &quarantined).await {
                tracing::warn!(room.ags = %ags, %error, "An update could not be put into quarantine.");
            }
        });
    }

    /// Builds the document again: from the log, and from what is not committed yet. When that cannot be, the room ends:
    /// what was not saved is with those who wrote it.
    pub(super) async fn rebuild(&mut self) {
        let mut pause = limits::COMMIT_RETRY_FIRST;
        loop {
            match self.read_all().await {
                Ok(replica) => {
                    self.replica = replica;
                    self.answers.clear();
                    return;
                }
                Err(error @ RoomError::Corrupt(_)) => {
                    tracing::error!(room.ags = %self.ags, %error, "A room could not be built again.");
                    self.broken = Some(error);
                    return;
                }
                Err(error) => {
                    tracing::error!(room.ags = %self.ags, %error, "A room could not be built again yet.");
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(limits::COMMIT_RETRY_MAX);
        }
    }

    /// The document as the log has it, and what is not committed yet.
    async fn read_all(&self) -> Result<Replica, RoomError> {
        let mut replica = self.read().await?.replica;
        let uncommitted = self.ledger.updates().map(|update| (0, update));
        replica
            .replay_all(uncommitted)
            .map_err(|(Broken, seq)| RoomError::Corrupt(seq))?;
        Ok(replica)
    }

    pub(super) async fn fill(&mut self, draft: &Leitbild, taking: Taking, by: &ParticipantId, reply: Reply<()>) {
        let client_id = self.rooms.inner.entropy.client_id();
        let entropy = &self.rooms.inner.entropy;
        let update = match self.replica.draft(draft, taking, client_id, &mut || entropy.random()) {
            Ok(_) if self.is_frozen() => return drop(reply.send(Err(RoomError::Frozen))),
            Ok(update) => update,
            Err(error) => return drop(reply.send(Err(error))),
        };
        if let Err(error) = self.write(&update, client_id, by).await {
            return drop(reply.send(Err(error)));
        }
        self.waiting.push((self.ledger.position(), reply));
        self.answer_waiting();
    }

    /// Brings an earlier state back, and tells everybody.
    pub(super) async fn rewind(&mut self, rewind: &Rewind, by: &ParticipantId, reply: Reply<()>) {
        if self.is_frozen() {
            return drop(reply.send(Err(RoomError::Frozen)));
        }
        let client_id = self.rooms.inner.entropy.client_id();
        let update = match self.replica.rewind(&rewind.past, &rewind.what, client_id) {
            Ok(update) => update,
            Err(error) => return drop(reply.send(Err(error))),
        };
        if let Err(error) = self.write(&update, client_id, by).await {
            return drop(reply.send(Err(error)));
        }
        self.tell_all(&ServerMessage::Restored(rewind.restored.clone()));
        self.waiting.push((self.ledger.position(), reply));
        self.answer_waiting();
    }

    /// Takes what the server itself wrote under `client_id`.
    async fn write(&mut self, update: &[u8], client_id: u64, by: &ParticipantId) -> Result<(), RoomError> {
        let refused = |refusal: Refusal| RoomError::Draft(refusal.to_string());
        let summary = admission::scan(update).map_err(refused)?;
        self.replica.check_size(update, &summary).map_err(refused)?;
        let Ok(news) = self.replica.apply(update, &summary) else {
            self.rebuild().await;
            return Err(refused(Refusal::NotApplied));
        };
        self.claims.claim(client_id, by);
        if let Some(news) = news {
            let claims = self.claims.unlogged([client_id]);
            self.ledger
                .push(news.clone(), by, self.rooms.inner.clock.now_ms(), claims);
            self.news.push((news, None));
        }
        Ok(())
    }
}
