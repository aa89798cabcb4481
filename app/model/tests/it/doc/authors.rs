use model::doc::{self, BlockId, FieldId, Run, TextDelta, What};
use model::limits;
use proptest::prelude::*;
use yrs::{Doc, Transact};

use super::{exchange, random, replica, sample, text};

fn write(doc: &Doc, id: &BlockId, at: u32, words: &str) {
    doc::edit_text(doc, &FieldId::Block(id.clone()), &TextDelta::replace(at, 0, words)).unwrap();
}

fn runs(doc: &Doc, id: &BlockId) -> Vec<(u32, u64)> {
    let runs = doc::authors(doc, &FieldId::Block(id.clone())).unwrap();
    runs.into_iter().map(|Run { len, client }| (len, client)).collect()
}

#[test]
fn every_letter_has_its_author_also_after_a_split_and_a_join_by_somebody_else() {
    let sample = sample();
    let id = &sample.a[0];
    let (bo, cy) = (replica(&sample.doc, 2), replica(&sample.doc, 3));
    write(&bo, id, 2, " bobo");
    exchange(&sample.doc, &bo);
    assert_eq!(runs(&sample.doc, id), [(2, 1), (5, 2)]);
    exchange(&bo, &cy);
    // The third person splits between "bo" and "bo", types at both ends, and joins again.
    let tail = doc::split(&cy, id, 5, &mut random(9)).unwrap();
    write(&cy, &tail, 2, " cy");
    assert_eq!(runs(&cy, id), [(2, 1), (3, 2)]);
    assert_eq!(runs(&cy, &tail), [(2, 2), (3, 3)]);
    exchange(&cy, &bo);
    write(&bo, &tail, 1, "-");
    assert_eq!(runs(&bo, &tail), [(3, 2), (3, 3)]);
    doc::join(&bo, &tail, &mut random(10)).unwrap();
    exchange(&bo, &sample.doc);
    assert_eq!(text(&sample.doc, id), "a1 bob-o cy");
    assert_eq!(runs(&sample.doc, id), [(2, 1), (6, 2), (3, 3)]);
}

/// The notes of a block: their values.
fn notes(doc: &Doc, id: &BlockId) -> Vec<String> {
    use yrs::{Any, Map, Out, ReadTxn};
    let txn = doc.transact();
    let Some(Out::YMap(map)) = txn.get_map("blocks").unwrap().get(&txn, id.as_str()) else {
        panic!("the block is a map");
    };
    map.iter(&txn)
        .filter(|(key, _)| key.starts_with("by:"))
        .map(|(_, value)| match value {
            Out::Any(Any::String(value)) => value.to_string(),
            value => panic!("{value:?}"),
        })
        .collect()
}

#[test]
fn words_of_very_many_hands_are_split_and_joined_in_notes_that_a_server_takes() {
    let sample = sample();
    let id = &sample.a[0];
    let [bo, cy, dy] = [1, 2, 3].map(|number| replica(&sample.doc, limits::CLIENT_ID_MAX - number));
    write(&bo, id, 0, &"b".repeat(150));
    super::send(&bo, &cy);
    for number in 0..150 {
        write(&cy, id, 2 * number + 1, "c");
    }
    super::send(&cy, &dy);
    let before = runs(&dy, id);
    assert_eq!(before.len(), 301);

    let tail = doc::split(&dy, id, 1, &mut random(9)).unwrap();
    assert_eq!(runs(&dy, &tail), before[1..]);
    doc::join(&dy, &tail, &mut random(10)).unwrap();
    assert_eq!(runs(&dy, id), before);
    for block in [id, &tail] {
        let notes = notes(&dy, block);
        assert!(notes.len() > 1);
        assert!(notes.iter().all(|note| note.len() <= limits::VALUE_BYTES), "{notes:?}");
    }
}

