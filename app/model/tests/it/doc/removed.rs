//! Words that reach a removed block bring it back.

use model::doc::{self, FieldId, TextDelta};

use super::{exchange, replica, sample, text, view};

#[test]
fn removing_and_restoring() {
    let sample = sample();
    let id = &sample.a[1];
    doc::remove_block(&sample.doc, id).unwrap();
    assert_eq!(view(&sample.doc).bin[0].id, *id);
    assert!(!view(&sample.doc).blocks().any(|block| block.id == *id));
    doc::restore_block(&sample.doc, id).unwrap();
    assert_eq!(view(&sample.doc).guidelines[0].points[1].id, *id);
}

#[test]
fn words_typed_meanwhile_bring_a_removed_block_back() {
    for long in [false, true] {
        let sample = sample();
        let id = &sample.a[1];
        let field = FieldId::Block(id.clone());
        if long {
            doc::set_text(&sample.doc, &field, &"lang ".repeat(600)).unwrap();
        }
        let other = replica(&sample.doc, 2);
        doc::remove_block(&sample.doc, id).unwrap();
        doc::edit_text(&other, &field, &TextDelta::replace(2, 0, " neu")).unwrap();
        exchange(&sample.doc, &other);
        for doc in [&sample.doc, &other] {
            assert_eq!(view(doc).bin, []);
            assert_eq!(view(doc).guidelines[0].points[1].text, text(&other, id));
        }
        // Now both see the words: the next removal holds.
        doc::remove_block(&other, id).unwrap();
        exchange(&sample.doc, &other);
        assert_eq!(view(&sample.doc).bin[0].id, *id);
    }
}

#[test]
fn plain_words_count_and_deleted_ones_do_not() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    for id in &sample.a[..2] {
        doc::remove_block(&sample.doc, id).unwrap();
    }
    doc::edit_text(
        &other,
        &FieldId::Plain(sample.a[0].clone()),
        &TextDelta::replace(0, 0, "leicht"),
    )
    .unwrap();
    doc::edit_text(
        &other,
        &FieldId::Block(sample.a[1].clone()),
        &TextDelta::replace(0, 1, ""),
    )
    .unwrap();
    exchange(&sample.doc, &other);
    let view = view(&sample.doc);
    assert_eq!(view.guidelines[0].points[0].plain, "leicht");
    assert_eq!(view.bin[0].id, sample.a[1]);
}

#[test]
fn typing_into_a_removed_block_restores_it() {
    let sample = sample();
    let id = &sample.a[1];
    let field = FieldId::Block(id.clone());
    doc::remove_block(&sample.doc, id).unwrap();
    doc::edit_text(&sample.doc, &field, &TextDelta::replace(0, 1, "")).unwrap();
    assert_eq!(view(&sample.doc).bin.len(), 1);
    doc::edit_text(&sample.doc, &field, &TextDelta::replace(0, 0, "x")).unwrap();
    assert_eq!(view(&sample.doc).bin, []);
    // It is restored, not only shown: a second removal with the same words must not be needed to hide it.
    doc::edit_text(&sample.doc, &field, &TextDelta::replace(0, 1, "")).unwrap();
    assert_eq!(view(&sample.doc).bin, []);
}

#[test]
fn words_typed_into_a_joined_block_are_shown() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    doc::join(&sample.doc, &sample.a[1], &mut super::random(2)).unwrap();
    let field = FieldId::Block(sample.a[1].clone());
    doc::edit_text(&other, &field, &TextDelta::replace(2, 0, " weiter")).unwrap();
    exchange(&sample.doc, &other);
    let view = view(&sample.doc);
    assert_eq!(view.guidelines[0].points[0].text, "a1a2");
    assert_eq!(view.guidelines[0].points[1].text, "a2 weiter");
}

#[test]
fn words_typed_into_a_split_tail_stay_at_the_cut() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let id = &sample.a[1];
    let new = doc::split(&sample.doc, id, 1, &mut super::random(2)).unwrap();
    doc::edit_text(&other, &FieldId::Block(id.clone()), &TextDelta::replace(2, 0, "neu")).unwrap();
    exchange(&sample.doc, &other);
    assert_eq!((text(&other, id).as_str(), text(&other, &new).as_str()), ("aneu", "2"));
}
