//! From headings, lists and paragraphs, as Markdown and word processors mark them, to the parts of a Leitbild.

use super::{Part, Row, notes::note};
use crate::{
    import::profile::{bullet, numbered_title},
    leitbild::roman,
};

/// How a line is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Title,
    /// A subtitle.
    Motto,
    /// A style of our own for the closing line.
    Closing,
    /// A style of our own for what is not part of the text.
    Note,
    /// A heading; 1 is the highest.
    Heading(u8),
    /// An item of a list; 0 is the outermost.
    Item(u8),
    /// A paragraph all in italics.
    Emphasis,
    /// A paragraph all in bold.
    Strong,
    Paragraph,
    /// A line across the page.
    Break,
}

/// A line with how it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub hint: Hint,
    pub text: String,
}

impl Line {
    #[must_use]
    pub fn new(hint: Hint, text: impl Into<String>) -> Self {
        Self {
            hint,
            text: text.into(),
        }
    }
}

/// A heading that announces what follows instead of being part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Announced {
    Motto,
    Preamble,
    Guidelines,
    Closing,
}

/// What the lines are. Without any heading their words are all there is to go by: they are read as plain text.
#[must_use]
pub fn outline(lines: &[Line]) -> Vec<Row> {
    let is_marked = |line: &Line| matches!(line.hint, Hint::Title | Hint::Heading(_) | Hint::Note | Hint::Closing);
    if !lines.iter().any(is_marked) && !is_our_own(lines) {
        return super::text::outline(&as_text(lines));
    }
    let shape = Shape::of(lines);
    let mut reader = Reader {
        shape,
        rows: Vec::new(),
        section: Section::Start,
        guidelines: 0,
        has_items: false,
    };
    for (index, line) in lines.iter().enumerate() {
        reader.take(index, line);
    }
    reader.rows
}

/// Our own Markdown ends with its source in italics, below a break; it may have no heading.
fn is_our_own(lines: &[Line]) -> bool {
    matches!(lines, [.., line, last] if line.hint == Hint::Break && is_source(last))
}

fn is_source(line: &Line) -> bool {
    line.hint == Hint::Emphasis && line.text.starts_with("Quelle: ")
}

/// Lists as a text reader knows them: an item with items below it is a heading over bullets.
fn as_text(lines: &[Line]) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map(|next| next.hint);
        match (line.hint, next) {
            (Hint::Item(depth), Some(Hint::Item(below))) if below > depth => text.push_str(&line.text),
            (Hint::Item(_), _) => {
                text.push_str("• ");
                text.push_str(&line.text);
            }
            (Hint::Break, _) => {}
            _ => text.push_str(&line.text),
        }
        text.push_str("\n\n");
    }
    text
}

/// What the headings of the whole text say about its form.
struct Shape {
    /// Index of the title's heading.
    title: Option<usize>,
    /// The level at which Leitlinien stand.
    level: u8,
    /// Index of the last heading or item.
    last_structure: Option<usize>,
    last_heading: Option<usize>,
}

