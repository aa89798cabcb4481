//! Suggestions: made on a fork, applied later.

use model::doc::{self, Basis, BlockId, BlockKind, Effect, FieldId, Parent, Proposal, TextDelta};
use proptest::prelude::*;
use yrs::{Doc, ReadTxn, Transact};

use super::{apply, cases, random, replica, sample, text, under, view};

fn suggest(doc: &Doc, client_id: u64, proposal: Proposal) -> Vec<u8> {
    doc::suggest(doc, client_id, &proposal, &mut random(client_id)).unwrap()
}

/// Another wording by somebody who sees the words as they are.
fn wording(doc: &Doc, id: &BlockId, text: &str) -> Proposal {
    seen_as(id, &super::text(doc, id), text)
}

fn seen_as(id: &BlockId, seen: &str, text: &str) -> Proposal {
    Proposal::Words {
        field: FieldId::Block(id.clone()),
        seen: seen.to_owned(),
        text: text.to_owned(),
    }
}

fn effect(doc: &Doc, update: &[u8]) -> Effect {
    doc::effect(doc, update).unwrap()
}

#[test]
fn a_suggestion_changes_nothing_until_it_is_applied() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    let before = view(doc);
    let update = suggest(doc, 9, wording(doc, id, "a1 neu"));
    assert_eq!(view(doc), before);
    let changes = effect(doc, &update);
    let field = FieldId::Block(id.clone());
    assert_eq!(changes.words, [(field, "a1".to_owned(), "a1 neu".to_owned())]);
    assert!(update.len() < 60, "only the change travels: {} bytes", update.len());
    apply(doc, &update);
    assert_eq!(text(doc, id), "a1 neu");
}

#[test]
fn every_sort_of_suggestion_does_what_it_says() {
    let sample = sample();
    let doc = &sample.doc;
    let added = suggest(
        doc,
        9,
        Proposal::Add {
            kind: BlockKind::Point,
            parent: under(&sample.guidelines[0]),
            index: 1,
            text: "neu\nhier".to_owned(),
        },
    );
    let found = effect(doc, &added);
    assert_eq!(
        found.added.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["neu hier"]
    );
    let removed = suggest(doc, 10, Proposal::Remove(sample.a[1].clone()));
    assert_eq!(effect(doc, &removed).removed, [sample.a[1].clone()]);
    let moved = suggest(
        doc,
        11,
        Proposal::Move {
            id: sample.a[0].clone(),
            parent: under(&sample.guidelines[1]),
            index: 0,
        },
    );
    assert_eq!(effect(doc, &moved).moved, [sample.a[0].clone()]);
    for update in [&added, &removed, &moved] {
        apply(doc, update);
    }
    let now = view(doc);
    assert_eq!(super::texts(&now.guidelines[0].points), ["neu hier", "a3"]);
    assert_eq!(super::texts(&now.guidelines[1].points), ["a1", "b1", "b2"]);
}

#[test]
fn what_changes_nothing_is_no_suggestion() {
    let sample = sample();
    let nothing = doc::suggest(
        &sample.doc,
        9,
        &wording(&sample.doc, &sample.a[0], "a1"),
        &mut random(1),
    );
    assert!(nothing.is_err());
}

#[test]
fn an_update_that_builds_on_something_else_has_no_effect_to_show() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    doc::set_text(&other, &FieldId::Block(sample.a[0].clone()), "nur hier").unwrap();
    let update = suggest(&other, 9, wording(&other, &sample.a[0], "nur ganz hier"));
    assert_eq!(doc::effect(&sample.doc, &update), None);
    assert_eq!(doc::effect(&sample.doc, &[1, 2, 3]), None);
}

