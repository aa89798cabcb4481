//! A Leitbild as plain values: what is published, exported and compared. The living text is [`crate::doc`].

use serde::{Deserialize, Serialize};

/// A complete Leitbild (mission statement) at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leitbild {
    pub title: String,
    pub motto: String,
    /// Paragraphs before the Leitlinien.
    pub preamble: Vec<String>,
    pub guidelines: Vec<Guideline>,
    pub closing: String,
}

/// A Leitlinie (guideline): numbered I, II, III … by its position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guideline {
    /// The block's id, stable across versions; what a link to the passage names.
    pub id: String,
    pub title: String,
    pub points: Vec<Point>,
}

/// A point under a Leitlinie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The block's id, stable across versions.
    pub id: String,
    pub text: String,
}

/// A frozen copy that citizens read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub leitbild: Leitbild,
    /// Day of publishing, `YYYY-MM-DD` in UTC.
    pub date: String,
}

impl Leitbild {
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
