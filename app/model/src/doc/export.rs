//! The living text as plain values.

use super::edit::single_line;
use super::view::{BlockView, View};
use crate::leitbild::{Guideline, LOOSE, Leitbild, Point};

/// A copy of a view: texts on one line without blanks around them. Empty paragraphs, empty points and Leitlinien with
/// neither title nor points are left out, as are ideas and the bin. Points under no Leitlinie come last, under one
/// without a title; see [`LOOSE`].
#[must_use]
pub fn to_leitbild(view: &View) -> Leitbild {
    let loose = Guideline {
        id: LOOSE.to_owned(),
        points: points(&view.loose),
        ..Guideline::default()
    };
    let guidelines = view.guidelines.iter().map(|guideline| Guideline {
        id: guideline.block.id.to_string(),
        title: tidy(&guideline.block.text),
        plain: tidy(&guideline.block.plain),
        phases: guideline.block.phases.clone(),
        points: points(&guideline.points),
    });
    let paragraphs = || view.preamble.iter().filter(|block| !tidy(&block.text).is_empty());
    let mut preamble_plain: Vec<String> = paragraphs().map(|block| tidy(&block.plain)).collect();
    if preamble_plain.iter().all(String::is_empty) {
        preamble_plain.clear();
    }
    Leitbild {
        title: tidy(&view.title),
        motto: tidy(&view.motto),
        preamble: paragraphs().map(|block| tidy(&block.text)).collect(),
        preamble_plain,
        guidelines: guidelines
            .chain([loose])
            .filter(|found| !found.title.is_empty() || !found.points.is_empty())
            .collect(),
        closing: tidy(&view.closing),
    }
}

fn points(blocks: &[BlockView]) -> Vec<Point> {
    let points = blocks.iter().map(|point| Point {
        id: point.id.to_string(),
        text: tidy(&point.text),
        plain: tidy(&point.plain),
        phases: point.phases.clone(),
        source: point.source.clone(),
    });
    points.filter(|point| !point.text.is_empty()).collect()
}

fn tidy(text: &str) -> String {
    single_line(text).trim().to_owned()
}
