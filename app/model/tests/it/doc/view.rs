//! The view is total: hostile documents, written with plain yrs, show every block exactly once.

use model::doc::{self, BlockId, BlockKind, EditError, FieldId, Parent, TextDelta};
use proptest::prelude::*;
use yrs::{
    Any, Array, ArrayPrelim, Doc, In, Map, MapPrelim, Options, Out, ReadTxn, Text, TextPrelim, Transact, WriteTxn,
    XmlTextPrelim,
};

use super::{apply, assert_total, random, replica, sample, send, texts, under, view};

/// One hostile write.
#[derive(Clone, Debug)]
enum Write {
    /// blocks[id] = a map with these entries.
    Block {
        id: usize,
        entries: Vec<(usize, usize)>,
    },
    /// blocks[id] = something else.
    Value {
        id: usize,
        value: usize,
    },
    /// blocks[id][key] = something.
    Entry {
        id: usize,
        key: usize,
        value: usize,
    },
    Delete {
        id: usize,
    },
    DeleteEntry {
        id: usize,
        key: usize,
    },
    /// Things that are not text inside the nested text.
    Embed {
        id: usize,
        value: usize,
    },
    Root {
        root: usize,
        value: usize,
    },
}

const IDS: [&str; 8] = ["a", "b", "c", "d", "title", "-", "with space", ""];
const KEYS: [&str; 8] = [
    "kind",
    "place",
    "text",
    "plain",
    "removed",
    "removed_seen",
    "from",
    "other",
];
const ROOTS: [&str; 4] = ["title", "motto", "blocks", "unknown"];

fn values() -> Vec<In> {
    let strings = [
        "",
        "paragraph",
        "guideline",
        "point",
        "idea",
        "heading",
        "- V1",
        "a V1",
        "b V1",
        "b V1",
        "c V2",
        "- ",
        "-",
        "with space V3",
        " V",
        "- ~",
        "nowhere V",
        "title V",
        "words",
        "=words\n",
        "=\n",
        "#0",
        "=",
        "line\nbreak",
    ];
    let mut values: Vec<In> = strings.into_iter().map(In::from).collect();
    values.extend([true, false].map(In::from));
    values.extend([
        In::from(7),
        In::Any(Any::Null),
        In::Any(Any::Undefined),
        In::from(vec![1_u8, 2]),
    ]);
    values.push(In::Any(Any::from(vec![Any::from(vec![Any::from("deep")])])));
    values.push(In::Text(TextPrelim::new("nested words 😀").into()));
    values.push(In::Text(TextPrelim::new("").into()));
    values.push(In::Array(ArrayPrelim::from(["x"])));
    values.push(In::Map(MapPrelim::from([("text", In::from("inner"))])));
    values.push(In::XmlText(XmlTextPrelim::new("xml").into()));
    values
}

fn value(index: usize) -> In {
    let values = values();
    values[index % values.len()].clone()
}

fn write() -> impl Strategy<Value = Write> {
    let id = || 0..IDS.len();
    let key = || 0..KEYS.len();
    let value = || 0_usize..40;
    prop_oneof![
        5 => (id(), prop::collection::vec((key(), value()), 0..6)).prop_map(|(id, entries)| Write::Block { id, entries }),
        1 => (id(), value()).prop_map(|(id, value)| Write::Value { id, value }),
        4 => (id(), key(), value()).prop_map(|(id, key, value)| Write::Entry { id, key, value }),
        1 => id().prop_map(|id| Write::Delete { id }),
        1 => (id(), key()).prop_map(|(id, key)| Write::DeleteEntry { id, key }),
        1 => (id(), value()).prop_map(|(id, value)| Write::Embed { id, value }),
        1 => (0..ROOTS.len(), value()).prop_map(|(root, value)| Write::Root { root, value }),
    ]
}

