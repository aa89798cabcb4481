use model::doc::{self, BlockView, FieldId, TextDelta, Undo};
use model::phase::PhaseId;

use super::{Sample, exchange, replica, sample, send, view};

fn phase(id: &str) -> PhaseId {
    PhaseId::parse(id).unwrap()
}

fn block(sample: &Sample) -> BlockView {
    view(&sample.doc).block(&sample.a[0]).unwrap().clone()
}

fn write(sample: &Sample, field: &FieldId, at: u32, words: &str) {
    doc::edit_text(&sample.doc, field, &TextDelta::replace(at, 0, words)).unwrap();
}

#[test]
fn two_people_who_mark_two_phases_mark_both() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    doc::set_phase(&sample.doc, &sample.a[0], &phase("kita"), true).unwrap();
    doc::set_phase(&other, &sample.a[0], &phase("grundschule"), true).unwrap();
    exchange(&sample.doc, &other);
    assert_eq!(block(&sample).phases, ["grundschule", "kita"]);
    assert_eq!(view(&other), view(&sample.doc));
    doc::set_phase(&other, &sample.a[0], &phase("kita"), false).unwrap();
    send(&other, &sample.doc);
    assert_eq!(block(&sample).phases, ["grundschule"]);
}

#[test]
fn marking_is_undone_but_not_what_another_person_marked_since() {
    let sample = sample();
    let mut undo = Undo::new(&sample.doc).unwrap();
    let mark = |doc: &yrs::Doc, id: &str, on| doc::set_phase(doc, &sample.a[0], &phase(id), on).unwrap();
    undo.step(|doc| mark(doc, "kita", true));
    assert!(undo.undo().is_some());
    assert!(block(&sample).phases.is_empty());
    assert!(undo.redo().is_some());
    assert_eq!(block(&sample).phases, ["kita"]);
    let other = replica(&sample.doc, 2);
    mark(&other, "grundschule", true);
    send(&other, &sample.doc);
    // The step cannot be taken back any more without touching what the other did to the same block.
    assert!(undo.undo().is_none());
    assert_eq!(block(&sample).phases, ["grundschule", "kita"]);
}

#[test]
fn joining_keeps_the_phases_of_both() {
    let sample = sample();
    doc::set_phase(&sample.doc, &sample.a[0], &phase("kita"), true).unwrap();
    doc::set_phase(&sample.doc, &sample.a[1], &phase("grundschule"), true).unwrap();
    doc::join(&sample.doc, &sample.a[1], &mut super::random(5)).unwrap();
    assert_eq!(block(&sample).phases, ["grundschule", "kita"]);
}

#[test]
fn plain_words_are_stale_as_soon_as_the_words_beside_them_change() {
    let sample = sample();
    let words = FieldId::Block(sample.a[0].clone());
    let plain = FieldId::Plain(sample.a[0].clone());
    write(&sample, &words, 2, " und mehr");
    assert!(!block(&sample).plain_stale, "there is nothing that could be stale");
    write(&sample, &plain, 0, "e");
    write(&sample, &plain, 1, "infach");
    assert!(!block(&sample).plain_stale);
    write(&sample, &words, 0, "Doch ");
    assert!(block(&sample).plain_stale);
    // Correcting a letter does not say that all of it was read again.
    write(&sample, &plain, 7, "!");
    assert!(block(&sample).plain_stale);
    doc::confirm_plain(&sample.doc, &sample.a[0]).unwrap();
    assert!(!block(&sample).plain_stale);
}

#[test]
fn plain_words_that_come_with_a_join_are_stale_unless_nothing_stood_there() {
    let sample = sample();
    let (doc, into, joined) = (&sample.doc, &sample.a[0], &sample.a[1]);
    let words = || (block(&sample).text, block(&sample).plain);
    write(&sample, &FieldId::Plain(joined.clone()), 0, "einfach");
    let before = view(doc);
    let mut undo = Undo::new(doc).unwrap();
    undo.step(|doc| doc::join(doc, joined, &mut super::random(5))).unwrap();
    assert_eq!(words(), ("a1a2".to_owned(), "einfach".to_owned()));
    assert!(block(&sample).plain_stale);
    assert!(undo.undo().is_some());
    assert_eq!(view(doc), before);
    assert!(undo.redo().is_some());
    assert!(block(&sample).plain_stale);
    assert!(undo.undo().is_some());

    doc::set_text(doc, &FieldId::Block(into.clone()), "").unwrap();
    doc::join(doc, joined, &mut super::random(6)).unwrap();
    assert_eq!(words(), ("a2".to_owned(), "einfach".to_owned()));
    assert!(!block(&sample).plain_stale);
}

#[test]
fn confirming_is_undone() {
    let sample = sample();
    let plain = FieldId::Plain(sample.a[0].clone());
    write(&sample, &plain, 0, "einfach");
    write(&sample, &FieldId::Block(sample.a[0].clone()), 0, "Doch ");
    let mut undo = Undo::new(&sample.doc).unwrap();
    undo.step(|doc| doc::confirm_plain(doc, &sample.a[0])).unwrap();
    assert!(!block(&sample).plain_stale);
    assert!(undo.undo().is_some());
    assert!(block(&sample).plain_stale);
}

#[test]
fn a_foreign_clients_values_are_neither_phases_nor_an_error() {
    use yrs::{Any, Map, Transact, WriteTxn};
    let sample = sample();
    {
        let mut txn = sample.doc.transact_mut();
        let blocks = txn.get_or_insert_map("blocks");
        let Some(yrs::Out::YMap(map)) = blocks.get(&txn, sample.a[0].as_str()) else {
            panic!("the block is a map");
        };
        map.insert(&mut txn, "phase:kita", "yes");
        map.insert(&mut txn, "phase:", Any::Null);
        map.insert(&mut txn, "plain_for", 7);
    }
    let block = block(&sample);
    assert!(block.phases.is_empty() && !block.plain_stale);
}
