//! The Amtlicher Gemeindeschlüssel (AGS), Germany's official municipality key.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An AGS: five digits for a Kreis or kreisfreie Stadt, eight for a town inside a Kreis.
///
/// The first two digits are the state, the third the Regierungsbezirk, the fourth and fifth the Kreis
/// (source: Destatis, Gemeindeverzeichnis). Whether such a place exists is for the store to say; this type only
/// guarantees the form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ags(String);

/// The text is not five or eight ASCII digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an AGS has five or eight digits, this is {0:?}")]
pub struct InvalidAgs(pub String);

impl Ags {
    /// Parses `text`, surrounding white space allowed.
    ///
    /// # Errors
    /// [`InvalidAgs`] with the text as given.
    pub fn new(text: &str) -> Result<Self, InvalidAgs> {
        let trimmed = text.trim();
        let digits = trimmed.bytes().all(|byte| byte.is_ascii_digit());
        match trimmed.len() {
            5 | 8 if digits => Ok(Self(trimmed.to_owned())),
            _ => Err(InvalidAgs(text.chars().take(40).collect())),
        }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is this a town inside a Kreis (eight digits)?
    #[must_use]
    pub fn is_town(&self) -> bool {
        self.0.len() == 8
    }

    /// The key of the Kreis or kreisfreie Stadt: the first five digits.
    #[must_use]
    pub fn district(&self) -> Self {
        Self(self.0.chars().take(5).collect())
    }
}

impl fmt::Display for Ags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Ags {
    type Err = InvalidAgs;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl TryFrom<String> for Ags {
    type Error = InvalidAgs;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<Ags> for String {
    fn from(ags: Ags) -> Self {
        ags.0
    }
}
