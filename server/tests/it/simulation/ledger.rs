//! What was written, by whom, and what was promised about it: kept outside of everything that can fail.

use std::collections::{BTreeMap, BTreeSet};

use model::doc;
use yrs::{Doc, Map, ReadTxn, Transact, Update, updates::decoder::Decode};

use super::person::{Deed, all_words};
use crate::content::Content;

#[derive(Default)]
pub(super) struct Ledger {
    /// Every update that any page ever made, in the order in which they were made.
    written: Vec<Written>,
    /// Letters, with the updates that brought them.
    typed: Vec<Typed>,
    /// Letters that somebody deleted, on purpose or by undo: they may be there or not.
    deleted: BTreeSet<char>,
    /// Where a browser keeps an update: by person and number on the device.
    kept: BTreeMap<(usize, u64), usize>,
    pub(super) acknowledged: u64,
}

struct Written {
    by: usize,
    update: Vec<u8>,
    content: Content,
    is_acknowledged: bool,
}

struct Typed {
    letter: char,
    updates: std::ops::Range<usize>,
    in_root: bool,
}

impl Ledger {
    /// Words that were there before anybody came.
    pub(super) fn start(&mut self, updates: Vec<Vec<u8>>) {
        for update in updates {
            self.write(usize::MAX, update);
        }
    }

    /// An update was made; its number.
    pub(super) fn write(&mut self, by: usize, update: Vec<u8>) -> usize {
        let content = Content::of_update(&update);
        self.written.push(Written {
            by,
            update,
            content,
            is_acknowledged: false,
        });
        self.written.len() - 1
    }

    /// How many updates were made so far.
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// The letters that anybody ever deleted.
    pub(super) fn deleted(&self) -> &BTreeSet<char> {
        &self.deleted
    }

    /// These updates came of this.
    pub(super) fn note(&mut self, deed: &Deed, updates: std::ops::Range<usize>) {
        self.deleted.extend(&deed.deleted);
        self.typed.extend(deed.typed.iter().map(|letter| Typed {
            letter: *letter,
            updates: updates.clone(),
            in_root: deed.in_root,
        }));
    }

    pub(super) fn keep(&mut self, person: usize, entry: u64, update: usize) {
        self.kept.insert((person, entry), update);
    }

    pub(super) fn kept(&self, person: usize, entry: u64) -> usize {
        self.kept[&(person, entry)]
    }

    /// Somebody was told that this is saved. What it holds, for the caller to look for it; nothing when it was told
    /// before.
    pub(super) fn acknowledge(&mut self, update: usize) -> Option<&Content> {
        let written = &mut self.written[update];
        if written.is_acknowledged {
            return None;
        }
        written.is_acknowledged = true;
        self.acknowledged += 1;
        Some(&written.content)
    }

    /// Everything that was ever called saved is in this document.
    pub(super) fn check_acknowledged(&self, doc: &Doc) -> Result<(), String> {
        let content = Content::of_doc(doc);
        let lost = self
            .written
            .iter()
            .position(|written| written.is_acknowledged && !content.covers(&written.content));
        lost.map_or(Ok(()), |lost| {
            Err(format!(
                "update {lost}, by {}, was acknowledged and is lost",
                self.written[lost].by
            ))
        })
    }

    /// The document at the end holds what survived, each update once.
    pub(super) fn check_end(&self, doc: &Doc) -> Result<(), String> {
        self.check_acknowledged(doc)?;
        check_blocks(doc)?;
        let content = Content::of_doc(doc);
        let survived: Vec<bool> = self
            .written
            .iter()
            .map(|written| content.covers(&written.content))
            .collect();

        let once = doc::new_doc(2);
        for (written, _) in self.written.iter().zip(&survived).filter(|(_, survived)| **survived) {
            let update = Update::decode_v1(&written.update).map_err(|error| error.to_string())?;
            once.transact_mut()
                .apply_update(update)
                .map_err(|error| error.to_string())?;
        }
        let (found, expected) = (doc::view(&doc.transact()), doc::view(&once.transact()));
        if found != expected {
            return Err(format!(
                "the document is not what its updates give, each applied once:\n{found:#?}\n{expected:#?}"
            ));
        }
        if !content.equals(&Content::of_doc(&once)) {
            return Err("the document holds other letters than its updates".to_owned());
        }

        let mut times: BTreeMap<char, usize> = BTreeMap::new();
        for letter in all_words(&found).chars() {
            *times.entry(letter).or_default() += 1;
        }
        for typed in &self.typed {
            let letter = typed.letter;
            let times = times.get(&letter).copied().unwrap_or(0);
            let survived = survived[typed.updates.clone()].iter().all(|survived| *survived);
            let may_be_gone = !survived || self.deleted.contains(&letter);
            if times == 0 && !may_be_gone {
                return Err(format!("{letter} was typed, never deleted, and is nowhere"));
            }
            // Two people who undo that they deleted a letter both bring it back.
            if times > 1 && typed.in_root && !self.deleted.contains(&letter) {
                return Err(format!("{letter} was typed once and is there {times} times"));
            }
        }
        Ok(())
    }

    /// Updates that nobody has any more.
    pub(super) fn lost(&self, doc: &Doc) -> usize {
        let content = Content::of_doc(doc);
        let lost = self.written.iter().filter(|written| !content.covers(&written.content));
        lost.count()
    }
}

/// Every block is shown exactly once: where it belongs, or in the bin.
pub(super) fn check_blocks(doc: &Doc) -> Result<(), String> {
    let txn = doc.transact();
    let view = doc::view(&txn);
    let mut shown: Vec<&str> = view.blocks().chain(&view.bin).map(|block| block.id.as_str()).collect();
    shown.sort_unstable();
    let map = txn.get_map("blocks").ok_or("the document has no blocks")?;
    let mut keys: Vec<&str> = map.keys(&txn).collect();
    keys.sort_unstable();
    if shown == keys {
        Ok(())
    } else {
        Err(format!("shown {shown:?}, not {keys:?}"))
    }
}
