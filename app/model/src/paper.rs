//! A Leitbild on paper: what an export says beside the text, in the words that all formats share.
//!
//! Exports are in German, as the Leitbild is.

use serde::{Deserialize, Serialize};

use crate::{
    ags::Ags,
    leitbild::{Leitbild, PointSource, roman},
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
}

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

/// What stands below a point that was taken over.
#[must_use]
pub fn taken_from(source: &PointSource) -> String {
    let place = if source.place.is_empty() {
        source.ags.as_str()
    } else {
        &source.place
    };
    format!("Übernommen aus {}, {}", printable(place), german_date(&source.date))
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
/// overrides that would let a line read as something else than it says.
#[must_use]
pub fn printable(text: &str) -> String {
    let kept = text.chars().filter(|letter| !is_unprintable(*letter));
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
}
