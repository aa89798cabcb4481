use model::doc::{self, BlockId, BlockKind, Field, FieldId, Parent, RootText, TextDelta, Undo, utf16_len};
use proptest::prelude::*;
use yrs::Doc;

use super::{assert_total, exchange, random, replica, sample, send, text, texts, under, view};

fn type_at(undo: &mut Undo, field: &FieldId, now: u64, at: u32, words: &str) {
    undo.typing(field, now, |doc| {
        doc::edit_text(doc, field, &TextDelta::replace(at, 0, words))
    })
    .unwrap();
}

#[test]
fn typing_is_undone_in_bursts() {
    let sample = sample();
    let mut undo = Undo::new(&sample.doc).unwrap();
    let id = &sample.a[0];
    let field = FieldId::Block(id.clone());
    let mut page = Field::new(field.clone(), "a1");
    undo.typing(&field, 0, |doc| page.input(doc, "a1 x", Some(4))).unwrap();
    undo.typing(&field, 400, |doc| page.input(doc, "a1 xy", Some(5)))
        .unwrap();
    undo.typing(&field, 2_000, |doc| page.input(doc, "a1 xyz", Some(6)))
        .unwrap();
    type_at(&mut undo, &FieldId::Block(sample.a[1].clone()), 2_001, 0, "!");
    let mut seen = Vec::new();
    while let Some(undone) = undo.undo() {
        assert!(undone.field.is_some());
        seen.push(format!("{} {}", text(&sample.doc, id), text(&sample.doc, &sample.a[1])));
    }
    assert_eq!(seen, ["a1 xyz a2", "a1 xy a2", "a1 a2"]);
    seen.clear();
    while undo.redo().is_some() {
        seen.push(format!("{} {}", text(&sample.doc, id), text(&sample.doc, &sample.a[1])));
    }
    assert_eq!(seen, ["a1 xy a2", "a1 xyz a2", "a1 xyz !a2"]);
    undo.undo();
    type_at(&mut undo, &field, 9_000, 0, "neu ");
    assert!(!undo.can_redo());
}

#[test]
fn a_step_closes_on_leaving_the_field() {
    let sample = sample();
    let mut undo = Undo::new(&sample.doc).unwrap();
    let field = FieldId::Root(RootText::Title);
    type_at(&mut undo, &field, 0, 0, "eins");
    undo.close_step();
    type_at(&mut undo, &field, 1, 4, "zwei");
    undo.undo();
    assert_eq!(view(&sample.doc).title, "eins");
}

#[test]
fn deleted_words_come_back_between_those_of_others() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let mut undo = Undo::new(&sample.doc).unwrap();
    let id = &sample.a[0];
    let field = FieldId::Block(id.clone());
    undo.typing(&field, 0, |doc| {
        doc::edit_text(doc, &field, &TextDelta::replace(0, 2, "neu"))
    })
    .unwrap();
    send(&sample.doc, &other);
    doc::edit_text(&other, &field, &TextDelta::replace(1, 0, "X")).unwrap();
    send(&other, &sample.doc);
    undo.undo().unwrap();
    let shown = text(&sample.doc, id);
    assert!(shown == "a1X" || shown == "Xa1", "{shown}");
}

#[test]
fn every_operation_can_be_taken_back_and_done_again() {
    type Operation = fn(&Doc, &super::Sample, &mut dyn FnMut() -> u64);
    let operations: [(&str, Operation); 8] = [
        ("add", |doc, sample, entropy| {
            let parent = under(&sample.guidelines[0]);
            doc::add_blocks(doc, &BlockKind::Point, &parent, 1, &["x", "y"], entropy).unwrap();
        }),
        ("move", |doc, sample, entropy| {
            doc::move_block(doc, &sample.a[0], &under(&sample.guidelines[1]), 1, entropy).unwrap();
        }),
        ("remove", |doc, sample, _| doc::remove_block(doc, &sample.a[0]).unwrap()),
        ("split", |doc, sample, entropy| {
            drop(doc::split(doc, &sample.a[1], 1, entropy).unwrap())
        }),
        ("join", |doc, sample, entropy| {
            drop(doc::join(doc, &sample.a[1], entropy).unwrap())
        }),
        ("join guidelines", |doc, sample, entropy| {
            drop(doc::join(doc, &sample.guidelines[1], entropy).unwrap())
        }),
        ("promote", |doc, sample, entropy| {
            doc::promote(doc, &sample.a[1], entropy).unwrap()
        }),
        ("demote", |doc, sample, entropy| {
            doc::demote(doc, &sample.guidelines[1], entropy).unwrap()
        }),
    ];
    for (name, operation) in operations {
        let sample = sample();
        let mut entropy = random(1);
        let mut undo = Undo::new(&sample.doc).unwrap();
        let leitbild = || doc::to_leitbild(&view(&sample.doc));
        let before = leitbild();
        undo.step(|doc| operation(doc, &sample, &mut entropy));
        let after = leitbild();
        assert_ne!(before, after, "{name}");
        for _ in 0..2 {
            undo.undo().unwrap();
            assert_eq!(leitbild(), before, "undo {name}");
            assert_eq!(undo.undo(), None);
            undo.redo().unwrap();
            assert_eq!(leitbild(), after, "redo {name}");
        }
    }
}

