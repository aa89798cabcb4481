//! Tests of the crate through its public items.

mod compare;
mod doc;
mod import;
