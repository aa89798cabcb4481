//! A browser's own store (IndexedDB with strict durability): what survives the end of a page.

use std::collections::{BTreeMap, BTreeSet};

/// What one browser keeps of a Leitbild.
#[derive(Default)]
pub(super) struct Device {
    /// Unacknowledged changes by their number on this device; on its disk.
    entries: BTreeMap<u64, Vec<u8>>,
    /// The document as it was some time ago, to open without a network; on its disk.
    copy: Option<Vec<u8>>,
    /// Transactions that are not complete yet, oldest first.
    pending: BTreeMap<u64, Transaction>,
    next_entry: u64,
    next_transaction: u64,
}

enum Transaction {
    Put { entry: u64, update: Vec<u8> },
    Forget { entries: BTreeSet<u64> },
    Copy { document: Vec<u8> },
}

impl Device {
    /// Begins to write down a change: its number, and the transaction's.
    pub(super) fn put(&mut self, update: Vec<u8>) -> (u64, u64) {
        let entry = self.next_entry;
        self.next_entry += 1;
        (entry, self.begin(Transaction::Put { entry, update }))
    }

    /// Begins to forget what is acknowledged.
    pub(super) fn forget(&mut self, entries: BTreeSet<u64>) -> u64 {
        self.begin(Transaction::Forget { entries })
    }

    /// Begins to write down the whole document.
    pub(super) fn copy(&mut self, document: Vec<u8>) -> u64 {
        self.begin(Transaction::Copy { document })
    }

    /// This transaction is complete, and all before it.
    pub(super) fn complete(&mut self, transaction: u64) {
        while let Some(entry) = self.pending.first_entry()
            && *entry.key() <= transaction
        {
            match entry.remove() {
                Transaction::Put { entry, update } => {
                    self.entries.insert(entry, update);
                }
                Transaction::Forget { entries } => self.entries.retain(|entry, _| !entries.contains(entry)),
                Transaction::Copy { document } => self.copy = Some(document),
            }
        }
    }

    /// The page is gone: of what it was writing only the first transactions are complete.
    pub(super) fn crash(&mut self, kept: usize) {
        if let Some(last) = kept
            .checked_sub(1)
            .and_then(|last| self.pending.keys().nth(last).copied())
        {
            self.complete(last);
        }
        self.pending.clear();
    }

    pub(super) fn is_writing(&self) -> usize {
        self.pending.len()
    }

    pub(super) fn document(&self) -> Option<&[u8]> {
        self.copy.as_deref()
    }

    /// What earlier pages left, oldest first.
    pub(super) fn left(&self) -> Vec<(u64, Vec<u8>)> {
        let left = self.entries.iter().map(|(entry, update)| (*entry, update.clone()));
        left.collect()
    }

    fn begin(&mut self, transaction: Transaction) -> u64 {
        let number = self.next_transaction;
        self.next_transaction += 1;
        self.pending.insert(number, transaction);
        number
    }
}
