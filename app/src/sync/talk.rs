//! Comments and suggestions on the page: what the server told, and what was said here and waits to be sent.
//!
//! Pure, and tested natively. What waits is shown as if it were done already, by the same rules that the server goes by;
//! only its mark says that it is not.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use model::{
    doc::{FieldId, Whereabouts},
    insert::{in_order, inserted},
    role::Role,
    talk::{Actor, Author, Deed, News, Thread, Threads, carry_out},
};
use serde::{Deserialize, Serialize};

use super::drafts::Drafts;

/// The signals around threads. On the server they keep their first values.
#[derive(Clone, Copy)]
pub struct Talk {
    pub board: RwSignal<Board>,
    /// What was said here and the server does not have yet, the oldest first.
    pub waiting: RwSignal<Vec<Waiting>>,
    /// Where each thread is, by its id.
    pub places: RwSignal<BTreeMap<String, Whereabouts>>,
    /// How many open threads stand at each field; those at a block's Einfache Sprache count for the block.
    pub open: RwSignal<BTreeMap<FieldId, usize>>,
    /// The words that were selected to talk about them.
    pub selected: RwSignal<Option<Selected>>,
    /// What was begun and not said yet.
    pub drafts: StoredValue<Drafts>,
    /// What became of a contribution last.
    pub fate: RwSignal<Option<Fate>>,
}

/// What becomes of a contribution after it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It lies on this device and waits to be sent.
    OnDevice,
    /// The server has it.
    There,
}

/// A suggestion that was begun: all of its form, so that it never comes back as another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    pub field: FieldId,
    pub sort: Sort,
    /// The field's words as the author saw them when it was begun: what the change is told apart from.
    pub seen: String,
    pub text: String,
    pub reason: String,
}

/// What is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Words,
    Add,
    Remove,
    Move,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Words, Self::Add, Self::Remove, Self::Move];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Move => "move",
        }
    }
}

impl Begun {
    /// Nothing was done yet in a field that says `now`.
    #[must_use]
    pub fn new(field: FieldId, now: String) -> Self {
        Self {
            field,
            sort: Sort::Words,
            seen: now.clone(),
            text: now,
            reason: String::new(),
        }
    }

    /// Would something be lost without it?
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.sort != Sort::Words || self.text != self.seen || !self.reason.is_empty()
    }

    /// Chooses another sort. What was not touched yet makes way for what that begins with.
    pub fn choose(&mut self, sort: Sort) {
        match sort {
            Sort::Add if self.text == self.seen => self.text.clear(),
            Sort::Words if self.text.is_empty() => self.text.clone_from(&self.seen),
            _ => {}
        }
        self.sort = sort;
    }
}

/// Some words of a field, in UTF-16 units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub field: FieldId,
    pub start: u32,
    pub end: u32,
    pub words: String,
}

/// What the server told of a draft's threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// They were loaded once.
    pub loaded: bool,
    /// The last change that is in here, with all before it.
    number: u64,
    threads: BTreeMap<String, Thread>,
    authors: BTreeMap<String, Author>,
}

/// A deed in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its idempotency key.
    pub key: String,
    pub deed: Deed,
    pub at_ms: u64,
    /// It lies on the device.
    pub stored: bool,
}

/// Threads as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The oldest change first.
    pub threads: Vec<Thread>,
    /// Ids of threads and comments that wait to be sent: whether they lie on the device.
    pub waiting: BTreeMap<String, bool>,
}

impl Talk {
    #[must_use]
    pub fn new() -> Self {
        Self {
            board: RwSignal::new(Board::default()),
            waiting: RwSignal::new(Vec::new()),
            places: RwSignal::new(BTreeMap::new()),
            open: RwSignal::new(BTreeMap::new()),
            selected: RwSignal::new(None),
            drafts: StoredValue::new(Drafts::default()),
            fate: RwSignal::new(None),
        }
    }

    /// How many open threads stand at a field.
    #[must_use]
    pub fn open_at(&self, field: &FieldId) -> usize {
        self.open.with(|open| open.get(field).copied().unwrap_or_default())
    }

