//! Places in a text that stay with their letters, whatever others type before them.

use serde::{Deserialize, Serialize};
use yrs::branch::{Branch, BranchPtr};
use yrs::{Assoc, IndexedSequence, ReadTxn, StickyIndex, Text};

use super::blocks;
use super::id::FieldId;

/// A place in the text of a field: a Yjs relative position, and its JSON on the wire.
///
/// It holds to the letter before it, so that words which others insert exactly there come after it, as a browser's caret
/// has it, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sticky(StickyIndex);

impl Sticky {
    /// The place before unit `offset` (UTF-16) of the field's text; beyond the end it is the end. Nothing when there is no
    /// such text.
    pub fn at<T: ReadTxn>(txn: &T, field: &FieldId, offset: u32) -> Option<Self> {
        let text = blocks::text_ref(txn, field)?;
        let offset = offset.min(text.len(txn));
        text.sticky_index(txn, offset, Assoc::Before).map(Self)
    }

    /// Where it is now, in UTF-16 units. Nothing as long as its letter has not arrived, and when it is in another text
    /// than the field's: it comes from elsewhere and may say anything.
    pub fn offset<T: ReadTxn>(&self, txn: &T, field: &FieldId) -> Option<u32> {
        let text = blocks::text_ref(txn, field)?;
        let found = self.0.get_offset(txn)?;
        let branch: &Branch = text.as_ref();
        let is_here = found.branch == BranchPtr::from(branch);
        is_here.then(|| found.index.min(text.len(txn)))
    }
}
