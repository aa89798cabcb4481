//! Inserting a text with structure.

use model::doc::{self, BlockId, BlockKind, EditError, FieldId, Parent, Role, RootText, Selection, Stretch, Undo};
use yrs::Doc;

use super::{exchange, random, replica, sample, text, texts, view};

fn stretches(list: &[(Role, &str)]) -> Vec<Stretch> {
    let stretch = |(role, words): &(Role, &str)| Stretch {
        role: *role,
        words: (*words).to_owned(),
    };
    list.iter().map(stretch).collect()
}

fn insert(doc: &Doc, id: &BlockId, (start, end): (u32, u32), list: &[(Role, &str)]) -> doc::Inserted {
    insert_in(doc, &FieldId::Block(id.clone()), (start, end), list)
}

fn insert_in(doc: &Doc, field: &FieldId, (start, end): (u32, u32), list: &[(Role, &str)]) -> doc::Inserted {
    doc::insert_outline(doc, field, Selection { start, end }, &stretches(list), &mut random(7)).unwrap()
}

/// E.g. `A(a1 a2) B(b1)`.
fn outline(doc: &Doc) -> String {
    let view = view(doc);
    let guideline =
        |guideline: &doc::GuidelineView| format!("{}({})", guideline.block.text, texts(&guideline.points).join(" "));
    view.guidelines.iter().map(guideline).collect::<Vec<_>>().join(" ")
}

#[test]
fn headings_become_leitlinien_with_what_follows_them() {
    let sample = sample();
    let inserted = insert(
        &sample.doc,
        &sample.a[0],
        (2, 2),
        &[
            (Role::Paragraph, "+"),
            (Role::Item, "n1"),
            (Role::Heading, "N"),
            (Role::Item, "x"),
            (Role::Paragraph, "y"),
            (Role::Heading, "M"),
        ],
    );
    assert_eq!(outline(&sample.doc), "A(a1+ n1 a2 a3) N(x y) M() B(b1 b2)");
    assert_eq!((inserted.blocks, inserted.at), (5, 1));
    let last = inserted.last.block().unwrap();
    assert_eq!(text(&sample.doc, last), "M", "the caret goes to the end");
}

#[test]
fn the_selection_goes_and_one_stretch_stays_where_it_is() {
    let sample = sample();
    let inserted = insert(&sample.doc, &sample.a[1], (1, 2), &[(Role::Heading, "X\nY")]);
    assert_eq!(outline(&sample.doc), "A(a1 aX Y a3) B(b1 b2)");
    assert_eq!((inserted.blocks, inserted.at), (0, 4));
}

#[test]
fn an_empty_block_makes_way_for_a_heading() {
    let sample = sample();
    doc::set_text(&sample.doc, &FieldId::Block(sample.a[2].clone()), "").unwrap();
    insert(
        &sample.doc,
        &sample.a[2],
        (0, 0),
        &[(Role::Heading, "N"), (Role::Item, "x")],
    );
    assert_eq!(outline(&sample.doc), "A(a1 a2) N(x) B(b1 b2)");
    // An empty Leitlinie takes the heading, one with words stays as it is.
    let b = &sample.guidelines[1];
    insert(&sample.doc, b, (0, 1), &[(Role::Heading, "C"), (Role::Item, "c")]);
    assert_eq!(outline(&sample.doc), "A(a1 a2) N(x) C(c b1 b2)");
    insert(&sample.doc, b, (1, 1), &[(Role::Item, "c0"), (Role::Item, "c1")]);
    assert_eq!(outline(&sample.doc), "A(a1 a2) N(x) C(c0 c1 c b1 b2)");
}

#[test]
fn paragraphs_before_the_first_heading_stay_paragraphs() {
    let sample = sample();
    let mut entropy = random(3);
    let paragraph = doc::add_block(&sample.doc, &BlockKind::Paragraph, &Parent::Root, 0, "p", &mut entropy).unwrap();
    insert(
        &sample.doc,
        &paragraph,
        (1, 1),
        &[
            (Role::Paragraph, "!"),
            (Role::Item, "q"),
            (Role::Heading, "N"),
            (Role::Paragraph, "x"),
        ],
    );
    assert_eq!(texts(&view(&sample.doc).preamble), ["p!", "q"]);
    assert_eq!(outline(&sample.doc), "N(x) A(a1 a2 a3) B(b1 b2)");
}

#[test]
fn after_title_and_motto_the_rest_comes_before_all_blocks_and_for_the_closing_sentence_right_before_it() {
    let sample = sample();
    let doc = &sample.doc;
    let root = |root| FieldId::Root(root);
    let rest = [(Role::Paragraph, "p"), (Role::Heading, "N"), (Role::Item, "x")];
    let pasted = |first| [&[(Role::Heading, first)][..], &rest].concat();
    doc::set_text(doc, &root(RootText::Title), "Leitbild").unwrap();
    let inserted = insert_in(doc, &root(RootText::Title), (0, 8), &pasted("Kein Kind allein"));
    assert_eq!(view(doc).title, "Kein Kind allein");
    assert_eq!(texts(&view(doc).preamble), ["p"]);
    assert_eq!(outline(doc), "N(x) A(a1 a2 a3) B(b1 b2)");
    assert_eq!((inserted.blocks, inserted.at), (3, 1));

    insert_in(doc, &root(RootText::Closing), (0, 0), &pasted("Heute."));
    assert_eq!(view(doc).closing, "Heute.");
    assert_eq!(outline(doc), "N(x) A(a1 a2 a3) B(b1 b2 p) N(x)");

    let empty = doc::new_editor_doc(3);
    insert_in(&empty, &root(RootText::Closing), (0, 0), &pasted("Heute."));
    assert_eq!(texts(&view(&empty).preamble), ["p"]);
    assert_eq!(outline(&empty), "N(x)");
    let one = insert_in(&empty, &root(RootText::Motto), (0, 0), &[(Role::Item, "Gemeinsam")]);
    assert_eq!((one.last, one.at, one.blocks), (root(RootText::Motto), 9, 0));
}

#[test]
fn it_is_one_step_of_undo_and_keeps_what_others_write_meanwhile() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    let mut undo = Undo::new(&sample.doc).unwrap();
    undo.step(|doc| insert(doc, &sample.a[0], (0, 2), &[(Role::Heading, "N"), (Role::Item, "x")]));
    doc::edit_text(
        &other,
        &FieldId::Block(sample.a[0].clone()),
        &doc::TextDelta::replace(2, 0, " und mehr"),
    )
    .unwrap();
    exchange(&sample.doc, &other);
    // The block that made way comes back with the words of the other.
    assert_eq!(outline(&sample.doc), "A( und mehr a2 a3) N(x) B(b1 b2)");
    assert_eq!(outline(&other), outline(&sample.doc));
    assert!(undo.undo().is_some());
    assert_eq!(outline(&sample.doc), "A(a1 und mehr a2 a3) B(b1 b2)");
    assert!(undo.undo().is_none(), "it was one step");
}

#[test]
fn there_is_no_place_for_it_in_the_bin() {
    let sample = sample();
    doc::remove_block(&sample.doc, &sample.a[0]).unwrap();
    let refused = doc::insert_outline(
        &sample.doc,
        &FieldId::Block(sample.a[0].clone()),
        Selection::default(),
        &stretches(&[(Role::Item, "x"), (Role::Item, "y")]),
        &mut random(1),
    );
    assert_eq!(refused, Err(EditError::Removed));
    assert_eq!(outline(&sample.doc), "A(a2 a3) B(b1 b2)");
}
