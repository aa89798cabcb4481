//! The handle to all rooms: finds a room, or opens it, and asks it. What concerns all of them is kept here.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use model::{ags::Ags, leitbild::Leitbild, limits, role::Role, stage::Stage, talk, wire::close};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tokio_util::task::TaskTracker;

use super::{
    Clock, Compacted, Connection, Entropy, HistoryEntry, Identity, LinkId, Log, LogError, ParticipantId, Present,
    Rewind, RoomError, Suggestion, Taking, Whose,
    history::History,
    room::{Command, HoldId, Room},
};

/// As long as it is there, nobody writes in a room: a decision is recorded on exactly what stands there. Several may hold a
/// room at once, each for itself.
pub struct Hold {
    rooms: Rooms,
    ags: Ags,
    id: HoldId,
    is_released: bool,
}

/// The handle to all rooms. Cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    pub(super) inner: Arc<Inner>,
    pub(super) idle_after: Duration,
}

pub(super) struct Inner {
    pub(super) log: Arc<dyn Log>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) history: History,
    state: Mutex<State>,
    /// Uncommitted bytes of all rooms.
    pub(super) uncommitted: Arc<AtomicUsize>,
    /// Counts rooms and connections, so that a stop can wait for them.
    pub(super) tracker: TaskTracker,
    /// Numbers the holds.
    holds: AtomicU64,
}

#[derive(Default)]
struct State {
    rooms: HashMap<Ags, mpsc::UnboundedSender<Command>>,
    /// Withdrawn while this server runs: a socket whose link was checked just before must not slip in.
    revoked: HashSet<LinkId>,
    /// Rooms whose stored document could not be opened: until when that is not tried again.
    broken: HashMap<Ags, (Instant, RoomError)>,
    /// Participants whose update broke a document: until when they are not let in.
    kept_out: HashMap<ParticipantId, Instant>,
    /// Hashes of updates that broke a document, each reported once.
    quarantined: HashSet<String>,
    /// Set while this server runs: a socket whose role was looked up just before must not keep it.
    roles: HashMap<ParticipantId, Role>,
    closing: bool,
}

impl Hold {
    /// Lets go. The room knows where the Leitbild stands.
    pub fn release(mut self) {
        self.is_released = true;
        self.rooms.release(&self.ags, self.id, None);
    }
}

impl Drop for Hold {
    /// Lets go when it is not known what came of it: the log says where the Leitbild stands.
    fn drop(&mut self) {
        if self.is_released {
            return;
        }
        let (rooms, ags, id) = (self.rooms.clone(), self.ags.clone(), self.id);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return rooms.release(&ags, id, None);
        };
        runtime.spawn(async move {
            let stage = rooms.inner.log.stage(&ags).await;
            rooms.release(&ags, id, stage.ok());
        });
    }
}

impl Rooms {
    #[must_use]
    pub fn new(log: Arc<dyn Log>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let inner = Inner {
            log,
            clock,
            entropy,
            history: History::default(),
            state: Mutex::default(),
            uncommitted: Arc::default(),
            tracker: TaskTracker::new(),
            holds: AtomicU64::new(1),
        };
        Self {
            inner: Arc::new(inner),
            idle_after: limits::ROOM_IDLE,
        }
    }

    /// Drops rooms that nobody uses after this long instead of [`limits::ROOM_IDLE`].
    #[must_use]
    pub fn idle_after(mut self, idle_after: Duration) -> Self {
        self.idle_after = idle_after;
        self
    }

    /// How many rooms are open.
    #[must_use]
    pub fn open_rooms(&self) -> usize {
        self.state().rooms.len()
    }

    /// Enters the room of `ags`, opening it when nobody is there. The server's `SyncStep1` and everybody's awareness
    /// are already on their way in the returned connection.
    ///
    /// # Errors
    /// When the log cannot be read, the room is full, this participant has too many sockets in it or has just broken a
    /// document, the link was withdrawn, or the server is stopping.
    pub async fn join(&self, ags: &Ags, identity: Identity) -> Result<Connection, RoomError> {
        let token = self.inner.tracker.token();
        self.ask(ags, |reply| Command::Join { identity, token, reply }).await
    }

