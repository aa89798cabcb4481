//! What goes over the socket of a Leitbild: y-protocols (sync, awareness) and our own messages beside them.
//!
//! `docs/sync-protocol.md` is the specification; this module is its one implementation, for the server and for the
//! browser. Decoding returns [`DecodeError`]; what an update may contain is decided by [`admission`], whose
//! [`admission::Refusal`] goes to the client as a stable code.

pub mod admission;
pub mod awareness;
pub mod lib0;
mod message;
mod own;

pub use lib0::DecodeError;
pub use message::{ClientMessage, ServerMessage};
pub use own::{Person, Published, ReadOnly, Refused, Restored, RoleChange, StageChange, Welcome, close};
