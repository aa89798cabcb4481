//! What exports say below a text: its Einfache Sprache, its life phases, where it was taken over from. See
//! [`Paper::notes`](crate::paper::Paper::notes), whose lines are read here.

use super::Part;
use crate::{
    leitbild::PointSource,
    paper::{PHASES_BETWEEN, PHASES_NOTE, PLAIN_NOTE, SOURCE_NOTE, taken_from},
    phase::{Phase, PhaseId},
};

/// What a note is, and its words. One that says nothing we know, and an origin that cannot be read, are left out visibly.
pub(super) fn note(text: &str) -> (Part, &str) {
    if let Some(plain) = text.strip_prefix(PLAIN_NOTE) {
        (Part::Plain, plain)
    } else if let Some(phases) = text.strip_prefix(PHASES_NOTE) {
        (Part::Phases, phases)
    } else if text.starts_with(SOURCE_NOTE) && source(text).is_some() {
        (Part::Source, text)
    } else {
        (Part::Omit, text)
    }
}

/// Is it one of our notes?
pub(super) fn is_note(text: &str) -> bool {
    [PLAIN_NOTE, PHASES_NOTE, SOURCE_NOTE]
        .iter()
        .any(|begin| text.starts_with(begin))
}

/// The ids of life phases that are named; one that the network does not know gets an id made of its name.
pub(super) fn phases(text: &str, known: &[Phase]) -> Vec<String> {
    let id = |name: &str| {
        let is_it = |phase: &&Phase| {
            [phase.id.as_str(), &phase.de, &phase.en]
                .iter()
                .any(|other| other.eq_ignore_ascii_case(name))
        };
        match known.iter().find(is_it) {
            Some(phase) => Some(phase.id.to_string()),
            None => PhaseId::parse(name)
                .or_else(|| PhaseId::from_name(name))
                .map(String::from),
        }
    };
    let names = text
        .split(PHASES_BETWEEN.trim_end())
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.filter_map(id).collect()
}

/// "Übernommen aus Bonn, 15.01.2026, https://…/kommune/05314#b-x".
pub(super) fn source(text: &str) -> Option<PointSource> {
    let (before, address) = text.rsplit_once("/kommune/")?;
    let (ags, block) = address.trim().split_once("#b-")?;
    let is_day = |word: &&str| {
        word.len() == 10
            && word.bytes().enumerate().all(|(at, byte)| match at {
                2 | 5 => byte == b'.',
                _ => byte.is_ascii_digit(),
            })
    };
    let day = before.split([' ', ',']).rev().find(is_day)?;
    PointSource::parse(&format!("{ags} {block} {}-{}-{}", &day[6..], &day[3..5], &day[..2]))
}

/// The other way round, for a row that is looked over.
pub(super) fn written(from: &PointSource) -> String {
    format!("{}, /kommune/{}#b-{}", taken_from(from), from.ags, from.block)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phase::usual;

    #[test]
    fn phases_are_known_by_their_names_and_ids() {
        let ids = phases(
            "Kita;  übergang in den Beruf; Age 0–3; grundschule; Nach der Schule;",
            &usual(),
        );
        // Only ASCII letters are the same large and small.
        assert_eq!(
            ids,
            [
                "kita",
                "uebergang-in-den-beruf",
                "null-bis-drei",
                "grundschule",
                "nach-der-schule"
            ]
        );
    }

    #[test]
    fn an_origin_is_read_from_what_people_read() {
        let from =
            source("Übernommen aus Bonn, Stadt, 15.01.2026, https://leitnetz.example/kommune/05314#b-x9").unwrap();
        assert_eq!(
            (from.ags.as_str(), from.block.as_str(), from.date.as_str()),
            ("05314", "x9", "2026-01-15")
        );
        assert_eq!(source(&written(&from)), Some(from));
        for odd in [
            "Übernommen aus Bonn",
            "/kommune/05314#b-x",
            "1.1.2026 /kommune/05314#b-x",
            "15.01.2026 /kommune/x#b-y",
            "15.01.2026 /kommune/05314#b-",
        ] {
            assert_eq!(source(odd), None, "{odd}");
        }
    }
}
