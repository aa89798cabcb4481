//! The Leitbild as one yrs (Yjs) document.
//!
//! ```text
//! title, motto, closing   root texts
//! blocks                  root map: id → map {
//!   kind          "paragraph" | "guideline" | "point" | "idea"; unknown kinds are shown and kept
//!   place         "PARENT KEY": parent (a block's id or "-") and order in one register, see [`place`]
//!   text, plain   texts: the words, and the same in Einfache Sprache
//!   removed       bool
//!   removed_seen  what the remover saw: "=TEXT\nPLAIN", or "#HASH" (FNV-1a of the same) when that is long
//!   from          "ID CUT": the block that this one was split off, and where (UTF-16 units)
//!   plain_for     of which text `plain` is the simple form: FNV-1a of the text; written when `plain` is begun, confirmed
//!                 or comes from a joined block
//!   by:CLIENT:CLOCK  whose words a split or a join inserted, see [`authors`]
//!   source        "AGS BLOCK DATE": the published point of another place that this one was taken over from; written once
//!   phase:ID      bool: it serves this life phase, see [`crate::phase`]
//!   into          "ID AT": the block that this one's words were last appended to, and where
//! }
//! ```
//!
//! Names of people never enter the document.
//!
//! Rules that every writer keeps:
//! - Root texts and `blocks` exist by their names; nothing is written to create them, so an empty document needs no
//!   initialising. Only the server may [`fill`] one or [`append`] to it.
//! - A block with its `text` and `plain` is created once, in one transaction, under a random id. An existing key of
//!   `blocks`, `text` or `plain` is never set again: that would replace the nested text and lose words.
//! - A move is one write of `place`, never a delete and an insert. Nothing is ever deleted from `blocks`; a removed
//!   block is flagged.
//! - **Words that reach a removed block bring it back.** Whoever removes a block writes down what they saw
//!   (`removed_seen`). [`view()`] hides the block only as long as its words are among those: words typed meanwhile by
//!   somebody else, offline for instance, show it again on every replica alike, without anybody having to write. Who
//!   types into a block that is already removed restores it in the same transaction ([`edit_text`]). A flag without
//!   `removed_seen` (another Yjs client) hides the block until somebody types or restores it.
//! - Blocks hold no line breaks; what comes in is put on one line ([`single_line`]).
//! - Offsets and lengths are UTF-16 units everywhere.
//!
//! Transactions carry an origin: [`LOCAL_ORIGIN`] for what this person does to blocks, [`TYPING_ORIGIN`] for words from
//! a [`Field`] (which knows them already), [`REMOTE_ORIGIN`] for updates from elsewhere. Undo runs under origins of its
//! own; what must be sent is therefore everything that is not [`REMOTE_ORIGIN`].
//!
//! Functions that change a document take it with no transaction open, do one transaction, and return [`EditError`] when
//! they cannot; nothing was changed then.

mod anchor;
mod authors;
mod blocks;
mod delta;
mod edit;
mod export;
mod field;
mod field_diff;
mod fill;
mod id;
mod marks;
mod moves;
mod outline;
pub mod place;
mod reshape;
mod rewind;
mod sticky;
mod suggest;
mod undo;
mod view;
mod watch;

pub use anchor::{Anchor, Passage, Whereabouts, locate};
pub use authors::{Run, authors};
pub use delta::{Side, Step, TextDelta, utf16_len};
pub use edit::{
    EditError, add_block, add_blocks, borrow_point, edit_text, remove_block, restore_block, set_text, single_line,
};
pub use export::to_leitbild;
pub use field::{Field, Selection, Show};
pub use fill::{append, fill};
pub use id::{BlockId, BlockKind, Entropy, FieldId, RootText};
pub use marks::{confirm_plain, set_phase};
pub use moves::{move_block, move_down, move_up};
pub use outline::{Inserted, Role, Stretch, insert_outline};
pub use place::{Parent, Place};
pub use reshape::{Joined, demote, join, promote, split};
pub use rewind::{What, rewind};
pub use sticky::Sticky;
pub use suggest::{Basis, Effect, Proposal, effect, same_words, suggest, wording};
pub use undo::{MERGE_TYPING_MS, Undo, Undone};
pub use view::{BlockView, GuidelineView, List, View, field_text, view};
pub use watch::{Changes, Source, TextChange, Watch};

use yrs::{ClientID, Doc, OffsetKind, Options};

use crate::limits::CLIENT_ID_MAX;

/// Origin of what this person does to blocks.
pub const LOCAL_ORIGIN: &str = "local";
/// Origin of words typed into a [`Field`].
pub const TYPING_ORIGIN: &str = "typing";
/// Origin of updates from elsewhere; give it to the transaction that applies them.
pub const REMOTE_ORIGIN: &str = "remote";

/// An empty document for the server and for tools. `client_id` has 53 bits; higher ones are cut off.
///
/// What was deleted is forgotten (yrs' garbage collection), because history is the stored log of updates.
#[must_use]
pub fn new_doc(client_id: u64) -> Doc {
    with_options(client_id, false)
}

/// An empty document for an editor: like [`new_doc`], but it remembers what is deleted while it is open, because undo
/// has to bring it back.
#[must_use]
pub fn new_editor_doc(client_id: u64) -> Doc {
    with_options(client_id, true)
}

fn with_options(client_id: u64, skip_gc: bool) -> Doc {
    let client_id = ClientID::new(client_id & CLIENT_ID_MAX);
    let options = Options {
        offset_kind: OffsetKind::Utf16,
        skip_gc,
        ..Options::with_client_id(client_id)
    };
    let doc = Doc::with_options(options);
    for root in RootText::ALL {
        doc.get_or_insert_text(root.as_str());
    }
    doc.get_or_insert_map(blocks::BLOCKS);
    doc
}
