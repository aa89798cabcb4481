//! What was begun and not said yet: comments, replies, suggestions, reasons for decisions.
//!
//! Pure, and tested natively. It is kept on the page while the panel shows something else, and on the device, so that
//! it outlives a page that the browser throws away. Each piece is a record of its own there, under its key, so that two
//! pages of one browser that write at two places do not write over each other.

use std::collections::{BTreeMap, BTreeSet};

use model::doc::FieldId;
use serde::{Deserialize, Serialize};

use super::talk::Begun;

/// Something that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draft {
    Words(String),
    Suggestion(Begun),
}

/// All that was begun, by its key, and what of it the device does not have.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    begun: BTreeMap<String, Draft>,
    /// The keys of what changed since the device was told.
    changed: BTreeSet<String>,
    /// The keys of what the device was told and has not confirmed.
    under_way: BTreeSet<String>,
}

/// The key of a comment that begins a thread at a field.
#[must_use]
pub fn open_key(field: &FieldId) -> String {
    format!("open {field}")
}

/// The key of an answer in a thread.
#[must_use]
pub fn reply_key(thread: &str) -> String {
    format!("reply {thread}")
}

/// The key of a change of one's own comment.
#[must_use]
pub fn edit_key(thread: &str, comment: &str) -> String {
    format!("edit {thread} {comment}")
}

/// The key of the reason for a decision about a suggestion.
#[must_use]
pub fn decide_key(thread: &str) -> String {
    format!("decide {thread}")
}

/// The key of a suggestion for a field.
#[must_use]
pub fn suggest_key(field: &FieldId) -> String {
    format!("suggest {field}")
}

impl Draft {
    /// The form on the device.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads [`Self::encode`].
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The words that its author would miss.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let words = match self {
            Self::Words(words) => vec![words],
            Self::Suggestion(begun) if begun.text == begun.seen => vec![&begun.reason],
            Self::Suggestion(begun) => vec![&begun.text, &begun.reason],
        };
        let words = words.into_iter().map(|words| words.trim());
        words.filter(|words| !words.is_empty()).map(str::to_owned).collect()
    }
}

impl Drafts {
    /// The words that were begun under `key`.
    #[must_use]
    pub fn words(&self, key: &str) -> Option<&str> {
        match self.begun.get(key) {
            Some(Draft::Words(words)) => Some(words),
            _ => None,
        }
    }

    /// The suggestion that was begun for a field.
    #[must_use]
    pub fn suggestion(&self, field: &FieldId) -> Option<&Begun> {
        match self.begun.get(&suggest_key(field)) {
            Some(Draft::Suggestion(begun)) => Some(begun),
            _ => None,
        }
    }

    /// Is somebody writing in a thread: an answer, or a change of what they said?
    #[must_use]
    pub fn is_begun_in(&self, thread: &str) -> bool {
        let edits = edit_key(thread, "");
        self.begun.contains_key(&reply_key(thread)) || self.begun.keys().any(|key| key.starts_with(&edits))
    }

    /// Keeps what was begun under `key`, or nothing any more. Answers whether that is something new.
    pub fn keep(&mut self, key: &str, draft: Option<Draft>) -> bool {
        if self.begun.get(key) == draft.as_ref() {
            return false;
        }
        self.changed.insert(key.to_owned());
        match draft {
            Some(draft) => self.begun.insert(key.to_owned(), draft),
            None => self.begun.remove(key),
        };
        true
    }

    /// Takes over what lay on the device. What was written or emptied on this page since counts more.
    pub fn load(&mut self, kept: Vec<(String, Draft)>) {
        for (key, draft) in kept {
            if !self.changed.contains(&key) && !self.under_way.contains(&key) {
                self.begun.insert(key, draft);
            }
        }
    }

    /// What the device has to be told: keys with their records, without one where nothing is begun any more.
    pub fn take_changed(&mut self) -> Vec<(String, Option<Vec<u8>>)> {
        let changed = std::mem::take(&mut self.changed);
        self.under_way.extend(changed.iter().cloned());
        let record = |key: String| {
            let record = self.begun.get(&key).map(Draft::encode);
            (key, record)
        };
        changed.into_iter().map(record).collect()
    }

    /// The device has all that it was told.
    pub fn stored(&mut self) {
        self.under_way.clear();
    }

    /// Would something be lost with the page?
    #[must_use]
    pub fn is_at_risk(&self) -> bool {
        let mut unkept = self.changed.union(&self.under_way);
        unkept.any(|key| self.begun.contains_key(key))
    }

