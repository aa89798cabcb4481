//! The diff rule over a field, the document and held-back changes from elsewhere, in any interleaving.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use model::doc::{self, Field, FieldId, Selection, Source, TextChange, TextDelta, Watch, utf16_len};
use proptest::prelude::*;
use yrs::{Doc, Transact};

use super::{replica, sample, send};

#[derive(Clone, Debug)]
enum Event {
    /// The caret is set, letters are typed over a selection of this length.
    Type {
        at: usize,
        over: usize,
        letters: usize,
    },
    CompositionStart,
    CompositionEnd,
    /// The other person replaces letters.
    Other {
        at: usize,
        over: usize,
        letters: usize,
    },
    /// The other's changes arrive; the field is shown when it may be, or later.
    Arrive {
        show: bool,
    },
    Leave,
}

fn event() -> impl Strategy<Value = Event> {
    let spot = || {
        (
            0_usize..40,
            prop_oneof![3 => Just(0_usize), 1 => 1_usize..5],
            0_usize..3,
        )
    };
    prop_oneof![
        5 => spot().prop_map(|(at, over, letters)| Event::Type { at, over, letters }),
        1 => Just(Event::CompositionStart),
        1 => Just(Event::CompositionEnd),
        4 => spot().prop_map(|(at, over, letters)| Event::Other { at, over, letters }),
        3 => any::<bool>().prop_map(|show| Event::Arrive { show }),
        1 => Just(Event::Leave),
    ]
}

/// A browser's page with one field, and the same document at somebody else's.
struct Page {
    doc: Doc,
    other: Doc,
    field: Field,
    /// What stands in the page's field, and its caret.
    value: String,
    caret: u32,
    arrived: Rc<RefCell<Vec<TextChange>>>,
    _watch: Watch,
    next_letter: u32,
    typed: Vec<char>,
    deleted: HashSet<char>,
    /// Pairs of letters that stood beside each other where one of them was typed.
    order: Vec<(char, char)>,
}

impl Page {
    fn new() -> Self {
        let sample = sample();
        let id = FieldId::Block(sample.a[1].clone());
        let arrived = Rc::new(RefCell::new(Vec::new()));
        let target = Rc::clone(&arrived);
        let own = id.clone();
        let watch = Watch::new(&sample.doc, "page", move |changes| {
            if changes.source != Source::Typing {
                let texts = changes.texts.iter().filter(|(field, _)| *field == own);
                target.borrow_mut().extend(texts.map(|(_, change)| change.clone()));
            }
        });
        Self {
            other: replica(&sample.doc, 2),
            field: Field::new(id, "a2"),
            value: "a2".to_owned(),
            caret: 0,
            arrived,
            _watch: watch.unwrap(),
            doc: sample.doc,
            next_letter: 0,
            typed: vec!['a', '2'],
            deleted: HashSet::new(),
            order: Vec::new(),
        }
    }

    /// Letters that occur nowhere else, one in three a surrogate pair.
    fn letters(&mut self, count: usize) -> String {
        let fresh = (0..count).map(|_| {
            self.next_letter += 1;
            let base = if self.next_letter.is_multiple_of(3) {
                0x1F600
            } else {
                0x4E00
            };
            char::from_u32(base + self.next_letter).unwrap()
        });
        let fresh: String = fresh.collect();
        self.typed.extend(fresh.chars());
        fresh
    }

