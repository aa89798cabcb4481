//! Bringing back what was: a whole earlier state, or one field of it, as a new change.

use std::collections::HashSet;

use yrs::{Doc, GetString, Map, Out, ReadTxn, TransactionMut};

use super::authors::BY;
use super::blocks::{self, BLOCKS, FROM, KIND, PLACE, PLAIN, REMOVED, REMOVED_SEEN, TEXT};
use super::delta::TextDelta;
use super::edit::{self, EditError};
use super::id::{BlockId, FieldId, RootText};
use super::place::Parent;
use super::view::{List, view};
use crate::compare::Budget;

/// What to bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Everything: the document shows what it showed then. Blocks that came later go to the bin.
    Everything,
    /// One text of the Leitbild, or one block with its words, where it stood.
    Only(FieldId),
}

/// Makes `doc` show again what `past` shows, in one transaction. Nothing is replaced or deleted but words: each text is
/// changed by the words that are different, so what others type meanwhile in other places stays.
///
/// # Errors
/// [`EditError::NoBlock`] when the one field to bring back was not there then.
pub fn rewind<T: ReadTxn>(doc: &Doc, past: &T, what: &What) -> Result<(), EditError> {
    let then = view(past);
    let mut txn = edit::begin(doc)?;
    let mut budget = Budget::default();
    match what {
        What::Everything => {
            for root in RootText::ALL {
                text(&mut txn, past, &FieldId::Root(root), &mut budget);
            }
            for id in then.blocks().chain(&then.bin).map(|block| &block.id) {
                registers(&mut txn, past, id, true);
                block_texts(&mut txn, past, id, &mut budget);
            }
            let shown: HashSet<&BlockId> = then.blocks().map(|block| &block.id).collect();
            for id in &shown {
                show(&mut txn, id);
            }
            // With the words that stand there now, so that these do not bring it back.
            for block in view(&txn).blocks().filter(|block| !shown.contains(&block.id)) {
                if blocks::block_map(&txn, &block.id).is_some() {
                    edit::flag_removed(&mut txn, &block.id)?;
                }
            }
            Ok(())
        }
        What::Only(field) => {
            let Some(id) = field.block() else {
                text(&mut txn, past, field, &mut budget);
                return Ok(());
            };
            let block = then.blocks().find(|block| block.id == *id).ok_or(EditError::NoBlock)?;
            // Where it stood, unless its Leitlinie is gone; a block in the bin comes back in any case.
            let now = view(&txn);
            let is_shown = !matches!(now.locate(id), Some((List::Bin, _)) | None);
            let parent_is_shown = match block.place.as_ref().map(|place| &place.parent) {
                Some(Parent::Block(parent)) => now.guideline(parent).is_some(),
                _ => true,
            };
            registers(&mut txn, past, id, parent_is_shown || !is_shown);
            block_texts(&mut txn, past, id, &mut budget);
            show(&mut txn, id);
            Ok(())
        }
    }
}

fn block_texts<T: ReadTxn>(txn: &mut TransactionMut<'_>, past: &T, id: &BlockId, budget: &mut Budget) {
    text(txn, past, &FieldId::Block(id.clone()), budget);
    text(txn, past, &FieldId::Plain(id.clone()), budget);
}

/// Sets the words of a field. One that holds something else than words stays as it is.
fn text<T: ReadTxn>(txn: &mut TransactionMut<'_>, past: &T, field: &FieldId, budget: &mut Budget) {
    let then = blocks::text_ref(past, field).map_or_else(String::new, |text| text.get_string(past));
    let Ok(text) = edit::editable(txn, field) else { return };
    let now = text.get_string(txn);
    if now == then {
        return;
    }
    let delta = TextDelta::by_words(&now, &then, budget);
    edit::write_delta(txn, &text, &delta);
}

/// Sets the values of a block to what they were, kind and place only `with_place`: one says nothing without the other. What it
/// was split off stays, because that does not change, and so does whose its words are, because some of them may stay.
fn registers<T: ReadTxn>(txn: &mut TransactionMut<'_>, past: &T, id: &BlockId, with_place: bool) {
    let Some(map) = blocks::block_map(txn, id) else { return };
    let Some(Out::YMap(then)) = past.get_map(BLOCKS).and_then(|blocks| blocks.get(past, id.as_str())) else {
        return;
    };
    let is_ours = |key: &str| {
        !matches!(key, TEXT | PLAIN | REMOVED | REMOVED_SEEN | FROM)
            && !key.starts_with(BY)
            && (with_place || !matches!(key, KIND | PLACE))
    };
    let value = |out: Out| match out {
        Out::Any(value) => Some(value),
        _ => None,
    };
    let was: Vec<(String, yrs::Any)> = then
        .iter(past)
        .filter(|(key, _)| is_ours(key))
        .filter_map(|(key, out)| Some((key.to_owned(), value(out)?)))
        .collect();
    let later: Vec<String> = map
        .iter(txn)
        .filter(|(key, out)| is_ours(key) && matches!(out, Out::Any(_)) && then.get(past, key).is_none())
        .map(|(key, _)| key.to_owned())
        .collect();
    for (key, value) in was {
        if map.get(txn, &key) != Some(Out::Any(value.clone())) {
            map.insert(txn, key, value);
        }
    }
    for key in later {
        map.remove(txn, &key);
    }
}

fn show(txn: &mut TransactionMut<'_>, id: &BlockId) {
    if let Some(map) = blocks::block_map(txn, id)
        && blocks::flag(txn, &map)
    {
        map.insert(txn, REMOVED, false);
    }
}
