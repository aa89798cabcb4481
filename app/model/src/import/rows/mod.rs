//! An existing Leitbild, line by line: what each line was recognised as, for people to look over and correct before it is
//! taken over.
//!
//! [`text`] reads pasted text and profile pages, [`markdown`] Markdown, [`json`] our own export; whoever reads another
//! format makes [`Line`]s of it and lets [`outline`] judge.

mod json;
mod line;
mod markdown;
mod text;

use serde::{Deserialize, Serialize};

use super::{Draft, DraftGuideline, ImportError, Reason};

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
    pub const ALL: [Self; 7] = [
        Self::Title,
        Self::Motto,
        Self::Preamble,
        Self::Guideline,
        Self::Point,
        Self::Closing,
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

/// The Leitbild that the rows make up. Points before any Leitlinie get one without a title; of a title, a motto or a closing
/// line in several rows, one is made.
#[must_use]
pub fn draft(rows: &[Row]) -> Draft {
    let mut draft = Draft::default();
    for row in rows {
        let text = crate::paper::printable(&crate::doc::single_line(&row.text));
        if text.is_empty() && row.part != Part::Guideline {
            continue;
        }
        match row.part {
            Part::Title => join(&mut draft.title, &text),
            Part::Motto => join(&mut draft.motto, &text),
            Part::Preamble => draft.preamble.push(text),
            Part::Guideline => draft.guidelines.push(DraftGuideline {
                title: text,
                points: Vec::new(),
            }),
            Part::Point => match draft.guidelines.last_mut() {
                Some(guideline) => guideline.points.push(text),
                None => draft.guidelines.push(DraftGuideline {
                    title: String::new(),
                    points: vec![text],
                }),
            },
            Part::Closing => join(&mut draft.closing, &text),
            Part::Omit => {}
        }
    }
    draft
        .guidelines
        .retain(|guideline| !guideline.title.is_empty() || !guideline.points.is_empty());
    draft
}

/// The rows that make up `draft`.
#[must_use]
pub fn rows(draft: &Draft) -> Vec<Row> {
    let mut rows = vec![Row::new(Part::Title, &draft.title), Row::new(Part::Motto, &draft.motto)];
    rows.extend(draft.preamble.iter().map(|text| Row::new(Part::Preamble, text)));
    rows.retain(|row| !row.text.is_empty());
    for guideline in &draft.guidelines {
        rows.push(Row::new(Part::Guideline, &guideline.title));
        rows.extend(guideline.points.iter().map(|text| Row::new(Part::Point, text)));
    }
    if !draft.closing.is_empty() {
        rows.push(Row::new(Part::Closing, &draft.closing));
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
