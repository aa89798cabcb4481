//! Payloads of our own messages, as JSON, and the close codes.

use serde::{Deserialize, Serialize};

use crate::{role::Role, stage::Stage};

/// Why the server closes a socket: codes from the range that RFC 6455 leaves to applications, and two of its own.
pub mod close {
    /// The server is going away: come back soon.
    pub const GOING_AWAY: u16 = 1001;
    /// Too slow, or the room is full: come back and catch up.
    pub const TRY_AGAIN: u16 = 1013;
    /// The link is not valid, or was withdrawn: do not come back with it.
    pub const NOT_ALLOWED: u16 = 4401;
    /// The stored document cannot be opened: only the operator can help, come back much later.
    pub const BROKEN: u16 = 4500;
    /// What the client sent was refused: come back under a new client id.
    pub const REFUSED: u16 = 4409;
}

/// First answer to `hello`: who this socket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The participant's id, as in [`Person`].
    pub participant: String,
    pub name: String,
    /// Index of the colour, 0-based.
    pub color: u8,
    pub role: Role,
    /// Whether the server keeps the map from client ids to participants.
    pub client_ids_ok: bool,
}

/// A participant who has at least one open socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub participant: String,
    pub name: String,
    /// Index of the colour, 0-based.
    pub color: u8,
    pub role: Role,
    /// The Yjs client ids of this participant's open sockets, smallest first.
    pub client_ids: Vec<u64>,
}

/// Something this client sent was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// One of the codes of [`super::admission::Refusal`].
    pub code: String,
    /// The client id that the refusal ends, where one can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<u64>,
    /// Does the socket close now? Then the client keeps its unsaved words and starts over under a new client id.
    pub fatal: bool,
}

/// The participant's role changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChange {
    pub role: Role,
}

/// The Leitbild was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// When, as the publisher states it (RFC 3339, or a day `YYYY-MM-DD`).
    pub at: String,
}

/// The room takes no lasting writes at the moment; `null` on the wire when it does again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOnly {
    /// `storage`: the log cannot be written; `frozen`: nobody changes the text at the moment ([`Stage::is_frozen`]).
    pub reason: String,
}

/// Where the Leitbild stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChange {
    pub stage: Stage,
}

/// An earlier state, or a part of one, was brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When that state was, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Its name, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Everything, and not only one text?
    pub whole: bool,
}

impl ReadOnly {
    /// [`Self::reason`] while the log cannot be written.
    pub const STORAGE: &str = "storage";
    /// [`Self::reason`] while nobody changes the text.
    pub const FROZEN: &str = "frozen";

    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.reason == Self::FROZEN
    }
}
