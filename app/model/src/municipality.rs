//! The members of the network: what kind of place each is and where it lies.

use serde::{Deserialize, Serialize};

use crate::{ags::Ags, fact::YearFact};

/// What a place is in administrative law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Independent city, a district of its own.
    KreisfreieStadt,
    /// District.
    Kreis,
    /// The Städteregion Aachen: a district under a law of its own.
    Staedteregion,
    /// Town inside a district.
    KreisangehoerigeStadt,
}

impl Kind {
    /// All kinds, in the order in which filters show them.
    pub const ALL: [Self; 4] = [
        Self::Kreis,
        Self::KreisfreieStadt,
        Self::KreisangehoerigeStadt,
        Self::Staedteregion,
    ];

    /// The official German word; also what data files hold.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::KreisfreieStadt => "kreisfreie Stadt",
            Self::Kreis => "Kreis",
            Self::Staedteregion => "Städteregion",
            Self::KreisangehoerigeStadt => "kreisangehörige Stadt",
        }
    }

    /// The form used in addresses and the store: lower-case ASCII.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::KreisfreieStadt => "kreisfreie-stadt",
            Self::Kreis => "kreis",
            Self::Staedteregion => "staedteregion",
            Self::KreisangehoerigeStadt => "kreisangehoerige-stadt",
        }
    }

    /// Reads either the official word or the slug.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text || kind.slug() == text)
    }
}

/// One of the five Regierungsbezirke of North Rhine-Westphalia.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regierungsbezirk {
    Arnsberg,
    Detmold,
    Duesseldorf,
    Koeln,
    Muenster,
}

impl Regierungsbezirk {
    /// All five, by name.
    pub const ALL: [Self; 5] = [
        Self::Arnsberg,
        Self::Detmold,
        Self::Duesseldorf,
        Self::Koeln,
        Self::Muenster,
    ];

    /// The name as written in German; also what data files hold.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Arnsberg => "Arnsberg",
            Self::Detmold => "Detmold",
            Self::Duesseldorf => "Düsseldorf",
            Self::Koeln => "Köln",
            Self::Muenster => "Münster",
        }
    }

    /// The form used in addresses and the store: lower-case ASCII.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Arnsberg => "arnsberg",
            Self::Detmold => "detmold",
            Self::Duesseldorf => "duesseldorf",
            Self::Koeln => "koeln",
            Self::Muenster => "muenster",
        }
    }

    /// Reads either the name or the slug.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|region| region.name() == text || region.slug() == text)
    }
}

/// A place of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Municipality {
    pub ags: Ags,
    /// As the place calls itself, e.g. "Kreis Steinfurt".
    pub name: String,
    pub kind: Kind,
    pub regierungsbezirk: Regierungsbezirk,
}

/// What the map and the list show of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSummary {
    pub municipality: Municipality,
    /// Every year a source gives for joining; empty means "not known", never "not a member".
    pub joined: Vec<YearFact>,
    /// Is there a published Leitbild?
    pub published: bool,
}