    /// What is said, with what waits, as `own` with `role` sees it.
    #[must_use]
    pub fn told(&self, own: &str, role: Role) -> Told {
        self.board
            .with(|board| self.waiting.with(|waiting| board.with_waiting(waiting, own, role)))
    }
}

impl Default for Talk {
    fn default() -> Self {
        Self::new()
    }
}

impl Board {
    /// Everything anew.
    pub fn load(&mut self, all: Threads) {
        self.loaded = true;
        self.number = self.number.max(all.number);
        self.authors.extend(named(all.authors));
        let before = std::mem::take(&mut self.threads);
        self.threads = inserted(all.threads.into_iter().map(|thread| (thread.id.clone(), thread)));
        // What was heard while they were loaded may be newer.
        for (id, thread) in before {
            let is_newer = self.threads.get(&id).is_none_or(|other| other.version < thread.version);
            if is_newer && thread.version > all.number {
                self.threads.insert(id, thread);
            }
        }
    }

    /// Everything that is known, to be loaded again without the server.
    #[must_use]
    pub fn all(&self) -> Threads {
        Threads {
            number: self.number,
            threads: self.threads.values().cloned().collect(),
            authors: self.authors.values().cloned().collect(),
        }
    }

    /// One change. True when something before it is missing, or it does not tell all: then everything has to be loaded.
    #[must_use]
    pub fn hear(&mut self, news: News) -> bool {
        let follows = news.number <= self.number + 1;
        self.authors.extend(named(news.authors));
        match news.thread {
            Some(thread) => {
                let known = self.threads.get(&thread.id).map_or(0, |known| known.version);
                if thread.version >= known {
                    self.threads.insert(thread.id.clone(), thread);
                }
            }
            None => return news.number > self.number,
        }
        if follows {
            self.number = self.number.max(news.number);
        }
        !follows
    }

    /// The name and colour of a participant, if known.
    #[must_use]
    pub fn author(&self, participant: &str) -> Option<&Author> {
        self.authors.get(participant)
    }

    /// Everything that is said.
    pub fn threads(&self) -> impl Iterator<Item = &Thread> {
        self.threads.values()
    }

    fn with_waiting(&self, waiting: &[Waiting], own: &str, role: Role) -> Told {
        let mut threads = self.threads.clone();
        let mut marks = BTreeMap::new();
        for Waiting {
            deed, at_ms, stored, ..
        } in waiting
        {
            let actor = Actor {
                participant: own,
                role,
                now_ms: i64::try_from(*at_ms).unwrap_or(i64::MAX),
            };
            let id = deed.thread();
            // What is refused here would be refused there: the answer will say so.
            if let Ok(thread) = carry_out(threads.get(id).cloned(), deed, &actor) {
                threads.insert(id.to_owned(), thread);
                marks.insert(comment_of(deed).unwrap_or(id).to_owned(), *stored);
            }
        }
        let threads: Vec<Thread> = threads.into_values().filter(|thread| !thread.is_empty()).collect();
        let begun = |thread: &Thread| thread.comments.first().map_or(0, |comment| comment.at_ms);
        // They came by their ids.
        Told {
            threads: in_order(threads, |one, other| begun(one) < begun(other)),
            waiting: marks,
        }
    }
}

/// Does a deed bring words of its author, and not only settle something?
#[must_use]
pub fn is_contribution(deed: &Deed) -> bool {
    comment_of(deed).is_some()
}

/// The comment that a deed makes or changes.
fn comment_of(deed: &Deed) -> Option<&str> {
    match deed {
        Deed::Open { comment, .. }
        | Deed::Reply { comment, .. }
        | Deed::Edit { comment, .. }
        | Deed::Suggest { comment, .. } => Some(comment),
        _ => None,
    }
}

fn named(authors: Vec<Author>) -> impl Iterator<Item = (String, Author)> {
    authors.into_iter().map(|author| (author.participant.clone(), author))
}

/// The deeds that wait, without those whose keys are not among `keys` any more.
pub fn retain(waiting: &mut Vec<Waiting>, keys: &BTreeSet<String>) {
    waiting.retain(|one| keys.contains(&one.key));
}

#[cfg(test)]
mod tests {
    use model::doc::{Anchor, RootText};

    use super::*;

