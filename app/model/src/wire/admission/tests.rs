use std::{cell::RefCell, rc::Rc};

use proptest::prelude::*;
use yrs::{
    Any, Doc, Map, MapPrelim, ReadTxn, StateVector, Text, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::*;
use crate::{
    doc::{self, BlockKind, FieldId, Parent, RootText},
    wire::lib0::{put_var_bytes, put_var_uint},
};

/// The updates that npm's yjs wrote, see the file.
fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let lines = include_str!("yjs.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, digits) = line.split_once(' ').unwrap();
            let pairs = digits
                .as_bytes()
                .chunks(2)
                .map(|pair| std::str::from_utf8(pair).unwrap());
            (name, pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect())
        })
        .collect()
}

/// One value under key "k" of root "r", for client 66.
fn value(bytes: &[u8]) -> Vec<u8> {
    let mut update = vec![1, 1, 66, 0, 0x28, 1, 1, b'r', 1, b'k', 1];
    update.extend_from_slice(bytes);
    update.push(0);
    update
}

/// What [`scan`] says, compared with what yrs reads from the same bytes.
fn agrees_with_yrs(update: &[u8]) -> Summary {
    let summary = scan(update).unwrap_or_else(|refusal| panic!("{refusal} for {update:02x?}"));
    let decoded = Update::decode_v1(update).expect("what is admitted can be decoded");
    let inserted = decoded.insertions(true);
    let mut ours = yrs::IdSet::new();
    for (client_id, ranges) in &summary.inserts {
        for range in ranges {
            ours.insert(
                yrs::ID::new(yrs::ClientID::new(*client_id), range.start),
                range.end - range.start,
            );
        }
    }
    assert_eq!(ours, inserted, "inserts of {update:02x?}");
    assert_eq!(summary.deletes, !decoded.delete_set().is_empty());
    summary
}

#[test]
fn what_yjs_writes_is_admitted() {
    for (name, update) in corpus() {
        if name.starts_with("bad_") {
            let refusal = scan(&update).unwrap_err();
            assert!(
                matches!(refusal, Refusal::ContentKind | Refusal::TooDeep),
                "{name}: {refusal}"
            );
        } else {
            let summary = agrees_with_yrs(&update);
            assert!(summary.check_depth(|_| false).is_ok(), "{name}");
        }
    }
}

#[test]
fn completeness_follows_the_updates_of_yjs() {
    let update = |name: &str| corpus().into_iter().find(|(found, _)| *found == name).unwrap().1;
    let id = 4_294_967_295;
    let summary = |name: &str| scan(&update(name)).unwrap();
    assert!(summary("state").is_complete(|_| 0));
    assert!(summary("merged").is_complete(|_| 0));
    assert!(!summary("with_gap").is_complete(|_| 0));
    assert!(!summary("diff").is_complete(|_| 0));
    assert!(summary("diff").is_complete(|client_id| if client_id == id { 27 } else { 0 }));
    // Update 1 only deletes clocks 5 to 8.
    assert!(!summary("update_1").is_complete(|_| 8));
    assert!(summary("update_1").is_complete(|_| 9));
    assert_eq!(summary("update_2").inserts[&id], vec![27..28]);
    assert_eq!(summary("update_2").new_client_ids(|_| 27).collect::<Vec<_>>(), [id]);
    assert_eq!(summary("update_2").new_client_ids(|_| 28).count(), 0);
}

#[test]
fn values_may_be_scalars_only() {
    for scalar in [
        &[127][..],
        &[126],
        &[121],
        &[120],
        &[125, 0x41],
        &[124, 0, 0, 0, 0],
        &[119, 2, b'a', b'b'],
    ] {
        assert_eq!(scan(&value(scalar)).map(|summary| summary.structs), Ok(1), "{scalar:?}");
        agrees_with_yrs(&value(scalar));
    }
    assert_eq!(scan(&value(&[117, 0])), Err(Refusal::TooDeep));
    assert_eq!(scan(&value(&[118, 0])), Err(Refusal::TooDeep));
    assert_eq!(scan(&value(&[116, 0])), Err(Refusal::ContentKind));
    assert_eq!(scan(&value(&[3])), Err(Refusal::Malformed));
}

#[test]
fn ten_thousand_nested_arrays_end_here_and_not_in_yrs() {
    let mut nested = [117, 1].repeat(10_000);
    nested.push(126);
    assert_eq!(scan(&value(&nested)), Err(Refusal::TooDeep));
}

