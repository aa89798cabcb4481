//! The browser side of the sync: socket, outbox, saved state.
//!
//! [`session`] ties it together: one yrs document under one client id, kept in step with the room of a Leitbild over
//! [`socket`], and [`shown::Shown`], the signals in which the page sees what happens. What is lost on the wire is never
//! lost here: the document holds every word typed, and each new connection begins by comparing state vectors.
//! The protocol is `model::wire`. Nothing here returns errors to the page: what goes wrong changes [`shown::Shown`].

pub mod outbox;
pub mod presence;
pub mod saved;
pub mod shown;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod replica;
#[cfg(feature = "hydrate")]
pub(crate) mod session;
#[cfg(feature = "hydrate")]
mod socket;

#[cfg(feature = "hydrate")]
pub(crate) use session::Session;
