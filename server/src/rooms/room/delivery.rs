//! What goes out to the sockets.

use axum::body::Bytes;
use model::{
    limits,
    wire::{ServerMessage, close},
};
use tokio::time::Instant;

use super::{
    super::{
        replica::join,
        seat::{Seat, SeatId},
    },
    Room,
};

impl Room {
    /// Relays what the last messages brought, as one message, unless the last relay was just now.
    pub(super) fn relay(&mut self) {
        if self.news.is_empty() || self.relay_at().is_some_and(|at| at > Instant::now()) {
            return;
        }
        let news = std::mem::take(&mut self.news);
        self.relayed_at = Some(Instant::now());
        let first = news.first().and_then(|(_, from)| *from);
        // A single author needs no echo.
        let only_author = first.filter(|_| news.iter().all(|(_, from)| *from == first));
        let updates: Vec<Vec<u8>> = news.into_iter().map(|(update, _)| update).collect();
        for update in join(updates) {
            let frame = ServerMessage::Update(&update).encode().into();
            // Whoever has not asked for the document yet would only get a part without its beginning.
            self.push_to(&frame, |id, seat| seat.wants_updates && Some(id) != only_author);
        }
    }

    /// The earliest moment for the next relay; none before the first.
    pub(super) fn relay_at(&self) -> Option<Instant> {
        self.relayed_at.map(|at| at + limits::relay_pause(self.sockets()))
    }

    /// Will updates go out to the sockets in a moment? What is not urgent then goes along: sockets are woken and written
    /// to once for both.
    pub(super) fn relays_soon(&self) -> bool {
        !self.news.is_empty()
    }

    pub(super) fn sockets(&self) -> u32 {
        u32::try_from(self.seats.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn send(&mut self, id: SeatId, message: &ServerMessage<'_>) {
        let frame = message.encode().into();
        if self.seats.get(&id).is_some_and(|seat| !seat.push(&frame)) {
            self.drop_slow(vec![id]);
        }
    }

    /// Sends what a socket asked for by `SyncStep1`, and updates from now on.
    pub(super) fn send_document(&mut self, id: SeatId, answer: &Bytes) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        if std::mem::replace(&mut seat.wants_updates, true) {
            self.push_to(answer, |other, _| other == id);
        } else {
            self.send_whole(id, answer);
        }
    }

    /// To one socket, however long it is.
    pub(super) fn send_whole(&mut self, id: SeatId, frame: &Bytes) {
        if self.seats.get(&id).is_some_and(|seat| !seat.push_whole(frame)) {
            self.drop_slow(vec![id]);
        }
    }

    /// Like [`Self::send`], for our own messages.
    pub(super) fn tell(&mut self, id: SeatId, message: &ServerMessage<'_>) {
        if self.seats.get(&id).is_some_and(|seat| seat.said_hello) {
            self.send(id, message);
        }
    }

    /// To everybody who said hello.
    pub(super) fn tell_all(&mut self, message: &ServerMessage<'_>) {
        self.push_to(&message.encode().into(), |_, seat| seat.said_hello);
    }

    pub(super) fn push_to(&mut self, frame: &Bytes, is_meant: impl Fn(SeatId, &Seat) -> bool) {
        let slow: Vec<SeatId> = self
            .seats
            .iter()
            .filter(|(id, seat)| is_meant(**id, seat) && !seat.push(frame))
            .map(|(id, _)| *id)
            .collect();
        self.drop_slow(slow);
    }

    /// Closes sockets that do not keep up. They come back and catch up by state vector.
    pub(super) fn drop_slow(&mut self, slow: Vec<SeatId>) {
        for id in slow {
            if let Some(seat) = self.remove(id) {
                tracing::info!(room.ags = %self.ags, "A socket did not keep up and was closed.");
                seat.abort(close::TRY_AGAIN);
            }
        }
    }
}
