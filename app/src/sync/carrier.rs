//! What carries frames between this page and its room: a WebSocket, or, where a network blocks those, events and posts.
//!
//! A carrier lives for one connection. When to open one, and which, decides [`super::socket`].

mod events;
mod web_socket;

use events::Events;
use web_socket::Wire;

/// The code of a connection that ended without one.
pub(super) const CODE_BROKEN: u16 = 1006;

/// What happens on a carrier. After `Closed` nothing follows.
pub(super) enum CarrierEvent {
    Opened,
    Frame(Vec<u8>),
    Closed(u16),
}

/// Which carrier to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    WebSocket,
    Events,
}

/// One connection. Dropping it ends its events.
pub(super) enum Carrier {
    WebSocket(Wire),
    Events(Events),
}

impl Carrier {
    /// Begins to open a connection to `path` on the page's host; `None` where the browser refuses at once.
    pub(super) fn open(kind: Kind, path: &str, on_event: impl Fn(CarrierEvent) + 'static) -> Option<Self> {
        match kind {
            Kind::WebSocket => Wire::open(path, on_event).map(Self::WebSocket),
            Kind::Events => Events::open(path, on_event).map(Self::Events),
        }
    }

    /// Sends one frame; false when the connection is not open.
    pub(super) fn send(&self, frame: &[u8]) -> bool {
        match self {
            Self::WebSocket(wire) => wire.send(frame),
            Self::Events(events) => events.send(frame),
        }
    }

    /// Says goodbye.
    pub(super) fn close(&self) {
        match self {
            Self::WebSocket(wire) => wire.close(),
            Self::Events(events) => events.close(),
        }
    }
}