impl Shape {
    fn of(lines: &[Line]) -> Self {
        let headings: Vec<(usize, u8)> = lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| match line.hint {
                Hint::Heading(level) => Some((index, level)),
                _ => None,
            })
            .collect();
        let has_title = lines.iter().any(|line| line.hint == Hint::Title);
        let title = headings.first().filter(|(index, level)| {
            let is_alone = headings.iter().filter(|(_, other)| other <= level).count() == 1;
            let before_items = lines[index + 1..]
                .iter()
                .find(|line| !matches!(line.hint, Hint::Paragraph | Hint::Emphasis | Hint::Strong | Hint::Note))
                .is_some_and(|line| matches!(line.hint, Hint::Item(_)));
            let is_first_level = *level == 1 && is_alone;
            let is_plain = numbered_title(&lines[*index].text).is_none() && announced(&lines[*index].text).is_none();
            !has_title && (is_first_level || (is_plain && !before_items && headings.len() > 1))
        });
        let title = title.map(|(index, _)| *index);
        let level = headings
            .iter()
            .filter(|(index, _)| Some(*index) != title && announced(&lines[*index].text).is_none())
            .map(|(_, level)| *level)
            .min()
            .unwrap_or(1);
        let is_structure = |line: &Line| matches!(line.hint, Hint::Heading(_) | Hint::Item(_));
        Self {
            title,
            level,
            last_structure: lines.iter().rposition(is_structure),
            last_heading: headings.last().map(|(index, _)| *index),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    Motto,
    Preamble,
    Guidelines,
    Closing,
}

struct Reader {
    shape: Shape,
    rows: Vec<Row>,
    section: Section,
    guidelines: usize,
    /// The last Leitlinie has items of a list.
    has_items: bool,
}

impl Reader {
    fn take(&mut self, index: usize, line: &Line) {
        let text = line.text.trim();
        if text.is_empty() && line.hint != Hint::Break {
            return;
        }
        match line.hint {
            Hint::Title => self.add(Part::Title, text),
            Hint::Motto => self.add(Part::Motto, text),
            Hint::Closing => self.add(Part::Closing, text),
            Hint::Note => {
                let (part, words) = note(text);
                self.add(part, words);
            }
            Hint::Heading(_) if self.shape.title == Some(index) => {
                // What stands above it ("Entwurf, Stand …") is not part of the text.
                for row in &mut self.rows {
                    row.part = Part::Omit;
                }
                self.add(Part::Title, text);
            }
            Hint::Heading(level) => self.heading(level, text),
            Hint::Item(_) => self.item(text),
            Hint::Emphasis if is_source(line) && self.section == Section::Closing => self.add(Part::Omit, text),
            Hint::Emphasis if self.may_be_motto() => self.add(Part::Motto, text),
            Hint::Strong if self.rows.is_empty() && text.starts_with("Entwurf, Stand ") => self.add(Part::Omit, text),
            Hint::Emphasis | Hint::Strong | Hint::Paragraph => self.paragraph(index, text),
            Hint::Break => {
                // One between title and text only decorates.
                if self.shape.last_heading.is_none_or(|last| index > last) {
                    self.section = Section::Closing;
                }
            }
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        if let Some(announced) = announced(text) {
            self.section = match announced {
                Announced::Motto => Section::Motto,
                Announced::Preamble => Section::Preamble,
                Announced::Guidelines => Section::Guidelines,
                Announced::Closing => Section::Closing,
            };
            return self.add(Part::Omit, text);
        }
        if level > self.shape.level && self.guidelines > 0 && numbered_title(text).is_none() {
            self.has_items = true;
            return self.add(Part::Point, text);
        }
        let own_number = format!("{}.", roman(self.guidelines + 1));
        let title = match text.strip_prefix(&own_number) {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest.trim(),
            _ => numbered_title(text).unwrap_or(text),
        };
        self.section = Section::Guidelines;
        self.guidelines += 1;
        self.has_items = false;
        self.rows.push(Row::new(Part::Guideline, title));
    }

    fn item(&mut self, text: &str) {
        match self.section {
            Section::Guidelines => {
                self.has_items = true;
                self.add(Part::Point, text);
            }
            Section::Closing => self.add(Part::Closing, text),
            Section::Start | Section::Motto | Section::Preamble => self.add(Part::Preamble, text),
        }
    }

    fn paragraph(&mut self, index: usize, text: &str) {
        match self.section {
            Section::Start | Section::Preamble => {
                self.section = Section::Preamble;
                self.add(Part::Preamble, text);
            }
            Section::Motto => {
                self.section = Section::Preamble;
                self.add(Part::Motto, text);
            }
            Section::Guidelines if self.guidelines == 0 => self.add(Part::Preamble, text),
            Section::Guidelines => {
                let is_last = self.shape.last_structure.is_none_or(|last| index > last);
                if let Some(text) = bullet(text).filter(|text| !text.is_empty()) {
                    self.has_items = true;
                    self.add(Part::Point, text);
                } else if is_last && self.has_items {
                    self.add(Part::Closing, text);
                } else {
                    self.add(Part::Point, text);
                }
            }
            Section::Closing => self.add(Part::Closing, text),
        }
    }

    fn may_be_motto(&self) -> bool {
        let parts = [Part::Motto, Part::Preamble, Part::Guideline];
        self.section == Section::Start && !self.rows.iter().any(|row| parts.contains(&row.part))
    }

    fn add(&mut self, part: Part, text: &str) {
        self.rows.push(Row::new(part, text));
    }
}

fn announced(text: &str) -> Option<Announced> {
    let name = text.trim().trim_end_matches(':').trim_end().to_lowercase();
    Some(match name.as_str() {
        "motto" | "leitgedanke" | "leitsatz" => Announced::Motto,
        "präambel" | "vorwort" | "einleitung" | "vorbemerkung" => Announced::Preamble,
        "leitlinien" | "unsere leitlinien" | "die leitlinien" | "leitziele" | "leitsätze" => Announced::Guidelines,
        "schluss" | "schlusswort" | "schlussatz" | "schlusssatz" | "ausblick" => Announced::Closing,
        _ => return None,
    })
}