#[test]
fn words_keep_their_author_when_an_earlier_state_comes_back() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    let past = doc::new_doc(77);
    super::send(doc, &past);
    let bo = replica(doc, 2);
    let tail = doc::split(&bo, id, 1, &mut random(9)).unwrap();
    doc::join(&bo, &tail, &mut random(10)).unwrap();
    super::send(&bo, doc);
    for what in [What::Only(FieldId::Block(id.clone())), What::Everything] {
        doc::rewind(doc, &past.transact(), &what).unwrap();
        assert_eq!(text(doc, id), "a1");
        assert_eq!(runs(doc, id), [(2, 1)], "{what:?}");
    }
}

#[test]
fn foreign_notes_are_read_without_a_panic() {
    use yrs::{Map, WriteTxn};
    let sample = sample();
    let id = &sample.a[0];
    let notes = [
        ("by:1:0", "99999999999 7"),
        ("by:1:1", "4294967295 7 4294967295 8"),
        ("by:1:2", "0 7 0 8"),
        ("by:x:y", "1 1"),
        ("by:1:4294967295", "3 9"),
        ("by:1:3", ""),
    ];
    {
        let mut txn = sample.doc.transact_mut();
        let blocks = txn.get_or_insert_map("blocks");
        let Some(yrs::Out::YMap(map)) = blocks.get(&txn, id.as_str()) else {
            panic!("the block is a map");
        };
        for (key, value) in notes {
            map.insert(&mut txn, key, value);
        }
    }
    assert_eq!(runs(&sample.doc, id).iter().map(|(len, _)| len).sum::<u32>(), 2);
}

#[derive(Clone, Debug)]
enum Op {
    Write { who: usize, block: usize, at: u32 },
    Split { who: usize, block: usize, at: u32 },
    Join { who: usize, block: usize },
}

fn op() -> impl Strategy<Value = Op> {
    let (who, block, at) = (0..3_usize, 0..6_usize, 0..12_u32);
    prop_oneof![
        3 => (who.clone(), block.clone(), at.clone()).prop_map(|(who, block, at)| Op::Write { who, block, at }),
        1 => (who.clone(), block.clone(), at).prop_map(|(who, block, at)| Op::Split { who, block, at }),
        1 => (who, block).prop_map(|(who, block)| Op::Join { who, block }),
    ]
}

/// The first Leitlinie with its points.
fn first_section(doc: &Doc) -> Vec<doc::BlockView> {
    let guideline = super::view(doc).guidelines.swap_remove(0);
    [vec![guideline.block], guideline.points].concat()
}

proptest! {
    #![proptest_config(super::cases(64))]

    /// Each of three people writes letters of their own only: whatever is split and joined, in turn, a letter's author is
    /// who it belongs to.
    #[test]
    fn letters_keep_their_authors(ops in proptest::collection::vec(op(), 1..40)) {
        let sample = sample();
        let docs = [replica(&sample.doc, 10), replica(&sample.doc, 11), replica(&sample.doc, 12)];
        let mut entropy = random(11);
        for op in ops {
            let (who, block) = match &op {
                Op::Write { who, block, .. } | Op::Split { who, block, .. } | Op::Join { who, block } => (*who, *block),
            };
            let doc = &docs[who];
            let blocks = first_section(doc);
            let id = &blocks[block % blocks.len()].id;
            match op {
                Op::Write { at, .. } => write(doc, id, at.min(text(doc, id).len() as u32), ["x", "y", "z"][who]),
                Op::Split { at, .. } => drop(doc::split(doc, id, at, &mut entropy).unwrap()),
                // The Leitlinie has none before it.
                Op::Join { .. } => drop(doc::join(doc, id, &mut entropy)),
            }
            for other in docs.iter().enumerate().filter(|(other, _)| *other != who).map(|(_, other)| other) {
                super::send(doc, other);
            }
        }
        for block in first_section(&docs[0]) {
            let mut letters = block.text.chars();
            for (len, client) in runs(&docs[0], &block.id) {
                for letter in letters.by_ref().take(len as usize) {
                    let owner = match letter {
                        'x' => 10,
                        'y' => 11,
                        'z' => 12,
                        _ => 1,
                    };
                    prop_assert_eq!(client, owner, "{} in {}", letter, block.text);
                }
            }
            prop_assert_eq!(letters.next(), None);
        }
    }
}
