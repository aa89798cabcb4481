//! One room: the task that owns a document.
//!
//! The loop takes what waits, relays what it brought as one message, and keeps a commit running beside it. It never
//! waits for the log except when it opens, and when it has to build the document again after a panic in yrs.

mod commits;
mod delivery;
mod people;
mod snapshots;
mod sockets;
mod stage;
mod suggestions;
mod updates;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use axum::body::Bytes;
use model::{
    ags::Ags,
    leitbild::Leitbild,
    limits,
    role::Role,
    stage::Stage,
    talk,
    wire::{Published, ServerMessage, admission::Refusal, awareness, close},
};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    Connection, Identity, ParticipantId, Present, Rewind, RoomError, Rooms, Suggestion, Taking, Whose,
    answers::Answers,
    ledger::{Ledger, Share},
    presence::{Claims, Presence},
    replica::Replica,
    seat::{Seat, SeatId},
};
use commits::{Outcome, finished};
use snapshots::Snapshots;

/// Numbers what holds rooms.
pub(super) type HoldId = u64;

type Reply<T> = oneshot::Sender<Result<T, RoomError>>;

/// What a room is asked to do.
pub(super) enum Command {
    Join {
        identity: Identity,
        token: TaskTrackerToken,
        reply: Reply<Connection>,
    },
    Leave {
        seat: SeatId,
    },
    Frame {
        seat: SeatId,
        frame: Bytes,
        permit: Option<OwnedSemaphorePermit>,
    },
    Refuse {
        seat: SeatId,
        refusal: Refusal,
    },
    Document {
        reply: Reply<Vec<u8>>,
    },
    Leitbild {
        reply: Reply<Leitbild>,
    },
    Fill {
        draft: Leitbild,
        taking: Taking,
        by: ParticipantId,
        reply: Reply<()>,
    },
    Suggestion {
        update: Vec<u8>,
        by: ParticipantId,
        what: Suggestion,
        reply: Reply<()>,
    },
    /// Answers when everything applied so far is committed. With a hold nobody writes from now on, until it is released.
    Settle {
        hold: Option<HoldId>,
        reply: Reply<()>,
    },
    Present {
        reply: Reply<Present>,
    },
    Stage {
        stage: Stage,
    },
    /// `stage`: where the Leitbild stands now, unless the room knows.
    Release {
        hold: HoldId,
        stage: Option<Stage>,
    },
    Rewind {
        rewind: Box<Rewind>,
        by: ParticipantId,
        reply: Reply<()>,
    },
    Published {
        at: String,
    },
    Talked {
        news: Box<talk::News>,
    },
    Dismiss {
        whose: Whose,
        code: u16,
    },
    SetRole {
        whose: Whose,
        role: Role,
    },
    Shutdown,
}

pub(super) struct Room {
    rooms: Rooms,
    ags: Ags,
    /// Given to new connections.
    sender: mpsc::UnboundedSender<Command>,
    commands: mpsc::UnboundedReceiver<Command>,
    replica: Replica,
    answers: Answers,
    claims: Claims,
    presence: Presence,
    seats: BTreeMap<SeatId, Seat>,
    next_seat: SeatId,
    ledger: Ledger,
    snapshots: Snapshots,
    commit: Option<JoinHandle<Outcome>>,
    /// When the last commit was started.
    commit_at: Option<Instant>,
    /// After a failed commit: when to try again, and how long to wait after the next failure.
    retry: Option<(Instant, Duration)>,
    /// The last commit met a conflict that the log does not explain.
    unexplained: bool,
    /// Nothing can be saved at the moment.
    read_only: bool,
    /// Where the Leitbild stands.
    stage: Stage,
    /// Nobody writes as long as there are any, because a decision is being recorded.
    holds: BTreeSet<HoldId>,
    /// Why nobody may write, as everybody was told.
    told: Option<&'static str>,
    /// This room's part of what all rooms keep uncommitted.
    uncommitted: Share,
    /// Updates were put off because too much was uncommitted, or because the text was frozen, which is over.
    overflowed: bool,
    /// What to relay, with the socket that sent it.
    news: Vec<(Vec<u8>, Option<SeatId>)>,
    relayed_at: Option<Instant>,
    /// Awareness to relay, by client id.
    awareness_news: BTreeMap<u64, awareness::Entry>,
    awareness_at: Option<Instant>,
    people_changed: bool,
    people_at: Option<Instant>,
    /// Some socket may have to be told how much is saved.
    saved_changed: bool,
    /// Calls that return when the ledger has committed up to a position.
    waiting: Vec<(u64, Reply<()>)>,
    /// Since when nobody is here.
    idle_since: Option<Instant>,
    /// The server stops: until when to try to commit.
    closing: Option<Instant>,
    /// The document could not be built again: the room ends.
    broken: Option<RoomError>,
}

