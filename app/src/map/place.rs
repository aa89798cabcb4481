//! What the map and the list show of one place: a member's facts joined with its area.

use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    municipality::{Kind, MemberSummary, Regierungsbezirk},
};

use crate::{
    i18n::{Locale, t_string},
    views::NetworkPage,
    widgets::kind_text,
};

/// An area of the map with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub ags: Ags,
    pub name: String,
    /// `None` where the area is no member of the network.
    pub member: Option<Member>,
    /// `d` of an SVG path; empty for a member without an area.
    pub d: String,
    /// A point inside the area, map units.
    pub at: (i32, i32),
    /// Radius of the free circle around that point, map units.
    pub room: i32,
}

/// What the network knows about a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub kind: Kind,
    pub regierungsbezirk: Regierungsbezirk,
    /// Every year that a source names, ascending, each once; empty means "not known".
    pub years: Vec<u16>,
    /// Is there a published Leitbild?
    pub published: bool,
}

/// How the map draws the year of joining. The programme grew in waves: the model phase from 2012, the first expansion
/// in 2017, the new programme from 2020 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JoinClass {
    /// Until 2016.
    Model,
    /// 2017 to 2019.
    Expansion,
    /// From 2020 on.
    Programme,
    /// Sources name different years.
    Disputed,
    /// A member since a year that is not known.
    Unknown,
}

impl JoinClass {
    /// All classes, in the order of the legend.
    pub const ALL: [Self; 5] = [
        Self::Model,
        Self::Expansion,
        Self::Programme,
        Self::Disputed,
        Self::Unknown,
    ];

    /// The class of a member for which sources name these years.
    #[must_use]
    pub fn of(years: &[u16]) -> Self {
        match years {
            [] => Self::Unknown,
            [year] if *year < 2017 => Self::Model,
            [year] if *year < 2020 => Self::Expansion,
            [_] => Self::Programme,
            _ => Self::Disputed,
        }
    }

    /// Names the class in ids of patterns and in the style sheet.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Expansion => "expansion",
            Self::Programme => "programme",
            Self::Disputed => "disputed",
            Self::Unknown => "unknown",
        }
    }
}

impl Place {
    /// The name without what the context already says: "Kreis Steinfurt" is "Steinfurt" on the map.
    #[must_use]
    pub fn short_name(&self) -> &str {
        let name = ["Kreis ", "Städteregion "]
            .iter()
            .find_map(|prefix| self.name.strip_prefix(prefix));
        let name = name.unwrap_or(&self.name);
        name.split_once(" (").map_or(name, |(name, _)| name)
    }

    /// Orders names as a German index does: ü with u, ß with ss.
    #[must_use]
    pub fn sort_key(&self) -> String {
        without_umlauts(&self.short_name().to_lowercase())
    }

    /// Its profile.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/kommune/{}", self.ags)
    }
}

impl Member {
    /// How the map draws it.
    #[must_use]
    pub fn class(&self) -> JoinClass {
        JoinClass::of(&self.years)
    }

    /// Kind and year in words, e.g. "Kreis, dabei seit 2012 oder 2017".
    #[must_use]
    pub fn words(&self, i18n: I18nContext<Locale>) -> String {
        format!("{}, {}", kind_text(i18n, self.kind), self.since(i18n))
    }

    /// The year in words, e.g. "dabei seit 2012 oder 2017".
    #[must_use]
    pub fn since(&self, i18n: I18nContext<Locale>) -> String {
        self.years_after(
            i18n,
            t_string!(i18n, network.since),
            t_string!(i18n, network.since_unknown),
        )
    }

    /// The same in fewer words, for a list whose heading says what it is about: "seit 2012 oder 2017".
    #[must_use]
    pub fn since_short(&self, i18n: I18nContext<Locale>) -> String {
        self.years_after(
            i18n,
            t_string!(i18n, network.since_short),
            t_string!(i18n, network.unknown_short),
        )
    }

    fn years_after(&self, i18n: I18nContext<Locale>, since: &str, unknown: &str) -> String {
        if self.years.is_empty() {
            return unknown.to_owned();
        }
        let or = format!(" {} ", t_string!(i18n, network.or));
        let years: Vec<String> = self.years.iter().map(u16::to_string).collect();
        format!("{since} {}", years.join(&or))
    }
}

