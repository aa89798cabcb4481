//! The map of the network: areas as ready-made SVG paths.
//!
//! Made by the map step (`xtask/map`) and never computed at run time. Coordinates are whole numbers in map units: x
//! grows to the east, y to the south, the origin is the north-west corner. One unit is the same length in both
//! directions (EPSG:25832, so lengths and areas are true to within 0.1 %).

use serde::{Deserialize, Serialize};

use crate::{ags::Ags, municipality::MemberSummary};

/// All geometry of the map. Districts cover the state without gaps or overlaps; towns lie on top of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapData {
    /// Extent in map units.
    pub width: u32,
    /// Extent in map units.
    pub height: u32,
    /// Source and licence line that must stand beside the map.
    pub notice: String,
    /// Every Kreis and kreisfreie Stadt, member or not, sorted by AGS.
    pub districts: Vec<DistrictArea>,
    /// The member towns inside a Kreis, sorted by AGS.
    pub towns: Vec<TownArea>,
    /// All borders of districts, each drawn once (`d` of an SVG path, lines only).
    pub mesh: String,
}

/// A Kreis or kreisfreie Stadt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictArea {
    /// Five digits.
    pub ags: Ags,
    /// As the place calls itself, e.g. "Kreis Steinfurt".
    pub name: String,
    /// `d` of an SVG path, closed rings, fill rule evenodd.
    pub d: String,
    /// A point inside the area and outside its member towns, as far from every border as possible.
    pub cx: i32,
    pub cy: i32,
    /// Radius of the circle around that point that stays inside the area and clear of member towns, map units: the
    /// room a label has.
    pub room: i32,
}

/// A town inside a Kreis. Its name is the member's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownArea {
    /// Eight digits; the first five are the Kreis.
    pub ags: Ags,
    /// `d` of an SVG path, closed rings, fill rule evenodd.
    pub d: String,
    /// A point inside the area, as far from its borders as possible.
    pub cx: i32,
    pub cy: i32,
    /// Radius of the circle around that point that stays inside the area, map units: the room a label has.
    pub room: i32,
}

