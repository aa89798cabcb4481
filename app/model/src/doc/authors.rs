//! Whose words are whose: runs of a text by the client id that wrote them.
//!
//! Yjs knows who inserted each letter. A split or a join inserts again what others wrote, so whoever does it notes down whose
//! words they were, in a register of the block that received them: `by:CLIENT:CLOCK` (the first inserted letter) holds
//! `LEN CLIENT LEN CLIENT …` in UTF-16 units. A long note goes on in another, under the clock where it goes on. It carries client ids,
//! never names; who they are can be erased elsewhere.

use yrs::types::text::YChange;
use yrs::{Any, Doc, ID, Map, Out, ReadTxn, Snapshot, StateVector, Text, TextRef, Transact, TransactionMut};

use super::blocks;
use super::delta::utf16_len;
use super::edit::EditError;
use super::id::FieldId;

pub(super) const BY: &str = "by:";
/// Runs of one note. Each takes 32 bytes at most, so that a note stays a short value.
const RUNS_PER_NOTE: usize = 64;

/// Letters in a row that one client wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// In UTF-16 units.
    pub len: u32,
    pub client: u64,
}

/// Who wrote a field's words, from its first letter to its last.
pub fn authors(doc: &Doc, field: &FieldId) -> Result<Vec<Run>, EditError> {
    let mut txn = doc.try_transact_mut().map_err(|_| EditError::Busy)?;
    let text = blocks::text_ref(&txn, field).ok_or(EditError::NoText)?;
    Ok(runs(&mut txn, field, &text))
}

pub(super) fn runs(txn: &mut TransactionMut<'_>, field: &FieldId, text: &TextRef) -> Vec<Run> {
    let inserted = inserted(txn, text);
    let notes = notes(txn, field);
    let mut runs = Vec::new();
    for (first, len) in inserted {
        resolve(&notes, first, len, &mut runs);
    }
    runs
}

/// The runs of a text's units `from..to`.
pub(super) fn cut(runs: &[Run], from: u32, to: u32) -> Vec<Run> {
    let mut at = 0_u32;
    let mut found = Vec::new();
    for run in runs {
        // What a foreign client noted may add up to more than there can be.
        let end = at.saturating_add(run.len);
        let (begins, ends) = (at.max(from), end.min(to));
        if begins < ends {
            push(&mut found, ends - begins, run.client);
        }
        at = end;
    }
    found
}

/// Notes in the field's block that the words inserted at once at unit `at` of its text are those of `runs`. Nothing is written
/// where whoever inserted them wrote them all.
pub(super) fn note(txn: &mut TransactionMut<'_>, field: &FieldId, at: u32, runs: &[Run]) {
    let (Some(text), Some(id)) = (blocks::text_ref(txn, field), field.block()) else {
        return;
    };
    let mut passed = 0;
    let first = inserted(txn, &text).into_iter().find_map(|(first, len)| {
        let offset = at.checked_sub(passed).filter(|offset| *offset < len);
        passed += len;
        offset.map(|offset| ID::new(first.client, first.clock + offset))
    });
    let (Some(first), Some(map)) = (first, blocks::block_map(txn, id)) else {
        return;
    };
    if runs.iter().all(|run| run.client == first.client.get()) {
        return;
    }
    // The words went in at once, so their clocks follow one another.
    let mut clock = first.clock;
    for runs in runs.chunks(RUNS_PER_NOTE) {
        let parts: Vec<String> = runs.iter().map(|run| format!("{} {}", run.len, run.client)).collect();
        map.insert(txn, format!("{BY}{}:{clock}", first.client), parts.join(" "));
        clock = runs.iter().fold(clock, |clock, run| clock.saturating_add(run.len));
    }
}

/// The text's letters as they were inserted: the id of each run's first letter, and its length.
fn inserted(txn: &mut TransactionMut<'_>, text: &TextRef) -> Vec<(ID, u32)> {
    let now = txn.snapshot();
    let before = Snapshot::new(StateVector::default(), yrs::IdSet::default());
    let parts = text.diff_range(txn, Some(&now), Some(&before), |change: YChange| change.id);
    parts
        .into_iter()
        .filter_map(|part| match (part.insert, part.ychange) {
            (Out::Any(Any::String(words)), Some(id)) => Some((id, utf16_len(&words))),
            _ => None,
        })
        .collect()
}

struct Note {
    first: ID,
    runs: Vec<Run>,
}

fn notes<T: ReadTxn>(txn: &T, field: &FieldId) -> Vec<Note> {
    let FieldId::Block(id) = field else {
        return Vec::new();
    };
    let Some(map) = blocks::block_map(txn, id) else {
        return Vec::new();
    };
    map.iter(txn)
        .filter_map(|(key, value)| {
            let (client, clock) = key.strip_prefix(BY)?.split_once(':')?;
            let Out::Any(Any::String(value)) = value else {
                return None;
            };
            let mut numbers = value.split(' ').map(str::parse::<u64>);
            let mut runs = Vec::new();
            while let (Some(Ok(len)), Some(Ok(client))) = (numbers.next(), numbers.next()) {
                runs.push(Run {
                    len: u32::try_from(len).ok()?,
                    client,
                });
            }
            let first = ID::new(yrs::ClientID::new(client.parse().ok()?), clock.parse().ok()?);
            Some(Note { first, runs })
        })
        .collect()
}

/// Replaces what a note covers of `len` letters from `first` on.
fn resolve(notes: &[Note], first: ID, len: u32, runs: &mut Vec<Run>) {
    let mut at = 0;
    while at < len {
        let clock = first.clock.saturating_add(at);
        let rest = len - at;
        let noted = notes
            .iter()
            .filter(|note| note.first.client == first.client)
            .find_map(|note| {
                let offset = clock.checked_sub(note.first.clock)?;
                cut(&note.runs, offset, offset.saturating_add(rest)).into_iter().next()
            });
        let next_note = notes
            .iter()
            .filter(|note| note.first.client == first.client)
            .filter_map(|note| note.first.clock.checked_sub(clock).filter(|gap| *gap > 0))
            .min()
            .map_or(rest, |gap| gap.min(rest));
        let run = noted.unwrap_or(Run {
            len: next_note,
            client: first.client.get(),
        });
        let step = run.len.clamp(1, rest);
        push(runs, step, run.client);
        at += step;
    }
}

fn push(runs: &mut Vec<Run>, len: u32, client: u64) {
    match runs.last_mut() {
        Some(last) if last.client == client => last.len = last.len.saturating_add(len),
        _ => runs.push(Run { len, client }),
    }
}
