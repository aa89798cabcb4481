//! The two ends of a socket: what the room keeps of it, and the [`Connection`] that the pump holds.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::body::Bytes;
use model::{
    limits,
    wire::{admission::Refusal, close},
};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{Identity, room::Command};

/// Numbers the sockets of one room.
pub(super) type SeatId = u64;

/// What a room sends to a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A binary frame: one message.
    Frame(Bytes),
    /// Nothing follows: close with this code.
    Close(u16),
}

/// What waits, and how many bytes it counts for.
type Queued = (Outgoing, usize);

/// A socket's end of the room. Dropping it leaves the room.
pub struct Connection {
    /// Frames to the room.
    pub incoming: Incoming,
    /// Frames from the room.
    pub outgoing: OutgoingQueue,
}

/// Takes what the socket read.
pub struct Incoming {
    seat: SeatId,
    room: mpsc::UnboundedSender<Command>,
    inbox: Arc<Semaphore>,
    _token: TaskTrackerToken,
}

/// Gives what the socket has to write.
pub struct OutgoingQueue {
    queue: mpsc::Receiver<Queued>,
    abort: Option<oneshot::Receiver<u16>>,
    waiting: Arc<AtomicUsize>,
    closed: Option<u16>,
}

impl Connection {
    /// Hands a frame to the room. Waits while too many of this socket's frames wait there.
    pub async fn send(&self, frame: impl Into<Bytes>) {
        self.incoming.send(frame).await;
    }

    /// The next thing to write; after a close always that close. Cancelling loses nothing.
    pub async fn recv(&mut self) -> Outgoing {
        self.outgoing.recv().await
    }
}

impl Incoming {
    /// See [`Connection::send`].
    pub async fn send(&self, frame: impl Into<Bytes>) {
        // The semaphore is never closed; without a permit the frame would only wait unbounded.
        let permit = Arc::clone(&self.inbox).acquire_owned().await.ok();
        // A room that is gone has closed this socket: the client sends again.
        let _ = self.room.send(Command::Frame {
            seat: self.seat,
            frame: frame.into(),
            permit,
        });
    }

    /// Ends this socket because of what it read, which was no message at all.
    pub fn refuse(&self, refusal: Refusal) {
        // A room that is gone has closed this socket.
        let _ = self.room.send(Command::Refuse {
            seat: self.seat,
            refusal,
        });
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // A room that is gone has nobody to be left by.
        let _ = self.room.send(Command::Leave { seat: self.seat });
    }
}

impl OutgoingQueue {
    /// See [`Connection::recv`].
    pub async fn recv(&mut self) -> Outgoing {
        if let Some(code) = self.closed {
            return Outgoing::Close(code);
        }
        let next = tokio::select! {
            biased;
            code = aborted(&mut self.abort) => (Outgoing::Close(code), 0),
            next = self.queue.recv() => next.unwrap_or((Outgoing::Close(close::TRY_AGAIN), 0)),
        };
        self.taken(next)
    }

    /// The next frames to write, put behind those in `frames`: one at least, and what else waits, as far as it goes into
    /// one write. Or the code to close with. Cancelling loses nothing.
    pub async fn recv_some(&mut self, frames: &mut Vec<Bytes>) -> Result<(), u16> {
        let mut bytes = 0;
        let mut next = Some(self.recv().await);
        while let Some(Outgoing::Frame(frame)) = next {
            bytes += frame.len();
            frames.push(frame);
            next = (bytes < limits::SOCKET_WRITE_BUFFER_BYTES)
                .then(|| self.try_recv())
                .flatten();
        }
        // A close that was met behind frames comes again at the next call.
        match next {
            Some(Outgoing::Close(code)) if frames.is_empty() => Err(code),
            _ => Ok(()),
        }
    }

    fn try_recv(&mut self) -> Option<Outgoing> {
        let next = self.queue.try_recv().ok()?;
        Some(self.taken(next))
    }

