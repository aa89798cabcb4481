//! Which words changed between two texts, so that people can read it: the one word diff, for suggestions on the device and
//! for versions on the server, so that both say the same of the same words (`docs/decisions/0008-one-word-diff.md`).
//!
//! Compared are whole words, because a diff by letters tears German compounds into pieces. Only where most of a word
//! stayed (an ending, a prefix), or a whole part of a compound, the part that changed is shown alone. What stayed is a
//! longest common subsequence (Hirschberg 1975, in memory that grows with one text only) in which a word counts more than
//! a blank or a sign.

use serde::{Deserialize, Serialize};

/// Of a word that changed at least this part (numerator, denominator) must have stayed to show only what changed.
const MOST: (usize, usize) = (3, 5);
/// And at least so many letters.
const LETTERS: usize = 4;
/// A beginning or an end of so many letters that stayed is a part of a compound ("Kindertages-"), whatever follows.
const COMPOUND_LETTERS: usize = 8;
/// Below so many pairs of words the table of all of them is made at once.
const TABLE_CELLS: usize = 16_384;

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Same,
    Inserted,
    Deleted,
}

/// A piece of text, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
}

/// How much work comparing may cost: about so many pairs of words. What goes beyond it is shown as replaced as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Default for Budget {
    /// Enough for several hundred long paragraphs written anew; a fraction of a second.
    fn default() -> Self {
        Self(20_000_000)
    }
}

impl Budget {
    /// For one text, while somebody waits for it on a phone.
    #[must_use]
    pub fn brief() -> Self {
        Self(1_000_000)
    }
}

/// The pieces of both texts in one order: without the inserted ones they are `old`, without the deleted ones `new`.
#[must_use]
pub fn words(old: &str, new: &str, budget: &mut Budget) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let (old, new) = (tokens(old), tokens(new));
    let start = common(old.iter(), new.iter());
    let end = common(old[start..].iter().rev(), new[start..].iter().rev());
    let (before, after) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    pieces.push(Kind::Same, &old[..start].concat());
    for change in merged(changes(before, after, budget)) {
        match change {
            Change::Same(text) => pieces.push(Kind::Same, &text),
            Change::Replaced(deleted, inserted) => pieces.replace(&deleted, &inserted),
        }
    }
    pieces.push(Kind::Same, &old[old.len() - end..].concat());
    pieces.0
}

/// A run of tokens.
enum Change {
    Same(String),
    Replaced(String, String),
}

fn changes(old: &[&str], new: &[&str], budget: &mut Budget) -> Vec<Change> {
    let cost = old.len().saturating_mul(new.len());
    if old.is_empty() || new.is_empty() || cost > budget.0 {
        return vec![Change::Replaced(old.concat(), new.concat())];
    }
    budget.0 -= cost;
    let mut stayed = Vec::new();
    align(old, new, (0, 0), &mut stayed);
    stayed.push((old.len(), new.len()));
    let mut changes = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in stayed {
        if (from_old, from_new) != (at_old, at_new) {
            let (deleted, inserted) = (&old[from_old..at_old], &new[from_new..at_new]);
            changes.push(Change::Replaced(deleted.concat(), inserted.concat()));
        }
        if let Some(token) = old.get(at_old) {
            match changes.last_mut() {
                Some(Change::Same(text)) => text.push_str(token),
                _ => changes.push(Change::Same((*token).to_owned())),
            }
        }
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    changes
}

/// Notes in `stayed` which tokens are in both, in order, by their indices from `first` on.
fn align(old: &[&str], new: &[&str], first: (usize, usize), stayed: &mut Vec<(usize, usize)>) {
    if old.len() < 2 || old.len() * new.len() <= TABLE_CELLS {
        return table(old, new, first, stayed);
    }
    let (begins, ends) = old.split_at(old.len() / 2);
    let before = weights(begins.iter(), new.iter());
    let after = weights(ends.iter().rev(), new.iter().rev());
    let together = |cut: &usize| before[*cut] + after[new.len() - cut];
    let cut = (0..=new.len()).max_by_key(together).unwrap_or_default();
    align(begins, &new[..cut], first, stayed);
    align(ends, &new[cut..], (first.0 + begins.len(), first.1 + cut), stayed);
}

/// How much all of `old` and each beginning of `new` have in common.
fn weights<'a>(old: impl Iterator<Item = &'a &'a str>, new: impl Iterator<Item = &'a &'a str> + Clone) -> Vec<u32> {
    let mut row = vec![0; new.clone().count() + 1];
    for token in old {
        let mut diagonal = 0;
        for (index, other) in new.clone().enumerate() {
            let above = row[index + 1];
            let both = if token == other { diagonal + weight(token) } else { 0 };
            row[index + 1] = both.max(above).max(row[index]);
            diagonal = above;
        }
    }
    row
}

