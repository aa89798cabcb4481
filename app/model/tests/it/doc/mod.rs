//! The Leitbild document: view, operations, merging, the diff rule, undo.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail loudly, as the tests themselves do"
)]

mod anchor;
mod authors;
mod converge;
mod delta;
mod field;
mod marks;
mod operations;
mod outline;
mod place;
mod removed;
mod rewind;
mod sticky;
mod suggest;
mod undo;
mod view;
mod watch;

use model::doc::{self, BlockId, BlockKind, FieldId, Parent, REMOTE_ORIGIN, View};
use proptest::test_runner::Config as ProptestConfig;
use yrs::updates::decoder::Decode;
use yrs::{Doc, ReadTxn, Transact, Update};

/// Seeded randomness (SplitMix64).
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}

/// How many documents a property is tried on; `PROPTEST_CASES` asks for more.
fn cases(number: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() {
        config
    } else {
        ProptestConfig {
            cases: number,
            ..config
        }
    }
}

/// Brings everything that `from` has to `to`.
fn send(from: &Doc, to: &Doc) {
    let known = to.transact().state_vector();
    let update = from.transact().encode_state_as_update_v1(&known);
    apply(to, &update);
}

fn apply(to: &Doc, update: &[u8]) {
    let mut txn = to.transact_mut_with(REMOTE_ORIGIN);
    txn.apply_update(Update::decode_v1(update).unwrap()).unwrap();
}

fn exchange(one: &Doc, other: &Doc) {
    send(one, other);
    send(other, one);
}

fn view(doc: &Doc) -> View {
    doc::view(&doc.transact())
}

fn text(doc: &Doc, id: &BlockId) -> String {
    doc::field_text(&doc.transact(), &FieldId::Block(id.clone())).unwrap()
}

fn under(id: &BlockId) -> Parent {
    Parent::Block(id.clone())
}

fn texts(blocks: &[doc::BlockView]) -> Vec<&str> {
    blocks.iter().map(|block| block.text.as_str()).collect()
}

/// Two Leitlinien, A with the points a1, a2, a3 and B with b1, b2.
struct Sample {
    doc: Doc,
    guidelines: Vec<BlockId>,
    a: Vec<BlockId>,
    b: Vec<BlockId>,
}

fn sample() -> Sample {
    let doc = doc::new_editor_doc(1);
    let mut entropy = random(1);
    let mut add = |kind: BlockKind, parent: &Parent, texts: &[&str]| {
        doc::add_blocks(&doc, &kind, parent, usize::MAX, texts, &mut entropy).unwrap()
    };
    let guidelines = add(BlockKind::Guideline, &Parent::Root, &["A", "B"]);
    let a = add(BlockKind::Point, &under(&guidelines[0]), &["a1", "a2", "a3"]);
    let b = add(BlockKind::Point, &under(&guidelines[1]), &["b1", "b2"]);
    Sample { doc, guidelines, a, b }
}

/// Another replica of the same document.
fn replica(doc: &Doc, client_id: u64) -> Doc {
    let other = doc::new_editor_doc(client_id);
    send(doc, &other);
    other
}

/// Every non-removed block is shown exactly once, every other is in the bin.
fn assert_total(doc: &Doc) {
    let view = view(doc);
    let mut shown: Vec<String> = view
        .blocks()
        .chain(&view.bin)
        .map(|block| block.id.to_string())
        .collect();
    shown.sort();
    let mut keys: Vec<String> = {
        let txn = doc.transact();
        let blocks = txn.get_map("blocks").unwrap();
        yrs::Map::keys(&blocks, &txn).map(str::to_owned).collect()
    };
    keys.sort();
    assert_eq!(shown, keys);
}
