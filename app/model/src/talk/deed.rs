//! What people can do with threads.

use serde::{Deserialize, Serialize};

use crate::doc::{Anchor, Basis};

/// The kind under which a [`Deed`] waits in a browser's outbox; its body is the deed as JSON.
pub const KIND: &str = "talk";

/// One thing done with a thread. Whoever does it makes up the ids, so that it can be done, and answered, offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Begins a thread with its first comment.
    Open {
        thread: String,
        comment: String,
        anchor: Anchor,
        text: String,
    },
    Reply {
        thread: String,
        comment: String,
        text: String,
    },
    /// Changes one's own comment.
    Edit {
        thread: String,
        comment: String,
        text: String,
    },
    /// Takes one's own comment away; a facilitator anybody's.
    Delete {
        thread: String,
        comment: String,
    },
    Resolve {
        thread: String,
    },
    Reopen {
        thread: String,
    },
    /// Proposes a change: `update` in hexadecimal digits. `text` is the reason.
    Suggest {
        thread: String,
        comment: String,
        anchor: Anchor,
        text: String,
        update: String,
        /// What it wants to change, as its author saw it; where a page does not say it, the server looks at the text it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Basis>,
    },
    /// Takes one's own suggestion back.
    Withdraw {
        thread: String,
    },
}

/// What becomes of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Accept,
    Reject,
}

/// What is decided about a suggestion, by whoever may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<'a> {
    pub decision: Decision,
    pub reason: &'a str,
    /// Accept it also where the same words were changed since it was made.
    pub anyway: bool,
}

impl Deed {
    /// The thread that it is about.
    #[must_use]
    pub fn thread(&self) -> &str {
        match self {
            Self::Open { thread, .. }
            | Self::Reply { thread, .. }
            | Self::Edit { thread, .. }
            | Self::Delete { thread, .. }
            | Self::Resolve { thread }
            | Self::Reopen { thread }
            | Self::Suggest { thread, .. }
            | Self::Withdraw { thread } => thread,
        }
    }

    /// The words in it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Open { text, .. }
            | Self::Reply { text, .. }
            | Self::Edit { text, .. }
            | Self::Suggest { text, .. } => Some(text),
            _ => None,
        }
    }
}
