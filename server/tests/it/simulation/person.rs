//! What people do in the editor. Every letter they type is theirs and typed once in a run, so that it can be told
//! afterwards what became of it.

use std::collections::{BTreeMap, BTreeSet};

use model::doc::{self, BlockId, BlockKind, EditError, FieldId, Parent, RootText, View, utf16_len};

use super::{page::Page, random::Random};

/// Blocks, removed ones included, and letters in one field, from which on nobody makes more: a run is to be long, not
/// large.
const BLOCKS: usize = 28;
const LETTERS: usize = 24;
/// Letters of one person: two to three code points for each operation.
const ALPHABET: u32 = 0x1000;
const FIRST: u32 = 0x4e00;
/// Every third letter is one of two UTF-16 units.
const FIRST_WIDE: u32 = 0x2_0000;

pub(super) struct Person {
    number: usize,
    random: Random,
    typed: u32,
}

/// What somebody did.
pub(super) struct Deed {
    pub(super) what: String,
    /// Letters that were typed.
    pub(super) typed: Vec<char>,
    /// Into one of the texts that exist once, whose letters no split and no join ever copies?
    pub(super) in_root: bool,
    /// Letters that somebody deleted with this.
    pub(super) deleted: BTreeSet<char>,
}

/// Whose letter is this?
fn author(letter: char) -> Option<usize> {
    let code = u32::from(letter);
    let first = if code >= FIRST_WIDE { FIRST_WIDE } else { FIRST };
    let author = code.checked_sub(first)? / ALPHABET;
    (author < 5).then_some(author as usize)
}

/// All words of a document, removed blocks included.
pub(super) fn all_words(view: &View) -> String {
    let mut words = format!("{}{}{}", view.title, view.motto, view.closing);
    for block in view.blocks().chain(&view.bin) {
        words.push_str(&block.text);
        words.push_str(&block.plain);
    }
    words
}

impl Person {
    pub(super) fn new(number: usize, random: Random) -> Self {
        Self {
            number,
            random,
            typed: 0,
        }
    }

    /// Does one thing. What turns out to be impossible changes nothing. `deleted` are the letters that anybody ever
    /// deleted.
    pub(super) fn act(&mut self, page: &mut Page, now_ms: u64, deleted: &BTreeSet<char>) -> Result<Deed, String> {
        let mut deed = Deed {
            what: String::new(),
            typed: Vec::new(),
            in_root: false,
            deleted: BTreeSet::new(),
        };
        let is_composing = page.focus.as_ref().is_some_and(|focus| focus.field.is_composing());
        if is_composing && self.random.percent(60) {
            self.type_letters(page, now_ms, &mut deed);
            return Ok(deed);
        }
        page.composition_end(now_ms).map_err(|error| error.to_string())?;
        match self.random.below(100) {
            0..50 => {
                self.go_somewhere(page, 30);
                if self.random.percent(8) {
                    page.composition_start();
                }
                self.type_letters(page, now_ms, &mut deed);
            }
            50..60 => {
                self.go_somewhere(page, 30);
                self.cut(page, now_ms, &mut deed);
            }
            60..66 => self.add(page, &mut deed),
            66..90 => self.rearrange(page, &mut deed),
            90..96 => self.walk(page, &mut deed, deleted, Page::undo)?,
            96..98 => self.walk(page, &mut deed, deleted, Page::redo)?,
            _ => {
                self.go_somewhere(page, 100);
                deed.what = "goes elsewhere".to_owned();
            }
        }
        Ok(deed)
    }

    fn letters(&mut self, most: u64) -> String {
        let count = self.random.between(1, most);
        let letters = (0..count).filter_map(|_| {
            self.typed += 1;
            let first = if self.typed.is_multiple_of(3) {
                FIRST_WIDE
            } else {
                FIRST
            };
            char::from_u32(first + self.number as u32 * ALPHABET + self.typed % ALPHABET)
        });
        letters.collect()
    }

    /// Puts the focus into a field: with this chance into another one.
    fn go_somewhere(&mut self, page: &mut Page, percent: u64) {
        if page.focus.is_some() && !self.random.percent(percent) {
            return;
        }
        let blocks = page.blocks();
        let field = match (self.random.below(8), self.random.pick(&blocks)) {
            (0, _) | (_, None) => FieldId::Root(RootText::Title),
            (1, _) => FieldId::Root(RootText::Closing),
            (2, Some((id, _))) => FieldId::Plain(id.clone()),
            (_, Some((id, _))) => FieldId::Block(id.clone()),
        };
        page.focus(&field);
    }

    fn guideline(&mut self, blocks: &[(BlockId, bool)]) -> Option<BlockId> {
        let guidelines: Vec<&BlockId> = blocks.iter().filter(|(_, is)| *is).map(|(id, _)| id).collect();
        self.random.pick(&guidelines).map(|id| (*id).clone())
    }

    fn type_letters(&mut self, page: &mut Page, now_ms: u64, deed: &mut Deed) {
        let letters = self.letters(3);
        let over = if self.random.percent(12) {
            self.random.index(4)
        } else {
            0
        };
        self.replace(page, now_ms, over, &letters, deed);
    }

    fn cut(&mut self, page: &mut Page, now_ms: u64, deed: &mut Deed) {
        let length = self.random.index(5) + 1;
        self.replace(page, now_ms, length, "", deed);
    }

