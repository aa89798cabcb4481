//! Bringing back an earlier state, or a part of one.

use model::doc::{self, BlockKind, EditError, FieldId, Parent, RootText, View, What};
use model::phase::PhaseId;
use proptest::prelude::*;
use yrs::{Doc, ReadTxn, Transact};

use super::{cases, converge, exchange, random, replica, sample, send, text, texts, under, view};

/// What a view shows, without the bin.
fn shown(doc: &Doc) -> View {
    View {
        bin: Vec::new(),
        ..view(doc)
    }
}

fn rewind(doc: &Doc, past: &Doc, what: &What) -> Result<(), EditError> {
    doc::rewind(doc, &past.transact(), what)
}

fn copy_of(doc: &Doc) -> Doc {
    let copy = doc::new_doc(77);
    send(doc, &copy);
    copy
}

#[test]
fn a_whole_state_comes_back_and_later_blocks_go_to_the_bin() {
    let sample = sample();
    let doc = &sample.doc;
    let past = copy_of(doc);
    let mut entropy = random(9);
    doc::set_text(doc, &FieldId::Root(RootText::Title), "Ein anderer Titel").unwrap();
    doc::move_block(doc, &sample.a[0], &under(&sample.guidelines[1]), 0, &mut entropy).unwrap();
    doc::remove_block(doc, &sample.a[1]).unwrap();
    doc::promote(doc, &sample.b[0], &mut entropy).unwrap();
    let later = doc::add_block(doc, &BlockKind::Guideline, &Parent::Root, 0, "Später", &mut entropy).unwrap();

    rewind(doc, &past, &What::Everything).unwrap();
    assert_eq!(shown(doc), shown(&past));
    assert_eq!(texts(&view(doc).bin), ["Später"]);
    assert_eq!(text(doc, &later), "Später", "it is there to be taken back");
    // And once more is no change at all.
    let before = doc.transact().snapshot();
    rewind(doc, &past, &What::Everything).unwrap();
    assert_eq!(doc.transact().snapshot(), before);
}

#[test]
fn words_typed_meanwhile_stay() {
    let sample = sample();
    let past = copy_of(&sample.doc);
    let field = |index: usize| FieldId::Block(sample.a[index].clone());
    doc::set_text(&sample.doc, &field(0), "Jedes Kind zählt viel bei uns").unwrap();
    let past_words = copy_of(&sample.doc);
    doc::set_text(&sample.doc, &field(0), "Jedes Kind zählt sehr bei uns").unwrap();
    let other = replica(&sample.doc, 5);

    rewind(&sample.doc, &past_words, &What::Everything).unwrap();
    doc::set_text(&other, &field(0), "Jedes Kind zählt sehr bei uns allen").unwrap();
    doc::set_text(&other, &field(1), "a2 und mehr").unwrap();
    exchange(&sample.doc, &other);
    for doc in [&sample.doc, &other] {
        assert_eq!(text(doc, &sample.a[0]), "Jedes Kind zählt viel bei uns allen");
        assert_eq!(text(doc, &sample.a[1]), "a2 und mehr");
    }
    assert_ne!(shown(&sample.doc), shown(&past));
}

#[test]
fn one_block_comes_back_with_words_and_place_and_nothing_else_changes() {
    let sample = sample();
    let doc = &sample.doc;
    let past = copy_of(doc);
    let mut entropy = random(9);
    doc::set_text(doc, &FieldId::Block(sample.a[1].clone()), "ganz anders").unwrap();
    doc::move_block(doc, &sample.a[1], &under(&sample.guidelines[1]), 0, &mut entropy).unwrap();
    doc::set_text(doc, &FieldId::Block(sample.a[2].clone()), "bleibt neu").unwrap();
    let only = What::Only(FieldId::Block(sample.a[1].clone()));
    rewind(doc, &past, &only).unwrap();
    assert_eq!(texts(&view(doc).guidelines[0].points), ["a1", "a2", "bleibt neu"]);

    // Out of the bin, too.
    doc::remove_block(doc, &sample.a[1]).unwrap();
    rewind(doc, &past, &only).unwrap();
    assert_eq!(texts(&view(doc).guidelines[0].points), ["a1", "a2", "bleibt neu"]);

    // Where its Leitlinie is gone it stays where it is.
    doc::move_block(doc, &sample.a[1], &under(&sample.guidelines[1]), 0, &mut entropy).unwrap();
    doc::remove_block(doc, &sample.guidelines[0]).unwrap();
    rewind(doc, &past, &only).unwrap();
    assert_eq!(texts(&view(doc).guidelines[0].points)[0], "a2");

    // What was not there then cannot come back.
    let later = doc::add_block(doc, &BlockKind::Guideline, &Parent::Root, 0, "neu", &mut entropy).unwrap();
    let before = view(doc);
    assert_eq!(
        rewind(doc, &past, &What::Only(FieldId::Block(later))),
        Err(EditError::NoBlock)
    );
    assert_eq!(view(doc), before);

    doc::set_text(doc, &FieldId::Root(RootText::Title), "Titel heute").unwrap();
    rewind(doc, &past, &What::Only(FieldId::Root(RootText::Title))).unwrap();
    assert_eq!(view(doc).title, view(&past).title);
}

