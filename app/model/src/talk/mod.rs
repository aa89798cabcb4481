//! What people say about a Leitbild: threads of comments, and suggestions with theirs.
//!
//! Kept beside the document, never in it, so that a person's words can be erased. People are named by their participant
//! id alone; names stand in the table of participants.
//!
//! What may be done, and by whom, is decided by [`carry_out`], which is pure. The store keeps what it returns.

mod deed;
mod rules;

pub use deed::{Decision, Deed, KIND, Verdict};
pub use rules::{Actor, Refused, carry_out, decide, erase};

use serde::{Deserialize, Serialize};

use crate::doc::{Anchor, Basis};

/// A thread: what is said about one place of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub id: String,
    pub anchor: Anchor,
    pub state: State,
    /// The oldest first. The first of a suggestion is its reason.
    pub comments: Vec<Comment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// The number of its last change: each change of a Leitbild's threads has the next one.
    pub version: u64,
}

/// How far a thread has come. Comments are open or resolved; suggestions open, accepted, rejected or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Resolved,
    Accepted,
    Rejected,
    Withdrawn,
}

/// What one person said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub id: String,
    /// Participant.
    pub by: String,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Changed by its author after it was written.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// Nothing when it was deleted or erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A change of the document that waits for a decision, or had one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The update, in encoding version 1, in hexadecimal digits; empty once it was erased.
    pub update: String,
    /// What it wanted to change, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// Who decided about a suggestion, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Participant, or [`COORDINATOR`].
    pub by: String,
    pub at_ms: i64,
    pub reason: String,
}

/// Who decides as the coordinator and is no participant.
pub const COORDINATOR: &str = "coordinator";

/// A name for a participant id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub participant: String,
    /// Empty when it was erased.
    pub name: String,
    /// Index of the colour, 0-based.
    pub color: u8,
}

/// All threads of a Leitbild.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threads {
    /// The number of the last change that is in here for certain.
    pub number: u64,
    pub threads: Vec<Thread>,
    pub authors: Vec<Author>,
}

/// One change of a Leitbild's threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Counts the changes from 1, so that a gap shows.
    pub number: u64,
    /// The thread as it is now; nothing when it is too long to be told, or several changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
    /// Names for everybody in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
}

impl Thread {
    /// Everybody who has a part in it.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        let decided = self
            .suggestion
            .as_ref()
            .and_then(|suggestion| suggestion.decided.as_ref());
        self.comments
            .iter()
            .map(|comment| comment.by.as_str())
            .chain(decided.map(|decided| decided.by.as_str()))
    }

    /// Who began it.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.comments.first().map(|comment| comment.by.as_str())
    }

    /// Is there anything left to read?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.suggestion.is_none() && self.comments.iter().all(|comment| comment.text.is_none())
    }

    /// Waits for somebody to do something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == State::Open && !self.is_empty()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