fn table(old: &[&str], new: &[&str], first: (usize, usize), stayed: &mut Vec<(usize, usize)>) {
    // `common[i * width + j]`: what `old[i..]` and `new[j..]` have in common.
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let skipped = common[(i + 1) * width + j].max(common[i * width + j + 1]);
            let both = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + weight(old[i])
            } else {
                0
            };
            common[i * width + j] = skipped.max(both);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let here = common[i * width + j];
        if old[i] == new[j] && here == common[(i + 1) * width + j + 1] + weight(old[i]) {
            stayed.push((first.0 + i, first.1 + j));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] == here {
            i += 1;
        } else {
            j += 1;
        }
    }
}

fn weight(token: &str) -> u32 {
    if token.starts_with(is_letter) { 4 } else { 1 }
}

/// Takes blanks between two changes into the change: "old words" replaced by "new ones" reads better than word by word.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut merged: Vec<Change> = Vec::with_capacity(changes.len());
    // Blanks whose next change is still to come.
    let mut blanks: Option<String> = None;
    for change in changes {
        match change {
            Change::Same(text) if blanks.is_none() && is_mergeable(merged.last()) && text.trim().is_empty() => {
                blanks = Some(text);
            }
            Change::Same(text) => {
                let before = blanks.take().unwrap_or_default();
                merged.push(Change::Same(before + &text));
            }
            Change::Replaced(deleted, inserted) => match (blanks.take(), merged.last_mut()) {
                (Some(blank), Some(Change::Replaced(old, new))) if !is_one_word_changed(&deleted, &inserted) => {
                    *old += &blank;
                    *old += &deleted;
                    *new += &blank;
                    *new += &inserted;
                }
                (blank, _) => {
                    merged.extend(blank.map(Change::Same));
                    merged.push(Change::Replaced(deleted, inserted));
                }
            },
        }
    }
    merged.extend(blanks.map(Change::Same));
    merged
}

fn is_mergeable(change: Option<&Change>) -> bool {
    match change {
        Some(Change::Replaced(deleted, inserted)) => !is_one_word_changed(deleted, inserted),
        _ => false,
    }
}

fn is_one_word_changed(deleted: &str, inserted: &str) -> bool {
    inside(deleted, inserted).is_some()
}

