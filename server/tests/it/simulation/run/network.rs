//! Connections between pages and the server.

use std::time::Duration;

use axum::body::Bytes;
use leitnetz::rooms::{Connection, Outgoing};
use model::wire::{ClientMessage, awareness};
use tokio::{sync::mpsc, task::AbortHandle, time::Instant};

use super::{ConnectionId, Event, FromServer, Peer, Run, SILENCE, ags, identity};
use crate::simulation::random::Random;

/// One connection, with a page at one end and the room at the other.
pub(super) struct Link {
    pub(super) peer: usize,
    pub(super) up: Direction,
    pub(super) down: Direction,
    /// The server's end: frames into the room, and the tasks that pump.
    pub(super) room: Option<(mpsc::UnboundedSender<Bytes>, [AbortHandle; 2])>,
}

/// Frames keep their order, and none is left out except at the end.
pub(super) struct Direction {
    pub(super) sent: u64,
    pub(super) arrived: u64,
    /// Frames from this number on never arrive.
    pub(super) cut: Option<u64>,
    pub(super) last: Instant,
    pub(super) latency: Duration,
}

impl Direction {
    pub(super) fn new(opened: Instant, latency: Duration) -> Self {
        Self {
            sent: 0,
            arrived: 0,
            cut: None,
            last: opened,
            latency,
        }
    }

    /// A frame is on its way: its number and when it arrives.
    pub(super) fn send(&mut self, random: &mut Random, not_before: Instant) -> (u64, Instant) {
        let jitter = if random.percent(2) { 1_500_000 } else { 30_000 };
        let jitter = Duration::from_micros(random.below(jitter));
        let arrives = (Instant::now() + self.latency + jitter).max(self.last).max(not_before);
        self.last = arrives;
        self.sent += 1;
        (self.sent - 1, arrives)
    }

    /// Loses some of what is on its way, and all that follows.
    pub(super) fn cut(&mut self, random: &mut Random) {
        let cut = random.between(self.arrived, self.sent);
        self.cut = Some(self.cut.map_or(cut, |before| before.min(cut)));
    }

    /// Did this frame come through?
    pub(super) fn arrive(&mut self, number: u64) -> bool {
        if self.cut.is_some_and(|cut| number >= cut) {
            return false;
        }
        assert_eq!(self.arrived, number, "the network changed an order");
        self.arrived += 1;
        true
    }
}

