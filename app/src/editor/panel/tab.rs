//! What the panel can show of a block.

use model::doc::BlockKind;

/// What the panel shows of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tab {
    /// The block in Einfache Sprache.
    Plain,
    /// The life phases it serves.
    Phases,
    /// Who wrote what.
    Authors,
}

impl Tab {
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Phases, Self::Authors];

    /// For tests and ids.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Phases => "phases",
            Self::Authors => "authors",
        }
    }

    /// Does it say anything about such a field? `kind` is the kind of the field's block.
    pub(crate) fn applies(self, kind: Option<&BlockKind>) -> bool {
        match (self, kind) {
            (Self::Authors, _) | (Self::Plain, Some(_)) => true,
            (Self::Plain | Self::Phases, None) => false,
            (Self::Phases, Some(kind)) => matches!(kind, BlockKind::Guideline | BlockKind::Point),
        }
    }

    /// The tabs of such a field.
    pub(crate) fn all_for(kind: Option<&BlockKind>) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |tab| tab.applies(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_simple_form_or_phases_has_their_tab() {
        let tabs = |kind: Option<&BlockKind>| Tab::all_for(kind).map(Tab::as_str).collect::<Vec<_>>();
        assert_eq!(tabs(Some(&BlockKind::Point)), ["plain", "phases", "authors"]);
        assert_eq!(tabs(Some(&BlockKind::Paragraph)), ["plain", "authors"]);
        assert_eq!(tabs(None), ["authors"]);
    }
}
