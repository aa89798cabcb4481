//! What has to be written to the device, in order, one transaction at a time.
//!
//! Pure, so that it can be tested without a browser. Everything that was noted while a transaction runs goes into the
//! next one, so a fast typist costs no more transactions than the device can make.

use std::collections::VecDeque;

use super::outbox::Key;

/// Something to write or to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// An entry of the outbox.
    Put(Key, Vec<u8>),
    /// The server has it, or it became recovered words.
    Remove(Key),
    /// Words that the server did not take, under an id of their own.
    PutRecovered(String, Vec<u8>),
    RemoveRecovered(String),
    /// Something that was begun and not said yet, under its key.
    PutBegun(String, Vec<u8>),
    /// It was said, or emptied.
    RemoveBegun(String),
    /// The copy of the document holds what the server did not take.
    RemoveDocument,
}

#[derive(Debug)]
struct Job {
    /// Nothing for a change that lies on the device already and only waits for those before it.
    write: Option<Write>,
    /// The change that is stored with it; 0 for none.
    change: u64,
}

impl Job {
    /// Is it about what was begun under `key`?
    fn is_begun(&self, key: &str) -> bool {
        matches!(&self.write, Some(Write::PutBegun(other, _) | Write::RemoveBegun(other)) if other == key)
    }
}

/// The writes that wait.
#[derive(Debug, Default)]
pub struct Journal {
    jobs: VecDeque<Job>,
    /// How many of them the running transaction has.
    running: usize,
}

impl Journal {
    /// Notes an entry of the outbox, which is change number `change`.
    pub fn put(&mut self, key: Key, record: Vec<u8>, change: u64) {
        let write = Some(Write::Put(key, record));
        self.jobs.push_back(Job { write, change });
    }

    /// Notes that a change lies on the device already: it counts as stored once those before it are.
    pub fn lies_there(&mut self, change: u64) {
        self.jobs.push_back(Job { write: None, change });
    }

    /// Notes that an entry is not needed any more. What was not begun yet is not written at all.
    pub fn remove(&mut self, key: Key) {
        let waits = |job: &Job| matches!(&job.write, Some(Write::Put(other, _)) if *other == key);
        let waiting = self.jobs.iter().skip(self.running).position(waits);
        match waiting.map(|at| at + self.running) {
            Some(at) => {
                self.jobs.remove(at);
            }
            None => self.note(Write::Remove(key)),
        }
    }

    /// Notes a write that belongs to no change.
    pub fn note(&mut self, write: Write) {
        let write = Some(write);
        self.jobs.push_back(Job { write, change: 0 });
    }

    /// Notes what was begun under `key`, or that nothing is any more. Of what waits, only the newest is written: a
    /// device that takes nothing must not gather every letter.
    pub fn keep_begun(&mut self, key: String, record: Option<Vec<u8>>) {
        let running = self.running;
        let mut at = 0;
        self.jobs.retain(|job| {
            at += 1;
            at <= running || !job.is_begun(&key)
        });
        self.note(match record {
            Some(record) => Write::PutBegun(key, record),
            None => Write::RemoveBegun(key),
        });
    }

    /// The next transaction, unless one is running or there is nothing to write. It runs until [`Self::done`] or
    /// [`Self::failed`].
    pub fn begin(&mut self) -> Option<Vec<Write>> {
        if self.running > 0 || self.jobs.is_empty() {
            return None;
        }
        self.running = self.jobs.len();
        Some(self.jobs.iter().filter_map(|job| job.write.clone()).collect())
    }

    /// The running transaction completed. Answers with the last change it stored, if it stored any.
    pub fn done(&mut self) -> Option<u64> {
        let done = self.jobs.drain(..self.running).map(|job| job.change).max();
        self.running = 0;
        done.filter(|change| *change > 0)
    }

    /// The running transaction was taken back as a whole: its writes come again with the next one.
    pub fn failed(&mut self) {
        self.running = 0;
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> Key {
        Key { client_id: 1, number }
    }

    fn put(journal: &mut Journal, number: u64) {
        journal.put(key(number), vec![number as u8], number);
    }

    #[test]
    fn what_comes_during_a_transaction_goes_into_the_next() {
        let mut journal = Journal::default();
        assert_eq!(journal.begin(), None);
        put(&mut journal, 1);
        assert_eq!(journal.begin(), Some(vec![Write::Put(key(1), vec![1])]));
        put(&mut journal, 2);
        put(&mut journal, 3);
        assert_eq!(journal.begin(), None, "one at a time");
        assert_eq!(journal.done(), Some(1));
        assert_eq!(journal.begin().map(|writes| writes.len()), Some(2));
        assert_eq!(journal.done(), Some(3));
        assert!(journal.is_empty());
    }

    #[test]
    fn what_lies_there_already_waits_for_what_came_before() {
        let mut journal = Journal::default();
        put(&mut journal, 1);
        journal.begin();
        journal.lies_there(2);
        assert_eq!(journal.done(), Some(1));
        assert_eq!(journal.begin(), Some(Vec::new()));
        assert_eq!(journal.done(), Some(2));
    }

    #[test]
    fn a_failed_transaction_stores_nothing_and_comes_again_in_order() {
        let mut journal = Journal::default();
        put(&mut journal, 1);
        journal.begin();
        put(&mut journal, 2);
        journal.failed();
        let again = journal.begin().unwrap();
        assert_eq!(again, [Write::Put(key(1), vec![1]), Write::Put(key(2), vec![2])]);
        assert_eq!(journal.done(), Some(2));
    }

    #[test]
    fn of_what_was_begun_only_the_newest_waits() {
        let begun = |key: &str, word: &[u8]| Write::PutBegun(key.to_owned(), word.to_vec());
        let mut journal = Journal::default();
        journal.keep_begun("a".to_owned(), Some(b"J".to_vec()));
        assert_eq!(journal.begin(), Some(vec![begun("a", b"J")]));
        journal.keep_begun("a".to_owned(), Some(b"Ja".to_vec()));
        journal.keep_begun("b".to_owned(), Some(b"N".to_vec()));
        put(&mut journal, 1);
        journal.keep_begun("a".to_owned(), None);
        assert_eq!(journal.done(), None, "it belongs to no change");
        let gone = Write::RemoveBegun("a".to_owned());
        assert_eq!(
            journal.begin(),
            Some(vec![begun("b", b"N"), Write::Put(key(1), vec![1]), gone])
        );
        assert_eq!(journal.done(), Some(1));
        assert!(journal.is_empty());
    }

    #[test]
    fn what_the_server_has_before_it_was_written_is_not_written() {
        let mut journal = Journal::default();
        put(&mut journal, 1);
        journal.begin();
        put(&mut journal, 2);
        put(&mut journal, 3);
        journal.remove(key(1));
        journal.remove(key(2));
        assert_eq!(journal.done(), Some(1));
        assert_eq!(
            journal.begin(),
            Some(vec![Write::Put(key(3), vec![3]), Write::Remove(key(1))]),
            "written before removed, so that nothing is left over"
        );
        assert_eq!(journal.done(), Some(3));
    }
}
