//! What the panel can show of a block.

use model::doc::BlockKind;

/// What the panel shows of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tab {
    /// What is said about it.
    Comments,
    /// What is proposed for it.
    Suggestions,
    /// The block in Einfache Sprache.
    Plain,
    /// The life phases it serves.
    Phases,
    /// How other places put it.
    Network,
    /// Who wrote what.
    Authors,
}

impl Tab {
    pub(crate) const ALL: [Self; 6] = [
        Self::Comments,
        Self::Suggestions,
        Self::Plain,
        Self::Phases,
        Self::Network,
        Self::Authors,
    ];

    /// For tests and ids.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Comments => "comments",
            Self::Suggestions => "suggestions",
            Self::Plain => "plain",
            Self::Phases => "phases",
            Self::Network => "network",
            Self::Authors => "authors",
        }
    }

    /// Does it say anything about such a field? `kind` is the kind of the field's block.
    pub(crate) fn applies(self, kind: Option<&BlockKind>) -> bool {
        match (self, kind) {
            (Self::Comments | Self::Suggestions | Self::Authors, _) | (Self::Plain, Some(_)) => true,
            (Self::Plain | Self::Phases | Self::Network, None) => false,
            (Self::Phases | Self::Network, Some(kind)) => matches!(kind, BlockKind::Guideline | BlockKind::Point),
        }
    }

    /// Is it there for those who do not write, too? What it says can then be read, and nothing be changed; which phases a
    /// block serves stands at the block itself.
    pub(crate) fn is_there(self, may_write: bool) -> bool {
        may_write || self != Self::Phases
    }

    /// The tabs of such a field.
    pub(crate) fn all_for(kind: Option<&BlockKind>, may_write: bool) -> impl Iterator<Item = Self> {
        let shown = move |tab: &Self| tab.applies(kind) && tab.is_there(may_write);
        Self::ALL.into_iter().filter(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_simple_form_or_phases_has_their_tab() {
        let tabs_for = |kind: Option<&BlockKind>, may_write: bool| {
            Tab::all_for(kind, may_write).map(Tab::as_str).collect::<Vec<_>>()
        };
        let tabs = |kind: Option<&BlockKind>| tabs_for(kind, true);
        let talk = ["comments", "suggestions"];
        assert_eq!(
            tabs(Some(&BlockKind::Point)),
            [&talk[..], &["plain", "phases", "network", "authors"]].concat()
        );
        assert_eq!(
            tabs(Some(&BlockKind::Paragraph)),
            [&talk[..], &["plain", "authors"]].concat()
        );
        assert_eq!(tabs(None), [&talk[..], &["authors"]].concat());
        assert_eq!(
            tabs_for(Some(&BlockKind::Point), false),
            [&talk[..], &["plain", "network", "authors"]].concat(),
            "whoever only reads marks no phases"
        );
    }
}
