//! Where the people of a workshop come from.

use serde::{Deserialize, Serialize};

/// The field somebody works in, or speaks for. Said freely on joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    Education,
    Health,
    Social,
    YouthWelfare,
    Administration,
    Politics,
    /// Children, young people and parents.
    Families,
    /// Associations and volunteers.
    Civil,
    Other,
}

impl Sector {
    pub const ALL: [Self; 9] = [
        Self::Education,
        Self::Health,
        Self::Social,
        Self::YouthWelfare,
        Self::Administration,
        Self::Politics,
        Self::Families,
        Self::Civil,
        Self::Other,
    ];

    /// The word used in the store and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::Health => "health",
            Self::Social => "social",
            Self::YouthWelfare => "youth_welfare",
            Self::Administration => "administration",
            Self::Politics => "politics",
            Self::Families => "families",
            Self::Civil => "civil",
            Self::Other => "other",
        }
    }

    /// The sector of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sector| sector.as_str() == text)
    }
}
