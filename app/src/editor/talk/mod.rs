//! Talking about the text: threads of comments, suggestions, and who may write or only suggest.
//!
//! Two tabs of the panel ([`comments`], [`suggestions`]), the list of everything below the text (`all.rs`), marks and badges at the rows, and the way
//! there from a text that one may not write in (`way.rs`). What is shown comes from [`crate::sync::talk`], what waits to
//! be sent included; the session says and decides.

mod people;
mod way;

#[cfg(feature = "hydrate")]
mod all;
#[cfg(feature = "hydrate")]
mod badge;
#[cfg(feature = "hydrate")]
mod card;
#[cfg(feature = "hydrate")]
mod comments;
#[cfg(feature = "hydrate")]
mod effect;
#[cfg(feature = "hydrate")]
mod form;
#[cfg(feature = "hydrate")]
pub(super) mod marks;
#[cfg(feature = "hydrate")]
mod say;
#[cfg(feature = "hydrate")]
mod suggestions;
#[cfg(feature = "hydrate")]
mod write;

pub(super) use self::{people::Roles, way::way};

#[cfg(feature = "hydrate")]
pub(super) use self::{
    all::all, badge::badge, comments::comments, form::begin, say::tell_fate, suggestions::suggestions,
};
