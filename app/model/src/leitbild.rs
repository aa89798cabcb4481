//! A Leitbild as plain values: what is published, exported and compared. The living text is [`crate::doc`].

use serde::{Deserialize, Serialize};

/// A complete Leitbild (mission statement) at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leitbild {
    pub title: String,
    pub motto: String,
    /// Paragraphs before the Leitlinien.
    pub preamble: Vec<String>,
    /// The same paragraphs in Einfache Sprache, empty where there is none; of no length when no paragraph has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preamble_plain: Vec<String>,
    pub guidelines: Vec<Guideline>,
    pub closing: String,
}

/// A Leitlinie (guideline): numbered I, II, III … by its position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guideline {
    /// The block's id, stable across versions; what a link to the passage names.
    pub id: String,
    pub title: String,
    /// The title in Einfache Sprache; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plain: String,
    /// The life phases it serves, by id; see [`crate::phase`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plain: String,
    /// The life phases it serves, by id; see [`crate::phase`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<String>,
}

/// A frozen copy that citizens read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub leitbild: Leitbild,
    /// Day of publishing, `YYYY-MM-DD` in UTC.
    pub date: String,
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
