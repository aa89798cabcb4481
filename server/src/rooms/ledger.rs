//! What was applied and is not committed yet. Decides what goes into the next commit; writes nothing itself.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{Batch, Claim, LogRow, ParticipantId, replica::join};
use model::limits;

/// The rows between the document and its log, oldest first.
///
/// A *position* counts rows since the room was opened; it is what "everything applied before" is measured with. The
/// number of a row (`seq`) is only given when it is committed, because another writer may have taken it.
#[derive(Debug)]
pub(super) struct Ledger {
    waiting: VecDeque<Pending>,
    /// How many of `waiting` the running commit holds.
    in_flight: usize,
    /// The `seq` of the first waiting row.
    next_seq: u64,
    /// Position up to which everything is committed.
    committed: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Pending {
    update: Vec<u8>,
    by: ParticipantId,
    at_ms: i64,
    claims: Vec<Claim>,
}

impl Ledger {
    /// A ledger that goes on after row `last_seq`.
    pub(super) fn new(last_seq: u64) -> Self {
        Self {
            waiting: VecDeque::new(),
            in_flight: 0,
            next_seq: last_seq + 1,
            committed: 0,
            bytes: 0,
        }
    }

    /// Adds an applied update. Consecutive small ones of one participant become one row.
    pub(super) fn push(&mut self, update: Vec<u8>, by: &ParticipantId, at_ms: i64, claims: Vec<Claim>) {
        if self.waiting.len() > self.in_flight
            && let Some(last) = self.waiting.back_mut()
            && last.by == *by
            && last.update.len() + update.len() < limits::ROW_JOIN_BYTES
            && let [joined] = join(vec![last.update.clone(), update.clone()]).as_slice()
        {
            self.bytes = self.bytes - last.update.len() + joined.len();
            last.update = joined.clone();
            last.claims.extend(claims);
            return;
        }
        self.bytes += update.len() + limits::UNCOMMITTED_ROW_BYTES;
        self.waiting.push_back(Pending {
            update,
            by: by.clone(),
            at_ms,
            claims,
        });
    }

    /// Position after the newest row.
    pub(super) fn position(&self) -> u64 {
        self.committed + self.waiting.len() as u64
    }

    /// Position up to which everything is committed.
    pub(super) fn committed(&self) -> u64 {
        self.committed
    }

    /// The newest row of the log.
    pub(super) fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Does the running commit hold everything?
    pub(super) fn is_all_in_flight(&self) -> bool {
        self.in_flight == self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What waits costs about this many bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The uncommitted updates, oldest first.
    pub(super) fn updates(&self) -> impl Iterator<Item = &[u8]> {
        self.waiting.iter().map(|row| row.update.as_slice())
    }

    /// The next commit, if there is something to commit. It counts as running until [`Self::done`], [`Self::failed`]
    /// or [`Self::reconcile`].
    pub(super) fn begin(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut bytes = 0;
        for (row, seq) in self.waiting.iter().take(limits::COMMIT_ROWS).zip(self.next_seq..) {
            bytes += row.update.len();
            if !batch.rows.is_empty() && bytes > limits::COMMIT_BYTES {
                break;
            }
            batch.claims.extend(row.claims.iter().cloned());
            let (by, at_ms) = (row.by.clone(), row.at_ms);
            batch.rows.push(LogRow {
                seq,
                update: row.update.clone(),
                by,
                at_ms,
            });
        }
        self.in_flight = batch.rows.len();
        (self.in_flight > 0).then_some(batch)
    }

    /// The running commit is durable.
    pub(super) fn done(&mut self) {
        self.forget(self.in_flight);
    }

    /// The running commit failed: its rows wait for the next one.
    pub(super) fn failed(&mut self) {
        self.in_flight = 0;
    }

    /// The running commit met rows that were there already: `log` is what the log holds, durably. What of ours is in it
    /// counts as committed, the rest goes behind it. `false`: the log holds nothing that explains the conflict.
    pub(super) fn reconcile(&mut self, log: &Batch) -> bool {
        let before = self.next_seq;
        let ours = log
            .rows
            .iter()
            .filter(|row| row.seq >= self.next_seq)
            .zip(self.waiting.iter().take(self.in_flight))
            .take_while(|(kept, row)| kept.update == row.update && kept.by == row.by && kept.at_ms == row.at_ms)
            .count();
        self.forget(ours);
        self.next_seq = self.next_seq.max(log.rows.last().map_or(0, |row| row.seq) + 1);
        self.in_flight = 0;
        self.next_seq > before
    }

    fn forget(&mut self, count: usize) {
        for row in self.waiting.drain(..count.min(self.waiting.len())) {
            self.bytes -= row.update.len() + limits::UNCOMMITTED_ROW_BYTES;
        }
        self.committed += count as u64;
        self.next_seq += count as u64;
        self.in_flight = 0;
    }
}

/// One room's part of a sum over all rooms; it goes with the room.
#[derive(Debug)]
pub(super) struct Share {
    sum: Arc<AtomicUsize>,
    part: usize,
}

impl Share {
    pub(super) fn of(sum: &Arc<AtomicUsize>) -> Self {
        Self {
            sum: Arc::clone(sum),
            part: 0,
        }
    }

