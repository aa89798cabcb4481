//! Putting an imported Leitbild into a document: into an empty one as it is, into any other as new blocks.

use yrs::{Doc, Map, ReadTxn, Text, TransactionMut};

use super::blocks::{self, BLOCKS, PHASE, PLAIN_FOR, SOURCE, fingerprint};
use super::edit::{self, EditError, single_line};
use super::id::{BlockId, BlockKind, Entropy, FieldId, RootText};
use super::place::{Parent, Place};
use super::view::{BlockView, List, view};
use crate::leitbild::{Leitbild, PointSource};
use crate::phase::PhaseId;

/// Writes a text into a document that nobody has written in, in one transaction. Only the server does this.
pub fn fill(doc: &Doc, leitbild: &Leitbild, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    if !is_empty(&txn) {
        return Err(EditError::NotEmpty);
    }
    for (root, words) in roots(leitbild) {
        let text = blocks::text_ref(&txn, &FieldId::Root(root)).ok_or(EditError::NoText)?;
        text.insert(&mut txn, 0, &single_line(words));
    }
    let preamble = paragraphs(leitbild);
    add_after(&mut txn, &BlockKind::Paragraph, &Parent::Root, &[], &preamble, entropy);
    guidelines(&mut txn, &[], leitbild, entropy);
    Ok(())
}

/// Adds a text to what stands there, in one transaction: paragraphs after the preamble, Leitlinien after the last one. Title, motto and
/// closing line go where nothing stands yet; otherwise they become paragraphs, so that nothing is replaced and nothing lost.
pub fn append(doc: &Doc, leitbild: &Leitbild, entropy: Entropy<'_>) -> Result<(), EditError> {
    let mut txn = edit::begin(doc)?;
    let now = view(&txn);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (root, words) in roots(leitbild) {
        if words.is_empty() {
            continue;
        }
        let text = blocks::text_ref(&txn, &FieldId::Root(root)).ok_or(EditError::NoText)?;
        if text.len(&txn) == 0 {
            text.insert(&mut txn, 0, &single_line(words));
        } else if root == RootText::Closing {
            after.push(New::words(words));
        } else {
            before.push(New::words(words));
        }
    }
    before.extend(paragraphs(leitbild));
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
    guidelines(&mut txn, &now.list(&List::Guidelines), leitbild, entropy);
    Ok(())
}

/// What a new block begins with.
#[derive(Clone, Copy, Default)]
struct New<'a> {
    text: &'a str,
    plain: &'a str,
    phases: &'a [String],
    source: Option<&'a PointSource>,
}

impl<'a> New<'a> {
    fn words(text: &'a str) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

fn roots(leitbild: &Leitbild) -> [(RootText, &str); 3] {
    [
        (RootText::Title, &leitbild.title),
        (RootText::Motto, &leitbild.motto),
        (RootText::Closing, &leitbild.closing),
    ]
}

fn paragraphs(leitbild: &Leitbild) -> Vec<New<'_>> {
    let plain = |index: usize| leitbild.preamble_plain.get(index).map_or("", String::as_str);
    let all = leitbild.preamble.iter().enumerate();
    all.map(|(index, text)| New {
        plain: plain(index),
        ..New::words(text)
    })
    .collect()
}

fn guidelines(txn: &mut TransactionMut<'_>, siblings: &[&BlockView], leitbild: &Leitbild, entropy: Entropy<'_>) {
    let titles = leitbild.guidelines.iter().map(|guideline| New {
        plain: &guideline.plain,
        phases: &guideline.phases,
        ..New::words(&guideline.title)
    });
    let titles: Vec<New<'_>> = titles.collect();
    let ids = add_after(txn, &BlockKind::Guideline, &Parent::Root, siblings, &titles, entropy);
    for (id, guideline) in ids.into_iter().zip(&leitbild.guidelines) {
        let points = guideline.points.iter().map(|point| New {
            text: &point.text,
            plain: &point.plain,
            phases: &point.phases,
            source: point.source.as_ref(),
        });
        let points: Vec<New<'_>> = points.collect();
        add_after(txn, &BlockKind::Point, &Parent::Block(id), &[], &points, entropy);
    }
}

fn is_empty<T: ReadTxn>(txn: &T) -> bool {
    let no_words = |root| blocks::text_ref(txn, &FieldId::Root(root)).is_none_or(|text| text.len(txn) == 0);
    RootText::ALL.into_iter().all(no_words) && txn.get_map(BLOCKS).is_none_or(|blocks| blocks.len(txn) == 0)
}

fn add_after(
    txn: &mut TransactionMut<'_>,
    kind: &BlockKind,
    parent: &Parent,
    siblings: &[&BlockView],
    texts: &[New<'_>],
    entropy: Entropy<'_>,
) -> Vec<BlockId> {
    let keys = edit::make_room(txn, parent, siblings, siblings.len(), texts.len(), entropy);
    let places = keys.into_iter().map(|key| Place {
        parent: parent.clone(),
        key,
    });
    let mut ids = Vec::with_capacity(texts.len());
    for (new, place) in texts.iter().zip(places) {
        let text = single_line(new.text);
        let id = edit::create(txn, kind, &place, &text, None, entropy);
        beside(txn, &id, &text, new);
        ids.push(id);
    }
    ids
}

/// Writes what stands beside a block's words.
fn beside(txn: &mut TransactionMut<'_>, id: &BlockId, text: &str, new: &New<'_>) {
    let Some(map) = blocks::block_map(txn, id) else { return };
    let plain = single_line(new.plain);
    if let Some(field) = blocks::text_ref(txn, &FieldId::Plain(id.clone())).filter(|_| !plain.is_empty()) {
        field.insert(txn, 0, &plain);
        map.insert(txn, PLAIN_FOR, fingerprint(text));
    }
    for phase in new.phases.iter().filter(|phase| PhaseId::parse(phase).is_some()) {
        map.insert(txn, format!("{PHASE}{phase}"), true);
    }
    if let Some(source) = new.source {
        map.insert(txn, SOURCE, source.to_string());
    }
}