    /// The document as one update that holds everything, in Yjs' encoding version 1.
    ///
    /// # Errors
    /// When the log cannot be read or the server is stopping.
    pub async fn document(&self, ags: &Ags) -> Result<Vec<u8>, RoomError> {
        self.ask(ags, |reply| Command::Document { reply }).await
    }

    /// The Leitbild as it stands now.
    ///
    /// # Errors
    /// When the log cannot be read or the server is stopping.
    pub async fn leitbild(&self, ags: &Ags) -> Result<Leitbild, RoomError> {
        self.ask(ags, |reply| Command::Leitbild { reply }).await
    }

    /// Writes a draft into an empty document, in the name of `by`. Returns when it is durably committed.
    ///
    /// # Errors
    /// [`RoomError::NotEmpty`] when there is content: nothing is replaced silently.
    pub async fn fill(&self, ags: &Ags, draft: impl Into<Leitbild>, by: ParticipantId) -> Result<(), RoomError> {
        self.take(ags, draft.into(), Taking::IntoEmpty, by).await
    }

    /// Adds a draft to whatever stands there, as new blocks, in the name of `by`. Returns when it is durably committed.
    ///
    /// # Errors
    /// When the log cannot be read or the server is stopping.
    pub async fn append(&self, ags: &Ags, draft: impl Into<Leitbild>, by: ParticipantId) -> Result<(), RoomError> {
        self.take(ags, draft.into(), Taking::Append, by).await
    }

    async fn take(&self, ags: &Ags, draft: Leitbild, taking: Taking, by: ParticipantId) -> Result<(), RoomError> {
        let fill = |reply| Command::Fill {
            draft,
            taking,
            by,
            reply,
        };
        self.ask(ags, fill).await
    }

