//! Changes of a text, and the two rules for changes that were made at the same time.
//!
//! Lengths count UTF-16 units, as the browser's fields and the document do. The rules are those of operational
//! transformation (Ellis and Gibbs 1989) for two sides: after `a` and `b` were made on one text, `b` carried over `a`
//! gives the same text as `a` carried over `b`.

use super::field_diff;
use crate::compare::{Budget, Kind, Piece, words};

/// A change of a text from its beginning to its end; what follows the last step is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDelta {
    steps: Vec<Step>,
}

/// One step of a [`TextDelta`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Keep(u32),
    Insert(String),
    Delete(u32),
}

/// On which side of words inserted exactly there an offset or an insertion stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

impl TextDelta {
    /// Replaces `delete` units at `at` with `insert`.
    #[must_use]
    pub fn replace(at: u32, delete: u32, insert: &str) -> Self {
        let mut delta = Self::default();
        delta.keep(at);
        delta.insert(insert);
        delta.delete(delete);
        delta
    }

    /// The smallest single replacement that turns `old` into `new`. `caret` is where the caret stands in `new`, in
    /// UTF-16 units: it settles which of several equal letters changed. Only whole characters are cut.
    #[must_use]
    pub fn between(old: &str, new: &str, caret: Option<u32>) -> Self {
        field_diff::diff(old, new, caret)
    }

    /// The change word by word, so that what others write between the changed words stays.
    #[must_use]
    pub fn by_words(old: &str, new: &str, budget: &mut Budget) -> Self {
        let mut delta = Self::default();
        for Piece { kind, text } in words(old, new, budget) {
            match kind {
                Kind::Same => delta.keep(utf16_len(&text)),
                Kind::Inserted => delta.insert(&text),
                Kind::Deleted => delta.delete(utf16_len(&text)),
            }
        }
        delta
    }

    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Does it change nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Keep(_)))
    }

    #[must_use]
    pub fn has_insert(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Insert(_)))
    }

    /// Appends a step.
    pub fn keep(&mut self, len: u32) {
        match self.steps.last_mut() {
            _ if len == 0 => {}
            Some(Step::Keep(last)) => *last += len,
            _ => self.steps.push(Step::Keep(len)),
        }
    }

    /// Appends a step.
    pub fn insert(&mut self, text: &str) {
        match self.steps.last_mut() {
            _ if text.is_empty() => {}
            Some(Step::Insert(last)) => last.push_str(text),
            _ => self.steps.push(Step::Insert(text.to_owned())),
        }
    }

    /// Appends a step.
    pub fn delete(&mut self, len: u32) {
        match self.steps.last_mut() {
            _ if len == 0 => {}
            Some(Step::Delete(last)) => *last += len,
            _ => self.steps.push(Step::Delete(len)),
        }
    }

    /// `text` after this change. Steps beyond the text's end have nothing to act on.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut result: Vec<u16> = Vec::with_capacity(units.len());
        let mut at = 0;
        for step in &self.steps {
            match step {
                Step::Insert(words) => result.extend(words.encode_utf16()),
                Step::Keep(len) | Step::Delete(len) => {
                    let end = (at + *len as usize).min(units.len());
                    if matches!(step, Step::Keep(_)) {
                        result.extend_from_slice(&units[at..end]);
                    }
                    at = end;
                }
            }
        }
        result.extend_from_slice(&units[at..]);
        String::from_utf16_lossy(&result)
    }

    /// This change followed by `next`, as one.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let mut result = Self::default();
        let (mut first, mut second) = (Reader::new(self), Reader::new(next));
        loop {
            match (first.head(), second.head()) {
                (Head::End, Head::End) => return result,
                (_, Head::Insert) => result.insert(&second.take_insert(u32::MAX)),
                (Head::Delete(len), _) => {
                    result.delete(len);
                    first.take(len);
                }
                (Head::Insert, Head::End) => result.insert(&first.take_insert(u32::MAX)),
                (Head::Insert, Head::Keep(len)) => {
                    let words = first.take_insert(len);
                    second.take(utf16_len(&words));
                    result.insert(&words);
                }
                (Head::Insert, Head::Delete(len)) => {
                    let words = first.take_insert(len);
                    second.take(utf16_len(&words));
                }
                (Head::Keep(len), Head::End) => {
                    result.keep(len);
                    first.take(len);
                }
                (head, Head::Keep(len)) => {
                    let len = head.at_most(len);
                    result.keep(len);
                    first.take(len);
                    second.take(len);
                }
                (head, Head::Delete(len)) => {
                    let len = head.at_most(len);
                    result.delete(len);
                    first.take(len);
                    second.take(len);
                }
            }
        }
    }

    /// This change as it reads after `other`, which was made on the same text at the same time. Where both insert at
    /// one place, `side` says on which side of the other's words these stand; the other way round takes the other side.
    #[must_use]
    pub fn over(&self, other: &Self, side: Side) -> Self {
        let mut result = Self::default();
        let (mut own, mut others) = (Reader::new(self), Reader::new(other));
        loop {
            match (own.head(), others.head()) {
                (Head::End, _) => return result,
                (Head::Insert, Head::Insert) if side == Side::After => {
                    result.keep(utf16_len(&others.take_insert(u32::MAX)));
                }
                (Head::Insert, _) => result.insert(&own.take_insert(u32::MAX)),
                (_, Head::Insert) => result.keep(utf16_len(&others.take_insert(u32::MAX))),
                (Head::Keep(len), head) => {
                    let len = head.at_most(len);
                    if !matches!(head, Head::Delete(_)) {
                        result.keep(len);
                    }
                    own.take(len);
                    others.take(len);
                }
                (Head::Delete(len), head) => {
                    let len = head.at_most(len);
                    if !matches!(head, Head::Delete(_)) {
                        result.delete(len);
                    }
                    own.take(len);
                    others.take(len);
                }
            }
        }
    }

    /// Where `offset` of the text before stands in the text after.
    #[must_use]
    pub fn map_offset(&self, offset: u32, side: Side) -> u32 {
        let (mut before, mut after) = (0_u32, 0_u32);
        for step in &self.steps {
            match step {
                Step::Insert(words) => {
                    if before > offset || (before == offset && side == Side::Before) {
                        break;
                    }
                    after += utf16_len(words);
                }
                Step::Keep(len) => {
                    if before + len > offset {
                        break;
                    }
                    before += len;
                    after += len;
                }
                Step::Delete(len) => {
                    if before + len > offset {
                        return after;
                    }
                    before += len;
                }
            }
        }
        after + (offset - before.min(offset))
    }

    /// Where `offset` of the text after stood in the text before: the other way round of [`Self::map_offset`]. Inside of
    /// inserted words, that is where they were inserted.
    #[must_use]
    pub fn map_offset_back(&self, offset: u32) -> u32 {
        let (mut before, mut after) = (0_u32, 0_u32);
        for step in &self.steps {
            match step {
                Step::Insert(words) => {
                    let len = utf16_len(words);
                    if offset < after + len {
                        return before;
                    }
                    after += len;
                }
                Step::Keep(len) => {
                    if offset < after + len {
                        break;
                    }
                    before += len;
                    after += len;
                }
                Step::Delete(len) => {
                    if offset == after {
                        return before;
                    }
                    before += len;
                }
            }
        }
        before + (offset - after.min(offset))
    }
}

