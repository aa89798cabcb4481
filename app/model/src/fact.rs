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

/// What each source says last. A newer figure of the same source takes the place of its older one; that different sources
/// say different things stays. The order stays, too.
#[must_use]
pub fn newest(facts: Vec<Fact>) -> Vec<Fact> {
    let mut newest: Vec<Fact> = Vec::with_capacity(facts.len());
    for fact in facts {
        let said = |known: &&mut Fact| (&known.ags, &known.key, &known.source) == (&fact.ags, &fact.key, &fact.source);
        match newest.iter_mut().find(said) {
            // Dates are compared as text: `2024` comes before `2024-05`.
            Some(known) if known.date <= fact.date => *known = fact,
            Some(_) => {}
            None => newest.push(fact),
        }
    }
    newest
}

/// A year of joining with its source, as the map needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFact {
    pub year: u16,
    pub source: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_taken_at_its_newest_word_and_sources_may_disagree() {
        let fact = |key, value: &str, source: &str, date: &str| Fact {
            ags: Ags::new("05566").unwrap(),
            key,
            value: value.to_owned(),
            source: source.to_owned(),
            date: date.to_owned(),
        };
        let people = FactKey::Inhabitants;
        let facts = vec![
            fact(people, "450000", "IT.NRW", "2024-12-31"),
            fact(people, "440000", "IT.NRW", "2023-12-31"),
            fact(people, "451000", "Kreis", ""),
            fact(FactKey::Under18, "80000", "IT.NRW", "2022"),
            fact(people, "452000", "Kreis", "2025"),
        ];
        let shown: Vec<String> = newest(facts).into_iter().map(|fact| fact.value).collect();
        assert_eq!(shown, ["450000", "452000", "80000"]);
    }
}
