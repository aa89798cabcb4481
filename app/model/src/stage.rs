//! Where a Leitbild stands on its way to a decision.

use serde::{Deserialize, Serialize};

/// The state of a Leitbild. A draft is in one of the first four; the last one is what a decided version becomes when a
/// later one is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Entwurf: written by whoever has a link.
    #[default]
    Draft,
    /// Im Workshop: written, too, and people know that it is being talked about.
    Workshop,
    /// Im Ausschuss: a committee has the text before it, so nobody writes.
    Committee,
    /// Beschlossen: the text is what was decided, so nobody writes before a new round is opened.
    Adopted,
    /// Abgelöst by a later decision.
    Superseded,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Workshop,
        Self::Committee,
        Self::Adopted,
        Self::Superseded,
    ];

    /// The word used in the store and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Workshop => "workshop",
            Self::Committee => "committee",
            Self::Adopted => "adopted",
            Self::Superseded => "superseded",
        }
    }

    /// The stage of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// May nobody change the text?
    #[must_use]
    pub fn is_frozen(self) -> bool {
        !matches!(self, Self::Draft | Self::Workshop)
    }

    /// The stages that somebody can set a draft to from here. [`Stage::Adopted`] is none of them: a decision leads
    /// there. From it the only way is a new round.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Workshop, Self::Committee],
            Self::Workshop => &[Self::Draft, Self::Committee],
            Self::Committee => &[Self::Draft, Self::Workshop],
            Self::Adopted => &[Self::Draft],
            Self::Superseded => &[],
        }
    }

    /// Can a decision be recorded here?
    #[must_use]
    pub fn can_be_decided(self) -> bool {
        matches!(self, Self::Draft | Self::Workshop | Self::Committee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_and_nothing_leads_to_a_decision_but_a_decision() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
            assert!(!stage.next().contains(&Stage::Adopted));
            assert!(!stage.next().contains(&stage));
        }
        assert_eq!(Stage::parse("Draft"), None);
    }
}