/// Writes as a client that keeps none of our rules, and returns its update.
fn hostile(client_id: u64, writes: &[Write]) -> Vec<u8> {
    let doc = Doc::with_options(Options {
        offset_kind: yrs::OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(client_id))
    });
    for write in writes {
        let mut txn = doc.transact_mut();
        let blocks = txn.get_or_insert_map("blocks");
        let map = |txn: &yrs::TransactionMut<'_>, id: usize| match blocks.get(txn, IDS[id]) {
            Some(Out::YMap(map)) => Some(map),
            _ => None,
        };
        match write {
            Write::Block { id, entries } => {
                let map = blocks.insert(&mut txn, IDS[*id], MapPrelim::default());
                for (key, index) in entries {
                    map.insert(&mut txn, KEYS[*key], value(*index));
                }
            }
            Write::Value { id, value: index } => {
                blocks.insert(&mut txn, IDS[*id], value(*index));
            }
            Write::Entry { id, key, value: index } => {
                if let Some(map) = map(&txn, *id) {
                    map.insert(&mut txn, KEYS[*key], value(*index));
                }
            }
            Write::Delete { id } => {
                blocks.remove(&mut txn, IDS[*id]);
            }
            Write::DeleteEntry { id, key } => {
                if let Some(map) = map(&txn, *id) {
                    map.remove(&mut txn, KEYS[*key]);
                }
            }
            Write::Embed { id, value: index } => {
                let nested = map(&txn, *id).and_then(|map| map.get(&txn, "text"));
                if let Some(Out::YText(text)) = nested {
                    let bold = yrs::types::Attrs::from([("b".into(), true.into())]);
                    text.insert_with_attributes(&mut txn, 0, "bold", bold);
                    match value(*index) {
                        In::Any(any) => drop(text.insert_embed(&mut txn, 1, any)),
                        _ => drop(text.insert_embed(&mut txn, 1, ArrayPrelim::from(["x"]))),
                    }
                }
            }
            Write::Root { root, value: index } => match index % 3 {
                0 => {
                    txn.get_or_insert_array(ROOTS[*root]).push_back(&mut txn, value(*index));
                }
                1 => {
                    txn.get_or_insert_text(ROOTS[*root]).insert(&mut txn, 0, "root 😀");
                }
                _ => {
                    txn.get_or_insert_map(ROOTS[*root]).insert(&mut txn, "a", value(*index));
                }
            },
        }
    }
    let txn = doc.transact();
    txn.encode_state_as_update_v1(&yrs::StateVector::default())
}

/// Tries everything on every block: it may be refused, never panic.
fn try_everything(doc: &Doc, seed: u64) {
    let mut entropy = random(seed);
    let mut undo = doc::Undo::new(doc).unwrap();
    let ids: Vec<BlockId> = {
        let view = view(doc);
        view.blocks().chain(&view.bin).map(|block| block.id.clone()).collect()
    };
    for id in &ids {
        for parent in [Parent::Root, under(&ids[(entropy() % ids.len() as u64) as usize])] {
            let _refused = undo.step(|doc| doc::move_block(doc, id, &parent, 1, &mut entropy));
            let _refused = undo.step(|doc| doc::add_block(doc, &BlockKind::Point, &parent, 1, "new", &mut entropy));
        }
        let field = FieldId::Block(id.clone());
        let _refused = undo.typing(&field, 1, |doc| doc::set_text(doc, &field, "set 😀"));
        let _refused = undo.step(|doc| doc::edit_text(doc, &field, &TextDelta::replace(1, 900, "x\ny")));
        let _refused =
            undo.step(|doc| doc::edit_text(doc, &FieldId::Plain(id.clone()), &TextDelta::replace(9, 9, "x")));
        let _refused = undo.step(|doc| doc::split(doc, id, 5, &mut entropy));
        let _refused = undo.step(|doc| doc::promote(doc, id, &mut entropy));
        let _refused = undo.step(|doc| doc::demote(doc, id, &mut entropy));
        let _refused = undo.step(|doc| doc::move_up(doc, id, &mut entropy));
        let _refused = undo.step(|doc| doc::move_down(doc, id, &mut entropy));
        let _refused = undo.step(|doc| doc::remove_block(doc, id));
        let _refused = undo.step(|doc| doc::restore_block(doc, id));
        let _refused = undo.step(|doc| doc::join(doc, id, &mut entropy));
        assert_total(doc);
    }
    while undo.undo().is_some() {}
    while undo.redo().is_some() {}
    assert_total(doc);
}

