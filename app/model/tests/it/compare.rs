//! Comparing states: what counts as moved, new, removed, changed.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail loudly, as the tests themselves do"
)]

use model::{
    compare::{Change, Comparison, Kind, Line, Part, compare},
    doc::{self, BlockId, BlockKind, FieldId, Parent, RootText, View},
};
use yrs::{Doc, Transact};

fn entropy() -> impl FnMut() -> u64 {
    let mut state = 5_u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 29)
    }
}

fn view(doc: &Doc) -> View {
    doc::view(&doc.transact())
}

fn example() -> (Doc, Vec<BlockId>, Vec<BlockId>) {
    let doc = doc::new_doc(1);
    let mut random = entropy();
    doc::set_text(&doc, &FieldId::Root(RootText::Title), "Gut aufwachsen").unwrap();
    let guidelines = doc::add_blocks(
        &doc,
        &BlockKind::Guideline,
        &Parent::Root,
        0,
        &["Teilhabe", "Gesundheit", "Bildung"],
        &mut random,
    )
    .unwrap();
    let mut points = Vec::new();
    for (guideline, texts) in guidelines.iter().zip([&["t1", "t2"][..], &["g1"], &["b1", "b2"]]) {
        let parent = Parent::Block(guideline.clone());
        points.extend(doc::add_blocks(&doc, &BlockKind::Point, &parent, 0, texts, &mut random).unwrap());
    }
    (doc, guidelines, points)
}

/// What changed, as `words: change`.
fn told(comparison: &Comparison) -> Vec<(String, Change)> {
    let words = |pieces: &[model::compare::Piece]| -> String {
        pieces
            .iter()
            .filter(|piece| piece.kind != Kind::Deleted)
            .map(|piece| piece.text.as_str())
            .collect()
    };
    comparison
        .lines
        .iter()
        .filter(|line| line.change != Change::Same)
        .map(|line| (words(&line.pieces), line.change))
        .collect()
}

#[test]
fn a_state_compared_with_itself_is_its_text() {
    let (doc, ..) = example();
    let now = view(&doc);
    let comparison = compare(&now, &now);
    assert!(told(&comparison).is_empty());
    let text: Vec<&str> = comparison
        .lines
        .iter()
        .map(|line| line.pieces[0].text.as_str())
        .collect();
    assert_eq!(
        text,
        [
            "Gut aufwachsen",
            "Teilhabe",
            "t1",
            "t2",
            "Gesundheit",
            "g1",
            "Bildung",
            "b1",
            "b2"
        ]
    );
    assert_eq!(comparison.lines[6].part, Part::Guideline(3));
}

#[test]
fn moved_blocks_are_moved_and_not_removed_and_new() {
    let (doc, guidelines, points) = example();
    let before = view(&doc);
    let mut random = entropy();
    // The last Leitlinie goes first: its points come along and were not moved themselves.
    doc::move_block(&doc, &guidelines[2], &Parent::Root, 0, &mut random).unwrap();
    // A point goes to another Leitlinie and is changed, another within its own.
    doc::move_block(&doc, &points[2], &Parent::Block(guidelines[0].clone()), 0, &mut random).unwrap();
    doc::set_text(&doc, &FieldId::Block(points[2].clone()), "g1 neu").unwrap();
    doc::move_block(&doc, &points[4], &Parent::Block(guidelines[2].clone()), 0, &mut random).unwrap();
    let comparison = compare(&before, &view(&doc));
    assert_eq!(
        told(&comparison),
        [
            ("Bildung".to_owned(), Change::Moved(None)),
            ("b2".to_owned(), Change::Moved(None)),
            ("g1 neu".to_owned(), Change::MovedAndChanged(Some(2))),
        ]
    );
    let counts = comparison.count();
    assert_eq!((counts.moved, counts.changed, counts.new, counts.removed), (3, 1, 0, 0));
}

/// Every line with all of its words, also those that are gone.
fn all(comparison: &Comparison) -> Vec<(String, Change)> {
    let words = |line: &Line| -> String { line.pieces.iter().map(|piece| piece.text.as_str()).collect() };
    let lines = comparison.lines.iter();
    lines.map(|line| (words(line), line.change)).collect()
}

fn line(text: &str, change: Change) -> (String, Change) {
    (text.to_owned(), change)
}

#[test]
fn a_point_that_was_removed_is_told_also_when_its_leitlinie_became_a_point() {
    let (doc, guidelines, points) = example();
    let mut random = entropy();
    let parent = Parent::Block(guidelines[1].clone());
    doc::add_block(&doc, &BlockKind::Point, &parent, 1, "g2", &mut random).unwrap();
    let before = view(&doc);
    doc::remove_block(&doc, &points[2]).unwrap();
    doc::demote(&doc, &guidelines[1], &mut random).unwrap();
    assert_eq!(
        all(&compare(&before, &view(&doc))),
        [
            line("Gut aufwachsen", Change::Same),
            line("Teilhabe", Change::Same),
            line("t1", Change::Same),
            line("t2", Change::Same),
            line("Gesundheit", Change::Moved(None)),
            line("g2", Change::Moved(Some(2))),
            line("g1", Change::Removed),
            line("Bildung", Change::Same),
            line("b1", Change::Same),
            line("b2", Change::Same),
        ]
    );
}

#[test]
fn new_and_removed_blocks_stand_where_they_are_or_were() {
    let (doc, guidelines, points) = example();
    let before = view(&doc);
    let mut random = entropy();
    doc::remove_block(&doc, &points[0]).unwrap();
    // Its point is loose then.
    doc::remove_block(&doc, &guidelines[1]).unwrap();
    let parent = Parent::Block(guidelines[2].clone());
    doc::add_blocks(&doc, &BlockKind::Point, &parent, 1, &["b neu", ""], &mut random).unwrap();
    doc::set_text(&doc, &FieldId::Root(RootText::Title), "").unwrap();
    let comparison = compare(&before, &view(&doc));
    assert_eq!(
        all(&comparison),
        [
            line("Gut aufwachsen", Change::Removed),
            line("Teilhabe", Change::Same),
            line("t1", Change::Removed),
            line("t2", Change::Same),
            line("Gesundheit", Change::Removed),
            line("Bildung", Change::Same),
            line("b1", Change::Same),
            line("b neu", Change::New),
            line("b2", Change::Same),
            line("g1", Change::Moved(Some(2))),
        ]
    );
    // The other way round, what is new is removed.
    let back = compare(&view(&doc), &before).count();
    assert_eq!((back.new, back.removed), (3, 1));
}
