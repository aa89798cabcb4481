//! Sockets come, say something, and go.

use model::{
    limits,
    wire::{ClientMessage, Refused, ServerMessage, admission, admission::Refusal, awareness, close},
};
use tokio::time::Instant;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    super::{
        Connection, Identity, ParticipantId, RoomError, Whose,
        seat::{Seat, SeatId},
    },
    Reply, Room,
};

impl Room {
    pub(super) fn join(&mut self, mut identity: Identity, token: TaskTrackerToken, reply: Reply<Connection>) {
        let error = if self.closing.is_some() {
            Some(RoomError::Closing)
        } else if self.rooms.is_revoked(&identity) {
            Some(RoomError::Revoked)
        } else if self.rooms.is_kept_out(&identity.participant) {
            Some(RoomError::KeptOut)
        } else if self.seats.len() >= limits::ROOM_SOCKETS {
            Some(RoomError::Full)
        } else if self.sockets_of(&identity.participant) >= limits::PARTICIPANT_SOCKETS {
            // Or one participant could take every seat there is.
            Some(RoomError::TooManySockets)
        } else {
            None
        };
        if let Some(error) = error {
            drop(reply.send(Err(error)));
            return;
        }
        identity.role = self.rooms.role_of(&identity);
        let id = self.next_seat;
        self.next_seat += 1;
        let (seat, connection) = Seat::new(id, identity, self.sender.clone(), token);
        self.seats.insert(id, seat);
        self.idle_since = None;
        self.people_changed = true;
        self.ask(id);
        if !self.presence.is_empty() {
            // However long it is: it must not fill the queue before anybody could have read.
            let everybody = awareness::encode(self.presence.all());
            self.send_whole(id, &ServerMessage::Awareness(&everybody).encode().into());
        }
        // If nobody waits for the connection any more, dropping it leaves the room again.
        drop(reply.send(Ok(connection)));
    }

    pub(super) async fn take_frame(&mut self, id: SeatId, frame: &[u8]) {
        if !self.seats.contains_key(&id) || self.closing.is_some() || self.broken.is_some() {
            return;
        }
        if frame.len() > limits::MESSAGE_MAX_BYTES {
            return self.refuse(id, Refusal::TooLarge);
        }
        match ClientMessage::decode(frame) {
            Ok(ClientMessage::SyncStep1(state_vector)) => {
                match admission::state_vector(state_vector).and_then(|clocks| self.answers.get(&self.replica, clocks)) {
                    Ok(answer) => self.send_document(id, &answer),
                    Err(refusal) => self.refuse(id, refusal),
                }
            }
            Ok(ClientMessage::SyncStep2(update)) => {
                let is_answer = self.seats.get_mut(&id).is_some_and(|seat| seat.progress.is_answer());
                self.take_update(id, update, is_answer).await;
            }
            Ok(ClientMessage::Update(update)) => self.take_update(id, update, false).await,
            Ok(ClientMessage::Awareness(entries)) => self.take_awareness(id, entries),
            Ok(ClientMessage::QueryAwareness) => {
                let everybody = awareness::encode(self.presence.all());
                self.send(id, &ServerMessage::Awareness(&everybody));
            }
            Ok(ClientMessage::Hello { .. }) => self.hello(id),
            Ok(ClientMessage::Ping) => self.send(id, &ServerMessage::Pong),
            Ok(ClientMessage::Unknown) => {}
            Err(_) => self.refuse(id, Refusal::Malformed),
        }
    }

    pub(super) fn refuse(&mut self, id: SeatId, refusal: Refusal) {
        let is_fatal = refusal.is_fatal();
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let client_id = refusal.client_id().or(seat.awareness).filter(|_| is_fatal);
        seat.progress.miss();
        let refused = Refused {
            code: refusal.code().to_owned(),
            client_id,
            fatal: is_fatal,
        };
        self.tell(id, &ServerMessage::Refused(refused));
        if is_fatal {
            tracing::info!(room.ags = %self.ags, refusal.code = refusal.code(), "A client was refused.");
            if let Some(seat) = self.remove(id) {
                seat.close(close::REFUSED);
            }
        }
    }

    /// Takes a socket out of the room and its awareness with it.
    pub(super) fn remove(&mut self, id: SeatId) -> Option<Seat> {
        let seat = self.seats.remove(&id)?;
        self.people_changed = true;
        let gone = self.presence.leave(id);
        self.tell_awareness(gone);
        if self.seats.is_empty() {
            self.idle_since = Some(Instant::now());
        }
        Some(seat)
    }

    /// Closes every socket, after what is queued.
    pub(super) fn close_all(&mut self, code: u16) {
        for seat in std::mem::take(&mut self.seats).into_values() {
            seat.close(code);
        }
    }

    /// Closes these sockets at once.
    pub(super) fn dismiss(&mut self, whose: &Whose, code: u16) {
        for id in self.seats_of(whose) {
            if let Some(seat) = self.remove(id) {
                seat.abort(code);
            }
        }
    }

    fn sockets_of(&self, participant: &ParticipantId) -> usize {
        let is_theirs = |seat: &&Seat| seat.identity.participant == *participant;
        self.seats.values().filter(is_theirs).count()
    }

    pub(super) fn seats_of(&self, whose: &Whose) -> Vec<SeatId> {
        let is_meant = |identity: &Identity| match whose {
            Whose::Participant(participant) => identity.participant == *participant,
            Whose::Link(link) => identity.link.as_ref() == Some(link),
        };
        self.seats
            .iter()
            .filter(|(_, seat)| is_meant(&seat.identity))
            .map(|(id, _)| *id)
            .collect()
    }
}