proptest! {
    #![proptest_config(super::cases(192))]
    #[test]
    fn every_document_shows_every_block_once(one in prop::collection::vec(write(), 0..24),
        more in prop::collection::vec(write(), 0..8), seed: u64) {
        for doc in [doc::new_doc(1), doc::new_editor_doc(1)] {
            let _watch = doc::Watch::new(&doc, "test", |_changes| ()).unwrap();
            apply(&doc, &hostile(98, &one));
            assert_total(&doc);
            try_everything(&doc, seed);
            // Another one sets the same keys again: nested texts are replaced.
            apply(&doc, &hostile(99, &more));
            assert_total(&doc);
            let copy = replica(&doc, 2);
            prop_assert_eq!(view(&copy), view(&doc));
        }
    }
}

#[test]
fn shows_what_was_written() {
    let sample = sample();
    let doc = &sample.doc;
    let mut entropy = random(7);
    doc::add_blocks(
        doc,
        &BlockKind::Paragraph,
        &Parent::Root,
        0,
        &["p1", "p2"],
        &mut entropy,
    )
    .unwrap();
    doc::add_block(doc, &BlockKind::Idea, &Parent::Root, 0, "idea", &mut entropy).unwrap();
    doc::set_text(doc, &FieldId::parse("title").unwrap(), "Titel").unwrap();
    let view = view(doc);
    assert_eq!(view.title, "Titel");
    assert_eq!(texts(&view.preamble), ["p1", "p2"]);
    assert_eq!(texts(&view.ideas), ["idea"]);
    assert_eq!(texts(&view.guidelines[0].points), ["a1", "a2", "a3"]);
    assert_eq!(texts(&view.guidelines[1].points), ["b1", "b2"]);
    assert_eq!((view.loose.len(), view.bin.len()), (0, 0));
    let leitbild = doc::to_leitbild(&view);
    assert_eq!(leitbild.preamble, ["p1", "p2"]);
    assert_eq!(leitbild.guidelines[1].points[1].text, "b2");
    assert_eq!(leitbild.guidelines[1].points[1].id, sample.b[1].to_string());
    assert_eq!(leitbild.loose_points(), 0);
}

#[test]
fn points_that_lost_their_guideline_are_in_every_copy() {
    let sample = sample();
    doc::remove_block(&sample.doc, &sample.guidelines[0]).unwrap();
    let leitbild = doc::to_leitbild(&view(&sample.doc));
    let last = leitbild.guidelines.last().unwrap();
    let texts: Vec<&str> = last.points.iter().map(|point| point.text.as_str()).collect();
    assert_eq!((last.title.as_str(), texts), ("", vec!["a1", "a2", "a3"]));
    assert_eq!((leitbild.guidelines.len(), leitbild.loose_points()), (2, 3));
    assert_eq!(BlockId::parse(&last.id), None, "no block can be taken for it");
}

#[test]
fn cycles_orphans_and_unknown_kinds_are_loose() {
    let doc = doc::new_doc(1);
    {
        let mut txn = doc.transact_mut();
        let blocks = txn.get_or_insert_map("blocks");
        let mut add = |id: &str, kind: &str, place: &str| {
            let entries = [("kind", In::from(kind)), ("place", In::from(place))];
            blocks.insert(&mut txn, id, MapPrelim::from(entries));
        };
        add("g", "guideline", "- V");
        add("one", "guideline", "two V");
        add("two", "guideline", "one V");
        add("itself", "point", "itself V");
        add("orphan", "point", "nobody V");
        add("deep", "point", "one V");
        add("heading", "heading", "g V");
        add("fine", "point", "g V");
    }
    let view = view(&doc);
    let mut loose: Vec<&str> = view.loose.iter().map(|block| block.id.as_str()).collect();
    loose.sort_unstable();
    assert_eq!(loose, ["deep", "heading", "itself", "one", "orphan", "two"]);
    assert_eq!(view.guidelines.len(), 1);
    assert_eq!(view.guidelines[0].points.len(), 1);
    let fine = FieldId::parse("fine").unwrap();
    assert_eq!(doc::set_text(&doc, &fine, "x"), Err(EditError::NoText));
}