    /// Every state of the document that the log still gives, oldest first: all of the last 30 days, of older ones the
    /// last of each ten minutes, and the named ones.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn history(&self, ags: &Ags) -> Result<Vec<HistoryEntry>, RoomError> {
        Ok(self.inner.history.entries(&*self.inner.log, ags).await?)
    }

    /// The document as it was after row `seq`, as one update that holds everything, in Yjs' encoding version 1.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn state_at(&self, ags: &Ags, seq: u64) -> Result<Vec<u8>, RoomError> {
        self.inner.history.state_at(&*self.inner.log, ags, seq).await
    }

    /// The Leitbild as it stands now, once all of it is durably committed, and which state of the log that is.
    ///
    /// # Errors
    /// When the log cannot be read or written, or the server is stopping.
    pub async fn present(&self, ags: &Ags) -> Result<Present, RoomError> {
        let settled = self.ask(ags, |reply| Command::Settle { hold: None, reply });
        within_patience(settled).await?;
        self.ask(ags, |reply| Command::Present { reply }).await
    }

    /// Lets nobody write as long as the answered [`Hold`] is there, and answers with [`Self::present`], which then does not
    /// change.
    ///
    /// # Errors
    /// As [`Self::present`].
    pub async fn hold(&self, ags: &Ags) -> Result<(Hold, Present), RoomError> {
        let id = self.inner.holds.fetch_add(1, Ordering::Relaxed);
        // Before the first answer: whoever stops waiting for it lets go, too.
        let hold = Hold {
            rooms: self.clone(),
            ags: ags.clone(),
            id,
            is_released: false,
        };
        let settled = self.ask(ags, |reply| Command::Settle { hold: Some(id), reply });
        within_patience(settled).await?;
        let present = self.ask(ags, |reply| Command::Present { reply }).await?;
        Ok((hold, present))
    }

    /// Tells the room of `ags`, if it is open, where the Leitbild stands now. The log knows it already, so that a room
    /// which opens meanwhile does, too.
    pub fn set_stage(&self, ags: &Ags, stage: Stage) {
        if let Some(room) = self.state().rooms.get(ags) {
            // A room that is just leaving reads it from the log when it opens again.
            let _ = room.send(Command::Stage { stage });
        }
    }

    fn release(&self, ags: &Ags, hold: HoldId, stage: Option<Stage>) {
        if let Some(room) = self.state().rooms.get(ags) {
            // A room that is leaving is held by nobody when it comes back.
            let _ = room.send(Command::Release { hold, stage });
        }
    }

    /// Brings an earlier state back as a new edit, in the name of `by`. Returns when it is durably committed.
    ///
    /// # Errors
    /// [`RoomError::Frozen`] while nobody may write, [`RoomError::NoState`] when the block was not there then,
    /// [`RoomError::Draft`] when the document cannot take it.
    pub async fn rewind(&self, ags: &Ags, rewind: Rewind, by: ParticipantId) -> Result<(), RoomError> {
        self.ask(ags, |reply| Command::Rewind {
            rewind: Box::new(rewind),
            by,
            reply,
        })
        .await
    }

    /// Names the state after row `seq`; from then on it is kept.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn name_state(&self, ags: &Ags, seq: u64, name: &str) -> Result<(), RoomError> {
        Ok(self.inner.log.name_state(ags, seq, name).await?)
    }

    /// Thins out old history; see [`Self::history`] for what stays. May run beside an open room, which only adds rows.
    ///
    /// # Errors
    /// When the log cannot be read or written. What was done stays done.
    pub async fn compact(&self, ags: &Ags) -> Result<Compacted, RoomError> {
        let now_ms = self.inner.clock.now_ms();
        Ok(self.inner.history.compact(&*self.inner.log, ags, now_ms).await?)
    }

    /// Tells everybody in the room that the Leitbild was published.
    pub fn published(&self, ags: &Ags, at: &str) {
        if let Some(room) = self.state().rooms.get(ags) {
            // A room that is just leaving has nobody to tell.
            let _ = room.send(Command::Published { at: at.to_owned() });
        }
    }

    /// Tells everybody in the room that a thread changed.
    pub fn talked(&self, ags: &Ags, news: talk::News) {
        if let Some(room) = self.state().rooms.get(ags) {
            // A room that is just leaving has nobody to tell.
            let _ = room.send(Command::Talked { news: Box::new(news) });
        }
    }

    /// Takes a suggestion by `by`: an update under a client id of its own. Applying it again changes nothing. Returns, when
    /// it was to be applied, once it is durably committed.
    ///
    /// # Errors
    /// [`RoomError::Suggestion`] when the document cannot take it; [`RoomError::Full`] or [`RoomError::KeptOut`] when it
    /// cannot now.
    pub async fn suggestion(
        &self,
        ags: &Ags,
        update: Vec<u8>,
        by: ParticipantId,
        what: Suggestion,
    ) -> Result<(), RoomError> {
        self.ask(ags, |reply| Command::Suggestion {
            update,
            by,
            what,
            reply,
        })
        .await
    }

    /// Closes all sockets of a withdrawn link, and lets none in with it any more.
    pub fn revoke_link(&self, link: &LinkId) {
        let mut state = self.state();
        state.revoked.insert(link.clone());
        broadcast(&state, || Command::Dismiss {
            whose: Whose::Link(link.clone()),
            code: close::NOT_ALLOWED,
        });
    }

    /// Closes all sockets of a participant.
    pub fn dismiss(&self, participant: &ParticipantId) {
        let whose = Whose::Participant(participant.clone());
        broadcast(&self.state(), || Command::Dismiss {
            whose: whose.clone(),
            code: close::NOT_ALLOWED,
        });
    }

    /// Changes what open sockets may do, from their next message on.
    pub fn set_role(&self, whose: &Whose, role: Role) {
        let mut state = self.state();
        if let Whose::Participant(participant) = whose
            && role.can_be_set()
        {
            state.roles.insert(participant.clone(), role);
        }
        broadcast(&state, || Command::SetRole {
            whose: whose.clone(),
            role,
        });
    }

    /// Commits everything, closes all sockets with 1001 and ends all rooms; lets nobody in any more. Waits at most
    /// [`limits::SHUTDOWN_TIMEOUT`] for the commits and a moment for the sockets.
    pub async fn shutdown(&self) {
        {
            let mut state = self.state();
            state.closing = true;
            broadcast(&state, || Command::Shutdown);
        }
        self.inner.tracker.close();
        let patience = limits::SHUTDOWN_TIMEOUT + limits::SOCKET_CLOSE_TIMEOUT;
        if tokio::time::timeout(patience, self.inner.tracker.wait()).await.is_err() {
            tracing::warn!("Some sockets did not close in time.");
        }
    }

    /// Sends a command that answers to the room of `ags`, opening it if need be.
    async fn ask<T>(
        &self,
        ags: &Ags,
        command: impl FnOnce(oneshot::Sender<Result<T, RoomError>>) -> Command,
    ) -> Result<T, RoomError> {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.state();
            if state.closing {
                return Err(RoomError::Closing);
            }
            if let Some((until, error)) = state.broken.get(ags)
                && *until > Instant::now()
            {
                return Err(error.clone());
            }
            let room = match state.rooms.get(ags) {
                Some(room) if !room.is_closed() => room.clone(),
                // None yet, or one that ended in a panic: its sockets are closed, its log has what was saved.
                _ => {
                    let room = self.open(ags);
                    state.rooms.insert(ags.clone(), room.clone());
                    room
                }
            };
            // Under the lock: a room leaves the map only while nothing waits for it, see `leave`.
            let _ = room.send(command(reply));
        }
        answer.await.unwrap_or(Err(RoomError::Closing))
    }

    fn open(&self, ags: &Ags) -> mpsc::UnboundedSender<Command> {
        let (sender, commands) = mpsc::unbounded_channel();
        let room = Room::new(self.clone(), ags.clone(), sender.clone(), commands);
        self.inner.tracker.spawn(room.run());
        sender
    }

    /// Takes a room out of the map if nothing waits for it. `false`: it has to go on.
    pub(super) fn leave(&self, ags: &Ags, commands: &mut mpsc::UnboundedReceiver<Command>) -> bool {
        let mut state = self.state();
        if !commands.is_empty() {
            return false;
        }
        commands.close();
        state.rooms.remove(ags);
        true
    }

    /// The room's stored document cannot be opened: answers so for a while without looking again, or every page that
    /// comes back would have the whole log read.
    pub(super) fn isolate(&self, ags: &Ags, error: &RoomError) {
        let until = Instant::now() + limits::BROKEN_ROOM_PAUSE;
        self.state().broken.insert(ags.clone(), (until, error.clone()));
    }

    /// Lets this participant, whose update broke a document, into no room for a moment: a few bytes would otherwise have a
    /// document built again as often as somebody connects.
    pub(super) fn keep_out(&self, participant: &ParticipantId) {
        let now = Instant::now();
        let mut state = self.state();
        state.kept_out.retain(|_, until| *until > now);
        state
            .kept_out
            .insert(participant.clone(), now + limits::KEPT_OUT_AFTER_BREAKING);
    }

    pub(super) fn is_kept_out(&self, participant: &ParticipantId) -> bool {
        let until = self.state().kept_out.get(participant).copied();
        until.is_some_and(|until| until > Instant::now())
    }

    /// Is this the first time that an update with this hash is seen? After very many it no longer is.
    pub(super) fn is_new_in_quarantine(&self, hash: &str) -> bool {
        const REMEMBERED: usize = 10_000;
        let mut state = self.state();
        state.quarantined.len() < REMEMBERED && state.quarantined.insert(hash.to_owned())
    }

    pub(super) fn is_revoked(&self, identity: &Identity) -> bool {
        identity
            .link
            .as_ref()
            .is_some_and(|link| self.state().revoked.contains(link))
    }

    /// What a participant may do who was let in with this identity.
    pub(super) fn role_of(&self, identity: &Identity) -> Role {
        let set = self.state().roles.get(&identity.participant).copied();
        set.filter(|_| identity.role.can_be_set()).unwrap_or(identity.role)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a commit, but not for ever: the log may be out of order.
async fn within_patience<T>(answer: impl Future<Output = Result<T, RoomError>>) -> Result<T, RoomError> {
    let late = || LogError::Unavailable("a commit takes very long".to_owned()).into();
    tokio::time::timeout(limits::COMMIT_STALLED_AFTER, answer)
        .await
        .unwrap_or_else(|_| Err(late()))
}

fn broadcast(state: &State, command: impl Fn() -> Command) {
    for room in state.rooms.values() {
        // A room that is just leaving has nobody to tell.
        let _ = room.send(command());
    }
}