/// Length in UTF-16 units.
#[must_use]
pub fn utf16_len(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}

#[derive(Clone, Copy)]
enum Head {
    End,
    Insert,
    Keep(u32),
    Delete(u32),
}

impl Head {
    /// The end keeps everything, so it never shortens.
    fn at_most(self, len: u32) -> u32 {
        match self {
            Self::Keep(own) | Self::Delete(own) => own.min(len),
            Self::End | Self::Insert => len,
        }
    }
}

struct Reader<'a> {
    steps: std::slice::Iter<'a, Step>,
    current: Option<Step>,
}

impl<'a> Reader<'a> {
    fn new(delta: &'a TextDelta) -> Self {
        let mut steps = delta.steps.iter();
        let current = steps.next().cloned();
        Self { steps, current }
    }

    fn head(&self) -> Head {
        match &self.current {
            None => Head::End,
            Some(Step::Insert(_)) => Head::Insert,
            Some(Step::Keep(len)) => Head::Keep(*len),
            Some(Step::Delete(len)) => Head::Delete(*len),
        }
    }

    /// Passes `len` units of a step that keeps or deletes; at the end there is nothing to pass.
    fn take(&mut self, len: u32) {
        if let Some(Step::Keep(left) | Step::Delete(left)) = &mut self.current {
            *left -= len.min(*left);
            if *left == 0 {
                self.current = self.steps.next().cloned();
            }
        }
    }

    /// Takes up to `len` units of an insertion, whole characters and at least one of them.
    fn take_insert(&mut self, len: u32) -> String {
        let Some(Step::Insert(words)) = &mut self.current else {
            return String::new();
        };
        let mut taken = 0;
        let mut end = 0;
        for letter in words.chars() {
            let next = taken + letter.len_utf16() as u32;
            if next > len && end > 0 {
                break;
            }
            taken = next;
            end += letter.len_utf8();
        }
        let rest = words.split_off(end);
        let head = std::mem::replace(words, rest);
        if words.is_empty() {
            self.current = self.steps.next().cloned();
        }
        head
    }
}
