use model::doc::{self, BlockId, FieldId, Run, TextDelta};
use proptest::prelude::*;
use yrs::Doc;

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

#[test]
fn foreign_notes_are_read_without_a_panic() {
    use yrs::{Map, Transact, WriteTxn};
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
