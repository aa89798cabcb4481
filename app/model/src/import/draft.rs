//! A Leitbild without block ids: as it is read from a page or a data file.

use serde::{Deserialize, Serialize};

/// The texts of a Leitbild in their order. Ids are given when it becomes a document.
///
/// No text holds a line break. What a page does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub title: String,
    #[serde(default)]
    pub motto: String,
    /// Paragraphs before the Leitlinien.
    #[serde(default)]
    pub preamble: Vec<String>,
    #[serde(default)]
    pub guidelines: Vec<DraftGuideline>,
    #[serde(default)]
    pub closing: String,
}

/// A Leitlinie (guideline): numbered I, II, III … by its position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftGuideline {
    pub title: String,
    #[serde(default)]
    pub points: Vec<String>,
}
