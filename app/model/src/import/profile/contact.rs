//! The contact at the end of a page, and where the closing line before it ends.

use super::{ProfileImport, contact_line, headings};
use crate::import::{Found, Note, NoteCode, text::excerpt};

type Line = Found<String>;

/// More words than this are a sentence and not the name of a person or an office.
const NAME_WORDS: usize = 6;

/// Is the whole line a telephone or fax number, an e-mail address or a web address?
pub(super) fn is_contact_line(text: &str) -> bool {
    contact_line::phone(text).is_some()
        || contact_line::is_fax(text)
        || contact_line::email(text).is_some()
        || contact_line::web_address(text).is_some()
}

/// The lines after the last point.
pub(super) struct Tail<'a> {
    /// The closing line with its paragraphs.
    pub(super) closing: Vec<&'a Line>,
    pub(super) contact: Vec<&'a Line>,
    pub(super) unknown: Vec<&'a Line>,
}

/// Parts the lines after the last point.
///
/// `contact_follows`: the page has its contact under a heading of its own, so no name is expected here.
pub(super) fn split_tail(mut lines: Vec<&Line>, contact_follows: bool) -> Tail<'_> {
    let is_anchor = |line: &&Line| is_contact_line(&line.value) || contact_line::is_postal(&line.value);
    let anchor = lines.iter().position(is_anchor);
    let before = &lines[..anchor.unwrap_or(lines.len())];
    let mut closing = before.iter().take_while(|line| is_sentence(&line.value)).count();
    if closing == 0 {
        // A short line without a full stop closes the Leitbild when nothing of a contact follows, or when the name comes
        // after it.
        closing = match before {
            [_, ..] if anchor.is_none() || contact_follows => 1,
            [first, second, ..] if !contact_line::is_name(&first.value) && contact_line::is_name(&second.value) => 1,
            _ => 0,
        };
    }
    let mut contact = lines.split_off(closing);
    let mut unknown = Vec::new();
    if contact_follows || anchor.is_none() {
        let mut name_seen = contact_follows;
        (contact, unknown) = contact.into_iter().partition(|line| {
            let name = !name_seen && contact_line::is_name(&line.value);
            name_seen |= name;
            name || is_anchor(line)
        });
    }
    Tail {
        closing: lines,
        contact,
        unknown,
    }
}

/// Reads the lines of the contact; those that are none are noted.
pub(super) fn read(lines: &[&Line], found: &mut ProfileImport) {
    let mut reached = false;
    for line in lines {
        let line = line_without_label(line);
        let text = line.value.as_str();
        let (slot, value) = if let Some(phone) = contact_line::phone(text) {
            reached = true;
            (&mut found.contact.phone, phone.to_owned())
        } else if let Some(email) = contact_line::email(text) {
            reached = true;
            (&mut found.contact.email, email)
        } else if let Some(address) = contact_line::web_address(text) {
            (&mut found.website, address)
        } else {
            let postal = contact_line::is_postal(text) && !contact_line::is_fax(text);
            if headings::is_furniture(text) {
                found.notes.push(note(&line, NoteCode::Furniture));
            } else if found.contact.name.is_none() && !reached && !postal && !contact_line::is_fax(text) {
                found.contact.name = Some(line);
            } else if postal || (!reached && !contact_line::is_fax(text)) {
                found.contact.address.push(line);
            } else {
                found.notes.push(note(&line, NoteCode::UnknownLine));
            }
            continue;
        };
        if slot.is_some() {
            found.notes.push(note(&line, NoteCode::Repeated));
        } else {
            *slot = Some(Found::new(line.line, value));
        }
    }
}

/// "Kontakt: Name" in one line leaves the name.
fn line_without_label(line: &Line) -> Line {
    match headings::label(&line.value) {
        Some((headings::Label::Contact, Some(rest))) => Found::new(line.line, rest.to_owned()),
        _ => line.clone(),
    }
}

fn is_sentence(text: &str) -> bool {
    headings::ends_sentence(text) || text.split(' ').count() > NAME_WORDS
}

fn note(line: &Line, code: NoteCode) -> Note {
    Note {
        line: line.line,
        code,
        text: excerpt(&line.value),
    }
}
