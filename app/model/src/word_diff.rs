//! The difference between two texts as people read it: word by word, and inside long compounds by their parts.
//!
//! The words are compared by their longest common subsequence. German compounds that share their beginning or their end
//! ("Kindertagesstätte", "Kindertageseinrichtung") are then cut there, so that the eye finds what changed.

/// One stretch of the difference. Those that are not added, put together, give the old text; those that are not removed
/// the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub kind: StretchKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StretchKind {
    Same,
    Removed,
    Added,
}

use StretchKind::{Added, Removed, Same};

/// Texts whose words, multiplied, are more than this are not compared word by word; what differs counts as one stretch.
const MAX_CELLS: usize = 1_000_000;
/// A shared beginning or end of two words is kept from this length on, in characters.
const SHARED_CHARS: usize = 4;

/// The difference from `old` to `new`; removed words stand before those that took their place.
#[must_use]
pub fn word_diff(old: &str, new: &str) -> Vec<Stretch> {
    let (a, b) = (words(old), words(new));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - start;
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let mut diff = Diff::default();
    diff.push_all(Same, &a[..start]);
    diff.between(&a[start..a.len() - end], &b[start..b.len() - end]);
    diff.push_all(Same, &a[a.len() - end..]);
    diff.stretches
}

#[derive(Default)]
struct Diff {
    stretches: Vec<Stretch>,
}

impl Diff {
    fn push(&mut self, kind: StretchKind, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.stretches.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.stretches.push(Stretch {
                kind,
                text: text.to_owned(),
            }),
        }
    }

    fn push_all(&mut self, kind: StretchKind, words: &[&str]) {
        for word in words {
            self.push(kind, word);
        }
    }

    fn between(&mut self, a: &[&str], b: &[&str]) {
        if a.len() * b.len() > MAX_CELLS {
            return self.replace(a, b);
        }
        // `common[i][j]`: how many words `a[i..]` and `b[j..]` have in common, spaces counted less than words.
        let width = b.len() + 1;
        let mut common = vec![0_u32; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                let skipped = common[(i + 1) * width + j].max(common[i * width + j + 1]);
                common[i * width + j] = if a[i] == b[j] {
                    skipped.max(common[(i + 1) * width + j + 1] + weight(a[i]))
                } else {
                    skipped
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        let (mut from_a, mut from_b) = (0, 0);
        while i < a.len() && j < b.len() {
            let here = common[i * width + j];
            if a[i] == b[j] && here == common[(i + 1) * width + j + 1] + weight(a[i]) {
                self.replace(&a[from_a..i], &b[from_b..j]);
                self.push(Same, a[i]);
                (i, j) = (i + 1, j + 1);
                (from_a, from_b) = (i, j);
            } else if common[(i + 1) * width + j] == here {
                i += 1;
            } else {
                j += 1;
            }
        }
        self.replace(&a[from_a..], &b[from_b..]);
    }

    fn replace(&mut self, a: &[&str], b: &[&str]) {
        if let ([a], [b]) = (a, b) {
            return self.replace_word(a, b);
        }
        self.push_all(Removed, a);
        self.push_all(Added, b);
    }

    fn replace_word(&mut self, a: &str, b: &str) {
        let is_telling = |bytes: usize, shared: &str| bytes > 0 && shared.chars().count() >= SHARED_CHARS;
        let start = shared(a.chars().zip(b.chars()));
        let start = if is_telling(start, &a[..start]) { start } else { 0 };
        let end = shared(a[start..].chars().rev().zip(b[start..].chars().rev()));
        let end = if is_telling(end, &a[a.len() - end..]) { end } else { 0 };
        self.push(Same, &a[..start]);
        self.push(Removed, &a[start..a.len() - end]);
        self.push(Added, &b[start..b.len() - end]);
        self.push(Same, &a[a.len() - end..]);
    }
}

/// How many bytes two runs of letters have in common from where they begin.
fn shared(letters: impl Iterator<Item = (char, char)>) -> usize {
    letters.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn weight(word: &str) -> u32 {
    if word.starts_with(char::is_alphanumeric) { 4 } else { 1 }
}

/// Words, runs of spaces, and single marks.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            run(rest, char::is_alphanumeric)
        } else if first.is_whitespace() {
            run(rest, char::is_whitespace)
        } else {
            first.len_utf8()
        };
        let (word, tail) = rest.split_at(end);
        words.push(word);
        rest = tail;
    }
    words
}

fn run(text: &str, belongs: fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let stretches = word_diff(old, new);
        let marked = stretches.iter().map(|Stretch { kind, text }| match kind {
            Same => text.clone(),
            Removed => format!("[-{text}]"),
            Added => format!("[+{text}]"),
        });
        marked.collect()
    }

    #[test]
    fn whole_words_change() {
        assert_eq!(
            marked(
                "Wir fördern alle Kinder früh.",
                "Wir begleiten alle Kinder und Eltern früh."
            ),
            "Wir [-fördern][+begleiten] alle Kinder[+ und Eltern] früh."
        );
        assert_eq!(marked("ein Satz", "ein Satz"), "ein Satz");
        assert_eq!(marked("", "neu"), "[+neu]");
        assert_eq!(marked("alt", ""), "[-alt]");
    }

    #[test]
    fn compounds_are_cut_where_they_part() {
        assert_eq!(
            marked("jede Kindertagesstätte hilft", "jede Kindertageseinrichtung hilft"),
            "jede Kindertages[-stätte][+einrichtung] hilft"
        );
        assert_eq!(
            marked("die Leseförderung", "die Sprachförderung"),
            "die [-Lese][+Sprach]förderung"
        );
        assert_eq!(marked("Haus", "Hand"), "[-Haus][+Hand]");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(old in "[a-cä .]{0,40}", new in "[a-cä .]{0,40}") {
            let stretches = word_diff(&old, &new);
            let without = |kind| stretches.iter().filter(|s| s.kind != kind).map(|s| s.text.as_str()).collect::<String>();
            prop_assert_eq!(without(Added), old);
            prop_assert_eq!(without(Removed), new);
        }
    }
}
