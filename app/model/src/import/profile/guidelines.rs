//! The Leitlinien of a page with their points.

use super::{
    FoundGuideline,
    contact::is_contact_line,
    headings::{Numbering, bullet, ends_sentence, numbered},
    reader::{Line, Reader, Section, is_heading},
};
use crate::import::{Found, NoteCode};

/// Most lines without a bullet in a row that are still looked over for a point after them.
const TEXT_LINES: usize = 50;

impl<'a> Reader<'a> {
    pub(super) fn guidelines(&mut self, line: &'a Line) {
        if let Some((numbering, number, title)) = numbered(&line.value) {
            if self.is_guideline(numbering, number) {
                return self.open_guideline(numbering, number, title, line);
            }
            // The other kind of numbers, under a Leitlinie, numbers its points.
            let points = self.last_guideline().map(|guideline| guideline.points.len());
            if self.numbering != Some(numbering) && points == Some(number - 1) && !title.is_empty() {
                return self.point(title, line);
            }
        }
        if let Some(text) = bullet(&line.value) {
            return if text.is_empty() {
                self.bare_bullet(line)
            } else {
                self.point(text, line)
            };
        }
        if self.continues_point(line) {
            if let Some(point) = self.last_guideline().and_then(|guideline| guideline.points.last_mut()) {
                point.value.push(' ');
                point.value.push_str(&line.value);
                self.last_point_line = line.line;
            }
            return;
        }
        let next_is_bullet = self
            .lines
            .get(self.at)
            .is_some_and(|next| bullet(&next.value).is_some());
        if self.last_guideline().is_none() {
            if next_is_bullet {
                self.open_guideline(Numbering::None, 1, &line.value, line);
            } else {
                // A sentence that leads over to the Leitlinien.
                self.leitbild().preamble.push(line.clone());
            }
        } else if self.numbering == Some(Numbering::None) && next_is_bullet {
            let number = self.next_number;
            self.open_guideline(Numbering::None, number, &line.value, line);
        } else if self.more_follows() {
            self.note(line, NoteCode::TakenAsPoint);
            self.point(&line.value, line);
        } else {
            self.section = Section::Tail;
            self.tail.push(line);
        }
    }

    fn open_guideline(&mut self, numbering: Numbering, number: usize, title: &str, line: &'a Line) {
        if number != self.next_number {
            self.note(line, NoteCode::NumberOutOfOrder);
        }
        self.next_number = number + 1;
        self.numbering.get_or_insert(numbering);
        let mut title = Found::new(line.line, title.to_owned());
        if title.value.is_empty() {
            // The number stands alone; its title is the next line, if that is one.
            match self.lines.get(self.at).filter(|next| !self.is_structure(&next.value)) {
                Some(next) => {
                    title = next.clone();
                    self.at += 1;
                }
                None => self.note(line, NoteCode::EmptyItem),
            }
        }
        self.leitbild().guidelines.push(FoundGuideline {
            title,
            points: Vec::new(),
        });
    }

    fn point(&mut self, text: &str, line: &'a Line) {
        let point = Found::new(line.line, text.to_owned());
        if self.last_guideline().is_none() {
            self.note(line, NoteCode::PointWithoutGuideline);
            let title = Found::new(line.line, String::new());
            self.leitbild().guidelines.push(FoundGuideline {
                title,
                points: Vec::new(),
            });
        }
        if let Some(guideline) = self.last_guideline() {
            guideline.points.push(point);
        }
        self.last_point_line = line.line;
    }

    /// A bullet whose text stands in the next line, as some word processors leave it.
    fn bare_bullet(&mut self, line: &'a Line) {
        let next = self
            .lines
            .get(self.at)
            .filter(|next| next.line == line.line + 1 && !self.is_structure(&next.value));
        match next {
            Some(next) => {
                self.at += 1;
                self.point(&next.value, next);
            }
            None => self.note(line, NoteCode::EmptyItem),
        }
    }

    /// Is this number the next Leitlinie, or at least one with points under it?
    fn is_guideline(&self, numbering: Numbering, number: usize) -> bool {
        let same = self
            .numbering
            .is_none_or(|own| own == numbering || own == Numbering::None);
        let has_points = self
            .lines
            .get(self.at)
            .is_some_and(|next| bullet(&next.value).is_some());
        same && (number == self.next_number || has_points)
    }

    /// Does the first Leitlinie begin here, without a heading "Leitlinien" before it?
    pub(super) fn starts_guideline(&self, line: &Line) -> bool {
        numbered(&line.value).is_some_and(|(numbering, number, _)| number == 1 && self.is_guideline(numbering, 1))
    }

    /// Does `line` go on with the point right above it?
    fn continues_point(&mut self, line: &Line) -> bool {
        let lower = line.value.starts_with(char::is_lowercase);
        let directly = line.line == self.last_point_line + 1;
        let point = self.last_guideline().and_then(|guideline| guideline.points.last());
        let open = point.is_some_and(|point| !ends_sentence(&point.value));
        lower && directly && open && !is_contact_line(&line.value)
    }

    /// Does another point or Leitlinie follow before the next heading?
    fn more_follows(&self) -> bool {
        let ahead = self.lines[self.at..]
            .iter()
            .take(TEXT_LINES)
            .take_while(|line| !is_heading(&line.value));
        let next = |(numbering, number, _)| self.numbering == Some(numbering) && number == self.next_number;
        ahead
            .into_iter()
            .any(|line| numbered(&line.value).is_some_and(next) || bullet(&line.value).is_some())
    }

    fn is_structure(&self, text: &str) -> bool {
        is_heading(text) || bullet(text).is_some() || numbered(text).is_some() || is_contact_line(text)
    }
}
