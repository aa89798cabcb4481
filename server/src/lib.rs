//! The server of Leitnetz: pages, rooms for live text, imports.
//!
//! [`Site`] is the whole program without a listener: tests build it on `mem://` and speak HTTP and WebSocket to it.
//! Errors: what leaves the process is `app::error::AppError` (made in [`backend`]) or an HTTP status; what stops the
//! process is a [`failure::Failure`] with a sentence for the operator.

// The pages are one nested type each; computing its layout goes deeper than the default of 128.
#![recursion_limit = "512"]

pub mod backend;
pub mod cli;
pub mod config;
pub mod data_dir;
pub mod demo;
pub mod erasure;
pub mod export;
pub mod failure;
pub mod housekeeping;
pub mod imports;
pub mod passwords;
pub mod rates;
pub mod rooms;
pub mod secrets;
pub mod security;
pub mod serve;
pub mod site;
pub mod store_log;
pub mod sync_route;
pub mod take_over;

pub use site::Site;
