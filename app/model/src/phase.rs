//! The Präventionskette: the life phases that a Leitlinie or a point can serve.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a phase is called in a document: lower-case ASCII letters, digits and `-`, at most [`PhaseId::MAX_LEN`] of them.
/// It stays when the phase is renamed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhaseId(String);

/// One phase, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub id: PhaseId,
    /// German name.
    pub de: String,
    /// English name; empty where there is none, the German one is shown then.
    pub en: String,
}

/// A list holds at most so many.
pub const PHASES_MAX: usize = 20;
/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 40;

impl PhaseId {
    pub const MAX_LEN: usize = 40;

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_well_formed = (1..=Self::MAX_LEN).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        is_well_formed.then(|| Self(text.to_owned()))
    }

    /// An id made of a name, e.g. `weiterfuehrende-schule`; nothing when no letter of it can be used.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut id = String::new();
        for letter in name.to_lowercase().chars() {
            match letter {
                'ä' => id.push_str("ae"),
                'ö' => id.push_str("oe"),
                'ü' => id.push_str("ue"),
                'ß' => id.push_str("ss"),
                letter if letter.is_ascii_alphanumeric() => id.push(letter),
                _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
                _ => {}
            }
        }
        id.truncate(Self::MAX_LEN);
        Self::parse(id.trim_end_matches('-'))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhaseId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for PhaseId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the id of a life phase")
    }
}

impl From<PhaseId> for String {
    fn from(id: PhaseId) -> Self {
        id.0
    }
}

/// The phases that a network begins with.
#[must_use]
pub fn usual() -> Vec<Phase> {
    const USUAL: [(&str, &str, &str); 6] = [
        ("schwangerschaft", "Schwangerschaft", "Pregnancy"),
        ("null-bis-drei", "0–3 Jahre", "Age 0–3"),
        ("kita", "Kita", "Day care"),
        ("grundschule", "Grundschule", "Primary school"),
        ("weiterfuehrende-schule", "Weiterführende Schule", "Secondary school"),
        ("uebergang-beruf", "Übergang in den Beruf", "Transition to work"),
    ];
    USUAL
        .into_iter()
        .filter_map(|(id, de, en)| {
            Some(Phase {
                id: PhaseId::parse(id)?,
                de: de.to_owned(),
                en: en.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_usual_phases_have_ids() {
        assert_eq!(usual().len(), 6);
    }

    #[test]
    fn ids_are_made_of_names() {
        let id = |name| PhaseId::from_name(name).map(String::from);
        assert_eq!(id("Weiterführende Schule").as_deref(), Some("weiterfuehrende-schule"));
        assert_eq!(id("  0–3 Jahre! ").as_deref(), Some("0-3-jahre"));
        assert_eq!(id("…"), None);
        assert_eq!(id(&"ä".repeat(60)).map(|id| id.len()), Some(PhaseId::MAX_LEN));
    }
}
