//! Walks over the lines of a page, knowing in which section it is.

use super::{
    FoundGuideline, FoundLeitbild, ProfileImport,
    contact::{self, is_contact_line},
    contact_line,
    headings::{self, Label, Numbering},
    number::{self, Number},
    quote,
};
use crate::import::{Found, Note, NoteCode, text::excerpt};

pub(super) type Line = Found<String>;

/// Longest motto, in characters: what is longer is the first paragraph of the preamble.
const MOTTO_CHARS: usize = 200;

/// Most further lines of a quotation.
const QUOTE_LINES: usize = 20;

/// Reads clean lines that are not blank.
pub(in crate::import) fn read(lines: &[Line]) -> ProfileImport {
    let mut reader = Reader {
        lines,
        at: 0,
        section: Section::Head,
        numbering: None,
        next_number: 1,
        last_point_line: 0,
        tail: Vec::new(),
        contact: Vec::new(),
        found: ProfileImport::default(),
    };
    while let Some(line) = lines.get(reader.at) {
        reader.at += 1;
        reader.take(line);
    }
    reader.finish()
}

/// Where in a page a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Name and figures.
    Head,
    /// After a heading "Leitbild" without a title.
    Title,
    /// After the title.
    Motto,
    Preamble,
    Guidelines,
    /// After the last point: closing line and contact, which [`contact::split_tail`] tells apart.
    Tail,
    /// After a heading that says so.
    Contact,
}

/// What was read so far.
pub(super) struct Reader<'a> {
    pub(super) lines: &'a [Line],
    /// Index of the next line.
    pub(super) at: usize,
    pub(super) section: Section,
    /// Set by the first Leitlinie.
    pub(super) numbering: Option<Numbering>,
    /// Number of the Leitlinie that comes next.
    pub(super) next_number: usize,
    /// The line that the last point ends in.
    pub(super) last_point_line: u32,
    pub(super) tail: Vec<&'a Line>,
    pub(super) contact: Vec<&'a Line>,
    pub(super) found: ProfileImport,
}

impl<'a> Reader<'a> {
    fn take(&mut self, line: &'a Line) {
        if let Some((label, rest)) = headings::label(&line.value)
            && self.labelled(label, rest, line)
        {
            return;
        }
        let has_title = self
            .found
            .leitbild
            .as_ref()
            .is_some_and(|leitbild| leitbild.title.is_some());
        let in_text = matches!(self.section, Section::Motto | Section::Preamble | Section::Guidelines);
        if !(has_title && in_text)
            && let Some(title) = headings::leitbild_heading(&line.value)
        {
            return self.leitbild_heading(title, line);
        }
        match self.section {
            Section::Tail => self.tail.push(line),
            Section::Contact => self.contact.push(line),
            // In a text a line that is nothing but an address or a telephone number belongs to the contact.
            _ if is_contact_line(&line.value) => self.contact.push(line),
            Section::Head => self.head(line),
            Section::Title => self.title(&line.value, line),
            Section::Motto => self.motto(line),
            Section::Preamble => self.preamble(line),
            Section::Guidelines => self.guidelines(line),
        }
    }

    /// Handles a line with a label; `false` when in this section it is an ordinary line.
    fn labelled(&mut self, label: Label, rest: Option<&str>, line: &'a Line) -> bool {
        match label {
            Label::Since | Label::Inhabitants | Label::Under18 => {
                self.leave_leitbild();
                self.figure(label, rest, line);
            }
            Label::Quote => {
                self.leave_leitbild();
                self.quote(rest, line);
            }
            Label::Motto if matches!(self.section, Section::Motto | Section::Preamble) => {
                match self.value(rest, line) {
                    Some(value) => {
                        if self.leitbild().motto.is_some() {
                            self.note(&value, NoteCode::Repeated);
                        } else {
                            self.leitbild().motto = Some(value);
                        }
                        self.section = Section::Preamble;
                    }
                    None => self.note(line, NoteCode::MissingValue),
                }
            }
            Label::Preamble if matches!(self.section, Section::Motto | Section::Preamble) => {
                self.section = Section::Preamble;
                if let Some(text) = rest {
                    self.leitbild().preamble.push(Found::new(line.line, text.to_owned()));
                }
            }
            Label::Guidelines => {
                if self
                    .found
                    .leitbild
                    .as_ref()
                    .is_some_and(|leitbild| !leitbild.guidelines.is_empty())
                {
                    self.note(line, NoteCode::Repeated);
                }
                self.leitbild();
                self.section = Section::Guidelines;
                if let Some(text) = rest {
                    self.leitbild().preamble.push(Found::new(line.line, text.to_owned()));
                }
            }
            Label::Contact => {
                self.flush_tail(true);
                self.section = Section::Contact;
                if rest.is_some() {
                    self.contact.push(line);
                }
            }
            Label::Website => self.website(rest, line),
            Label::Motto | Label::Preamble => return false,
        }
        true
    }