    /// Replaces letters of `text`; returns the new text and the caret after the typed letters.
    fn replace(&mut self, text: &str, at: usize, over: usize, letters: usize) -> (String, u32) {
        let old: Vec<char> = text.chars().collect();
        let at = at % (old.len() + 1);
        let end = (at + over).min(old.len());
        let fresh = self.letters(letters);
        self.deleted.extend(&old[at..end]);
        let before: String = old[..at].iter().collect();
        let after: String = old[end..].iter().collect();
        let line: Vec<char> = old[..at]
            .last()
            .copied()
            .into_iter()
            .chain(fresh.chars())
            .chain(old.get(end).copied())
            .collect();
        if !fresh.is_empty() {
            self.order.extend(line.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let caret = utf16_len(&before) + utf16_len(&fresh);
        (format!("{before}{fresh}{after}"), caret)
    }

    fn document(&self, doc: &Doc) -> String {
        doc::field_text(&doc.transact(), self.field.id()).unwrap()
    }

    fn show(&mut self) {
        let selection = Selection {
            start: self.caret,
            end: self.caret,
        };
        if let Some(show) = self.field.show(selection) {
            self.value = show.text;
            self.caret = show.selection.end;
            assert!(self.caret <= utf16_len(&self.value));
        }
    }

    fn drain(&mut self) {
        for change in self.arrived.take() {
            match change {
                TextChange::Delta(delta) => self.field.remote(&delta),
                TextChange::Reset => self.field.reset(&self.document(&self.doc)),
            }
        }
    }

    fn handle(&mut self, event: &Event) {
        match event {
            Event::Type { at, over, letters } => {
                let (value, caret) = self.replace(&self.value.clone(), *at, *over, *letters);
                self.value = value;
                self.caret = caret;
                self.field.input(&self.doc, &self.value, Some(caret)).unwrap();
            }
            Event::CompositionStart => self.field.composition_start(),
            Event::CompositionEnd => {
                self.field
                    .composition_end(&self.doc, &self.value, Some(self.caret))
                    .unwrap();
                self.show();
                assert_eq!(self.value, self.document(&self.doc));
            }
            Event::Other { at, over, letters } => {
                let old = self.document(&self.other);
                let (new, caret) = self.replace(&old, *at, *over, *letters);
                let delta = TextDelta::between(&old, &new, Some(caret));
                doc::edit_text(&self.other, self.field.id(), &delta).unwrap();
            }
            Event::Arrive { show } => {
                let before = self.value.clone();
                send(&self.other, &self.doc);
                self.drain();
                if *show {
                    self.show();
                }
                assert!(*show || before == self.value);
                assert!(
                    !self.field.is_composing() || before == self.value,
                    "touched while composing"
                );
            }
            Event::Leave => send(&self.doc, &self.other),
        }
        assert_eq!(self.field.shown(), self.value);
        assert_eq!(self.field.document(), self.document(&self.doc));
    }
}

proptest! {
    #![proptest_config(super::cases(512))]
    #[test]
    fn nothing_typed_is_lost_and_nothing_from_elsewhere_undone(events in prop::collection::vec(event(), 0..40)) {
        let mut page = Page::new();
        for event in &events {
            page.handle(event);
        }
        page.handle(&Event::Arrive { show: false });
        page.handle(&Event::CompositionEnd);
        page.handle(&Event::Leave);
        prop_assert_eq!(&page.value, &page.document(&page.doc));
        prop_assert_eq!(&page.value, &page.document(&page.other));
        let expected: HashSet<char> = page.typed.iter().copied().filter(|letter| !page.deleted.contains(letter)).collect();
        let shown: Vec<char> = page.value.chars().collect();
        let found: HashSet<char> = shown.iter().copied().collect();
        prop_assert_eq!(shown.len(), found.len(), "letters twice in {}", page.value);
        prop_assert_eq!(&found, &expected);
        let position = |letter: char| shown.iter().position(|shown| *shown == letter);
        for (left, right) in &page.order {
            if let (Some(left), Some(right)) = (position(*left), position(*right)) {
                prop_assert!(left < right);
            }
        }
    }
}

#[test]
fn the_difference_is_to_what_was_shown_not_to_the_document() {
    let mut page = Page::new();
    page.handle(&Event::Other {
        at: 0,
        over: 0,
        letters: 2,
    });
    page.handle(&Event::Arrive { show: false });
    page.handle(&Event::Type {
        at: 2,
        over: 0,
        letters: 1,
    });
    let text = page.document(&page.doc);
    assert_eq!(text.chars().count(), 5);
    assert_eq!(page.value.chars().count(), 3);
    page.show();
    assert_eq!(page.value, text);
    assert_eq!(page.caret, utf16_len(&text));
}

#[test]
fn a_line_break_is_shown_as_a_blank() {
    let mut page = Page::new();
    page.field.input(&page.doc, "a\n2", Some(2)).unwrap();
    assert_eq!(page.document(&page.doc), "a 2");
    let show = page.field.show(Selection { start: 2, end: 2 }).unwrap();
    assert_eq!((show.text.as_str(), show.selection.end), ("a 2", 2));
    assert_eq!(page.field.show(Selection::default()), None);
}

#[test]
fn a_change_that_was_not_told_is_found_before_writing() {
    let mut page = Page::new();
    doc::set_text(&page.doc, page.field.id(), "ganz a2").unwrap();
    page.arrived.take();
    page.field.input(&page.doc, "a2!", Some(3)).unwrap();
    assert_eq!(page.document(&page.doc), "ganz a2!");
    page.value = "a2!".to_owned();
    page.caret = 3;
    page.show();
    assert_eq!((page.value.as_str(), page.caret), ("ganz a2!", 8));
}
