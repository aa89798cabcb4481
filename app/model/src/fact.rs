//! Facts about a municipality: one row per fact and source, so that sources may disagree.

use serde::{Deserialize, Serialize};

use crate::ags::Ags;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKey {
    /// Is in the network; the value says so in words, e.g. "Mitglied".
    Member,
    /// Year of joining the network, four digits.
    Joined,
    /// Inhabitants, a whole number.
    Inhabitants,
    /// Children and young people under 18, a whole number.
    #[serde(rename = "under_18")]
    Under18,
    /// Area in square kilometres, a decimal number with a point.
    AreaKm2,
    /// What the head of the municipality says about the network.
    Quote,
    /// Who says it, with the office.
    QuoteSpeaker,
    /// The person or office to turn to.
    ContactName,
    /// Postal address, lines separated by line breaks.
    ContactAddress,
    ContactPhone,
    ContactEmail,
    /// Address of the place's own page, http or https.
    Website,
}

impl FactKey {
    /// All keys, in the order in which a profile shows them.
    pub const ALL: [Self; 12] = [
        Self::Member,
        Self::Joined,
        Self::Inhabitants,
        Self::Under18,
        Self::AreaKm2,
        Self::Quote,
        Self::QuoteSpeaker,
        Self::ContactName,
        Self::ContactAddress,
        Self::ContactPhone,
        Self::ContactEmail,
        Self::Website,
    ];

    /// The word used in data files and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Joined => "joined",
            Self::Inhabitants => "inhabitants",
            Self::Under18 => "under_18",
            Self::AreaKm2 => "area_km2",
            Self::Quote => "quote",
            Self::QuoteSpeaker => "quote_speaker",
            Self::ContactName => "contact_name",
            Self::ContactAddress => "contact_address",
            Self::ContactPhone => "contact_phone",
            Self::ContactEmail => "contact_email",
            Self::Website => "website",
        }
    }

    /// The key of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == text)
    }
}

/// One statement about a municipality with its provenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub ags: Ags,
    pub key: FactKey,
    /// In the form that [`FactKey`] states for the key.
    pub value: String,
    /// Who says so: a document, a page, an office. Never empty.
    pub source: String,
    /// When it was said: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty where the source gives no date.
    pub date: String,
}

/// A year of joining with its source, as the map needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFact {
    pub year: u16,
    pub source: String,
}
