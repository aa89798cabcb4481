//! The browser side of the sync: socket, outbox, saved state.
//!
//! [`session`] ties it together: one yrs document under one client id, kept in step with the room of a Leitbild over
//! [`socket`], and [`shown::Shown`], the signals in which the page sees what happens. What is lost on the wire is never
//! lost here: what was done is written to the device at once and stays in the [`outbox`] until the server has it, and
//! each new connection begins by comparing state vectors. What a page could not send, the next one of this browser
//! adopts. The protocol is `model::wire`. Nothing here returns errors to the page: what goes wrong changes
//! [`shown::Shown`].
//!
//! What decides is pure and tested natively ([`saved`], [`outbox`], [`journal`], [`adopt`], [`about`], [`recovered`],
//! [`talk`], [`drafts`]); what speaks with the browser only carries it out.

pub mod about;
pub mod adopt;
pub mod by_field;
pub mod drafts;
pub mod journal;
pub mod outbox;
pub mod presence;
pub mod recovered;
pub mod saved;
pub mod shown;
pub mod talk;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod carrier;
#[cfg(feature = "hydrate")]
mod device;
#[cfg(feature = "hydrate")]
mod replica;
#[cfg(feature = "hydrate")]
pub(crate) mod session;
#[cfg(feature = "hydrate")]
mod socket;

#[cfg(feature = "hydrate")]
pub(crate) use session::Session;