/// What the page of the network needs: who is in it, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkPage {
    /// All members, sorted by AGS: each Kreis is followed by its towns.
    pub members: Vec<MemberSummary>,
    pub map: MapData,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::municipality::{Kind, Regierungsbezirk};

    const MAP: &str = include_str!("../../../server/data/map.json");
    const NETWORK: &str = include_str!("../../../server/data/network.csv");

    fn map() -> MapData {
        serde_json::from_str(MAP).unwrap()
    }

    /// The first six columns of every row: none of them is quoted.
    fn rows() -> Vec<[&'static str; 6]> {
        NETWORK
            .lines()
            .skip(1)
            .map(|line| line.split(',').take(6).collect::<Vec<_>>().try_into().unwrap())
            .collect()
    }

    /// The points of a path that the map step writes: `M x y`, then relative `l`, `h`, `v`, and `z`.
    fn rings(d: &str) -> Vec<Vec<(i32, i32)>> {
        let mut rings: Vec<Vec<(i32, i32)>> = Vec::new();
        for part in
            d.split_inclusive(['M', 'l', 'h', 'v', 'z'])
                .fold(Vec::<(char, String)>::new(), |mut parts, text| {
                    // Each piece ends with the letter of the next command.
                    let letter = text.chars().last().filter(char::is_ascii_alphabetic);
                    let numbers = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                    if let Some(last) = parts.last_mut() {
                        last.1 = numbers.to_owned();
                    }
                    parts.extend(letter.map(|letter| (letter, String::new())));
                    parts
                })
        {
            let (letter, numbers) = part;
            let numbers: Vec<i32> = numbers
                .replace('-', " -")
                .split_whitespace()
                .map(|number| number.parse().unwrap())
                .collect();
            let steps: Vec<(i32, i32)> = match letter {
                'M' | 'l' => numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
                'h' => numbers.iter().map(|x| (*x, 0)).collect(),
                'v' => numbers.iter().map(|y| (0, *y)).collect(),
                _ => Vec::new(),
            };
            if letter == 'M' {
                rings.push(steps);
                continue;
            }
            let ring = rings.last_mut().unwrap();
            for step in steps {
                let last = *ring.last().unwrap();
                ring.push((last.0 + step.0, last.1 + step.1));
            }
        }
        rings
    }

    /// Even-odd rule, as the browser fills the path.
    fn contains(rings: &[Vec<(i32, i32)>], (x, y): (i32, i32)) -> bool {
        let mut inside = false;
        for ring in rings {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let crosses = (a.1 > y) != (b.1 > y);
                if crosses && f64::from(x) < f64::from((b.0 - a.0) * (y - a.1)) / f64::from(b.1 - a.1) + f64::from(a.0)
                {
                    inside = !inside;
                }
            }
        }
        inside
    }

    #[test]
    fn every_member_has_an_area_and_a_membership() {
        let map = map();
        let areas: BTreeSet<&str> = map
            .districts
            .iter()
            .map(|a| a.ags.as_str())
            .chain(map.towns.iter().map(|a| a.ags.as_str()))
            .collect();
        let members: BTreeSet<&str> = rows()
            .iter()
            .filter(|row| row[4] == "member")
            .map(|row| row[0])
            .collect();
        assert_eq!(members.len(), 93);
        assert_eq!(
            areas, members,
            "all 53 districts are members, and every member town is drawn"
        );
        let named: BTreeSet<&str> = rows().iter().map(|row| row[0]).collect();
        assert_eq!(named, members, "nothing is known of places that are no members");
        assert_eq!((map.districts.len(), map.towns.len()), (53, 40));
    }

    #[test]
    fn names_kinds_and_districts_agree_with_the_data() {
        let map = map();
        for [ags, name, kind, region, ..] in rows() {
            assert!(
                Kind::parse(kind).is_some() && Regierungsbezirk::parse(region).is_some(),
                "{ags}: {kind}, {region}"
            );
            let ags = Ags::new(ags).unwrap();
            match map.districts.iter().find(|area| area.ags == ags) {
                Some(area) => assert_eq!(area.name, name),
                None => assert!(
                    ags.is_town() && map.districts.iter().any(|area| area.ags == ags.district()),
                    "{ags}"
                ),
            }
        }
    }

    #[test]
    fn steinfurt_has_two_years() {
        let years: BTreeSet<&str> = rows()
            .iter()
            .filter(|row| row[0] == "05566" && row[4] == "joined")
            .map(|row| row[5])
            .collect();
        assert_eq!(years, BTreeSet::from(["2012", "2017"]));
    }

    #[test]
    fn each_point_lies_in_its_area_and_each_town_in_its_district() {
        let map = map();
        for area in &map.districts {
            assert!(contains(&rings(&area.d), (area.cx, area.cy)), "{}", area.name);
        }
        for town in &map.towns {
            let point = (town.cx, town.cy);
            assert!(contains(&rings(&town.d), point), "{}", town.ags);
            // Stadt Aachen among them: it has a district's rights but lies in the Städteregion.
            let around: Vec<&Ags> = map
                .districts
                .iter()
                .filter(|area| contains(&rings(&area.d), point))
                .map(|area| &area.ags)
                .collect();
            assert_eq!(around, [&town.ags.district()]);
        }
        assert!(map.towns.iter().any(|town| town.ags.as_str() == "05334002"));
    }

    #[test]
    fn everything_lies_within_the_extent() {
        let map = map();
        let (width, height) = (i32::try_from(map.width).unwrap(), i32::try_from(map.height).unwrap());
        let paths = map
            .districts
            .iter()
            .map(|a| &a.d)
            .chain(map.towns.iter().map(|a| &a.d))
            .chain([&map.mesh]);
        for (x, y) in paths.flat_map(|d| rings(d)).flatten() {
            assert!((0..=width).contains(&x) && (0..=height).contains(&y), "{x} {y}");
        }
    }
}