impl Room {
    pub(super) fn new(
        rooms: Rooms,
        ags: Ags,
        sender: mpsc::UnboundedSender<Command>,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        let replica = Replica::new(rooms.inner.entropy.client_id());
        let uncommitted = Share::of(&rooms.inner.uncommitted);
        Self {
            rooms,
            ags,
            sender,
            commands,
            replica,
            answers: Answers::default(),
            claims: Claims::default(),
            presence: Presence::default(),
            seats: BTreeMap::new(),
            next_seat: 0,
            ledger: Ledger::new(0),
            snapshots: Snapshots::default(),
            commit: None,
            commit_at: None,
            retry: None,
            unexplained: false,
            read_only: false,
            stage: Stage::default(),
            holds: BTreeSet::new(),
            told: None,
            uncommitted,
            overflowed: false,
            news: Vec::new(),
            relayed_at: None,
            awareness_news: BTreeMap::new(),
            awareness_at: None,
            people_changed: false,
            people_at: None,
            saved_changed: false,
            waiting: Vec::new(),
            idle_since: None,
            closing: None,
            broken: None,
        }
    }

    /// Opens the room, serves it, and ends when it is idle or the server stops.
    pub(super) async fn run(mut self) {
        if let Err(error) = self.open().await {
            tracing::error!(room.ags = %self.ags, %error, "A room could not be opened.");
            if matches!(error, RoomError::Corrupt(_)) {
                self.rooms.isolate(&self.ags, &error);
            }
            return self.turn_away(&error);
        }
        loop {
            let wake = self.next_wake();
            tokio::select! {
                // In this order and not by chance, so that a simulated room does the same every time. A commit and a
                // snapshot end once, so they keep nobody from being heard.
                biased;
                outcome = finished(&mut self.commit) => self.finish_commit(outcome),
                outcome = finished(&mut self.snapshots.writing) => self.finish_snapshot(outcome),
                command = self.commands.recv() => {
                    let Some(command) = command else { return };
                    self.handle(command).await;
                    for _ in 1..limits::BATCH_MESSAGES {
                        if self.broken.is_some() {
                            break;
                        }
                        let Ok(command) = self.commands.try_recv() else { break };
                        self.handle(command).await;
                    }
                }
                () = until(wake) => {}
            }
            if let Some(error) = self.broken.take() {
                self.close_all(close::BROKEN);
                return self.turn_away(&error);
            }
            self.relay();
            self.relay_awareness();
            self.start_commit();
            self.write_idle_snapshot();
            self.notice_stalled_commit();
            self.uncommitted.set(self.ledger.bytes());
            self.ask_for_the_rest();
            self.tell_saved();
            self.tell_people();
            if self.is_done() && self.rooms.leave(&self.ags, &mut self.commands) {
                return;
            }
        }
    }

    /// Answers everybody who waits with `error`, then ends.
    fn turn_away(mut self, error: &RoomError) {
        loop {
            while let Ok(command) = self.commands.try_recv() {
                match command {
                    Command::Join { reply, .. } => drop(reply.send(Err(error.clone()))),
                    Command::Document { reply } => drop(reply.send(Err(error.clone()))),
                    Command::Leitbild { reply } => drop(reply.send(Err(error.clone()))),
                    Command::Fill { reply, .. }
                    | Command::Suggestion { reply, .. }
                    | Command::Settle { reply, .. }
                    | Command::Rewind { reply, .. } => drop(reply.send(Err(error.clone()))),
                    Command::Present { reply } => drop(reply.send(Err(error.clone()))),
                    _ => {}
                }
            }
            if self.rooms.leave(&self.ags, &mut self.commands) {
                return;
            }
        }
    }

