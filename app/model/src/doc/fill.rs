//! Putting an imported Leitbild into a document: into an empty one as it is, into any other as new blocks.

use yrs::{Doc, Map, ReadTxn, Text, TransactionMut};

use super::blocks::{self, BLOCKS};
use super::edit::{self, EditError, single_line};
use super::id::{BlockId, BlockKind, Entropy, FieldId, RootText};
use super::place::{Parent, Place};
use super::view::{BlockView, List, view};
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

/// Adds a draft to what stands there, in one transaction: paragraphs after the preamble, Leitlinien after the last one. Title, motto and
/// closing line go where nothing stands yet; otherwise they become paragraphs, so that nothing is replaced and nothing lost.
pub fn append(doc: &Doc, draft: &Draft, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (root, words) in [
        (RootText::Title, &draft.title),
        (RootText::Motto, &draft.motto),
        (RootText::Closing, &draft.closing),
    ] {
        if words.is_empty() {
            continue;
        }
        let text = blocks::text_ref(&txn, &FieldId::Root(root)).ok_or(EditError::NoText)?;
        if text.len(&txn) == 0 {
            text.insert(&mut txn, 0, &single_line(words));
        } else if root == RootText::Closing {
            after.push(words.clone());
        } else {
            before.push(words.clone());
        }
    }
    before.extend(draft.preamble.iter().cloned());
    before.extend(after);
    let preamble = now.list(&List::Preamble);
    add_after(
        &mut txn,
        &BlockKind::Paragraph,
        &Parent::Root,
        &preamble,
        &before,
        entropy,
    );
    let titles: Vec<String> = draft
        .guidelines
        .iter()
        .map(|guideline| guideline.title.clone())
        .collect();
    let guidelines = now.list(&List::Guidelines);
    let ids = add_after(
        &mut txn,
        &BlockKind::Guideline,
        &Parent::Root,
        &guidelines,
        &titles,
        entropy,
    );
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
    add_after(txn, kind, parent, &[], texts, entropy)
}

fn add_after(
    txn: &mut TransactionMut<'_>,
    kind: &BlockKind,
    parent: &Parent,
    siblings: &[&BlockView],
    texts: &[String],
    entropy: Entropy<'_>,
) -> Vec<BlockId> {
    let keys = edit::make_room(txn, parent, siblings, siblings.len(), texts.len(), entropy);
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
