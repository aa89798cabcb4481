//! Which members are shown: a choice that lives in the address of the page, so that it can be shared and works without
//! JavaScript.

use leptos_router::params::ParamsMap;
use model::municipality::{Kind, Regierungsbezirk};

use super::place::{Place, without_umlauts};

/// What the person asked for; the default shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub year: Option<YearChoice>,
    pub kind: Option<Kind>,
    pub regierungsbezirk: Option<Regierungsbezirk>,
    /// Part of a name, as typed.
    pub text: String,
}

/// A year of joining, or that none is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearChoice {
    Year(u16),
    Unknown,
}

impl YearChoice {
    /// The form used in the address.
    #[must_use]
    pub fn value(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Unknown => "unbekannt".to_owned(),
        }
    }

    /// Reads that form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "unbekannt" => Some(Self::Unknown),
            text => text.parse().ok().map(Self::Year),
        }
    }
}

impl Filter {
    /// Reads the address's query. What it does not understand asks for nothing.
    #[must_use]
    pub fn from_query(query: &ParamsMap) -> Self {
        Self {
            year: query.get_str("jahr").and_then(YearChoice::parse),
            kind: query.get_str("art").and_then(Kind::parse),
            regierungsbezirk: query.get_str("bezirk").and_then(Regierungsbezirk::parse),
            text: query.get("q").unwrap_or_default(),
        }
    }

    /// The address that shows this choice: `/`, or `/?…`.
    #[must_use]
    pub fn href(&self) -> String {
        let mut query = ParamsMap::new();
        if let Some(year) = self.year {
            query.insert("jahr", year.value());
        }
        if let Some(kind) = self.kind {
            query.insert("art", kind.slug().to_owned());
        }
        if let Some(region) = self.regierungsbezirk {
            query.insert("bezirk", region.slug().to_owned());
        }
        if !self.text.trim().is_empty() {
            query.insert("q", self.text.trim().to_owned());
        }
        format!("/{}", query.to_query_string())
    }

    /// Is `place` a member that was asked for? Where sources name several years, each of them counts.
    #[must_use]
    pub fn shows(&self, place: &Place) -> bool {
        let Some(member) = &place.member else { return false };
        let year = match self.year {
            None => true,
            Some(YearChoice::Unknown) => member.years.is_empty(),
            Some(YearChoice::Year(year)) => member.years.contains(&year),
        };
        year && self.kind.is_none_or(|kind| kind == member.kind)
            && self
                .regierungsbezirk
                .is_none_or(|region| region == member.regierungsbezirk)
            && names(&place.name, &self.text)
    }
}

/// Does `name` contain `part`? Case does not matter, and ü may be typed as ü, ue or u.
fn names(name: &str, part: &str) -> bool {
    let part = part.trim().to_lowercase();
    let name = name.to_lowercase();
    name.contains(&part)
        || spelt_out(&name).contains(&spelt_out(&part))
        || without_umlauts(&name).contains(&without_umlauts(&part))
}

fn spelt_out(text: &str) -> String {
    text.replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
        .replace('ß', "ss")
}

#[cfg(test)]
mod tests {
    use model::ags::Ags;

    use super::*;
    use crate::map::place::Member;

    fn place(name: &str, kind: Kind, region: Regierungsbezirk, years: &[u16]) -> Place {
        Place {
            ags: Ags::new("05566").unwrap(),
            name: name.to_owned(),
            member: Some(Member {
                kind,
                regierungsbezirk: region,
                years: years.to_vec(),
                published: false,
            }),
            d: String::new(),
            at: (0, 0),
            room: 0,
        }
    }

    fn query(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect()
    }

    #[test]
    fn a_disputed_year_is_found_under_each_year_but_not_as_unknown() {
        let steinfurt = place(
            "Kreis Steinfurt",
            Kind::Kreis,
            Regierungsbezirk::Muenster,
            &[2012, 2017],
        );
        let shows = |year| {
            Filter {
                year: Some(year),
                ..Filter::default()
            }
            .shows(&steinfurt)
        };
        assert!(shows(YearChoice::Year(2012)) && shows(YearChoice::Year(2017)));
        assert!(!shows(YearChoice::Year(2020)) && !shows(YearChoice::Unknown));
        let kleve = place("Kreis Kleve", Kind::Kreis, Regierungsbezirk::Duesseldorf, &[]);
        assert!(
            Filter {
                year: Some(YearChoice::Unknown),
                ..Filter::default()
            }
            .shows(&kleve)
        );
    }

    #[test]
    fn all_conditions_count_together() {
        let muenster = place("Münster", Kind::KreisfreieStadt, Regierungsbezirk::Muenster, &[2012]);
        let asks = |pairs: &[(&'static str, &str)]| Filter::from_query(&query(pairs)).shows(&muenster);
        assert!(asks(&[]));
        assert!(asks(&[
            ("jahr", "2012"),
            ("art", "kreisfreie-stadt"),
            ("bezirk", "muenster"),
            ("q", "mün")
        ]));
        assert!(!asks(&[("jahr", "2012"), ("art", "kreis")]));
        assert!(!asks(&[("bezirk", "koeln")]));
        // Nonsense asks for nothing.
        assert!(asks(&[("jahr", "neulich"), ("art", "dorf"), ("bezirk", "mars")]));
    }

    #[test]
    fn names_are_found_however_umlauts_are_typed() {
        for part in ["MÜN", "muen", "mun", " münster "] {
            assert!(names("Münster", part), "{part}");
        }
        assert!(!names("Münster", "moen"));
        assert!(names("Kreis Soest", "soe"));
    }

    #[test]
    fn no_place_outside_the_network_is_shown() {
        let mut place = place("Münster", Kind::KreisfreieStadt, Regierungsbezirk::Muenster, &[2012]);
        place.member = None;
        assert!(!Filter::default().shows(&place));
    }

    #[test]
    fn the_address_says_the_choice_and_nothing_else() {
        let filter = Filter {
            year: Some(YearChoice::Unknown),
            kind: Some(Kind::KreisangehoerigeStadt),
            regierungsbezirk: Some(Regierungsbezirk::Koeln),
            text: "Brühl & Co ".to_owned(),
        };
        let href = filter.href();
        let pairs: Vec<(String, String)> = href
            .trim_start_matches("/?")
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(pairs.len(), 4, "{href}");
        assert_eq!(Filter::default().href(), "/");
    }
}