    /// Takes everything out.
    pub fn take_all(&mut self) -> Vec<Draft> {
        let begun = std::mem::take(&mut self.begun);
        self.changed.extend(begun.keys().cloned());
        begun.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use model::doc::RootText;

    use super::*;
    use crate::sync::{recovered::Recovered, talk::Sort};

    fn words(text: &str) -> Draft {
        Draft::Words(text.to_owned())
    }

    fn suggestion() -> Begun {
        let mut begun = Begun::new(FieldId::Root(RootText::Title), "Leitbild".to_owned());
        begun.sort = Sort::Add;
        begun.text = "Unser Leitbild".to_owned();
        begun.reason = "Weil es unseres ist.".to_owned();
        begun
    }

    #[test]
    fn what_was_begun_is_read_as_it_was_written() {
        for draft in [words("Ich\nüberlege"), Draft::Suggestion(suggestion())] {
            let bytes = draft.encode();
            assert_eq!(Draft::decode(&bytes), Some(draft));
            // It lies beside recovered words; a page of before must not take it for some.
            assert_eq!(Recovered::decode("x".to_owned(), &bytes), None);
        }
        assert_eq!(Draft::decode(b"{}"), None);
        assert_eq!(Draft::decode(b""), None);
    }

    #[test]
    fn the_device_is_told_once_and_of_the_newest_words() {
        let mut drafts = Drafts::default();
        assert!(drafts.keep("reply a", Some(words("J"))));
        assert!(drafts.keep("reply a", Some(words("Ja"))));
        assert!(!drafts.keep("reply a", Some(words("Ja"))), "nothing new");
        assert!(!drafts.keep("reply b", None), "it was empty before");
        assert!(drafts.is_at_risk());
        assert_eq!(
            drafts.take_changed(),
            [("reply a".to_owned(), Some(words("Ja").encode()))]
        );
        assert!(drafts.take_changed().is_empty());
        assert!(drafts.is_at_risk(), "it is on its way to the device");
        drafts.stored();
        assert!(!drafts.is_at_risk());
        assert_eq!(drafts.words("reply a"), Some("Ja"));

        assert!(drafts.keep("reply a", None));
        assert!(!drafts.is_at_risk(), "what was said or emptied is not lost");
        assert_eq!(drafts.take_changed(), [("reply a".to_owned(), None)]);
    }

    #[test]
    fn what_lay_on_the_device_gives_way_to_what_was_written_since() {
        let mut drafts = Drafts::default();
        drafts.keep("open title", Some(words("neu")));
        drafts.keep("reply a", Some(words("weg")));
        let _ = drafts.take_changed();
        drafts.keep("reply a", None);
        let kept = ["open title", "reply a", "reply b"].map(|key| (key.to_owned(), words("alt")));
        drafts.load(kept.into());
        assert_eq!(drafts.words("open title"), Some("neu"));
        assert_eq!(drafts.words("reply a"), None);
        assert_eq!(drafts.words("reply b"), Some("alt"));
        drafts.stored();
        assert_eq!(
            drafts.take_changed(),
            [("reply a".to_owned(), None)],
            "what was read is not written again"
        );
    }

    #[test]
    fn a_thread_in_which_somebody_writes_is_known() {
        let mut drafts = Drafts::default();
        drafts.keep(&reply_key("a"), Some(words("Ja")));
        drafts.keep(&edit_key("b", "b-1"), Some(words("Doch")));
        drafts.keep(&decide_key("c"), Some(words("Gut")));
        assert!(drafts.is_begun_in("a") && drafts.is_begun_in("b"));
        assert!(!drafts.is_begun_in("c") && !drafts.is_begun_in("ab"));
    }

    #[test]
    fn everything_becomes_words_when_nothing_can_be_said_any_more() {
        let mut drafts = Drafts::default();
        let field = FieldId::Root(RootText::Title);
        drafts.load(vec![
            (reply_key("a"), words(" Ja ")),
            (suggest_key(&field), Draft::Suggestion(suggestion())),
        ]);
        assert_eq!(drafts.suggestion(&field), Some(&suggestion()));
        let taken = drafts.take_all();
        let taken: Vec<String> = taken.iter().flat_map(Draft::words).collect();
        assert_eq!(taken, ["Ja", "Unser Leitbild", "Weil es unseres ist."]);
        assert_eq!(drafts.take_changed().len(), 2, "they go from the device");
        assert!(!drafts.is_at_risk());
        let mut untouched = Begun::new(field, "Leitbild".to_owned());
        untouched.reason = "Nur so.".to_owned();
        assert_eq!(Draft::Suggestion(untouched).words(), ["Nur so."]);
    }
}