    fn figure(&mut self, label: Label, rest: Option<&str>, line: &'a Line) {
        let Some(value) = self.value(rest, line) else {
            return self.note(line, NoteCode::MissingValue);
        };
        if label == Label::Since {
            match number::year(&value.value) {
                Some(year) if self.found.since.is_none() => self.found.since = Some(Found::new(value.line, year)),
                Some(_) => self.note(&value, NoteCode::Repeated),
                None => self.note(&value, NoteCode::ValueNotUnderstood),
            }
            return;
        }
        let Some(Number {
            value: number,
            approximate,
            rest,
        }) = number::number(&value.value)
        else {
            return self.note(&value, NoteCode::ValueNotUnderstood);
        };
        let slot = if label == Label::Inhabitants {
            &mut self.found.inhabitants
        } else {
            &mut self.found.under_18
        };
        if slot.is_some() {
            return self.note(&value, NoteCode::Repeated);
        }
        *slot = Some(Found::new(value.line, number));
        if approximate {
            self.note(&value, NoteCode::Approximate);
        }
        if !rest.is_empty() {
            self.note(&Found::new(value.line, rest.to_owned()), NoteCode::RestLeftOut);
        }
    }

    fn quote(&mut self, rest: Option<&str>, line: &'a Line) {
        let Some(first) = self.value(rest, line) else {
            return self.note(line, NoteCode::MissingValue);
        };
        let mut text = first.value.clone();
        // A quotation may have several paragraphs; of one that never ends only the first is taken.
        if quote::is_quoted(&text) && !quote::is_complete(&text) {
            let ahead = self.lines[self.at..]
                .iter()
                .take(QUOTE_LINES)
                .take_while(|line| !is_heading(&line.value));
            let mut longer = text.clone();
            for (count, line) in (1..).zip(ahead) {
                longer = format!("{longer} {}", line.value);
                if quote::is_complete(&longer) {
                    text = longer;
                    self.at += count;
                    break;
                }
            }
        }
        let last = self
            .at
            .checked_sub(1)
            .and_then(|last| self.lines.get(last))
            .map_or(first.line, |line| line.line);
        let (said, speaker) = quote::split_speaker(&text);
        let mut speaker = speaker.map(|speaker| Found::new(last, speaker.to_owned()));
        if speaker.is_none()
            && let Some(next) = self.lines.get(self.at).filter(|next| !is_heading(&next.value))
            && let Some(who) = quote::speaker_line(&next.value)
        {
            speaker = Some(Found::new(next.line, who.to_owned()));
            self.at += 1;
        }
        if self.found.quote.is_some() {
            let text = Found::new(first.line, said.to_owned());
            self.note(&text, NoteCode::Repeated);
            if let Some(speaker) = speaker {
                self.note(&speaker, NoteCode::Repeated);
            }
            return;
        }
        self.found.quote = Some(Found::new(first.line, quote::unquote(said).to_owned()));
        self.found.speaker = speaker;
    }

    fn website(&mut self, rest: Option<&str>, line: &'a Line) {
        let next = self
            .lines
            .get(self.at)
            .filter(|next| contact_line::web_address(&next.value).is_some());
        let found = match (rest, next) {
            (Some(rest), _) => Found::new(line.line, rest.to_owned()),
            (None, Some(next)) => {
                self.at += 1;
                next.clone()
            }
            (None, None) => return self.note(line, NoteCode::LinkWithoutAddress),
        };
        match contact_line::web_address(&found.value) {
            None => self.note(&found, NoteCode::ValueNotUnderstood),
            Some(_) if self.found.website.is_some() => self.note(&found, NoteCode::Repeated),
            Some(address) => self.found.website = Some(Found::new(found.line, address)),
        }
    }

