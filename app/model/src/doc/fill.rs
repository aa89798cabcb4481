//! Putting an imported Leitbild into an empty document.

use yrs::{Doc, Map, ReadTxn, Text, TransactionMut};

use super::blocks::{self, BLOCKS};
use super::edit::{self, EditError, single_line};
use super::id::{BlockId, BlockKind, Entropy, FieldId, RootText};
use super::place::{Parent, Place};
use crate::import::Draft;

/// Writes a draft into a document that nobody has written in, in one transaction. Only the server does this.
pub fn fill(doc: &Doc, draft: &Draft, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    if !is_empty(&txn) {
        return Err(EditError::NotEmpty);
    }
    let texts = [
        (RootText::Title, &draft.title),
        (RootText::Motto, &draft.motto),
        (RootText::Closing, &draft.closing),
    ];
    for (root, words) in texts {
        let text = blocks::text_ref(&txn, &FieldId::Root(root)).ok_or(EditError::NoText)?;
        text.insert(&mut txn, 0, &single_line(words));
    }
    add(&mut txn, &BlockKind::Paragraph, &Parent::Root, &draft.preamble, entropy);
    let titles: Vec<String> = draft
        .guidelines
        .iter()
        .map(|guideline| guideline.title.clone())
        .collect();
    let ids = add(&mut txn, &BlockKind::Guideline, &Parent::Root, &titles, entropy);
    for (id, guideline) in ids.into_iter().zip(&draft.guidelines) {
        add(
            &mut txn,
            &BlockKind::Point,
            &Parent::Block(id),
            &guideline.points,
            entropy,
        );
    }
    Ok(())
}

fn is_empty<T: ReadTxn>(txn: &T) -> bool {
    let no_words = |root| blocks::text_ref(txn, &FieldId::Root(root)).is_none_or(|text| text.len(txn) == 0);
    RootText::ALL.into_iter().all(no_words) && txn.get_map(BLOCKS).is_none_or(|blocks| blocks.len(txn) == 0)
}

fn add(
    txn: &mut TransactionMut<'_>,
    kind: &BlockKind,
    parent: &Parent,
    texts: &[String],
    entropy: Entropy<'_>,
) -> Vec<BlockId> {
    let keys = edit::make_room(txn, parent, &[], 0, texts.len(), entropy);
    let places = keys.into_iter().map(|key| Place {
        parent: parent.clone(),
        key,
    });
    texts
        .iter()
        .zip(places)
        .map(|(text, place)| edit::create(txn, kind, &place, &single_line(text), None, entropy))
        .collect()
}