/// Where a word changed inside: how many bytes at its beginning and at its end stayed. None when too little did, or when
/// these are not two words.
fn inside(old: &str, new: &str) -> Option<(usize, usize)> {
    let is_word = |text: &str| tokens(text).len() == 1 && text.starts_with(char::is_alphanumeric);
    if !is_word(old) || !is_word(new) {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let shorter = a.len().min(b.len());
    let mut start = common(a.iter(), b.iter());
    let splits = |word: &[char], at: usize| word.get(at).is_some_and(|letter| is_mark(*letter));
    while start > 0 && (splits(&a, start) || splits(&b, start)) {
        start -= 1;
    }
    let mut end = common(a.iter().rev(), b.iter().rev()).min(shorter - start);
    while end > 0 && (splits(&a, a.len() - end) || splits(&b, b.len() - end)) {
        end -= 1;
    }
    let stayed = start + end;
    let longer = a.len().max(b.len());
    // A word that only grew or shrank may do so by as much as it had.
    let is_part = stayed == shorter && stayed * 2 >= longer;
    let is_most = stayed >= LETTERS && (is_part || stayed * MOST.1 >= longer * MOST.0);
    if !is_most {
        // Of a compound that shares a part with another one, single letters at the other end say nothing.
        start = if start >= COMPOUND_LETTERS { start } else { 0 };
        end = if end >= COMPOUND_LETTERS { end } else { 0 };
    }
    let bytes = |letters: &[char]| letters.iter().map(|letter| letter.len_utf8()).sum();
    (start + end > 0).then(|| (bytes(&a[..start]), bytes(&a[a.len() - end..])))
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, kind: Kind, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.0.push(Piece {
                kind,
                text: text.to_owned(),
            }),
        }
    }

    fn replace(&mut self, deleted: &str, inserted: &str) {
        let (start, end) = inside(deleted, inserted).unwrap_or_default();
        self.push(Kind::Same, &deleted[..start]);
        self.push(Kind::Deleted, &deleted[start..deleted.len() - end]);
        self.push(Kind::Inserted, &inserted[start..inserted.len() - end]);
        self.push(Kind::Same, &deleted[deleted.len() - end..]);
    }
}

fn common<T: PartialEq>(one: impl Iterator<Item = T>, other: impl Iterator<Item = T>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// Words, runs of blanks, and every other sign by itself. Hyphens, apostrophes and the signs of gendered words belong to
/// the word that they stand in.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((begin, first)) = letters.next() {
        let mut end = begin + first.len_utf8();
        if is_letter(first) {
            while let Some((at, letter)) = letters.peek().copied() {
                let next = text[at + letter.len_utf8()..].chars().next();
                let is_inside = is_joint(letter) && next.is_some_and(is_letter);
                if !is_letter(letter) && !is_inside {
                    break;
                }
                end = at + letter.len_utf8();
                letters.next();
            }
        } else {
            let goes_on = |letter: char| is_mark(letter) || (first.is_whitespace() && letter.is_whitespace());
            while let Some((at, letter)) = letters.next_if(|(_, letter)| goes_on(*letter)) {
                end = at + letter.len_utf8();
            }
        }
        tokens.push(&text[begin..end]);
    }
    tokens
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_mark(letter)
}

