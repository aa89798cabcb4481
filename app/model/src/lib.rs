//! Pure types of Leitnetz: municipalities and facts, the Leitbild document over yrs, the wire protocol.
//!
//! No I/O, no clock, no randomness of its own: everything here compiles for the server and for the browser, and can
//! be tested by itself. Errors are typed per module; their texts for people stand in the crates that show them.

pub mod ags;
pub mod compare;
pub mod decision;
pub mod doc;
pub mod fact;
pub mod hex;
pub mod import;
pub mod insert;
pub mod leitbild;
pub mod limits;
pub mod map;
pub mod municipality;
pub mod paper;
pub mod phase;
pub mod role;
pub mod sector;
pub mod stage;
pub mod talk;
pub mod wire;