#[test]
fn types_nest_two_deep_at_most() {
    // Client 66: map "k" of root "r"; text "t" in it; text "u" in that text.
    let map = [0x27, 1, 1, b'r', 1, b'k', 1];
    let text = [0x27, 0, 66, 0, 1, b't', 2];
    let text_in_text = [0x27, 0, 66, 1, 1, b'u', 2];
    let update = |structs: &[&[u8]]| {
        let mut update = vec![1, structs.len() as u8, 66, 0];
        update.extend(structs.concat());
        update.push(0);
        update
    };
    let summary = scan(&update(&[&map, &text])).unwrap();
    assert_eq!(
        summary.texts,
        [NestedText {
            id: (66, 1),
            parent: Some((66, 0))
        }]
    );
    assert_eq!(summary.check_depth(|_| false), Ok(()));
    let nested = scan(&update(&[&map, &text, &text_in_text])).unwrap();
    assert_eq!(nested.check_depth(|_| false), Err(Refusal::TooDeep));
    let map_in_map = [0x27, 0, 66, 0, 1, b'm', 1];
    assert_eq!(scan(&update(&[&map, &map_in_map])), Err(Refusal::TooDeep));
    // The same with the outer text already in the document.
    let later = scan(&[1, 1, 66, 2, 0x27, 0, 66, 1, 1, b'u', 2, 0]).unwrap();
    assert_eq!(later.check_depth(|_| false), Ok(()));
    assert_eq!(later.check_depth(|id| id == (66, 1)), Err(Refusal::TooDeep));
    // A type whose place would be copied from its neighbours.
    assert_eq!(scan(&[1, 1, 66, 0, 0x87, 66, 0, 1, 0]), Err(Refusal::ContentKind));
}

#[test]
fn lengths_and_ids_are_bounded() {
    let with_key = |length: usize| {
        let mut update = vec![1, 1, 66, 0, 0x28, 1, 1, b'r'];
        put_var_bytes(&mut update, &vec![b'k'; length]);
        update.extend([1, 120, 0]);
        scan(&update)
    };
    assert!(with_key(limits::KEY_BYTES).is_ok());
    assert_eq!(with_key(limits::KEY_BYTES + 1), Err(Refusal::TooLong));

    let mut long = vec![119];
    put_var_bytes(&mut long, &vec![b'v'; limits::VALUE_BYTES + 1]);
    assert_eq!(scan(&value(&long)), Err(Refusal::TooLong));

    let with_client = |client_id: u64| {
        let mut update = vec![1, 1];
        put_var_uint(&mut update, client_id);
        update.extend([0, 4, 1, 1, b'r', 1, b'a', 0]);
        scan(&update).map(|_| ())
    };
    assert_eq!(with_client(limits::CLIENT_ID_MAX), Ok(()));
    assert_eq!(with_client(limits::CLIENT_ID_MAX + 1), Err(Refusal::OutOfRange));

    let mut far = vec![1, 1, 66];
    put_var_uint(&mut far, limits::CLOCK_MAX);
    far.extend([4, 1, 1, b'r', 1, b'a', 0]);
    assert_eq!(scan(&far), Err(Refusal::OutOfRange));

    assert_eq!(scan(&vec![0; limits::MESSAGE_MAX_BYTES + 1]), Err(Refusal::TooLarge));
    assert_eq!(scan(&[0, 0, 0]), Err(Refusal::Malformed), "trailing bytes");
}

#[test]
fn too_many_small_structs_are_refused() {
    let mut update = vec![1];
    put_var_uint(&mut update, limits::UPDATE_STRUCTS as u64 + 1);
    update.extend([66, 0]);
    for _ in 0..=limits::UPDATE_STRUCTS {
        update.extend([0, 1]);
    }
    update.push(0);
    assert_eq!(scan(&update), Err(Refusal::TooMany));
}

#[test]
fn lists_that_yrs_would_misread_are_refused() {
    assert_eq!(
        scan(&[2, 1, 66, 0, 0, 1, 1, 66, 1, 0, 1, 0]),
        Err(Refusal::Malformed),
        "a client twice"
    );
    assert_eq!(
        scan(&[0, 2, 66, 1, 0, 1, 66, 1, 4, 1]),
        Err(Refusal::Malformed),
        "deletions of a client twice"
    );
    assert_eq!(
        scan(&[0, 1, 66, 2, 4, 1, 0, 1]),
        Err(Refusal::Malformed),
        "deletions out of order"
    );
    assert_eq!(scan(&[0, 1, 66, 1, 4, 0]), Err(Refusal::Malformed), "an empty deletion");
    assert_eq!(
        scan(&[1, 1, 66, 0, 4, 1, 1, b'r', 0, 0]),
        Err(Refusal::Malformed),
        "an empty text"
    );
    assert_eq!(
        scan(&[1, 0x80, 0x80, 0x80, 0x80, 1, 66, 0]),
        Err(Refusal::Malformed),
        "a count that lies"
    );
}