    fn head(&mut self, line: &'a Line) {
        let is_since = line.value.to_lowercase().contains("seit ");
        if headings::is_furniture(&line.value) {
            self.note(line, NoteCode::Furniture);
        } else if let Some(year) = number::year(&line.value).filter(|_| is_since && self.found.since.is_none()) {
            self.found.since = Some(Found::new(line.line, year));
        } else if self.found.name.is_none() && self.found.leitbild.is_none() {
            self.found.name = Some(line.clone());
        } else {
            self.note(line, NoteCode::UnknownLine);
        }
    }

    fn leitbild_heading(&mut self, title: &str, line: &'a Line) {
        self.flush_tail(false);
        if self
            .found
            .leitbild
            .as_ref()
            .is_some_and(|leitbild| leitbild.title.is_some())
        {
            return self.note(line, NoteCode::Repeated);
        }
        if title.is_empty() {
            self.leitbild();
            self.section = Section::Title;
        } else {
            self.title(title, line);
        }
    }

    fn title(&mut self, title: &str, line: &'a Line) {
        if self.starts_guideline(line) {
            self.section = Section::Guidelines;
            return self.guidelines(line);
        }
        self.leitbild().title = Some(Found::new(line.line, quote::unquote(title).to_owned()));
        self.section = Section::Motto;
    }

    fn motto(&mut self, line: &'a Line) {
        self.section = Section::Preamble;
        let short = line.value.chars().count() <= MOTTO_CHARS && !headings::ends_sentence(&line.value);
        if short && !self.starts_guideline(line) && headings::bullet(&line.value).is_none() {
            self.leitbild().motto = Some(line.clone());
        } else {
            self.preamble(line);
        }
    }

    pub(super) fn preamble(&mut self, line: &'a Line) {
        if self.starts_guideline(line) {
            self.section = Section::Guidelines;
            return self.guidelines(line);
        }
        self.leitbild().preamble.push(line.clone());
    }

    /// The text after a label: in the same line or in the next one, which is then used up.
    fn value(&mut self, rest: Option<&str>, line: &Line) -> Option<Line> {
        if let Some(rest) = rest {
            return Some(Found::new(line.line, rest.to_owned()));
        }
        let next = self.lines.get(self.at).filter(|next| !is_heading(&next.value))?;
        self.at += 1;
        Some(next.clone())
    }

    fn leave_leitbild(&mut self) {
        self.flush_tail(false);
        self.section = Section::Head;
    }

    pub(super) fn leitbild(&mut self) -> &mut FoundLeitbild {
        self.found.leitbild.get_or_insert_default()
    }

    pub(super) fn last_guideline(&mut self) -> Option<&mut FoundGuideline> {
        self.found.leitbild.as_mut()?.guidelines.last_mut()
    }

    /// Parts what follows the last point. `contact_follows`: a heading says that the contact stands elsewhere.
    fn flush_tail(&mut self, contact_follows: bool) {
        let tail = contact::split_tail(std::mem::take(&mut self.tail), contact_follows);
        if let Some(first) = tail.closing.first() {
            let text: Vec<_> = tail.closing.iter().map(|line| line.value.as_str()).collect();
            let closing = Found::new(first.line, text.join(" "));
            if self.leitbild().closing.is_some() {
                self.note(&closing, NoteCode::Repeated);
            } else {
                self.leitbild().closing = Some(closing);
            }
        }
        self.contact.extend(tail.contact);
        for line in tail.unknown {
            let furniture = headings::is_furniture(&line.value);
            let code = if furniture {
                NoteCode::Furniture
            } else {
                NoteCode::UnknownLine
            };
            self.note(line, code);
        }
    }

    fn finish(mut self) -> ProfileImport {
        self.flush_tail(false);
        let mut lines = std::mem::take(&mut self.contact);
        lines.sort_by_key(|line| line.line);
        contact::read(&lines, &mut self.found);
        self.found.notes.sort_by_key(|note| note.line);
        self.found
    }

    pub(super) fn note(&mut self, line: &Line, code: NoteCode) {
        self.found.notes.push(Note {
            line: line.line,
            code,
            text: excerpt(&line.value),
        });
    }
}

/// Does another section begin with this line?
pub(super) fn is_heading(text: &str) -> bool {
    headings::label(text).is_some() || headings::leitbild_heading(text).is_some()
}
