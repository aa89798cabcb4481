//! What was typed and is not acknowledged yet.
//!
//! It lives as long as the page. Every entry carries all that a durable outbox needs to send it again: its number and
//! the update's bytes; the field says where its words can be read should the server refuse them.

use std::collections::VecDeque;

use model::doc::FieldId;

/// One local change.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, as [`super::saved::Saved`] counts.
    pub change: u64,
    /// Where words were typed; `None` for a move, a removal or an undo.
    pub field: Option<FieldId>,
    /// The update, in encoding version 1.
    pub update: Vec<u8>,
}

/// Local changes in order, the oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: VecDeque<Entry>,
}

impl Outbox {
    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }

    /// Forgets the first `changes` changes: the server has them on its disk.
    pub fn acknowledge(&mut self, changes: u64) {
        while self.entries.front().is_some_and(|entry| entry.change <= changes) {
            self.entries.pop_front();
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The fields with unacknowledged words, each once, in the order in which they were first typed in.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldId> {
        let mut fields: Vec<FieldId> = Vec::new();
        for field in self.entries.iter().filter_map(|entry| entry.field.as_ref()) {
            if !fields.contains(field) {
                fields.push(field.clone());
            }
        }
        fields
    }

    /// Size of all updates, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| entry.update.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{FieldId, RootText};

    use super::*;

    #[test]
    fn acknowledged_entries_are_forgotten_and_fields_are_named_once() {
        let mut outbox = Outbox::default();
        let title = FieldId::Root(RootText::Title);
        let motto = FieldId::Root(RootText::Motto);
        for (change, field) in [(1, Some(&motto)), (2, Some(&title)), (3, None), (4, Some(&title))] {
            outbox.push(Entry {
                change,
                field: field.cloned(),
                update: vec![0; 3],
            });
        }
        assert_eq!(outbox.fields(), [motto, title.clone()]);
        outbox.acknowledge(3);
        assert_eq!(outbox.fields(), [title]);
        assert_eq!(outbox.bytes(), 3);
        outbox.acknowledge(4);
        assert!(outbox.is_empty());
    }
}