    /// This room's part is `part` now.
    pub(super) fn set(&mut self, part: usize) {
        if part >= self.part {
            self.sum.fetch_add(part - self.part, Ordering::Relaxed);
        } else {
            self.sum.fetch_sub(self.part - part, Ordering::Relaxed);
        }
        self.part = part;
    }

    /// All rooms together.
    pub(super) fn sum(&self) -> usize {
        self.sum.load(Ordering::Relaxed)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(name: &str) -> ParticipantId {
        ParticipantId(name.to_owned())
    }

    #[test]
    fn what_arrives_during_a_commit_is_not_joined_to_it() {
        let mut ledger = Ledger::new(7);
        ledger.push(vec![0, 0], &by("a"), 1, Vec::new());
        let batch = ledger.begin().unwrap();
        assert_eq!(batch.rows[0].seq, 8);
        ledger.push(vec![0, 0], &by("a"), 2, Vec::new());
        assert_eq!(ledger.position(), 2);
        ledger.done();
        assert_eq!(ledger.committed(), 1);
        assert_eq!(ledger.begin().unwrap().rows[0].seq, 9);
    }

    #[test]
    fn a_commit_that_only_seemed_to_fail_is_recognised() {
        let mut ledger = Ledger::new(0);
        ledger.push(vec![0, 0], &by("a"), 1, Vec::new());
        ledger.push(vec![0, 0], &by("b"), 2, Vec::new());
        let log = ledger.begin().unwrap();
        assert!(ledger.reconcile(&log));
        assert_eq!(ledger.committed(), 2);
        assert_eq!(ledger.bytes(), 0);
        assert!(ledger.is_empty());
        ledger.push(vec![0, 0], &by("a"), 3, Vec::new());
        assert_eq!(ledger.begin().unwrap().rows[0].seq, 3);
    }

    #[test]
    fn another_writers_rows_push_ours_back() {
        let mut ledger = Ledger::new(0);
        ledger.push(vec![0, 0], &by("a"), 1, Vec::new());
        ledger.begin().unwrap();
        let row = LogRow {
            seq: 1,
            update: vec![9],
            by: by("z"),
            at_ms: 0,
        };
        let log = Batch {
            rows: vec![row],
            claims: Vec::new(),
        };
        assert!(ledger.reconcile(&log));
        assert_eq!(ledger.committed(), 0);
        assert!(!ledger.reconcile(&log), "the same again explains no further conflict");
        assert_eq!(ledger.begin().unwrap().rows[0].seq, 2);
    }
}