#[test]
fn a_state_vector_is_read_within_bounds() {
    assert_eq!(state_vector(&[1, 66, 3]), Ok(BTreeMap::from([(66, 3)])));
    assert_eq!(state_vector(&[2, 66, 3]), Err(Refusal::Malformed));
    assert_eq!(state_vector(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Err(Refusal::TooMany));
}

/// What a person does in the editor, on a document of either kind.
fn edited(numbers: &[u64], doc: Doc) -> (Doc, Vec<Vec<u8>>) {
    let mut updates = Vec::new();
    let mut seed = numbers.iter().fold(1_u64, |seed, number| seed.rotate_left(7) ^ number);
    let mut entropy = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        seed
    };
    for number in numbers {
        let before = doc.transact().state_vector();
        let view = doc::view(&doc.transact());
        let guideline = view.guidelines.get(*number as usize / 8 % view.guidelines.len().max(1));
        let block = guideline.map(|guideline| guideline.block.id.clone());
        let words = ["Gut aufwachsen", "für alle 👧🏽", "ä", ""][*number as usize / 8 % 4];
        // Some are not possible at the moment; then nothing is written.
        let _ = match (number % 8, block) {
            (0, Some(block)) => doc::move_down(&doc, &block, &mut entropy),
            (1, Some(block)) => doc::remove_block(&doc, &block),
            (2, Some(block)) => doc::set_text(&doc, &FieldId::Block(block), words),
            (3, Some(block)) => doc::split(&doc, &block, 2, &mut entropy).map(drop),
            (4, Some(block)) => {
                doc::add_block(&doc, &BlockKind::Point, &Parent::Block(block), 0, words, &mut entropy).map(drop)
            }
            (5, _) => doc::set_text(&doc, &FieldId::Root(RootText::Title), words),
            _ => doc::add_block(&doc, &BlockKind::Guideline, &Parent::Root, 0, words, &mut entropy).map(drop),
        };
        updates.push(doc.transact().encode_diff_v1(&before));
    }
    (doc, updates)
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        let _ = scan(&bytes);
        let _ = state_vector(&bytes);
    }

    /// Bytes close to real updates come further than arbitrary ones. What is admitted, yrs can decode.
    #[test]
    fn changed_updates_are_refused_or_understood(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let corpus = corpus();
        let mut update = which.get(&corpus).1.clone();
        for (at, byte) in changes {
            let at = at.index(update.len());
            update[at] = byte;
        }
        if let Some(cut) = cut {
            update.truncate(cut.index(update.len()));
        }
        if scan(&update).is_ok() {
            agrees_with_yrs(&update);
        }
    }

    #[test]
    fn what_the_editor_writes_is_admitted(numbers in prop::collection::vec(any::<u64>(), 1..60), remembers: bool) {
        let doc = if remembers { doc::new_editor_doc(66) } else { doc::new_doc(66) };
        let (doc, updates) = edited(&numbers, doc);
        for update in &updates {
            agrees_with_yrs(update).check_depth(|_| false).unwrap();
        }
        let everything = doc.transact().encode_state_as_update_v1(&StateVector::default());
        let summary = agrees_with_yrs(&everything);
        prop_assert!(summary.is_complete(|_| 0));
        prop_assert_eq!(summary.check_depth(|_| false), Ok(()));
        let merged = yrs::merge_updates_v1(&updates).unwrap();
        prop_assert!(agrees_with_yrs(&merged).is_complete(|_| 0));
    }
}

#[test]
fn nested_values_written_by_yrs_are_refused() {
    let doc = Doc::with_client_id(66);
    let map = doc.get_or_insert_map("m");
    map.insert(&mut doc.transact_mut(), "k", Any::from_json(r#"{"a":[1]}"#).unwrap());
    let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
    assert_eq!(scan(&update), Err(Refusal::TooDeep));
    let text = doc.get_or_insert_text("t");
    text.insert(&mut doc.transact_mut(), 0, "x");
    map.insert(
        &mut doc.transact_mut(),
        "n",
        MapPrelim::from([("deep", MapPrelim::default())]),
    );
    let before = Update::decode_v1(&update).unwrap().state_vector();
    let rest = Update::decode_v1(&doc.transact().encode_diff_v1(&before))
        .unwrap()
        .encode_v1();
    assert_eq!(scan(&rest), Err(Refusal::TooDeep));
}

/// The updates that writing these titles one after the other makes, as client 7.
fn titles(words: &[&str]) -> Vec<Vec<u8>> {
    let doc = doc::new_doc(7);
    let updates: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
    let noted = Rc::clone(&updates);
    doc.observe_update_v1("titles", move |_, event| noted.borrow_mut().push(event.update.clone()))
        .unwrap();
    for words in words {
        doc::set_text(&doc, &FieldId::Root(RootText::Title), words).unwrap();
    }
    updates.take()
}

#[test]
fn typing_on_is_all_new_and_nothing_else_is() {
    let updates = titles(&["Gut", "Gut!", "Gut!!", "Gut!"]);
    let is_all_new = |update: &[u8], known: u32| scan(update).unwrap().is_all_new(|_| known);
    assert!(is_all_new(&updates[0], 0) && is_all_new(&updates[1], 3));
    assert!(!is_all_new(&updates[1], 4), "it is known");
    assert!(!is_all_new(&updates[1], 2), "something before it is missing");
    let half_known = yrs::merge_updates_v1(&updates[..2]).unwrap();
    assert!(is_all_new(&half_known, 0) && !is_all_new(&half_known, 3));
    let with_gap = yrs::merge_updates_v1([&updates[0], &updates[2]]).unwrap();
    assert!(scan(&with_gap).unwrap().has_gaps && !is_all_new(&with_gap, 0));
    assert!(!is_all_new(&updates[3], 5), "it deletes");
    assert!(!is_all_new(&[0, 0], 0), "it is nothing");
}
