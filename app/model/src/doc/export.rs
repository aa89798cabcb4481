//! The living text as plain values.

use super::edit::single_line;
use super::view::View;
use crate::leitbild::{Guideline, Leitbild, Point};

/// What is published of a view: texts on one line without blanks around them. Empty paragraphs, empty points and
/// Leitlinien with neither title nor points are left out, as are loose blocks, ideas and the bin.
#[must_use]
pub fn to_leitbild(view: &View) -> Leitbild {
    let guidelines = view.guidelines.iter().map(|guideline| Guideline {
        id: guideline.block.id.to_string(),
        title: tidy(&guideline.block.text),
        points: guideline
            .points
            .iter()
            .map(|point| Point {
                id: point.id.to_string(),
                text: tidy(&point.text),
            })
            .filter(|point| !point.text.is_empty())
            .collect(),
    });
    Leitbild {
        title: tidy(&view.title),
        motto: tidy(&view.motto),
        preamble: view
            .preamble
            .iter()
            .map(|block| tidy(&block.text))
            .filter(|text| !text.is_empty())
            .collect(),
        guidelines: guidelines
            .filter(|found| !found.title.is_empty() || !found.points.is_empty())
            .collect(),
        closing: tidy(&view.closing),
    }
}

fn tidy(text: &str) -> String {
    single_line(text).trim().to_owned()
}