/// A sign that belongs to the letter before it: combining marks, joiners, the soft hyphen.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{200C}' | '\u{200D}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// A sign inside a word, as in "Bürger*innen", "Eltern-Kind-Gruppe", "wie’s", "3,5".
fn is_joint(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}' | '\u{2011}' | '\'' | '’' | '*' | ':' | '_' | '/' | '.' | ','
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let pieces = words(old, new, &mut Budget::default());
        let show = |piece: &Piece| match piece.kind {
            Kind::Same => piece.text.clone(),
            Kind::Inserted => format!("[+{}]", piece.text),
            Kind::Deleted => format!("[-{}]", piece.text),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn compounds_stay_readable() {
        for (old, new, expected) in [
            (
                "Wir fördern Kinder.",
                "Wir fördern alle Kinder.",
                "Wir fördern [+alle ]Kinder.",
            ),
            (
                "In jeder Kindertagesstätte gilt das.",
                "In jeder Kindertagesstätten gilt das.",
                "In jeder Kindertagesstätte[+n] gilt das.",
            ),
            (
                "Der Kinderschutz gilt.",
                "Der Jugendschutz gilt.",
                "Der [-Kinderschutz][+Jugendschutz] gilt.",
            ),
            (
                "Familienfreundlichkeit",
                "Kinderfreundlichkeit",
                "[-Familien][+Kinder]freundlichkeit",
            ),
            (
                "jede Kindertagesstätte hilft",
                "jede Kindertageseinrichtung hilft",
                "jede Kindertages[-stätte][+einrichtung] hilft",
            ),
            (
                "die Leseförderung",
                "die Sprachförderung",
                "die [-Lese][+Sprach]förderung",
            ),
            ("das Haus", "das Hand", "das [-Haus][+Hand]"),
            (
                "Wir fördern alle Kinder früh.",
                "Wir begleiten alle Kinder und Eltern früh.",
                "Wir [-fördern][+begleiten] alle Kinder[+ und Eltern] früh.",
            ),
            ("Ein Haus.", "Eine Maus.", "[-Ein Haus][+Eine Maus]."),
            ("alle Bürger", "alle Bürger*innen", "alle Bürger[+*innen]"),
            (
                "Das alte Wort steht hier",
                "Das neue Bild steht hier",
                "Das [-alte Wort][+neue Bild] steht hier",
            ),
            ("weg damit", "", "[-weg damit]"),
            ("", "neu", "[+neu]"),
            ("gleich", "gleich", "gleich"),
            ("Nicht", "Nicht", "Nicht"),
            ("eins, zwei", "eins; zwei", "eins[-,][+;] zwei"),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn work_is_bounded() {
        let old: String = (0..5_000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..5_000).map(|n| format!("b{n} ")).collect();
        let mut budget = Budget::default();
        let pieces = words(&old, &new, &mut budget);
        // Replaced as a whole, but for the last blank.
        assert_eq!(pieces.len(), 3);
        // Only the texts that are too much are shown as a whole.
        assert_eq!(words("a b c", "a x c", &mut budget).len(), 4);
    }

    #[test]
    fn long_texts_are_compared_word_by_word_too() {
        let old: Vec<String> = (0..400).map(|n| format!("wort{n}")).collect();
        let mut new = old.clone();
        new[100] = "ANDERS".to_owned();
        new.remove(300);
        new.insert(0, "VORN".to_owned());
        new.push("HINTEN".to_owned());
        let shown = shown(&old.join(" "), &new.join(" "));
        assert!(shown.starts_with("[+VORN ]wort0 "), "{shown}");
        assert!(shown.contains(" [-wort100][+ANDERS] "), "{shown}");
        assert!(
            shown.contains("[-wort300 ]") || shown.contains("[- wort300]"),
            "{shown}"
        );
        assert!(shown.ends_with("wort399[+ HINTEN]"), "{shown}");
        assert_eq!(shown.matches('[').count(), 5, "{shown}");
    }

    proptest! {
        /// Cut in the middle again and again, as much stays as in one table.
        #[test]
        fn as_much_stays_however_long_the_texts_are(
            old in proptest::collection::vec("[a-d]| ", 1..40),
            new in proptest::collection::vec("[a-d]| ", 0..40),
        ) {
            let (old, new): (Vec<&str>, Vec<&str>) =
                (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
            let sum = |pairs: &[(usize, usize)]| pairs.iter().map(|(at, _)| weight(old[*at])).sum::<u32>();
            let (mut whole, mut halves) = (Vec::new(), Vec::new());
            table(&old, &new, (0, 0), &mut whole);
            let middle = old.len() / 2;
            let before = weights(old[..middle].iter(), new.iter());
            let after = weights(old[middle..].iter().rev(), new.iter().rev());
            let best = (0..=new.len()).map(|cut| before[cut] + after[new.len() - cut]).max();
            prop_assert_eq!(best, Some(sum(&whole)));
            align(&old, &new, (0, 0), &mut halves);
            prop_assert_eq!(sum(&halves), sum(&whole));
        }

        #[test]
        fn both_texts_can_be_read(
            old in "[ab äA\u{308}*.,👍🏽-]{0,24}|\\PC{0,16}",
            new in "[ab äA\u{308}*.,👍🏽-]{0,24}|\\PC{0,16}",
        ) {
            let pieces = words(&old, &new, &mut Budget::default());
            let without = |kind: Kind| -> String {
                pieces.iter().filter(|piece| piece.kind != kind).map(|piece| piece.text.as_str()).collect()
            };
            prop_assert_eq!(without(Kind::Inserted), old);
            prop_assert_eq!(without(Kind::Deleted), new);
        }
    }
}
