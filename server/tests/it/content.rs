//! What an update holds, as sets of ids: with them "is it in there" is arithmetic.

use std::collections::BTreeMap;

use yrs::{Doc, IdSet, ReadTxn, Transact, Update, updates::decoder::Decode};

/// The letters and values that something inserts, and those that it deletes.
#[derive(Clone, Debug, Default)]
pub struct Content {
    inserts: IdSet,
    deletes: IdSet,
}

impl Content {
    pub fn of_update(update: &[u8]) -> Self {
        let update = Update::decode_v1(update).unwrap();
        Self {
            inserts: update.insertions(true),
            deletes: update.delete_set().clone(),
        }
    }

    /// Everything that a document holds, found by walking over it.
    pub fn of_doc(doc: &Doc) -> Self {
        let txn = doc.transact();
        let mut inserts = IdSet::new();
        for (client, clock) in txn.state_vector().iter() {
            inserts.insert(yrs::ID::new(*client, 0), *clock);
        }
        Self {
            inserts,
            deletes: txn.snapshot().delete_set,
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.inserts = self.inserts.merge(&other.inserts);
        self.deletes = self.deletes.merge(&other.deletes);
    }

    pub fn covers(&self, other: &Self) -> bool {
        other.inserts.diff(&self.inserts).is_empty() && other.deletes.diff(&self.deletes).is_empty()
    }

    /// How far it goes under each client id.
    pub fn clocks(&self) -> BTreeMap<u64, u32> {
        let ends = self.inserts.iter().filter_map(|(client, ranges)| {
            let last = ranges.iter().next_back()?;
            Some((client.get(), last.end))
        });
        ends.collect()
    }

    /// How many of its letters and deletions are not in `other`.
    pub fn missing_in(&self, other: &Self) -> u64 {
        let missing = [self.inserts.diff(&other.inserts), self.deletes.diff(&other.deletes)];
        let ranges = missing.iter().flat_map(IdSet::iter).flat_map(|(_, ranges)| ranges);
        ranges.map(|range| u64::from(range.end - range.start)).sum()
    }

    /// The same letters, deleted or not?
    pub fn equals(&self, other: &Self) -> bool {
        self.covers(other) && other.covers(self)
    }
}
