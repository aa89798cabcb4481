//! What a link allows.

use serde::{Deserialize, Serialize};

/// Rights that an edit link carries, each including the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees the draft, who is there, and what is said about it.
    Read,
    /// Comments and makes suggestions; does not write.
    Suggest,
    /// Writes.
    Participate,
    /// Writes and steers a workshop.
    Facilitate,
}

impl Role {
    /// All roles, the smallest first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Suggest, Self::Participate, Self::Facilitate];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Suggest => "suggest",
            Self::Participate => "participate",
            Self::Facilitate => "facilitate",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// May this person comment and make suggestions?
    #[must_use]
    pub fn may_talk(self) -> bool {
        self >= Self::Suggest
    }

    /// May this person accept and reject suggestions, and set who writes and who suggests?
    #[must_use]
    pub fn may_decide(self) -> bool {
        self >= Self::Facilitate
    }

    /// Is it one of the two between which a facilitator sets people?
    #[must_use]
    pub fn can_be_set(self) -> bool {
        matches!(self, Self::Suggest | Self::Participate)
    }

    /// May this person name versions, bring them back and say where the Leitbild stands?
    #[must_use]
    pub fn may_steer(self) -> bool {
        self >= Self::Facilitate
    }

    /// May this person change the text?
    #[must_use]
    pub fn may_write(self) -> bool {
        self >= Self::Participate
    }
}