    fn taken(&mut self, (next, counted): Queued) -> Outgoing {
        self.waiting.fetch_sub(counted, Ordering::Relaxed);
        if let Outgoing::Close(code) = &next {
            self.closed = Some(*code);
        }
        next
    }

    /// Waits until the room wants this socket closed at once, whatever is still queued.
    pub async fn aborted(&mut self) -> u16 {
        let code = aborted(&mut self.abort).await;
        self.closed = Some(code);
        code
    }
}

/// The code of an immediate close; waits for ever when the room let go without hurry, for then the queue ends with the
/// reason.
async fn aborted(abort: &mut Option<oneshot::Receiver<u16>>) -> u16 {
    if let Some(receiver) = abort {
        let outcome = receiver.await;
        *abort = None;
        if let Ok(code) = outcome {
            return code;
        }
    }
    std::future::pending().await
}

/// What the room keeps of one socket.
pub(super) struct Seat {
    pub(super) identity: Identity,
    /// Did it ask for our own messages?
    pub(super) said_hello: bool,
    /// Did it ask for the document, so that updates make sense to it?
    pub(super) wants_updates: bool,
    /// The client id whose awareness this socket sends.
    pub(super) awareness: Option<u64>,
    /// The client ids it used.
    pub(super) client_ids: BTreeSet<u64>,
    pub(super) progress: Progress,
    queue: mpsc::Sender<Queued>,
    abort: oneshot::Sender<u16>,
    waiting: Arc<AtomicUsize>,
}

/// How many of a socket's updates are saved.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Update and `SyncStep2` messages so far.
    received: u64,
    /// Counts that are saved once the ledger has committed up to the position beside them; both ascend.
    waiting: VecDeque<(u64, u64)>,
    /// Some message was not taken: nothing more counts as saved until an answer has brought everything.
    incomplete: bool,
    /// One of them came after the newest question was put. The answer to that question need not bring it: what somebody
    /// sends in pieces is left out of the answer behind them.
    missed: bool,
    /// How many of the server's `SyncStep1` the client has not answered yet.
    asked: u32,
    /// Answers in a row that left something missing.
    rounds: u32,
}

impl Progress {
    /// The server puts a question.
    pub(super) fn ask(&mut self) {
        self.asked += 1;
        self.missed = false;
    }

    /// A `SyncStep2` arrived: does it answer a question of the server?
    pub(super) fn is_answer(&mut self) -> bool {
        let is_answer = self.asked > 0;
        self.asked = self.asked.saturating_sub(1);
        is_answer
    }

    /// A message was not taken.
    pub(super) fn miss(&mut self) {
        self.incomplete = true;
        self.missed = true;
    }

    /// An answer left something missing: how many have now, one after the other.
    pub(super) fn answered_in_part(&mut self) -> u32 {
        self.rounds += 1;
        self.rounds
    }

    /// An answer was taken.
    pub(super) fn answered(&mut self) {
        if self.asked == 0 && !self.missed {
            self.incomplete = false;
            self.rounds = 0;
        }
    }

    /// Is something missing that no answer under way may bring?
    pub(super) fn needs_question(&self) -> bool {
        self.incomplete && self.asked == 0
    }

    /// A message of the kind that counts arrived.
    pub(super) fn receive(&mut self) {
        self.received += 1;
    }

    /// All messages so far rest on what the ledger holds up to `position`.
    pub(super) fn settle(&mut self, position: u64) {
        if self.incomplete {
            return;
        }
        match self.waiting.back_mut() {
            Some((count, at)) if *at == position => *count = self.received,
            _ => self.waiting.push_back((self.received, position)),
        }
    }

    /// The ledger has committed up to `position`: the count to tell, if it grew.
    pub(super) fn committed(&mut self, position: u64) -> Option<u64> {
        let mut saved = None;
        while let Some((count, at)) = self.waiting.front() {
            if *at > position {
                break;
            }
            saved = Some(*count);
            self.waiting.pop_front();
        }
        saved
    }
}

