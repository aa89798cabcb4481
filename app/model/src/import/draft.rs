//! A Leitbild without block ids: as it is read from a page or a data file.

use serde::{Deserialize, Serialize};

use crate::leitbild::{Guideline, Leitbild, Point};

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

/// Without ids: they are given when it becomes a document.
impl From<Draft> for Leitbild {
    fn from(draft: Draft) -> Self {
        let point = |text| Point {
            text,
            ..Point::default()
        };
        let guideline = |guideline: DraftGuideline| Guideline {
            title: guideline.title,
            points: guideline.points.into_iter().map(point).collect(),
            ..Guideline::default()
        };
        Self {
            title: draft.title,
            motto: draft.motto,
            preamble: draft.preamble,
            guidelines: draft.guidelines.into_iter().map(guideline).collect(),
            closing: draft.closing,
            ..Self::default()
        }
    }
}