/// All places: the districts of the map, then its towns, both by AGS, then members that the map does not have.
#[must_use]
pub fn places(page: NetworkPage) -> Vec<Place> {
    let mut members = page.members;
    let mut take = |ags: &Ags| {
        let index = members.iter().position(|member| member.municipality.ags == *ags)?;
        Some(split(members.remove(index)))
    };
    let mut places: Vec<Place> = Vec::with_capacity(page.map.districts.len() + page.map.towns.len());
    for area in page.map.districts {
        let (name, member) = take(&area.ags).map_or((area.name, None), |(name, member)| (name, Some(member)));
        places.push(Place {
            ags: area.ags,
            name,
            member,
            d: area.d,
            at: (area.cx, area.cy),
            room: area.room,
        });
    }
    for area in page.map.towns {
        // A town that left the network is not drawn: the Kreis it lies in covers its area.
        if let Some((name, member)) = take(&area.ags) {
            let member = Some(member);
            places.push(Place {
                ags: area.ags,
                name,
                member,
                d: area.d,
                at: (area.cx, area.cy),
                room: area.room,
            });
        }
    }
    places.extend(members.into_iter().map(|member| {
        let ags = member.municipality.ags.clone();
        let (name, member) = split(member);
        Place {
            ags,
            name,
            member: Some(member),
            d: String::new(),
            at: (0, 0),
            room: 0,
        }
    }));
    places
}

/// Lower-case text with ä, ö, ü, ß written as a, o, u, ss.
pub(super) fn without_umlauts(text: &str) -> String {
    text.replace('ä', "a")
        .replace('ö', "o")
        .replace('ü', "u")
        .replace('ß', "ss")
}

fn split(summary: MemberSummary) -> (String, Member) {
    let mut years: Vec<u16> = summary.joined.iter().map(|fact| fact.year).collect();
    years.sort_unstable();
    years.dedup();
    let member = Member {
        kind: summary.municipality.kind,
        regierungsbezirk: summary.municipality.regierungsbezirk,
        years,
        published: summary.published,
    };
    (summary.municipality.name, member)
}

#[cfg(test)]
mod tests {
    use model::{
        fact::YearFact,
        map::{DistrictArea, MapData, TownArea},
        municipality::Municipality,
    };

    use super::*;

    fn summary(ags: &str, name: &str, years: &[u16]) -> MemberSummary {
        MemberSummary {
            municipality: Municipality {
                ags: Ags::new(ags).unwrap(),
                name: name.to_owned(),
                kind: Kind::Kreis,
                regierungsbezirk: Regierungsbezirk::Muenster,
            },
            joined: years
                .iter()
                .map(|year| YearFact {
                    year: *year,
                    source: "Quelle".to_owned(),
                })
                .collect(),
            published: false,
        }
    }

    #[test]
    fn members_and_areas_are_joined_and_nobody_is_lost() {
        let area = |ags: &str, name: &str| DistrictArea {
            ags: Ags::new(ags).unwrap(),
            name: name.to_owned(),
            d: "M0 0h1v1z".to_owned(),
            cx: 1,
            cy: 2,
            room: 3,
        };
        let town = |ags: &str| TownArea {
            ags: Ags::new(ags).unwrap(),
            d: "M0 0z".to_owned(),
            cx: 4,
            cy: 5,
            room: 6,
        };
        let page = NetworkPage {
            members: vec![
                summary("05999", "Kreis Neuland", &[]),
                summary("05566028", "Ibbenbüren", &[2020]),
                summary("05566", "Kreis Steinfurt", &[2017, 2012, 2017]),
            ],
            map: MapData {
                width: 10,
                height: 10,
                notice: String::new(),
                districts: vec![area("05566", "Kreis Steinfurt"), area("05570", "Kreis Warendorf")],
                towns: vec![town("05566028"), town("05566076")],
                mesh: String::new(),
            },
        };
        let places = places(page);
        let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(
            names,
            ["Kreis Steinfurt", "Kreis Warendorf", "Ibbenbüren", "Kreis Neuland"]
        );
        let years = |index: usize| places[index].member.as_ref().map(|member| member.years.clone());
        assert_eq!(years(0), Some(vec![2012, 2017]));
        assert_eq!(years(1), None);
        assert_eq!(places[2].at, (4, 5));
        assert!(places[3].d.is_empty());
    }

    #[test]
    fn the_class_follows_the_years() {
        for (years, class) in [
            (&[][..], JoinClass::Unknown),
            (&[2012], JoinClass::Model),
            (&[2017], JoinClass::Expansion),
            (&[2020], JoinClass::Programme),
            (&[2023], JoinClass::Programme),
            (&[2012, 2017], JoinClass::Disputed),
        ] {
            assert_eq!(JoinClass::of(years), class);
        }
    }

    #[test]
    fn short_names_leave_out_what_the_map_shows() {
        let named = |name: &str| Place {
            ags: Ags::new("05566").unwrap(),
            name: name.to_owned(),
            member: None,
            d: String::new(),
            at: (0, 0),
            room: 0,
        };
        for (name, short) in [
            ("Kreis Steinfurt", "Steinfurt"),
            ("Städteregion Aachen", "Aachen"),
            ("Märkischer Kreis", "Märkischer Kreis"),
            ("Sundern (Sauerland)", "Sundern"),
        ] {
            assert_eq!(named(name).short_name(), short);
        }
    }
}