    async fn handle(&mut self, command: Command) {
        match command {
            Command::Join { identity, token, reply } => self.join(identity, token, reply),
            Command::Leave { seat } => {
                self.remove(seat);
            }
            Command::Frame { seat, frame, permit } => {
                self.take_frame(seat, &frame).await;
                drop(permit);
            }
            Command::Refuse { seat, refusal } => self.refuse(seat, refusal),
            Command::Document { reply } => drop(reply.send(Ok(self.replica.everything()))),
            Command::Leitbild { reply } => drop(reply.send(Ok(self.replica.leitbild()))),
            Command::Fill {
                draft,
                taking,
                by,
                reply,
            } => self.fill(&draft, taking, &by, reply).await,
            Command::Suggestion {
                update,
                by,
                what,
                reply,
            } => self.take_suggestion(&update, by, what, reply).await,
            Command::Talked { news } => self.tell_all(&ServerMessage::Talk(news)),
            Command::Settle { hold, reply } => self.settle_all(hold, reply),
            Command::Present { reply } => {
                let (seq, leitbild) = (self.ledger.last_seq(), self.replica.leitbild());
                drop(reply.send(Ok(Present { seq, leitbild })));
            }
            Command::Stage { stage } => self.set_stage(stage),
            Command::Release { hold, stage } => self.release(hold, stage),
            Command::Rewind { rewind, by, reply } => self.rewind(&rewind, &by, reply).await,
            Command::Published { at } => self.tell_all(&ServerMessage::Published(Published { at })),
            Command::Dismiss { whose, code } => self.dismiss(&whose, code),
            Command::SetRole { whose, role } => self.set_role(&whose, role),
            Command::Shutdown => {
                self.closing
                    .get_or_insert_with(|| Instant::now() + limits::SHUTDOWN_TIMEOUT);
            }
        }
    }

    /// When the loop has to look again without anything happening.
    fn next_wake(&self) -> Option<Instant> {
        let relay = self.relay_at().filter(|_| !self.news.is_empty());
        let people = self.people_due().filter(|_| self.people_changed);
        // With the next relay, if one is due.
        let has_awareness = !self.awareness_news.is_empty() && !self.relays_soon();
        let awareness = self.awareness_due().filter(|_| has_awareness);
        let commit = match &self.commit {
            Some(_) => self.stalled_at(),
            None => self.commit_due().filter(|_| !self.ledger.is_empty()),
        };
        // Other rooms may be what is full.
        let overflow = self.overflowed.then(|| Instant::now() + limits::COMMIT_RETRY_FIRST);
        let idle = self
            .idle_since
            .filter(|_| self.is_settled() && self.snapshots.writing.is_none())
            .map(|since| since + self.rooms.idle_after);
        [relay, awareness, people, commit, overflow, idle, self.closing]
            .into_iter()
            .flatten()
            .min()
    }

    /// Nothing to relay and nothing to commit?
    fn is_settled(&self) -> bool {
        self.ledger.is_empty() && self.commit.is_none() && self.news.is_empty()
    }

    /// May the room end now? A stopping one closes its sockets here.
    fn is_done(&mut self) -> bool {
        if let Some(deadline) = self.closing {
            let in_time = Instant::now() < deadline;
            if !self.is_settled() && in_time {
                return false;
            }
            if !self.is_settled() {
                tracing::error!(room.ags = %self.ags, "The last edits could not be committed before the server stopped.");
            }
            self.close_all(close::GOING_AWAY);
            return true;
        }
        // A decision that holds the room expects it to go on holding.
        self.is_idle() && self.is_settled() && self.snapshots.writing.is_none() && self.holds.is_empty()
    }

    /// Has nobody been here for long enough?
    fn is_idle(&self) -> bool {
        let since = self.idle_since.filter(|_| self.seats.is_empty());
        since.is_some_and(|since| since + self.rooms.idle_after <= Instant::now())
    }
}

async fn until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}