impl Seat {
    /// Both ends of a new socket.
    pub(super) fn new(
        id: SeatId,
        identity: Identity,
        room: mpsc::UnboundedSender<Command>,
        token: TaskTrackerToken,
    ) -> (Self, Connection) {
        let (queue, outgoing) = mpsc::channel(limits::SOCKET_QUEUE_MESSAGES);
        let (abort, aborted) = oneshot::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let inbox = Arc::new(Semaphore::new(limits::SOCKET_INBOX_MESSAGES));
        let connection = Connection {
            incoming: Incoming {
                seat: id,
                room,
                inbox,
                _token: token,
            },
            outgoing: OutgoingQueue {
                queue: outgoing,
                abort: Some(aborted),
                waiting: Arc::clone(&waiting),
                closed: None,
            },
        };
        let seat = Self {
            identity,
            said_hello: false,
            wants_updates: false,
            awareness: None,
            client_ids: BTreeSet::new(),
            progress: Progress::default(),
            queue,
            abort,
            waiting,
        };
        (seat, connection)
    }

    /// Queues a frame. `false`: the queue is full, this socket has to go.
    #[must_use]
    pub(super) fn push(&self, frame: &Bytes) -> bool {
        if self.waiting.load(Ordering::Relaxed) > limits::SOCKET_QUEUE_BYTES {
            return false;
        }
        self.waiting.fetch_add(frame.len(), Ordering::Relaxed);
        self.queue
            .try_send((Outgoing::Frame(frame.clone()), frame.len()))
            .is_ok()
    }

    /// Queues what a newcomer needs however long it is: the document, which newcomers share, and who is here.
    #[must_use]
    pub(super) fn push_whole(&self, frame: &Bytes) -> bool {
        self.queue.try_send((Outgoing::Frame(frame.clone()), 0)).is_ok()
    }

    /// Closes after what is queued; at once when the queue is full.
    pub(super) fn close(self, code: u16) {
        if self.queue.try_send((Outgoing::Close(code), 0)).is_err() {
            self.abort(code);
        }
    }

    /// Closes at once, whatever is queued.
    pub(super) fn abort(self, code: u16) {
        // Nobody listens any more: the socket is gone already.
        let _ = self.abort.send(code);
    }
}

#[cfg(test)]
mod tests {
    use model::role::Role;
    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::rooms::ParticipantId;

    fn seat() -> (Seat, Connection) {
        let identity = Identity {
            participant: ParticipantId("anna".to_owned()),
            link: None,
            name: String::new(),
            color: 0,
            role: Role::Participate,
        };
        let (room, _) = mpsc::unbounded_channel();
        Seat::new(1, identity, room, TaskTracker::new().token())
    }

    #[tokio::test]
    async fn what_waits_goes_out_together_as_far_as_one_write_goes() {
        let (seat, mut connection) = seat();
        let small = Bytes::from_static(b"saved");
        let large = Bytes::from(vec![0; limits::SOCKET_WRITE_BUFFER_BYTES]);
        for frame in [&small, &small, &large, &small] {
            assert!(seat.push(frame));
        }
        seat.close(close::GOING_AWAY);
        let mut frames = Vec::new();
        connection.outgoing.recv_some(&mut frames).await.unwrap();
        assert_eq!(frames, [small.clone(), small.clone(), large], "in their order");
        frames.clear();
        connection.outgoing.recv_some(&mut frames).await.unwrap();
        assert_eq!(frames, [small], "the close waits for what is before it");
        frames.clear();
        let closed = connection.outgoing.recv_some(&mut frames).await;
        assert_eq!(closed, Err(close::GOING_AWAY));
        let again = connection.outgoing.recv_some(&mut frames).await;
        assert_eq!((again, frames.len()), (Err(close::GOING_AWAY), 0));
    }
}
