//! Reading what others hand over: a municipality's profile page as text, and tables of facts.
//!
//! Pure parsers: text in, values with their line numbers out. A file that cannot be used at all is an [`ImportError`];
//! a single line that was not understood is a [`Note`], so that nothing is dropped without being said.
//! Line numbers count from 1, as text editors do.

pub mod demo;
mod draft;
mod error;
pub mod facts;
mod note;
pub mod profile;
pub mod rows;
mod text;

pub use draft::{Draft, DraftGuideline};
pub use error::{ImportError, Reason};
pub use note::{Note, NoteCode};
pub use text::decode;

/// Largest import file, in bytes. A profile page has some 3 kB, a table of all facts of the network some 200 kB.
pub const MAX_BYTES: usize = 1 << 20;

/// Longest line of an import file, in characters (Unicode scalar values). The longest paragraph of a real page is
/// below 1,000.
pub const MAX_LINE_CHARS: usize = 10_000;

/// Most lines of a profile page that are not blank. A real page has some 40.
pub const MAX_PAGE_LINES: usize = 10_000;

/// Most errors reported for one file; the rest is counted ([`Reason::More`]).
pub const MAX_ERRORS: usize = 100;

/// Language of the messages for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    De,
    En,
}

/// Something read from a file, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Number of the line, from 1. For what spans several lines the first of them.
    pub line: u32,
    pub value: T,
}

impl<T> Found<T> {
    fn new(line: u32, value: T) -> Self {
        Self { line, value }
    }
}