#[test]
fn a_row_of_steps_goes_all_the_way_back() {
    let sample = sample();
    let mut entropy = random(1);
    let mut undo = Undo::new(&sample.doc).unwrap();
    let before = doc::to_leitbild(&view(&sample.doc));
    let parent = under(&sample.guidelines[0]);
    let id = undo
        .step(|doc| doc::add_block(doc, &BlockKind::Point, &parent, 0, "", &mut entropy))
        .unwrap();
    type_at(&mut undo, &FieldId::Block(id.clone()), 0, 0, "Worte hier");
    let tail = undo.step(|doc| doc::split(doc, &id, 5, &mut entropy)).unwrap();
    type_at(&mut undo, &FieldId::Block(tail.clone()), 0, 5, " weiter");
    undo.step(|doc| doc::move_block(doc, &tail, &under(&sample.guidelines[1]), 0, &mut entropy))
        .unwrap();
    undo.step(|doc| doc::remove_block(doc, &tail)).unwrap();
    let after = view(&sample.doc);
    let mut steps = 0;
    while undo.undo().is_some() {
        steps += 1;
    }
    assert_eq!(steps, 6);
    assert_eq!(doc::to_leitbild(&view(&sample.doc)), before);
    while undo.redo().is_some() {}
    assert_eq!(doc::to_leitbild(&view(&sample.doc)), doc::to_leitbild(&after));
    assert_eq!(text(&sample.doc, &tail), " hier weiter");
}

#[test]
fn a_later_move_of_somebody_else_stays() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let mut entropy = random(1);
    let mut undo = Undo::new(&sample.doc).unwrap();
    let id = &sample.a[0];
    undo.step(|doc| doc::move_block(doc, id, &under(&sample.guidelines[1]), 0, &mut entropy))
        .unwrap();
    send(&sample.doc, &other);
    doc::move_block(&other, id, &under(&sample.guidelines[1]), 2, &mut entropy).unwrap();
    send(&other, &sample.doc);
    assert_eq!(undo.undo(), None);
    assert_eq!(texts(&view(&sample.doc).guidelines[1].points), ["b1", "b2", "a1"]);
}

#[test]
fn a_later_removal_by_somebody_else_stays() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let mut undo = Undo::new(&sample.doc).unwrap();
    let id = &sample.a[0];
    let field = FieldId::Block(id.clone());
    undo.typing(&field, 0, |doc| {
        doc::edit_text(doc, &field, &TextDelta::replace(0, 2, ""))
    })
    .unwrap();
    send(&sample.doc, &other);
    doc::remove_block(&other, id).unwrap();
    send(&other, &sample.doc);
    undo.undo().unwrap();
    assert_eq!(view(&sample.doc).bin[0].text, "a1");
}

#[test]
fn words_of_others_in_a_block_that_is_undone_stay() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let mut undo = Undo::new(&sample.doc).unwrap();
    let id = undo
        .step(|doc| doc::add_block(doc, &BlockKind::Paragraph, &Parent::Root, 0, "eigene", &mut random(3)).unwrap());
    send(&sample.doc, &other);
    doc::edit_text(&other, &FieldId::Block(id), &TextDelta::replace(6, 0, " fremde")).unwrap();
    send(&other, &sample.doc);
    undo.undo().unwrap();
    assert_eq!(texts(&view(&sample.doc).preamble), [" fremde"]);
}

#[test]
fn what_was_done_outside_of_a_step_stays() {
    let sample = sample();
    let mut undo = Undo::new(&sample.doc).unwrap();
    doc::set_text(&sample.doc, &FieldId::Root(RootText::Title), "bleibt").unwrap();
    type_at(&mut undo, &FieldId::Root(RootText::Motto), 0, 0, "geht");
    undo.undo().unwrap();
    assert_eq!(
        (view(&sample.doc).title.as_str(), view(&sample.doc).motto.as_str()),
        ("bleibt", "")
    );
    assert_eq!(undo.undo(), None);
}

