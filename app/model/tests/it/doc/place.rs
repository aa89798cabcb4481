use model::doc::place::{self, Key, MAX_KEY_LEN};
use model::doc::{Parent, Place};
use proptest::prelude::*;

use super::random;

/// Inserts into `keys` and applies what is re-keyed.
fn insert(keys: &mut Vec<String>, index: usize, n: usize, entropy: &mut impl FnMut() -> u64) -> usize {
    let siblings: Vec<&str> = keys.iter().map(String::as_str).collect();
    let insertion = place::insert(&siblings, index, n, entropy);
    assert_eq!(insertion.keys.len(), n);
    for (sibling, key) in &insertion.rekeyed {
        keys[*sibling] = key.as_str().to_owned();
    }
    let new: Vec<String> = insertion.keys.iter().map(|key| key.as_str().to_owned()).collect();
    let at = index.min(keys.len());
    keys.splice(at..at, new);
    insertion.rekeyed.len()
}

fn assert_increasing(keys: &[String]) {
    for pair in keys.windows(2) {
        assert!(pair[0] < pair[1], "{} is not below {}", pair[0], pair[1]);
    }
}

fn longest(keys: &[String]) -> usize {
    keys.iter().map(String::len).max().unwrap_or(0)
}

proptest! {
    /// Between any two keys there is room, and every new key is one.
    #[test]
    fn between_is_between(one in "[0-9A-Za-z]{0,12}[1-9A-Za-z]", other in "[0-9A-Za-z]{0,12}[1-9A-Za-z]",
        n in 1_usize..40, seed: u64) {
        prop_assume!(one != other);
        let (lo, hi) = if one < other { (one, other) } else { (other, one) };
        let (lo, hi) = (Key::parse(&lo).unwrap(), Key::parse(&hi).unwrap());
        for ends in [(Some(&lo), Some(&hi)), (None, Some(&hi)), (Some(&lo), None), (None, None)] {
            let keys = place::between(ends.0, ends.1, n, &mut random(seed)).unwrap();
            prop_assert_eq!(keys.len(), n);
            for pair in keys.windows(2) {
                prop_assert!(pair[0] < pair[1]);
            }
            for key in &keys {
                prop_assert!(Key::parse(key.as_str()).is_some(), "{:?}", key);
                prop_assert!(ends.0.is_none_or(|lo| lo < key), "{:?} {:?}", ends, key);
                prop_assert!(ends.1.is_none_or(|hi| key < hi), "{:?} {:?}", ends, key);
            }
        }
    }

    /// Whatever keys stand there, also equal and malformed ones, after an insertion all are in order.
    #[test]
    fn insertion_repairs(keys in prop::collection::vec("[0-9A-Za-z~! ]{0,3}", 0..12), index in 0_usize..14,
        n in 1_usize..6, seed: u64) {
        let mut keys = keys;
        keys.sort();
        let mut entropy = random(seed);
        insert(&mut keys, index, n, &mut entropy);
        let at = index.min(keys.len() - n);
        for pair in keys[at.saturating_sub(1)..(at + n + 1).min(keys.len())].windows(2) {
            prop_assert!(pair[0] < pair[1]);
        }
        prop_assert!(keys.is_sorted());
    }

    /// Keys stay short however people write: anywhere, or always at one spot.
    #[test]
    fn growth_is_bounded(habit in 0_u8..5, seed: u64) {
        let mut entropy = random(seed);
        let mut keys: Vec<String> = Vec::new();
        insert(&mut keys, 0, 2, &mut entropy);
        let mut spot = 1;
        let mut rekeyed = 0;
        for _ in 0..400 {
            let index = match habit {
                0 => keys.len(),
                1 => 0,
                2 => { spot += 1; spot - 1 }
                3 => 1,
                _ => (entropy() % (keys.len() as u64 + 1)) as usize,
            };
            rekeyed += insert(&mut keys, index, 1, &mut entropy);
        }
        assert_increasing(&keys);
        let bound = match habit { 0 | 1 => 7, 2 => 36, 4 => 16, _ => MAX_KEY_LEN };
        prop_assert!(longest(&keys) <= bound, "{} characters", longest(&keys));
        prop_assert!(habit == 3 || rekeyed == 0);
    }
}

#[test]
fn two_pastes_do_not_interleave() {
    let lo = Key::parse("V").unwrap();
    let hi = Key::parse("W").unwrap();
    for seed in 0..200 {
        let one = place::between(Some(&lo), Some(&hi), 9, &mut random(seed)).unwrap();
        let other = place::between(Some(&lo), Some(&hi), 9, &mut random(seed + 1_000)).unwrap();
        let apart = one[8] < other[0] || other[8] < one[0];
        assert!(apart, "{one:?} {other:?}");
    }
}

#[test]
fn place_reads_what_it_writes() {
    for text in ["- V12", "abc V12", "a b V12"] {
        assert_eq!(Place::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Place::parse("- V").unwrap().parent, Parent::Root);
    for text in ["", "-", " ", "- ", " V"] {
        assert_eq!(Place::parse(text), None);
    }
}