#[test]
fn field_ids_read_what_they_write() {
    for text in ["title", "motto", "closing", "abc", "abc:plain"] {
        assert_eq!(FieldId::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "-", "title:plain", "a b", "a:b", "ä", &"x".repeat(65)] {
        assert_eq!(FieldId::parse(text), None, "{text}");
    }
}

/// The view of before with the words of these fields read again, if that is enough.
fn reread(before: &doc::View, doc: &Doc, fields: &[FieldId]) -> Option<doc::View> {
    let mut after = before.clone();
    let is_enough = after.reread(&doc.transact(), &fields.iter().cloned().collect());
    is_enough.then_some(after)
}

#[test]
fn words_that_are_read_again_give_the_view_that_a_new_one_is() {
    let sample = sample();
    let title = FieldId::Root(doc::RootText::Title);
    let fields: Vec<FieldId> = [&sample.a[1], &sample.guidelines[1], &sample.b[0]]
        .map(|id| FieldId::Block(id.clone()))
        .into_iter()
        .chain([FieldId::Plain(sample.a[0].clone()), title])
        .collect();
    doc::set_text(&sample.doc, &FieldId::Plain(sample.b[0].clone()), "einfach").unwrap();
    doc::confirm_plain(&sample.doc, &sample.b[0]).unwrap();
    let before = view(&sample.doc);
    for (number, field) in fields.iter().enumerate() {
        doc::set_text(&sample.doc, field, &format!("neu {number}")).unwrap();
    }
    let after = view(&sample.doc);
    assert_ne!(after, before);
    assert!(
        after.block(&sample.b[0]).unwrap().plain_stale,
        "its words are others now"
    );
    assert_eq!(reread(&before, &sample.doc, &fields), Some(after));
    // What is not named stays as it was.
    let of_one = reread(&before, &sample.doc, &fields[..1]).unwrap();
    assert_eq!(of_one.block(&sample.a[1]).unwrap().text, "neu 0");
    assert_eq!(of_one.guidelines[1], before.guidelines[1]);
}

#[test]
fn words_that_bring_a_block_back_or_let_it_go_again_need_a_new_view() {
    let sample = sample();
    let field = FieldId::Block(sample.a[0].clone());
    let other = FieldId::Block(sample.a[1].clone());
    // Somebody who does not know of the removal.
    let elsewhere = replica(&sample.doc, 2);
    doc::remove_block(&sample.doc, &sample.a[0]).unwrap();
    let removed = view(&sample.doc);
    doc::set_text(&elsewhere, &field, "a1 und mehr").unwrap();
    send(&elsewhere, &sample.doc);
    assert_eq!(
        reread(&removed, &sample.doc, std::slice::from_ref(&field)),
        None,
        "it is back"
    );
    let back = view(&sample.doc);
    doc::set_text(&sample.doc, &other, "daneben").unwrap();
    let beside = reread(&back, &sample.doc, &[other, field.clone()]).unwrap();
    assert_eq!(beside, view(&sample.doc));
    doc::set_text(&elsewhere, &field, "a").unwrap();
    send(&elsewhere, &sample.doc);
    assert_eq!(reread(&beside, &sample.doc, &[field]), None, "it is gone again");
    let nobody = FieldId::Block(BlockId::parse("nobody").unwrap());
    assert_eq!(reread(&beside, &sample.doc, &[nobody]), None);
}
