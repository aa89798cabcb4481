//! The pages of Leitnetz, rendered on the server (`ssr`) and taken over in the browser (`hydrate`).
//!
//! What goes wrong towards the user is an [`error::AppError`]; everything the pages need of a server stands in
//! [`backend`] as a trait, so that this crate knows neither the database nor the rooms.

#[allow(
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    dead_code,
    unused_imports,
    reason = "generated from locales/ by build.rs"
)]
mod texts {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub(crate) use texts::i18n;

#[macro_use]
mod text;

pub mod a11y;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod calls;
#[cfg(feature = "hydrate")]
pub mod crash;
pub mod editor;
pub mod error;
mod language;
mod lean;
pub mod map;
pub mod packed;
pub mod pages;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod sync;
pub mod versions;
pub mod views;
pub mod widgets;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
