//! Tests of the crate through its public items.

mod doc;
mod import;
