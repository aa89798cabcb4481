//! A Leitbild on paper: what an export says beside the text, in the words that all formats share.
//!
//! Exports are in German, as the Leitbild is.

use serde::{Deserialize, Serialize};

use crate::{
    ags::Ags,
    leitbild::{Guideline, Leitbild, Point, PointSource, roman},
    phase::Phase,
};

/// A text to be exported, with what tells its reader whose it is, from when, and where to find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub ags: Ags,
    /// The municipality's name.
    pub place: String,
    /// The page that always shows the newest published text.
    pub address: String,
    /// Day of the publication, or of the export for a draft, `YYYY-MM-DD`.
    pub date: String,
    /// Not published: for those who work on it.
    pub draft: bool,
    pub leitbild: Leitbild,
    /// The network's life phases, for their names.
    #[serde(default)]
    pub phases: Vec<Phase>,
}

/// What a note below a text begins with, in every format; the importer knows it again.
pub const PLAIN_NOTE: &str = "Einfache Sprache: ";
/// See [`PLAIN_NOTE`].
pub const PHASES_NOTE: &str = "Lebensphasen: ";
/// See [`PLAIN_NOTE`].
pub const SOURCE_NOTE: &str = "Übernommen aus ";
/// Stands between the names of life phases: names may hold commas.
pub const PHASES_BETWEEN: &str = "; ";

impl Paper {
    /// The title of the file: the Leitbild's own, or whose it is.
    #[must_use]
    pub fn title(&self) -> String {
        let own = printable(&self.leitbild.title);
        if own.is_empty() {
            format!("Leitbild {}", printable(&self.place))
        } else {
            own
        }
    }

    /// What stands above a draft.
    #[must_use]
    pub fn stamp(&self) -> Option<String> {
        self.draft
            .then(|| format!("Entwurf, Stand {}", german_date(&self.date)))
    }

    /// What stands below a text, a line each: its Einfache Sprache, the life phases it serves, and where it was taken over from.
    #[must_use]
    pub fn notes(&self, plain: &str, phases: &[String], source: Option<&PointSource>) -> Vec<String> {
        let mut notes = Vec::new();
        let plain = printable(plain);
        if !plain.is_empty() {
            notes.push(format!("{PLAIN_NOTE}{plain}"));
        }
        if !phases.is_empty() {
            let names: Vec<String> = phases.iter().map(|id| self.phase_name(id)).collect();
            notes.push(format!("{PHASES_NOTE}{}", names.join(PHASES_BETWEEN)));
        }
        notes.extend(source.map(|source| self.taken_from(source)));
        notes
    }

    /// The notes below the paragraph at `index` of the preamble.
    #[must_use]
    pub fn preamble_notes(&self, index: usize) -> Vec<String> {
        let plain = self.leitbild.preamble_plain.get(index);
        self.notes(plain.map_or("", String::as_str), &[], None)
    }

    /// The notes below a Leitlinie's heading.
    #[must_use]
    pub fn guideline_notes(&self, guideline: &Guideline) -> Vec<String> {
        self.notes(&guideline.plain, &guideline.phases, None)
    }

    /// The notes below a point.
    #[must_use]
    pub fn point_notes(&self, point: &Point) -> Vec<String> {
        self.notes(&point.plain, &point.phases, point.source.as_ref())
    }

    fn phase_name(&self, id: &str) -> String {
        let known = self.phases.iter().find(|phase| phase.id.as_str() == id);
        printable(known.map_or(id, |phase| &phase.de))
    }

    /// The last part is an address that everybody can open, and tells place and point also to the importer.
    fn taken_from(&self, source: &PointSource) -> String {
        let network = self.address.rsplit_once('/').map_or("/kommune", |(network, _)| network);
        let (ags, block) = (&source.ags, printable(&source.block));
        format!("{}, {network}/{ags}#b-{block}", taken_from(source))
    }

    /// What stands below every text.
    #[must_use]
    pub fn source_line(&self) -> String {
        let state = if self.draft {
            "Entwurf vom"
        } else {
            "veröffentlicht am"
        };
        format!(
            "Quelle: {}, {state} {}, {}",
            printable(&self.place),
            german_date(&self.date),
            self.address
        )
    }
}

/// "I. Mut machen": the heading of the Leitlinie at `index`, counted from 0.
#[must_use]
pub fn guideline_heading(index: usize, title: &str) -> String {
    format!("{}. {}", roman(index + 1), printable(title))
        .trim_end()
        .to_owned()
}

/// Whose words a point is that was taken over.
#[must_use]
pub fn taken_from(source: &PointSource) -> String {
    let place = if source.place.is_empty() {
        source.ags.as_str()
    } else {
        &source.place
    };
    format!("{SOURCE_NOTE}{}, {}", printable(place), german_date(&source.date))
}

/// `2026-03-12` as `12.03.2026`; anything else as it is.
#[must_use]
pub fn german_date(date: &str) -> String {
    let mut parts = date.split('-');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None) => format!("{day}.{month}.{year}"),
        _ => date.to_owned(),
    }
}

/// `text` without what no format may carry: control characters, characters that Unicode sets aside, and the direction
/// overrides that would let a line read as something else than it says. A tab becomes a blank, because it stands between words.
#[must_use]
pub fn printable(text: &str) -> String {
    let parted = text.chars().map(|letter| if letter == '\t' { ' ' } else { letter });
    let kept = parted.filter(|letter| !is_unprintable(*letter));
    kept.collect::<String>().trim().to_owned()
}

fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || (u32::from(letter) & 0xfffe) == 0xfffe
        || matches!(letter, '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_headings_read_as_in_german() {
        assert_eq!(german_date("2026-03-12"), "12.03.2026");
        assert_eq!(german_date("2026"), "2026");
        assert_eq!(guideline_heading(3, "Mut machen"), "IV. Mut machen");
        assert_eq!(guideline_heading(0, ""), "I.");
    }

    #[test]
    fn what_would_turn_a_line_around_is_left_out() {
        assert_eq!(printable("a\u{202e}b\u{0}c\u{85}d\u{fffe}"), "abcd");
        assert_eq!(printable("שלום 👩‍👧"), "שלום 👩‍👧");
    }

    #[test]
    fn a_tab_keeps_words_apart() {
        assert_eq!(printable("\tKinder\tund Jugendliche\t"), "Kinder und Jugendliche");
    }
}
