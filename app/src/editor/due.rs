//! Which fields have something to show that came from elsewhere, and in which order they show it.
//!
//! The document has it at once. A field on the screen shows it in the next frame; one that is far from the screen when the
//! browser has nothing else to do, or when it comes near: a long text in which many write would otherwise be laid out
//! again for words that nobody sees, at the moment in which somebody types.

use std::collections::{HashSet, VecDeque};

use model::doc::FieldId;

/// When a field shows what it has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// In the next frame.
    Frame,
    /// When there is time.
    Idle,
}

/// The fields that wait.
#[derive(Debug, Default)]
pub(super) struct Due {
    /// The longest waiting first, each once.
    waiting: VecDeque<FieldId>,
    /// The fields that are far from the screen, waiting or not.
    far: HashSet<FieldId>,
}

impl Due {
    /// A field has something to show.
    pub(super) fn add(&mut self, field: &FieldId) -> When {
        if !self.waiting.contains(field) {
            self.waiting.push_back(field.clone());
        }
        if self.far.contains(field) {
            When::Idle
        } else {
            When::Frame
        }
    }

    /// A field went far from the screen, or came near. Answers whether it has something to show now.
    pub(super) fn go(&mut self, field: &FieldId, is_far: bool) -> bool {
        if is_far {
            self.far.insert(field.clone());
        } else {
            self.far.remove(field);
        }
        !is_far && self.waiting.contains(field)
    }

    /// Does one that is not far wait?
    pub(super) fn has_near(&self) -> bool {
        self.waiting.iter().any(|field| !self.far.contains(field))
    }

    /// The next that is not far: `first`, if that waits, else the one that waits longest.
    pub(super) fn next_near(&mut self, first: Option<&FieldId>) -> Option<FieldId> {
        let at = first
            .and_then(|first| self.waiting.iter().position(|field| field == first))
            .or_else(|| self.waiting.iter().position(|field| !self.far.contains(field)))?;
        self.waiting.remove(at)
    }

    /// The next of all.
    pub(super) fn next(&mut self) -> Option<FieldId> {
        self.waiting.pop_front()
    }

    /// This field shows everything.
    pub(super) fn done(&mut self, field: &FieldId) {
        self.waiting.retain(|other| other != field);
    }

    /// There is no such field any more.
    pub(super) fn forget(&mut self, field: &FieldId) {
        self.done(field);
        self.far.remove(field);
    }
}

#[cfg(test)]
mod tests {
    use model::doc::{BlockId, RootText};

    use super::*;

    fn field(name: &str) -> FieldId {
        FieldId::Block(BlockId::parse(name).unwrap())
    }

    #[test]
    fn the_focused_field_comes_first_and_far_ones_wait() {
        let mut due = Due::default();
        let (a, b, c) = (field("a"), field("b"), field("c"));
        due.go(&a, true);
        assert_eq!(due.add(&a), When::Idle);
        assert_eq!(due.add(&b), When::Frame);
        assert_eq!(due.add(&c), When::Frame);
        assert_eq!(due.add(&b), When::Frame, "again: it keeps its place");
        assert_eq!(due.next_near(Some(&c)), Some(c.clone()));
        assert_eq!(due.next_near(Some(&c)), Some(b));
        assert!(!due.has_near());
        assert_eq!(due.next_near(None), None);
        assert_eq!(due.next(), Some(a));
        assert_eq!(due.next(), None);
    }

    #[test]
    fn a_focused_field_is_never_too_far() {
        let mut due = Due::default();
        let a = field("a");
        due.go(&a, true);
        due.add(&a);
        assert_eq!(due.next_near(Some(&a)), Some(a));
    }

    #[test]
    fn what_comes_near_is_shown_if_it_waits() {
        let mut due = Due::default();
        let (a, b) = (field("a"), FieldId::Root(RootText::Closing));
        assert!(!due.go(&a, true));
        assert!(!due.go(&b, true));
        due.add(&a);
        assert!(due.go(&a, false));
        assert!(due.has_near());
        assert!(!due.go(&b, false), "it has nothing new");
        assert!(!due.go(&a, true), "gone again before the frame");
        assert!(!due.has_near());
        assert_eq!(due.next(), Some(a));
    }

    #[test]
    fn what_was_shown_or_removed_does_not_wait() {
        let mut due = Due::default();
        let (a, b) = (field("a"), field("b"));
        due.go(&b, true);
        due.add(&a);
        due.add(&b);
        due.done(&a);
        due.forget(&b);
        assert_eq!(due.next(), None);
        assert_eq!(due.add(&b), When::Frame, "a new field of that name is not far");
    }
}
