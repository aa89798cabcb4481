//! Marks on the words of a field: others' carets and selections, and whatever else belongs to a passage.
//!
//! A textarea shows nothing but its text. What is marked in it stands in a [`super::mirror`] above it. Whoever marks
//! something gives the marks of one [`Layer`] of one field, with `Editor::mark`, whenever they are others than before;
//! between two calls they move along with what is typed.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    doc::{Side, TextDelta},
    insert::inserted,
};

/// Who marks: a new list replaces the one of the same layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Passages that somebody commented.
    Comments,
    /// Where others are.
    Carets,
}

/// A passage, or, with both ends at one place, a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// In UTF-16 units of the document's text.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// How it looks.
    pub(crate) class: String,
    /// What stands at a caret.
    pub(crate) flag: Option<Flag>,
}

/// Whose caret it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) participant: String,
    /// The initial, or the name while the caret is new there.
    pub(crate) text: String,
}

/// The marks of one field.
pub(crate) type Layers = BTreeMap<Layer, Vec<Mark>>;

/// A stretch of the text under the same marks, or a caret between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text { words: &'a str, classes: Vec<&'a str> },
    Caret(&'a Mark),
}

/// The text cut where marks begin and end. Ends inside of a character move to its beginning, ends beyond the text to its
/// end.
pub(crate) fn pieces<'a>(text: &'a str, layers: &'a Layers) -> Vec<Piece<'a>> {
    let marks: Vec<&Mark> = layers.values().flatten().collect();
    let cuts: BTreeSet<u32> = inserted(marks.iter().flat_map(|mark| [mark.start, mark.end]));
    let mut pieces = Vec::new();
    let mut units = 0;
    let mut byte = 0;
    let mut rest = text.char_indices().peekable();
    for (from, to) in std::iter::once(None)
        .chain(cuts.iter().copied().map(Some))
        .zip(cuts.iter().copied().map(Some).chain([None]))
    {
        for mark in marks
            .iter()
            .filter(|mark| mark.start == mark.end && Some(mark.start) == from)
        {
            pieces.push(Piece::Caret(mark));
        }
        let begin = byte;
        while let Some((at, letter)) = rest.peek().copied() {
            let next = units + letter.len_utf16() as u32;
            if to.is_some_and(|to| next > to) {
                break;
            }
            units = next;
            byte = at + letter.len_utf8();
            rest.next();
        }
        if byte > begin {
            let covers =
                |mark: &&&Mark| from.is_some_and(|from| mark.start <= from) && to.is_some_and(|to| mark.end >= to);
            pieces.push(Piece::Text {
                words: &text[begin..byte],
                classes: marks.iter().filter(covers).map(|mark| mark.class.as_str()).collect(),
            });
        }
    }
    pieces
}

/// Moves marks along with a change of the text.
pub(crate) fn carry(layers: &mut Layers, change: &TextDelta) {
    if change.is_empty() {
        return;
    }
    for mark in layers.values_mut().flatten() {
        let is_caret = mark.start == mark.end;
        mark.start = change.map_offset(mark.start, if is_caret { Side::Before } else { Side::After });
        mark.end = change.map_offset(mark.end, Side::Before).max(mark.start);
    }
    // A passage whose words are gone is not a caret.
    for marks in layers.values_mut() {
        marks.retain(|mark| mark.start < mark.end || mark.flag.is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: u32, end: u32, class: &str) -> Mark {
        Mark {
            start,
            end,
            class: class.to_owned(),
            flag: None,
        }
    }

    fn caret(at: u32, text: &str) -> Mark {
        Mark {
            flag: Some(Flag {
                participant: "p".to_owned(),
                text: text.to_owned(),
            }),
            ..mark(at, at, "caret")
        }
    }

    fn layers(carets: Vec<Mark>, comments: Vec<Mark>) -> Layers {
        Layers::from([(Layer::Carets, carets), (Layer::Comments, comments)])
    }

    /// `[words|classes]`, carets as `<flag>`.
    fn told(text: &str, layers: &Layers) -> String {
        let piece = |piece: Piece<'_>| match piece {
            Piece::Text { words, classes } if classes.is_empty() => words.to_owned(),
            Piece::Text { words, classes } => format!("[{words}|{}]", classes.join(" ")),
            Piece::Caret(mark) => format!("<{}>", mark.flag.as_ref().map_or("", |flag| flag.text.as_str())),
        };
        pieces(text, layers).into_iter().map(piece).collect()
    }

    #[test]
    fn overlapping_marks_share_their_words() {
        let layers = layers(vec![mark(2, 6, "s"), caret(6, "B")], vec![mark(4, 8, "c")]);
        assert_eq!(told("abcdefghij", &layers), "ab[cd|s][ef|c s]<B>[gh|c]ij");
    }

    #[test]
    fn carets_stand_at_both_ends_and_in_nothing() {
        assert_eq!(
            told("ab", &layers(vec![caret(0, "A"), caret(2, "B"), caret(9, "C")], vec![])),
            "<A>ab<B><C>"
        );
        assert_eq!(told("", &layers(vec![caret(0, "A")], vec![])), "<A>");
        assert_eq!(told("ab", &Layers::new()), "ab");
    }

    #[test]
    fn no_character_is_torn() {
        // The man, the joiner and the woman are five units; a mark that ends inside of one takes what is whole.
        assert_eq!(told("a😀b", &layers(vec![mark(0, 2, "s")], vec![])), "[a|s]😀b");
        assert_eq!(told("a😀b", &layers(vec![mark(1, 3, "s")], vec![])), "a[😀|s]b");
    }

    #[test]
    fn marks_go_with_their_words() {
        let mut moved = layers(vec![caret(3, "B")], vec![mark(2, 4, "c")]);
        carry(&mut moved, &TextDelta::replace(0, 0, "xx"));
        assert_eq!(told("xxabcdef", &moved), "xxab[c|c]<B>[d|c]ef");
        // Typed at the end of a passage: not part of it. At a caret: after it.
        carry(&mut moved, &TextDelta::replace(6, 0, "YY"));
        carry(&mut moved, &TextDelta::replace(5, 0, "Z"));
        assert_eq!(told("xxabcZdYYef", &moved), "xxab[c|c]<B>[Zd|c]YYef");
        // Without its words a passage is nothing, a caret still somebody.
        carry(&mut moved, &TextDelta::replace(4, 5, ""));
        assert_eq!(told("xxabef", &moved), "xxab<B>ef");
        assert_eq!(moved[&Layer::Comments], []);
    }
}