#[test]
fn a_leitlinie_that_was_a_point_of_one_that_is_gone_stays_a_leitlinie_when_its_words_come_back() {
    let sample = sample();
    let doc = &sample.doc;
    let past = copy_of(doc);
    doc::promote(doc, &sample.a[1], &mut random(9)).unwrap();
    doc::set_text(doc, &FieldId::Block(sample.a[1].clone()), "ganz anders").unwrap();
    doc::remove_block(doc, &sample.guidelines[0]).unwrap();
    rewind(doc, &past, &What::Only(FieldId::Block(sample.a[1].clone()))).unwrap();
    let now = view(doc);
    assert_eq!(now.guideline(&sample.a[1]).unwrap().block.text, "a2");
    assert_eq!(texts(&now.loose), ["a1", "a3"]);
}

#[test]
fn phases_and_the_mark_of_the_simple_form_come_back_with_a_block_and_with_everything() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    let phase = |name: &str| PhaseId::parse(name).unwrap();
    doc::set_phase(doc, id, &phase("kita"), true).unwrap();
    doc::set_text(doc, &FieldId::Plain(id.clone()), "a1, einfach").unwrap();
    doc::confirm_plain(doc, id).unwrap();
    let past = copy_of(doc);
    let block = |doc: &Doc| view(doc).block(id).unwrap().clone();
    let before = block(doc);
    assert!(before.phases == ["kita"] && !before.plain_stale);
    for what in [What::Only(FieldId::Block(id.clone())), What::Everything] {
        doc::set_phase(doc, id, &phase("kita"), false).unwrap();
        doc::set_phase(doc, id, &phase("grundschule"), true).unwrap();
        doc::set_text(doc, &FieldId::Block(id.clone()), "a1, aber anders").unwrap();
        doc::set_text(doc, &FieldId::Plain(id.clone()), "anders, einfach").unwrap();
        doc::confirm_plain(doc, id).unwrap();
        doc::set_text(doc, &FieldId::Block(id.clone()), "a1, ganz anders").unwrap();
        assert!(block(doc).plain_stale);
        rewind(doc, &past, &what).unwrap();
        assert_eq!(block(doc), before, "{what:?}");
    }
    // One that was out of date then is so again.
    doc::set_text(doc, &FieldId::Block(id.clone()), "später").unwrap();
    let stale = copy_of(doc);
    doc::confirm_plain(doc, id).unwrap();
    rewind(doc, &stale, &What::Everything).unwrap();
    assert!(block(doc).plain_stale);
}

proptest! {
    #![proptest_config(cases(96))]

    /// Whatever was done since: a state that is brought back shows what it showed, and another replica that writes
    /// meanwhile in a block of its own loses nothing.
    #[test]
    fn any_state_comes_back(
        before in prop::collection::vec(converge::action(), 0..25),
        since in prop::collection::vec(converge::action(), 0..25),
        seed: u64,
    ) {
        let mut entropy = random(seed);
        let sample = sample();
        let doc = &sample.doc;
        for (number, action) in before.iter().enumerate() {
            converge::act(doc, action, &format!("früher{number} "), &mut entropy);
        }
        let past = copy_of(doc);
        let own = doc::add_block(doc, &BlockKind::Paragraph, &Parent::Root, 0, "eigener", &mut entropy).unwrap();
        for (number, action) in since.iter().enumerate() {
            converge::act(doc, action, &format!("später{number} "), &mut entropy);
        }
        let other = replica(doc, 9);
        rewind(doc, &past, &What::Everything).unwrap();
        prop_assert_eq!(shown(doc), shown(&past));
        doc::set_text(&other, &FieldId::Block(own.clone()), "eigene Worte").unwrap();
        exchange(doc, &other);
        prop_assert_eq!(view(doc), view(&other));
        prop_assert!(view(doc).blocks().any(|block| block.text.contains("eigene Worte")));
    }
}