    fn open(id: &str) -> Deed {
        Deed::Open {
            thread: id.to_owned(),
            comment: format!("{id}-1"),
            anchor: Anchor::field(FieldId::Root(RootText::Title)),
            text: "Warum?".to_owned(),
        }
    }

    fn thread(id: &str, version: u64) -> Thread {
        let ada = Actor {
            participant: "ada",
            role: Role::Suggest,
            now_ms: 1,
        };
        let thread = carry_out(None, &open(id), &ada).unwrap();
        Thread { version, ..thread }
    }

    fn news(number: u64, thread: Option<Thread>) -> News {
        News {
            number,
            thread,
            authors: Vec::new(),
        }
    }

    #[test]
    fn a_gap_is_noticed_and_what_comes_twice_is_not_one() {
        let mut board = Board::default();
        board.load(Threads {
            number: 4,
            ..Threads::default()
        });
        assert!(!board.hear(news(5, Some(thread("a", 5)))));
        assert!(!board.hear(news(5, Some(thread("a", 5)))));
        assert!(board.hear(news(7, Some(thread("b", 7)))), "6 is missing");
        assert_eq!(board.threads().count(), 2, "what was told is shown all the same");
        board.load(Threads {
            number: 7,
            threads: vec![thread("a", 5), thread("b", 7), thread("c", 6)],
            authors: Vec::new(),
        });
        assert!(!board.hear(news(8, Some(thread("a", 8)))));
        assert!(board.hear(news(9, None)), "too long to be told");
        assert_eq!(board.threads().count(), 3);
    }

    #[test]
    fn what_is_loaded_late_does_not_hide_what_was_heard_since() {
        let mut board = Board::default();
        let _ = board.hear(news(2, Some(thread("b", 2))));
        board.load(Threads {
            number: 1,
            threads: vec![thread("a", 1)],
            authors: Vec::new(),
        });
        assert_eq!(board.threads().count(), 2);
        let mut older = thread("b", 1);
        older.comments[0].text = None;
        assert!(!board.hear(news(1, Some(older))));
        assert!(board.threads().all(|thread| !thread.is_empty()));
    }

    #[test]
    fn what_was_kept_gives_way_to_what_the_server_says() {
        let mut board = Board::default();
        board.load(Threads {
            number: 2,
            threads: vec![thread("a", 1), thread("gone", 2)],
            authors: Vec::new(),
        });
        let mut later = Board::default();
        later.load(board.all());
        assert_eq!(later, board);
        later.load(Threads {
            number: 5,
            threads: vec![thread("a", 4)],
            authors: Vec::new(),
        });
        assert_eq!(later.threads().map(|thread| thread.version).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn another_sort_of_suggestion_touches_only_what_was_not_touched() {
        let mut begun = Begun::new(FieldId::Root(RootText::Title), "Leitbild".to_owned());
        assert!(!begun.is_begun());
        begun.choose(Sort::Add);
        assert_eq!((begun.text.as_str(), begun.is_begun()), ("", true));
        begun.choose(Sort::Words);
        assert_eq!((begun.text.as_str(), begun.is_begun()), ("Leitbild", false));
        begun.text = "Unser Leitbild".to_owned();
        begun.choose(Sort::Add);
        assert_eq!(begun.text, "Unser Leitbild");
        assert_eq!(begun.seen, "Leitbild", "as it was when the form was opened");
    }

    #[test]
    fn what_waits_is_shown_with_its_mark() {
        let mut board = Board::default();
        let _ = board.hear(news(1, Some(thread("a", 1))));
        let waiting = |deed, stored| Waiting {
            key: "k".to_owned(),
            deed,
            at_ms: 9,
            stored,
        };
        let reply = Deed::Reply {
            thread: "a".to_owned(),
            comment: "a-2".to_owned(),
            text: "Darum.".to_owned(),
        };
        let told = board.with_waiting(
            &[waiting(reply, true), waiting(open("b"), false)],
            "ada",
            Role::Participate,
        );
        assert_eq!(
            told.threads
                .iter()
                .map(|thread| thread.comments.len())
                .collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(told.waiting.get("a-2"), Some(&true));
        assert_eq!(told.waiting.get("b-1"), Some(&false));
        assert_eq!(board.threads().count(), 1);
    }
}
