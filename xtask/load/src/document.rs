//! What is known of a document without having it: who writes there, how far, and when each edit was sent.

use std::{
    cell::{Ref, RefCell},
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

use model::wire::admission::{self, Refusal};

/// Updates that are remembered: the same bytes go to every reader, and reading them once is enough.
const REMEMBERED_UPDATES: usize = 4_096;

/// A range of an author's clocks, exclusive at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Index of the author.
    pub author: usize,
    pub start: u32,
    pub end: u32,
}

#[derive(Default)]
pub struct Document {
    authors: RefCell<Authors>,
    remembered: RefCell<HashMap<u64, Rc<[Span]>>>,
}

#[derive(Default)]
pub struct Authors {
    index: HashMap<u64, usize>,
    client_ids: Vec<u64>,
    /// By author and clock: when it was sent, in the meter's nanoseconds.
    sent: Vec<Vec<u64>>,
}

impl Document {
    /// Adds somebody who writes; answers with the author's index.
    pub fn add_author(&self, client_id: u64) -> usize {
        let mut authors = self.authors.borrow_mut();
        let author = authors.sent.len();
        authors.index.insert(client_id, author);
        authors.client_ids.push(client_id);
        authors.sent.push(Vec::new());
        author
    }

    /// Notes that everything of `author` before the clock `end` has been sent by now.
    pub fn sent(&self, author: usize, end: u32, now: u64) {
        self.authors.borrow_mut().sent[author].resize(end as usize, now);
    }

    #[must_use]
    pub fn authors(&self) -> Ref<'_, Authors> {
        self.authors.borrow()
    }

    /// What an update holds of the authors' work.
    ///
    /// # Errors
    /// When it is not an update that a Leitbild could hold.
    pub fn spans(&self, update: &[u8]) -> Result<Rc<[Span]>, Refusal> {
        let mut hasher = DefaultHasher::new();
        update.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(spans) = self.remembered.borrow().get(&key) {
            return Ok(Rc::clone(spans));
        }
        let summary = admission::scan(update)?;
        let authors = self.authors.borrow();
        let spans: Rc<[Span]> = summary
            .inserts
            .iter()
            .filter_map(|(client_id, ranges)| Some((*authors.index.get(client_id)?, ranges)))
            .flat_map(|(author, ranges)| {
                ranges.iter().map(move |range| Span {
                    author,
                    start: range.start,
                    end: range.end,
                })
            })
            .collect();
        let mut remembered = self.remembered.borrow_mut();
        if remembered.len() >= REMEMBERED_UPDATES {
            remembered.clear();
        }
        remembered.insert(key, Rc::clone(&spans));
        Ok(spans)
    }
}

impl Authors {
    #[must_use]
    pub fn count(&self) -> usize {
        self.sent.len()
    }

    /// How far an author has sent its work, as a clock.
    #[must_use]
    pub fn end(&self, author: usize) -> u32 {
        self.sent[author].len() as u32
    }

    /// When an edit was sent.
    #[must_use]
    pub fn sent_at(&self, author: usize, clock: u32) -> Option<u64> {
        self.sent.get(author)?.get(clock as usize).copied()
    }

    #[must_use]
    pub fn client_id(&self, author: usize) -> u64 {
        self.client_ids[author]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typist::Typist;

    #[test]
    fn an_update_is_read_as_ranges_of_known_authors() {
        let document = Document::default();
        let mut typist = Typist::new(5);
        let author = document.add_author(5);
        for _ in 0..30 {
            typist.type_letter();
        }
        let update = typist.update(7, 20);
        let span = Span {
            author,
            start: 7,
            end: 20,
        };
        assert_eq!(*document.spans(&update).unwrap(), [span]);
        // Remembered, and the same.
        assert_eq!(*document.spans(&update).unwrap(), [span]);
        assert_eq!(*document.spans(&Typist::new(6).update_from(0)).unwrap(), []);
        assert!(document.spans(&[9]).is_err());
    }
}
