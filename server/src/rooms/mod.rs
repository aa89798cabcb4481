//! Rooms: one for each Leitbild that somebody is working on.
//!
//! **One room, one task, one writer.** A room ([`room`]) holds the document, admits updates, relays them and logs
//! them; nothing else writes. Relay may come before the commit, "saved" is said only after it. A room takes its log,
//! wall clock and randomness as parameters ([`log`], [`world`]). [`socket`] joins a WebSocket to a room, [`events`] a
//! stream of events with its posts; the routes and who may come in are not decided here.
//!
//! Errors: [`RoomError`] for callers on the server, [`model::wire::admission::Refusal`] for what a client sent.

mod answers;
pub mod events;
mod handle;
mod history;
mod ledger;
pub mod log;
mod memory_log;
mod presence;
pub mod reading;
mod replica;
mod room;
mod seat;
pub mod socket;
pub mod world;

use model::{
    doc::What,
    leitbild::Leitbild,
    role::Role,
    wire::{Restored, admission::Refusal},
};

pub use handle::{Hold, Rooms};
pub use history::{Compacted, HistoryEntry};
pub use log::{Batch, Claim, Log, LogError, LogRow, Quarantined, Snapshot};
pub use memory_log::MemoryLog;
pub use seat::{Connection, Outgoing};
pub use world::{Clock, Entropy, SystemClock, SystemEntropy};

/// A participant: one browser that redeemed a link, an account, or an import.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantId(pub String);

/// An edit link, by the id of its record (never its token).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub String);

/// Who a socket belongs to, as the route found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub participant: ParticipantId,
    /// The link that let this participant in; none for an account.
    pub link: Option<LinkId>,
    pub name: String,
    /// Index of the colour, 0-based.
    pub color: u8,
    pub role: Role,
}

/// Whose open sockets are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Participant(ParticipantId),
    Link(LinkId),
}

/// How a room takes a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taking {
    /// Only where nothing stands.
    IntoEmpty,
    /// As new blocks.
    Append,
}

/// Why a room could not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    #[error(transparent)]
    Log(#[from] LogError),
    /// A logged update cannot be applied; the number is its `seq`.
    #[error("row {0} of the log cannot be read")]
    Corrupt(u64),
    #[error("the room is full")]
    Full,
    /// Of one participant; there is room for others.
    #[error("this participant has as many sockets as anybody may have")]
    TooManySockets,
    /// For some seconds, so that nobody has a document built again and again.
    #[error("an update of this participant has just broken a document")]
    KeptOut,
    #[error("the link was withdrawn")]
    Revoked,
    #[error("the server is going away")]
    Closing,
    /// A draft is only taken by an empty document.
    #[error("the document already has content")]
    NotEmpty,
    /// The document could not take the draft, or what was to be brought back.
    #[error("the draft cannot be taken: {0}")]
    Draft(String),
    /// A suggestion that the document cannot take, now or ever.
    #[error("a suggestion cannot be taken: {0}")]
    Suggestion(Refusal),
    /// Nobody changes the text at the moment.
    #[error("the text is frozen")]
    Frozen,
    /// There is no such state, or the block was not there then.
    #[error("there is no such state")]
    NoState,
}

/// The Leitbild at a state of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The last row that is committed.
    pub seq: u64,
    pub leitbild: Leitbild,
}

/// An earlier state to bring back.
#[derive(Clone, Debug)]
pub struct Rewind {
    /// Everything up to then, as one update.
    pub past: Vec<u8>,
    pub what: What,
    /// What everybody in the room is told.
    pub restored: Restored,
}

/// What a room does with a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// Only says whether the document could take it.
    Check,
    Apply,
}
