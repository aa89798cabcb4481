//! An existing Leitbild, line by line: what each line was recognised as, for people to look over and correct before it is
//! taken over.
//!
//! [`text`] reads pasted text and profile pages, [`markdown`] Markdown, [`json`] our own export; whoever reads another
//! format makes [`Line`]s of it and lets [`outline`] judge.

mod json;
mod line;
mod markdown;
mod notes;
mod text;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ImportError, Reason};
use crate::insert::inserted;
use crate::leitbild::{Guideline, Leitbild, Point};
use crate::paper::PHASES_BETWEEN;
use crate::phase::Phase;

pub use json::{is_json, json};
pub use line::{Hint, Line, outline};
pub use markdown::{is_markdown, markdown};
pub use text::text;

/// Most rows of one import: all of them are shown for correction. A real Leitbild has some 40.
pub const MAX_ROWS: usize = 1_000;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Title,
    Motto,
    /// A paragraph of the preamble.
    Preamble,
    Guideline,
    /// A point under the Leitlinie before it.
    Point,
    Closing,
    /// The text before it in Einfache Sprache.
    Plain,
    /// The life phases that the text before it serves, by name.
    Phases,
    /// Where the point before it was taken over from.
    Source,
    /// Not taken over.
    Omit,
}

/// A line with what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub part: Part,
    pub text: String,
}

impl Part {
    pub const ALL: [Self; 10] = [
        Self::Title,
        Self::Motto,
        Self::Preamble,
        Self::Guideline,
        Self::Point,
        Self::Closing,
        Self::Plain,
        Self::Phases,
        Self::Source,
        Self::Omit,
    ];

    /// As forms send it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Motto => "motto",
            Self::Preamble => "preamble",
            Self::Guideline => "guideline",
            Self::Point => "point",
            Self::Closing => "closing",
            Self::Plain => "plain",
            Self::Phases => "phases",
            Self::Source => "source",
            Self::Omit => "omit",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == text)
    }
}

impl Row {
    pub(super) fn new(part: Part, text: impl Into<String>) -> Self {
        Self {
            part,
            text: text.into(),
        }
    }
}

/// The Leitbild that the rows make up, without ids. Points before any Leitlinie get one without a title; of a title, a motto or a
/// closing line in several rows, one is made. What belongs to the text before it goes nowhere when there is none that can
/// have it. `phases` are the network's.
#[must_use]
pub fn leitbild(rows: &[Row], phases: &[Phase]) -> Leitbild {
    let mut leitbild = Leitbild::default();
    let mut last = Last::Other;
    for row in rows {
        let text = crate::paper::printable(&crate::doc::single_line(&row.text));
        if text.is_empty() && row.part != Part::Guideline {
            continue;
        }
        match row.part {
            Part::Title => join(&mut leitbild.title, &text),
            Part::Motto => join(&mut leitbild.motto, &text),
            Part::Preamble => {
                leitbild.preamble.push(text);
                leitbild.preamble_plain.push(String::new());
            }
            Part::Guideline => leitbild.guidelines.push(Guideline {
                title: text,
                ..Guideline::default()
            }),
            Part::Point => {
                if leitbild.guidelines.is_empty() {
                    leitbild.guidelines.push(Guideline::default());
                }
                if let Some(guideline) = leitbild.guidelines.last_mut() {
                    guideline.points.push(Point {
                        text,
                        ..Point::default()
                    });
                }
            }
            Part::Closing => join(&mut leitbild.closing, &text),
            Part::Plain | Part::Phases | Part::Source => note(&mut leitbild, last, row.part, &text, phases),
            Part::Omit => {}
        }
        last = match row.part {
            Part::Preamble => Last::Preamble,
            Part::Guideline => Last::Guideline,
            Part::Point => Last::Point,
            Part::Plain | Part::Phases | Part::Source | Part::Omit => last,
            Part::Title | Part::Motto | Part::Closing => Last::Other,
        };
    }
    leitbild
        .guidelines
        .retain(|guideline| !guideline.title.is_empty() || !guideline.points.is_empty());
    if leitbild.preamble_plain.iter().all(String::is_empty) {
        leitbild.preamble_plain.clear();
    }
    leitbild
}

/// Which text a note would belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Preamble,
    Guideline,
    Point,
    Other,
}

fn note(leitbild: &mut Leitbild, last: Last, part: Part, text: &str, phases: &[Phase]) {
    let guideline = leitbild.guidelines.last_mut();
    match last {
        Last::Preamble if part == Part::Plain => {
            if let Some(plain) = leitbild.preamble_plain.last_mut() {
                join(plain, text);
            }
        }
        Last::Guideline => {
            if let Some(guideline) = guideline {
                beside(part, text, phases, &mut guideline.plain, &mut guideline.phases);
            }
        }
        Last::Point => {
            if let Some(point) = guideline.and_then(|guideline| guideline.points.last_mut()) {
                beside(part, text, phases, &mut point.plain, &mut point.phases);
                if part == Part::Source {
                    point.source = notes::source(text);
                }
            }
        }
        Last::Preamble | Last::Other => {}
    }
}

fn beside(part: Part, text: &str, known: &[Phase], plain: &mut String, phases: &mut Vec<String>) {
    match part {
        Part::Plain => join(plain, text),
        Part::Phases => {
            let all: BTreeSet<String> = inserted(phases.drain(..).chain(notes::phases(text, known)));
            phases.extend(all);
        }
        _ => {}
    }
}

/// The rows that make up a Leitbild.
#[must_use]
pub fn rows(leitbild: &Leitbild) -> Vec<Row> {
    let mut rows = vec![
        Row::new(Part::Title, &leitbild.title),
        Row::new(Part::Motto, &leitbild.motto),
    ];
    for (index, text) in leitbild.preamble.iter().enumerate() {
        rows.push(Row::new(Part::Preamble, text));
        let plain = leitbild.preamble_plain.get(index);
        rows.extend(plain.map(|plain| Row::new(Part::Plain, plain)));
    }
    rows.retain(|row| !row.text.is_empty());
    let beside = |plain: &str, phases: &[String]| {
        let rows = [
            Row::new(Part::Plain, plain),
            Row::new(Part::Phases, phases.join(PHASES_BETWEEN)),
        ];
        rows.into_iter().filter(|row| !row.text.is_empty())
    };
    for guideline in &leitbild.guidelines {
        rows.push(Row::new(Part::Guideline, &guideline.title));
        rows.extend(beside(&guideline.plain, &guideline.phases));
        for point in &guideline.points {
            rows.push(Row::new(Part::Point, &point.text));
            rows.extend(beside(&point.plain, &point.phases));
            rows.extend(
                point
                    .source
                    .as_ref()
                    .map(|source| Row::new(Part::Source, notes::written(source))),
            );
        }
    }
    if !leitbild.closing.is_empty() {
        rows.push(Row::new(Part::Closing, &leitbild.closing));
    }
    rows
}

/// Checks that there is something to show, and not too much.
///
/// # Errors
/// [`Reason::NothingRecognised`], [`Reason::TooManyLines`].
pub fn checked(rows: Vec<Row>) -> Result<Vec<Row>, ImportError> {
    if rows.iter().all(|row| row.part == Part::Omit) {
        return Err(ImportError::file(Reason::NothingRecognised));
    }
    if rows.len() > MAX_ROWS {
        return Err(ImportError::file(Reason::TooManyLines { limit: MAX_ROWS }));
    }
    Ok(rows)
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}
