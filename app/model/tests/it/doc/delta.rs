use model::doc::{Side, TextDelta, utf16_len};
use proptest::prelude::*;

/// Texts with repeated letters, surrogate pairs and combining marks.
fn words() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        6 => prop::sample::select(vec!["a", "b", " "]),
        1 => prop::sample::select(vec!["😀", "e\u{301}", "👩\u{200D}👧", "ß", "👍\u{1F3FD}"]),
    ];
    prop::collection::vec(letter, 0..10).prop_map(|letters| letters.concat())
}

/// A text and several replacements of it, at whole characters.
fn replacement(text: &str, (at, len, insert): (usize, usize, String)) -> TextDelta {
    let letters: Vec<char> = text.chars().collect();
    let at = at % (letters.len() + 1);
    let end = (at + len).min(letters.len());
    let units = |letters: &[char]| letters.iter().map(|letter| letter.len_utf16() as u32).sum::<u32>();
    TextDelta::replace(units(&letters[..at]), units(&letters[at..end]), &insert)
}

fn raw() -> impl Strategy<Value = (usize, usize, String)> {
    (0_usize..12, 0_usize..4, words())
}

proptest! {
    #[test]
    fn both_orders_give_one_text(text in words(), one in raw(), more in raw(), other in raw(), again in raw()) {
        let one = replacement(&text, one);
        let a = one.then(&replacement(&one.apply(&text), more));
        let other = replacement(&text, other);
        let b = other.then(&replacement(&other.apply(&text), again));
        let a_first = b.over(&a, Side::After).apply(&a.apply(&text));
        let b_first = a.over(&b, Side::Before).apply(&b.apply(&text));
        prop_assert_eq!(a_first, b_first);
    }

    #[test]
    fn one_after_the_other_is_one(text in words(), one in raw(), more in raw()) {
        let one = replacement(&text, one);
        let middle = one.apply(&text);
        let more = replacement(&middle, more);
        prop_assert_eq!(one.then(&more).apply(&text), more.apply(&middle));
    }

    /// What `between` finds turns the old text into the new one and never tears a character.
    #[test]
    fn between_leads_from_old_to_new(old in words(), new in words(), caret in 0_u32..20) {
        for caret in [None, Some(caret)] {
            let delta = TextDelta::between(&old, &new, caret);
            prop_assert_eq!(delta.apply(&old), new.clone());
            let torn = format!("{delta:?}").contains(char::REPLACEMENT_CHARACTER);
            prop_assert!(!torn);
        }
    }

    /// Typing or deleting among repeated letters is found exactly where the caret says.
    #[test]
    fn the_caret_settles_repeated_letters(text in "[ab]{0,8}", at in 0_u32..9, len in 1_u32..4, insert in "[ab]{1,3}") {
        let at = at.min(utf16_len(&text));
        let typed = TextDelta::replace(at, 0, &insert);
        let found = TextDelta::between(&text, &typed.apply(&text), Some(at + utf16_len(&insert)));
        prop_assert_eq!(found, typed);
        let len = len.min(utf16_len(&text) - at);
        let deleted = TextDelta::replace(at, len, "");
        let found = TextDelta::between(&text, &deleted.apply(&text), Some(at));
        prop_assert_eq!(found.is_empty(), len == 0);
        if len > 0 {
            prop_assert_eq!(found, deleted);
        }
    }
}

#[test]
fn a_letter_keeps_its_marks() {
    let smile_to_grin = TextDelta::between("x😀y", "x😁y", Some(3));
    assert_eq!(smile_to_grin, TextDelta::replace(1, 2, "😁"));
    let accent = TextDelta::between("ae", "ae\u{301}", Some(3));
    assert_eq!(accent, TextDelta::replace(1, 1, "e\u{301}"));
}

#[test]
fn a_correction_left_of_the_caret_is_small() {
    let found = TextDelta::between("teh cat sat", "the cat sat", Some(11));
    assert_eq!(found, TextDelta::replace(1, 2, "he"));
}

#[test]
fn offsets_move_with_the_words() {
    let delta = TextDelta::replace(2, 2, "xyz");
    let mapped: Vec<u32> = (0..6).map(|offset| delta.map_offset(offset, Side::Before)).collect();
    assert_eq!(mapped, [0, 1, 2, 5, 5, 6]);
    let insert = TextDelta::replace(2, 0, "xyz");
    assert_eq!(
        (insert.map_offset(2, Side::Before), insert.map_offset(2, Side::After)),
        (2, 5)
    );
}

proptest! {
    /// The way back never goes astray: it keeps the order, and where nothing was deleted it is exact.
    #[test]
    fn offsets_lead_there_and_back(text in words(), one in raw(), more in raw()) {
        let delta = replacement(&text, one.clone());
        let delta = delta.then(&replacement(&delta.apply(&text), more.clone()));
        let back: Vec<u32> = (0..=utf16_len(&delta.apply(&text))).map(|after| delta.map_offset_back(after)).collect();
        prop_assert!(back.is_sorted());
        prop_assert!(back.iter().all(|before| *before <= utf16_len(&text)));
        let inserted = replacement(&text, (one.0, 0, one.2));
        let inserted = inserted.then(&replacement(&inserted.apply(&text), (more.0, 0, more.2)));
        for before in 0..=utf16_len(&text) {
            for side in [Side::Before, Side::After] {
                prop_assert_eq!(inserted.map_offset_back(inserted.map_offset(before, side)), before);
            }
        }
    }
}