#[test]
fn the_words_of_a_suggestion_are_known_also_where_it_does_not_fit_the_text() {
    let sample = sample();
    let other = replica(&sample.doc, 2);
    doc::set_text(&other, &FieldId::Block(sample.a[0].clone()), "nur hier").unwrap();
    let proposal = wording(&other, &sample.a[0], "nur ganz hier");
    let update = suggest(&other, 9, proposal.clone());
    let basis = Basis::of_proposal(&other, &update, &proposal);
    assert_eq!(doc::wording(&other, &update, None), ["nur ganz hier"]);
    assert_eq!(doc::wording(&sample.doc, &update, basis.as_ref()), ["nur ganz hier"]);
    assert!(doc::wording(&sample.doc, &update, None).is_empty(), "nobody knows them");

    let added = suggest(
        &other,
        10,
        Proposal::Add {
            kind: BlockKind::Point,
            parent: under(&sample.guidelines[0]),
            index: 1,
            text: "ganz neu".to_owned(),
        },
    );
    let empty = doc::new_doc(3);
    assert_eq!(
        doc::wording(&empty, &added, None),
        ["ganz neu"],
        "a new block stands by itself"
    );
    apply(&other, &added);
    assert_eq!(
        doc::wording(&other, &added, None),
        ["ganz neu"],
        "also where it is there already"
    );
    let removed = suggest(&sample.doc, 11, Proposal::Remove(sample.a[1].clone()));
    assert!(doc::wording(&sample.doc, &removed, None).is_empty());
}

#[test]
fn suggestions_on_the_same_words_are_a_conflict_and_others_are_not() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    doc::set_text(
        doc,
        &FieldId::Block(id.clone()),
        "Wir fördern alle Kinder in unserer Stadt.",
    )
    .unwrap();
    let of = |client_id, proposal| effect(doc, &suggest(doc, client_id, proposal));
    let one = of(9, wording(doc, id, "Wir begleiten alle Kinder in unserer Stadt."));
    let same = of(10, wording(doc, id, "Wir stärken alle Kinder in unserer Stadt."));
    let elsewhere = of(11, wording(doc, id, "Wir fördern alle Kinder in unserem Kreis."));
    let removal = of(12, Proposal::Remove(id.clone()));
    let other = of(13, Proposal::Remove(sample.b[0].clone()));
    assert!(doc::same_words(&one, &same) && doc::same_words(&same, &one));
    assert!(!doc::same_words(&one, &elsewhere));
    assert!(doc::same_words(&one, &removal) && doc::same_words(&removal, &elsewhere));
    assert!(!doc::same_words(&one, &other));
    let insertions = (
        of(
            14,
            wording(doc, id, "Wir fördern alle Kinder und Eltern in unserer Stadt."),
        ),
        of(
            15,
            wording(doc, id, "Wir fördern alle Kinder und Familien in unserer Stadt."),
        ),
    );
    assert!(doc::same_words(&insertions.0, &insertions.1));
    let moves = |client_id| {
        of(
            client_id,
            Proposal::Move {
                id: id.clone(),
                parent: Parent::Block(sample.guidelines[1].clone()),
                index: 0,
            },
        )
    };
    assert!(doc::same_words(&moves(16), &moves(17)));
}

#[test]
fn a_suggestion_is_outdated_when_what_it_changes_was_changed_since() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    let field = FieldId::Block(id.clone());
    let write = |words: &str| doc::set_text(doc, &field, words).unwrap();
    write("Wir fördern alle Kinder in unserer Stadt.");
    let basis = |proposal| Basis::of(doc, &suggest(doc, 9, proposal)).unwrap();
    let outdated = |basis: &Basis| basis.is_outdated(&view(doc));
    let words = basis(wording(doc, id, "Wir begleiten alle Kinder in unserer Stadt."));
    let longer = basis(wording(doc, id, "Wir fördern alle Kinder und Eltern in unserer Stadt."));
    let removal = basis(Proposal::Remove(id.clone()));
    let moving = basis(Proposal::Move {
        id: id.clone(),
        parent: under(&sample.guidelines[1]),
        index: 0,
    });
    assert!(
        ![&words, &longer, &removal, &moving].into_iter().any(outdated),
        "nothing happened yet"
    );
    // Elsewhere in the text: only who wants to remove the whole of it did not see that.
    write("Wir fördern alle Kinder in unserer großen Stadt.");
    assert_eq!(
        [&words, &longer, &removal, &moving].map(outdated),
        [false, false, true, false]
    );
    write("Wir stärken alle Kinder in unserer Stadt.");
    assert_eq!([&words, &longer, &moving].map(outdated), [true, false, false]);
    // The same change by somebody else is one, too: put on top it would be there twice.
    write("Wir begleiten alle Kinder in unserer Stadt.");
    assert!(outdated(&words));
    write("Wir fördern alle Kinder und Väter in unserer Stadt.");
    assert_eq!([&words, &longer].map(outdated), [false, true]);
    write("Wir fördern alle Kinder in unserer Stadt.");
    doc::move_down(doc, id, &mut random(3)).unwrap();
    assert_eq!([&words, &removal, &moving].map(outdated), [false, false, true]);
    doc::remove_block(doc, id).unwrap();
    assert!(
        [&words, &longer, &removal, &moving].into_iter().all(outdated),
        "what is gone cannot be changed"
    );
    // A very long text counts as a whole.
    let long = FieldId::Block(sample.b[0].clone());
    let many = "Wort ".repeat(10_000);
    doc::set_text(doc, &long, &many).unwrap();
    let basis = Basis::of(
        doc,
        &suggest(doc, 9, wording(doc, &sample.b[0], &format!("{many}Ende"))),
    )
    .unwrap();
    assert!(basis.bytes() < 1_000 && !outdated(&basis));
    doc::set_text(doc, &long, &format!("Anfang {many}")).unwrap();
    assert!(outdated(&basis));
}