impl Run<'_> {
    pub(super) fn connect(&mut self, peer: usize) {
        let state = &self.peers[peer];
        if state.page.is_none() || state.connection.is_some() || state.connecting.is_some() {
            return;
        }
        let Some(rooms) = self
            .server
            .clone()
            .filter(|_| state.unreachable_until <= Instant::now())
        else {
            return self.retry(peer);
        };
        let id = self.next_connection;
        self.next_connection += 1;
        self.peers[peer].connecting = Some(id);
        let to_run = self.to_run.clone();
        tokio::spawn(async move {
            let joined = rooms.join(&ags(), identity(peer)).await.ok();
            let _ = to_run.send(FromServer::Joined(id, joined));
        });
    }

    pub(super) fn retry(&mut self, peer: usize) {
        let failures = self.peers[peer].failures;
        self.peers[peer].failures = failures + 1;
        let pause = (400_u64 << failures.min(5)).min(10_000);
        let pause = pause - self.network.below(pause / 2);
        self.schedule(pause, Event::Connect(peer));
    }

    pub(super) fn on_joined(&mut self, id: ConnectionId, connection: Option<Connection>) {
        let Some(peer) = self.peers.iter().position(|peer| peer.connecting == Some(id)) else {
            return;
        };
        let Some(connection) = connection else {
            self.peers[peer].connecting = None;
            return self.retry(peer);
        };
        let Connection { incoming, mut outgoing } = connection;
        let (room, mut frames) = mpsc::unbounded_channel::<Bytes>();
        let up = tokio::spawn(async move {
            while let Some(frame) = frames.recv().await {
                incoming.send(frame).await;
            }
        });
        let to_run = self.to_run.clone();
        let down = tokio::spawn(async move {
            loop {
                let next = outgoing.recv().await;
                let is_last = matches!(next, Outgoing::Close(_));
                if to_run.send(FromServer::Sent(id, next)).is_err() || is_last {
                    return;
                }
            }
        });
        let latency = Duration::from_micros(self.network.between(500, 60_000));
        let opened = Instant::now() + latency;
        self.links.insert(
            id,
            Link {
                peer,
                up: Direction::new(opened, latency),
                down: Direction::new(opened, latency),
                room: Some((room, [up.abort_handle(), down.abort_handle()])),
            },
        );
        self.outcome.connections += 1;
        self.schedule_at(opened, Event::Opened(id));
    }

    pub(super) fn opened(&mut self, id: ConnectionId) {
        let Some(peer) = self.peers.iter().position(|peer| peer.connecting == Some(id)) else {
            // The page is gone, or the server.
            return self.hang_up(id);
        };
        let Peer {
            page: Some(page),
            connecting,
            connection,
            failures,
            awareness_clock,
            ..
        } = &mut self.peers[peer]
        else {
            return;
        };
        (*connecting, *connection, *failures) = (None, Some(id), 0);
        page.saved.connect();
        *awareness_clock += 1;
        let here = awareness::Entry {
            client_id: page.client_id,
            clock: *awareness_clock,
            state: "{}".to_owned(),
        };
        let state_vector = page.state_vector();
        let here = awareness::encode([&here]);
        self.send(peer, &ClientMessage::Hello { version: 1 });
        self.send(peer, &ClientMessage::SyncStep1(&state_vector));
        self.send(peer, &ClientMessage::Awareness(&here));
        // What does not count may come twice.
        if self.network.percent(10) {
            self.send(peer, &ClientMessage::SyncStep1(&state_vector));
            self.send(peer, &ClientMessage::Awareness(&here));
            self.send(peer, &ClientMessage::Hello { version: 1 });
        }
    }

    pub(super) fn send(&mut self, peer: usize, message: &ClientMessage<'_>) {
        let Some(id) = self.peers[peer].connection else { return };
        let not_before = self.peers[peer].unreachable_until;
        if let Some(link) = self.links.get_mut(&id) {
            let (number, at) = link.up.send(&mut self.network, not_before);
            self.schedule_at(at, Event::Up(id, number, message.encode().into()));
        }
    }

    /// The page sees that its connection is gone, and tries again.
    pub(super) fn lose(&mut self, peer: usize) {
        if let Some(id) = self.peers[peer].connection.take() {
            if let Some(page) = &mut self.peers[peer].page {
                page.saved.disconnect();
            }
            self.abandon(id);
            self.retry(peer);
        }
    }

    /// The page has let go of a connection. What it sent may still arrive, and the server learns it later: a new
    /// connection can be quicker.
    pub(super) fn abandon(&mut self, id: ConnectionId) {
        if let Some(link) = self.links.get_mut(&id) {
            link.up.cut(&mut self.network);
            let after = self.network.below(SILENCE.as_millis() as u64);
            self.schedule(after, Event::ServerNotices(id));
        }
    }

    /// The server lets go of a connection.
    pub(super) fn hang_up(&mut self, id: ConnectionId) {
        if let Some((_, tasks)) = self.links.get_mut(&id).and_then(|link| link.room.take()) {
            tasks.iter().for_each(AbortHandle::abort);
        }
    }

    /// A connection breaks between its ends, which notice it sooner or later.
    pub(super) fn break_connection(&mut self, id: ConnectionId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.up.cut(&mut self.network);
        link.down.cut(&mut self.network);
        let silence = SILENCE.as_millis() as u64;
        let (page, server) = (self.network.below(silence), self.network.below(silence));
        self.schedule(page, Event::PageNotices(id));
        self.schedule(server, Event::ServerNotices(id));
    }
}
