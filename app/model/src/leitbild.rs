//! A Leitbild as plain values: what is published, exported and compared. The living text is [`crate::doc`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ags::Ags;
use crate::decision::Decision;

/// A complete Leitbild (mission statement) at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leitbild {
    pub title: String,
    pub motto: String,
    /// Paragraphs before the Leitlinien.
    pub preamble: Vec<String>,
    /// The same paragraphs in Einfache Sprache, empty where there is none; of no length when no paragraph has any.
    #[serde(default)]
    pub preamble_plain: Vec<String>,
    pub guidelines: Vec<Guideline>,
    pub closing: String,
}

impl Leitbild {
    /// How many points stand under no Leitlinie. A draft may have some; what citizens read may not.
    #[must_use]
    pub fn loose_points(&self) -> usize {
        let loose = self.guidelines.iter().filter(|guideline| guideline.id == LOOSE);
        loose.map(|guideline| guideline.points.len()).sum()
    }
}

/// The id of what holds the points of a draft that stand under no Leitlinie: a last one without a title, so that no copy
/// of the draft lacks them. No block can have it: it has a letter that is none of theirs.
pub const LOOSE: &str = "loose~";

/// A Leitlinie (guideline): numbered I, II, III … by its position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guideline {
    /// The block's id, stable across versions; what a link to the passage names.
    pub id: String,
    pub title: String,
    /// The title in Einfache Sprache; empty when there is none.
    #[serde(default)]
    pub plain: String,
    /// The life phases it serves, by id; see [`crate::phase`].
    #[serde(default)]
    pub phases: Vec<String>,
    pub points: Vec<Point>,
}

/// A point under a Leitlinie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The block's id, stable across versions.
    pub id: String,
    pub text: String,
    /// The same in Einfache Sprache; empty when there is none.
    #[serde(default)]
    pub plain: String,
    /// The life phases it serves, by id; see [`crate::phase`].
    #[serde(default)]
    pub phases: Vec<String>,
    /// Where it was taken over from, if it was.
    #[serde(default)]
    pub source: Option<PointSource>,
}

/// The published text that a point was taken over from. Names a place and a day, never a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointSource {
    pub ags: Ags,
    /// The place's name; empty until somebody has looked it up.
    #[serde(default)]
    pub place: String,
    /// Id of the point there.
    pub block: String,
    /// Day of that publication, `YYYY-MM-DD`.
    pub date: String,
}

impl PointSource {
    /// Reads what a document keeps: `AGS BLOCK DATE`. Nothing when it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (ags, block, date) = (words.next()?, words.next()?, words.next()?);
        let is_day = date.len() == 10
            && date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let is_complete = words.next().is_none() && !block.is_empty() && block.len() <= 64 && is_day;
        is_complete.then_some(())?;
        Some(Self {
            ags: Ags::new(ags).ok()?,
            place: String::new(),
            block: block.to_owned(),
            date: date.to_owned(),
        })
    }
}

/// As a document keeps it, without the place's name.
impl fmt::Display for PointSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.ags, self.block, self.date)
    }
}

/// A frozen copy that citizens read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub leitbild: Leitbild,
    /// Day of publishing, `YYYY-MM-DD` in UTC.
    pub date: String,
    /// How it was adopted; none for a text that was published without a decision.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// A version that was decided on, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// Number among the published texts of its municipality, from 1; part of its address.
    pub number: u64,
    pub decision: Decision,
}

impl Leitbild {
    /// Is any of it also there in Einfache Sprache?
    #[must_use]
    pub fn has_plain(&self) -> bool {
        let points = self.guidelines.iter().flat_map(|guideline| &guideline.points);
        let plain = self.guidelines.iter().map(|guideline| &guideline.plain);
        let mut all = plain
            .chain(points.map(|point| &point.plain))
            .chain(&self.preamble_plain);
        all.any(|plain| !plain.is_empty())
    }

    /// Has nobody written anything yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `number` as a Roman numeral; zero and numbers from 4000 on, which have none, come back as digits.
#[must_use]
pub fn roman(number: usize) -> String {
    const STEPS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, letters) in STEPS {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    text
}
