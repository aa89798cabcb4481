//! What a link allows.

use serde::{Deserialize, Serialize};

/// Rights that an edit link carries, each including the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the draft and who is there.
    Read,
    /// Writes.
    Participate,
    /// Writes and steers a workshop.
    Facilitate,
}

impl Role {
    /// All roles, the smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Participate, Self::Facilitate];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Participate => "participate",
            Self::Facilitate => "facilitate",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// May this person change the text?
    #[must_use]
    pub fn may_write(self) -> bool {
        self >= Self::Participate
    }
}