    /// Replaces so many letters of the focused field somewhere.
    fn replace(&mut self, page: &mut Page, now_ms: u64, length: usize, letters: &str, deed: &mut Deed) {
        let Some(focus) = &page.focus else { return };
        let id = focus.field.id().clone();
        let old: Vec<char> = focus.value.chars().collect();
        // Mostly where the caret is, as people type.
        let units = |letters: &[char]| letters.iter().map(|letter| letter.len_utf16() as u32).sum::<u32>();
        let at_caret = (0..=old.len()).find(|at| units(&old[..*at]) >= focus.caret);
        let at = match at_caret {
            Some(at) if self.random.percent(60) => at,
            _ => self.random.index(old.len() + 1),
        };
        let letters = if old.len() > LETTERS { "" } else { letters };
        let end = (at + length).min(old.len());
        let kept_before: String = old[..at].iter().collect();
        let kept_after: String = old[end..].iter().collect();
        let caret = utf16_len(&kept_before) + utf16_len(letters);
        let written = page.input(format!("{kept_before}{letters}{kept_after}"), caret, now_ms);
        deed.what = format!("in {id} at {at}: {} letters for {:?}", end - at, letters);
        if let Err(error) = written {
            // As the page does: the words are kept elsewhere, the field begins anew.
            page.focus = None;
            deed.what = format!("{}: {error}", deed.what);
            return;
        }
        deed.deleted.extend(&old[at..end]);
        deed.typed.extend(letters.chars());
        deed.in_root = matches!(id, FieldId::Root(_));
    }

    fn add(&mut self, page: &mut Page, deed: &mut Deed) {
        let blocks = page.blocks();
        if blocks.len() >= BLOCKS {
            deed.what = "has enough blocks".to_owned();
            return;
        }
        let (kind, parent) = match (self.random.below(8), self.guideline(&blocks)) {
            (0, _) | (_, None) => (BlockKind::Guideline, Parent::Root),
            (1, _) => (BlockKind::Paragraph, Parent::Root),
            (2, _) => (BlockKind::Idea, Parent::Root),
            (3, Some(id)) => (BlockKind::Idea, Parent::Block(id)),
            (_, Some(id)) => (BlockKind::Point, Parent::Block(id)),
        };
        let texts: Vec<String> = (0..self.random.between(1, 2)).map(|_| self.letters(2)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let index = self.random.index(4);
        let mut random = self.random.fork();
        let added = page.step(&mut random, |doc, entropy| {
            doc::add_blocks(doc, &kind, &parent, index, &texts, entropy)
        });
        deed.what = format!("adds {texts:?} under {parent}: {}", outcome(&added));
        if added.is_ok() {
            deed.typed.extend(texts.concat().chars());
        }
    }

    fn rearrange(&mut self, page: &mut Page, deed: &mut Deed) {
        let blocks = page.blocks();
        let Some((id, _)) = self.random.pick(&blocks) else {
            return;
        };
        let parent = match self.guideline(&blocks) {
            Some(guideline) if self.random.percent(70) => Parent::Block(guideline),
            _ => Parent::Root,
        };
        let at = self.random.index(12);
        let what = self.random.below(12);
        let is_full = blocks.len() >= BLOCKS;
        let mut random = self.random.fork();
        let mut step = |change: &dyn Fn(&yrs::Doc, doc::Entropy<'_>) -> Result<(), EditError>| {
            page.step(&mut random, |doc, entropy| change(doc, entropy))
        };
        let (name, done) = match what {
            0 | 1 if !is_full => (
                "splits",
                step(&|doc, entropy| doc::split(doc, id, at as u32, entropy).map(drop)),
            ),
            2 | 3 => ("joins", step(&|doc, entropy| doc::join(doc, id, entropy).map(drop))),
            4 => ("moves up", step(&|doc, entropy| doc::move_up(doc, id, entropy))),
            5 => ("moves down", step(&|doc, entropy| doc::move_down(doc, id, entropy))),
            6 => ("promotes", step(&|doc, entropy| doc::promote(doc, id, entropy))),
            7 => ("demotes", step(&|doc, entropy| doc::demote(doc, id, entropy))),
            8 => ("removes", step(&|doc, _| doc::remove_block(doc, id))),
            9 | 10 => ("restores", step(&|doc, _| doc::restore_block(doc, id))),
            _ => (
                "moves",
                step(&|doc, entropy| doc::move_block(doc, id, &parent, at, entropy)),
            ),
        };
        deed.what = format!("{name} {id}: {}", outcome(&done));
    }

    /// Undo or redo. A word of somebody else may only vanish with it if somebody had deleted it before: redo does that
    /// again, and undoing a join takes a copy back whose original may be gone.
    fn walk(
        &mut self,
        page: &mut Page,
        deed: &mut Deed,
        deleted: &BTreeSet<char>,
        walk: fn(&mut Page) -> bool,
    ) -> Result<(), String> {
        let before = letters(page);
        deed.what = format!("undo or redo: {}", walk(page));
        let after = letters(page);
        let fewer = before.iter().filter_map(|(letter, times)| {
            let left = after.get(letter).copied().unwrap_or(0);
            let is_gone = left == 0 || (left < *times && author(*letter) == Some(self.number));
            is_gone.then_some(*letter)
        });
        deed.deleted.extend(fewer);
        let is_taken = |letter: &&char| author(**letter) != Some(self.number) && !deleted.contains(letter);
        let taken: String = deed.deleted.iter().filter(is_taken).collect();
        if taken.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "undo or redo by {} took {taken:?}, typed by others",
                self.number
            ))
        }
    }
}

/// How often each letter is there.
fn letters(page: &Page) -> BTreeMap<char, usize> {
    let mut letters = BTreeMap::new();
    for letter in all_words(&page.view()).chars() {
        *letters.entry(letter).or_default() += 1;
    }
    letters
}

fn outcome<T>(result: &Result<T, EditError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => error.to_string(),
    }
}