#[test]
fn what_others_typed_since_the_author_looked_stays_and_the_same_words_are_outdated_at_once() {
    let sample = sample();
    let (doc, id) = (&sample.doc, &sample.a[0]);
    let field = FieldId::Block(id.clone());
    let write = |words: &str| doc::set_text(doc, &field, words).unwrap();
    let seen = "Wir fördern alle Kinder in unserer Stadt.";
    let proposal = seen_as(id, seen, "Wir begleiten alle Kinder in unserer Stadt.");
    let becomes = || {
        let update = suggest(doc, 9, proposal.clone());
        let basis = Basis::of_proposal(doc, &update, &proposal).unwrap();
        let [(_, _, text)] = &effect(doc, &update).words[..] else {
            panic!("one text changes")
        };
        (text.clone(), basis.is_outdated(&view(doc)))
    };
    write(seen);
    assert_eq!(
        becomes(),
        ("Wir begleiten alle Kinder in unserer Stadt.".to_owned(), false)
    );
    write("Ja: Wir fördern alle Kinder in unserer großen Stadt.");
    let merged = "Ja: Wir begleiten alle Kinder in unserer großen Stadt.";
    assert_eq!(becomes(), (merged.to_owned(), false));
    write("Wir stärken alle Kinder in unserer Stadt.");
    let (text, outdated) = becomes();
    assert!(
        text.contains("begleiten") && text.contains("stärken") && outdated,
        "{text}"
    );
    // Somebody else was quicker with the very same wording, or nothing was changed at all.
    write("Wir begleiten alle Kinder in unserer Stadt.");
    assert!(doc::suggest(doc, 9, &proposal, &mut random(1)).is_err());
    assert!(doc::suggest(doc, 9, &seen_as(id, seen, seen), &mut random(1)).is_err());
}

proptest! {
    #![proptest_config(cases(200))]

    /// Somebody types into the same block between the suggestion and its acceptance: both are kept, on every replica.
    #[test]
    fn an_accepted_suggestion_merges_with_what_was_typed_meanwhile(
        at in 0..40_u32,
        typed in "[0-9]{1,6}",
        word in 0..6_usize,
    ) {
        let sample = sample();
        let (doc, id) = (&sample.doc, &sample.a[0]);
        let field = FieldId::Block(id.clone());
        doc::set_text(doc, &field, "eins zwei drei vier fünf sechs").unwrap();
        let words = ["eins", "zwei", "drei", "vier", "fünf", "sechs"];
        let proposed = words.map(|old| if old == words[word] { "NEUES" } else { old }).join(" ");
        let update = suggest(doc, 9, wording(doc, id, &proposed));
        let other = replica(doc, 2);
        let length = text(&other, id).encode_utf16().count() as u32;
        doc::edit_text(&other, &field, &TextDelta::replace(at % (length + 1), 0, &typed)).unwrap();
        // One has what was typed first, the other the suggestion.
        apply(doc, &update);
        apply(&other, &update);
        super::exchange(doc, &other);
        prop_assert_eq!(text(doc, id), text(&other, id));
        let merged = text(doc, id);
        prop_assert!(merged.contains(&typed), "{} in {}", typed, merged);
        let without: String = merged.replace(&typed, "");
        prop_assert_eq!(without, proposed, "{}", merged);
        prop_assert!(!doc.transact().has_missing_updates());
    }
}