/// Words that brought a removed block back, joined away and put back again: the block is shown, not in the bin.
#[test]
fn undoing_the_removal_of_a_revived_block_shows_it() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let id = &sample.a[1];
    doc::remove_block(&sample.doc, id).unwrap();
    doc::edit_text(&other, &FieldId::Block(id.clone()), &TextDelta::replace(0, 0, "neu ")).unwrap();
    send(&other, &sample.doc);
    let mut undo = Undo::new(&sample.doc).unwrap();
    undo.step(|doc| doc::join(doc, id, &mut random(4))).unwrap();
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a1neu a2", "a3"]);
    undo.undo().unwrap();
    assert_eq!(texts(&view(&sample.doc).guidelines[0].points), ["a1", "neu a2", "a3"]);
}

#[derive(Clone, Debug)]
enum Action {
    Undo,
    Redo,
    Type(usize, u32),
    Add,
    Split(usize, u32),
    Join(usize),
    Move(usize),
    OtherTypes(usize, u32),
    OtherMoves(usize),
    OtherSplits(usize, u32),
    Exchange,
}

fn action() -> impl Strategy<Value = Action> {
    let pick = || 0_usize..1_000;
    prop_oneof![
        5 => Just(Action::Undo),
        2 => Just(Action::Redo),
        3 => (pick(), 0_u32..9).prop_map(|(block, at)| Action::Type(block, at)),
        1 => Just(Action::Add),
        2 => (pick(), 0_u32..9).prop_map(|(block, at)| Action::Split(block, at)),
        2 => pick().prop_map(Action::Join),
        1 => pick().prop_map(Action::Move),
        4 => (pick(), 0_u32..9).prop_map(|(block, at)| Action::OtherTypes(block, at)),
        1 => pick().prop_map(Action::OtherMoves),
        1 => (pick(), 0_u32..9).prop_map(|(block, at)| Action::OtherSplits(block, at)),
        5 => Just(Action::Exchange),
    ]
}

proptest! {
    #![proptest_config(super::cases(256))]
    /// Whatever one person undoes, the other's words are shown at the end.
    #[test]
    fn undo_never_takes_the_words_of_others(actions in prop::collection::vec(action(), 0..40), seed: u64) {
        let sample = sample();
        let other = replica(&sample.doc, 2);
        let mut undo = Undo::new(&sample.doc).unwrap();
        let mut entropy = random(seed);
        let mut theirs = Vec::new();
        for (turn, action) in actions.iter().enumerate() {
            let pick = |doc: &Doc, index: usize| -> BlockId {
                let view = view(doc);
                let all: Vec<BlockId> = view.blocks().map(|block| block.id.clone()).collect();
                all[index % all.len()].clone()
            };
            let spot = |doc: &Doc, id: &BlockId, at: u32| at % (utf16_len(&text(doc, id)) + 1);
            match action {
                Action::Undo => drop(undo.undo()),
                Action::Redo => drop(undo.redo()),
                Action::Type(block, at) => {
                    let id = pick(&sample.doc, *block);
                    let at = spot(&sample.doc, &id, *at);
                    type_at(&mut undo, &FieldId::Block(id), turn as u64 * 300, at, "w");
                }
                Action::Add => {
                    let add = |doc: &Doc| doc::add_block(doc, &BlockKind::Paragraph, &Parent::Root, 0, "p", &mut entropy);
                    undo.step(add).unwrap();
                }
                Action::Split(block, at) => {
                    let id = pick(&sample.doc, *block);
                    drop(undo.step(|doc| doc::split(doc, &id, *at, &mut entropy)));
                }
                Action::Join(block) => {
                    let id = pick(&sample.doc, *block);
                    drop(undo.step(|doc| doc::join(doc, &id, &mut entropy)));
                }
                Action::Move(block) => {
                    let id = pick(&sample.doc, *block);
                    let _at_the_end = undo.step(|doc| doc::move_down(doc, &id, &mut entropy));
                }
                Action::OtherTypes(block, at) => {
                    let id = pick(&other, *block);
                    let at = spot(&other, &id, *at);
                    let word = char::from_u32(0x4E00 + turn as u32).unwrap().to_string();
                    doc::edit_text(&other, &FieldId::Block(id), &TextDelta::replace(at, 0, &word)).unwrap();
                    theirs.push(word);
                }
                Action::OtherMoves(block) => {
                    let id = pick(&other, *block);
                    let _at_the_beginning = doc::move_up(&other, &id, &mut entropy);
                }
                Action::OtherSplits(block, at) => {
                    let id = pick(&other, *block);
                    drop(doc::split(&other, &id, *at, &mut entropy));
                }
                Action::Exchange => exchange(&sample.doc, &other),
            }
            assert_total(&sample.doc);
        }
        exchange(&sample.doc, &other);
        prop_assert_eq!(view(&sample.doc), view(&other));
        let shown: String = view(&other).blocks().map(|block| block.text.clone()).collect();
        for word in theirs {
            prop_assert!(shown.contains(&word), "{} is not in {}", word, shown);
        }
    }
}
