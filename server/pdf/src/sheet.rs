//! What stands on paper, block by block, and how each looks. Lengths are in points.

use model::paper::{Paper, guideline_heading, printable};

use crate::fonts::{Fonts, Weight};

/// What a block is; decides its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// "Entwurf, Stand …", the place, the motto, a paragraph, the closing line, the source.
    Paragraph,
    Title,
    Guideline,
    Point,
    /// What is said about the point above: its Einfache Sprache, its life phases, whose words it is.
    PointNote,
}

/// How a block looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub weight: Weight,
    pub size: f32,
    pub leading: f32,
    /// Space above, when it does not begin a page.
    pub above: f32,
    pub indent: f32,
    /// Red, green, blue.
    pub color: [u8; 3],
}

/// One block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub role: Role,
    pub style: Style,
    pub text: String,
}

const INK: [u8; 3] = [27, 31, 35];
const ACCENT: [u8; 3] = [0, 77, 92];
const QUIET: [u8; 3] = [80, 87, 94];

const TEXT: Style = Style {
    weight: Weight::Regular,
    size: 11.0,
    leading: 16.0,
    above: 8.0,
    indent: 0.0,
    color: INK,
};
const PLACE: Style = Style {
    weight: Weight::Bold,
    color: ACCENT,
    ..TEXT
};
const STAMP: Style = Style {
    weight: Weight::Bold,
    above: 0.0,
    color: [138, 43, 19],
    ..TEXT
};
const TITLE: Style = Style {
    weight: Weight::Bold,
    size: 24.0,
    leading: 30.0,
    above: 6.0,
    ..TEXT
};
const MOTTO: Style = Style {
    size: 13.0,
    leading: 19.0,
    color: ACCENT,
    ..TEXT
};
const FIRST: Style = Style { above: 20.0, ..TEXT };
const GUIDELINE: Style = Style {
    weight: Weight::Bold,
    size: 14.0,
    leading: 19.0,
    above: 22.0,
    color: ACCENT,
    ..TEXT
};
const POINT: Style = Style {
    above: 5.0,
    indent: 16.0,
    ..TEXT
};
const SMALL: Style = Style {
    size: 9.0,
    leading: 12.5,
    color: QUIET,
    ..TEXT
};

const NOTE: Style = Style { above: 0.0, ..SMALL };

/// The blocks of `paper`, in the order of reading. Empty ones are left out. Where letters had to be replaced by what they are called,
/// the last one says so.
pub fn of(paper: &Paper, fonts: &Fonts) -> Vec<Block> {
    let leitbild = &paper.leitbild;
    let mut sheet = Sheet(Vec::new());
    if let Some(stamp) = paper.stamp() {
        sheet.add(Role::Paragraph, STAMP, stamp);
    }
    sheet.add(Role::Paragraph, PLACE, printable(&paper.place));
    sheet.add(Role::Title, TITLE, paper.title());
    sheet.add(Role::Paragraph, MOTTO, printable(&leitbild.motto));
    for (index, text) in leitbild.preamble.iter().enumerate() {
        let style = if index == 0 { FIRST } else { TEXT };
        sheet.add(Role::Paragraph, style, printable(text));
        for note in paper.preamble_notes(index) {
            sheet.add(Role::Paragraph, NOTE, note);
        }
    }
    for (index, guideline) in leitbild.guidelines.iter().enumerate() {
        sheet.add(Role::Guideline, GUIDELINE, guideline_heading(index, &guideline.title));
        for note in paper.guideline_notes(guideline) {
            sheet.add(Role::Paragraph, NOTE, note);
        }
        for point in &guideline.points {
            sheet.add(Role::Point, POINT, printable(&point.text));
            for note in paper.point_notes(point) {
                let style = Style {
                    indent: POINT.indent,
                    ..NOTE
                };
                sheet.add(Role::PointNote, style, note);
            }
        }
    }
    sheet.add(Role::Paragraph, FIRST, printable(&leitbild.closing));
    sheet.add(Role::Paragraph, Style { above: 28.0, ..SMALL }, paper.source_line());
    let mut missing: Vec<&str> = Vec::new();
    for block in &sheet.0 {
        for name in fonts.missing(&block.text) {
            if !missing.contains(&name) {
                missing.push(name);
            }
        }
    }
    if !missing.is_empty() {
        let text = format!(
            "Hinweis: Für einige Zeichen hat diese PDF-Datei keine Schrift ({}). Dort steht in eckigen Klammern, was fehlt. \
             Vollständig ist der Text als Word-, HTML- oder Markdown-Datei und unter {}.",
            missing.join(", "),
            paper.address
        );
        sheet.add(Role::Paragraph, SMALL, text);
    }
    sheet.0
}

struct Sheet(Vec<Block>);

impl Sheet {
    fn add(&mut self, role: Role, style: Style, text: String) {
        if !text.is_empty() {
            self.0.push(Block { role, style, text });
        }
    }
}
