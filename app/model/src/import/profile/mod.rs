//! A municipality's page of the network, as text copied from a browser.
//!
//! Such a page holds labels with their value in the next line (since when, inhabitants, children under 18), the
//! quotation of the head of the municipality with the speaker in brackets, the Leitbild (heading with title, motto,
//! preamble, numbered Leitlinien with bulleted points, closing line), and a contact. Sections may be missing or stand in
//! another order. One line is one item; only a point's second line that begins with a small letter is joined to it.

mod contact;
mod contact_line;
mod guidelines;
mod headings;
mod number;
mod quote;
mod reader;

use super::{Draft, DraftGuideline, Found, ImportError, MAX_PAGE_LINES, Note, Reason, text};
use crate::{
    ags::Ags,
    fact::{Fact, FactKey},
};

pub(super) use contact_line::{is_email, web_address};
pub(super) use headings::bullet;
pub(super) use number::exact_number;
pub(super) use reader::read;

/// The title of a numbered line, without its number.
pub(super) fn numbered_title(line: &str) -> Option<&str> {
    headings::numbered(line).map(|(_, _, title)| title)
}

/// What a page holds. What it does not have is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileImport {
    pub name: Option<Found<String>>,
    /// Year of joining the network.
    pub since: Option<Found<u16>>,
    pub inhabitants: Option<Found<u32>>,
    pub under_18: Option<Found<u32>>,
    /// Without the quotation marks around it.
    pub quote: Option<Found<String>>,
    /// Who says it, without the brackets.
    pub speaker: Option<Found<String>>,
    pub leitbild: Option<FoundLeitbild>,
    pub contact: FoundContact,
    /// An address with `http` or `https`.
    pub website: Option<Found<String>>,
    /// Every line that was not taken as it stands, by line.
    pub notes: Vec<Note>,
}

/// A Leitbild with the line of each of its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundLeitbild {
    /// Without quotation marks; empty when the heading has none.
    pub title: Option<Found<String>>,
    pub motto: Option<Found<String>>,
    pub preamble: Vec<Found<String>>,
    pub guidelines: Vec<FoundGuideline>,
    pub closing: Option<Found<String>>,
}

/// A Leitlinie with its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundGuideline {
    /// Without its number.
    pub title: Found<String>,
    pub points: Vec<Found<String>>,
}

/// Whom to turn to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundContact {
    pub name: Option<Found<String>>,
    /// Lines of the postal address, also an office or department.
    pub address: Vec<Found<String>>,
    /// As on the page, without "T" or "Tel.".
    pub phone: Option<Found<String>>,
    /// With `@`, also where the page hides it.
    pub email: Option<Found<String>>,
}

/// Reads a page.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::TooLarge`], [`Reason::LineTooLong`], [`Reason::TooManyLines`], [`Reason::NotText`], or [`Reason::NotAProfile`] when
/// neither one of the figures nor a quotation nor a Leitbild is found.
pub fn parse(page: &str) -> Result<ProfileImport, ImportError> {
    let lines = text::lines(&text::prepare(page)?);
    if lines.len() > MAX_PAGE_LINES {
        return Err(ImportError::file(Reason::TooManyLines { limit: MAX_PAGE_LINES }));
    }
    let found = read(&lines);
    let figures = found.since.is_some() || found.inhabitants.is_some() || found.under_18.is_some();
    if !figures && found.quote.is_none() && found.leitbild.is_none() {
        return Err(ImportError::file(Reason::NotAProfile));
    }
    Ok(found)
}

impl ProfileImport {
    /// The page's facts, all with the same source and date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`).
    #[must_use]
    pub fn facts(&self, ags: &Ags, source: &str, date: &str) -> Vec<Fact> {
        let text = |found: &Option<Found<String>>| found.as_ref().map(|found| found.value.clone());
        let number = |found: &Option<Found<u32>>| found.as_ref().map(|found| found.value.to_string());
        let address: Vec<_> = self.contact.address.iter().map(|line| line.value.as_str()).collect();
        let values = [
            (
                FactKey::Joined,
                self.since.as_ref().map(|since| since.value.to_string()),
            ),
            (FactKey::Inhabitants, number(&self.inhabitants)),
            (FactKey::Under18, number(&self.under_18)),
            (FactKey::Quote, text(&self.quote)),
            (FactKey::QuoteSpeaker, text(&self.speaker)),
            (FactKey::ContactName, text(&self.contact.name)),
            (
                FactKey::ContactAddress,
                Some(address.join("\n")).filter(|address| !address.is_empty()),
            ),
            (FactKey::ContactPhone, text(&self.contact.phone)),
            (FactKey::ContactEmail, text(&self.contact.email)),
            (FactKey::Website, text(&self.website)),
        ];
        let fact = |(key, value)| Fact {
            ags: ags.clone(),
            key,
            value,
            source: source.to_owned(),
            date: date.to_owned(),
        };
        values
            .into_iter()
            .filter_map(|(key, value)| Some(fact((key, value?))))
            .collect()
    }
}

impl FoundLeitbild {
    /// The texts alone.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let text = |found: &Option<Found<String>>| found.as_ref().map(|found| found.value.clone()).unwrap_or_default();
        let texts = |found: &[Found<String>]| found.iter().map(|found| found.value.clone()).collect();
        let guideline = |found: &FoundGuideline| DraftGuideline {
            title: found.title.value.clone(),
            points: texts(&found.points),
        };
        Draft {
            title: text(&self.title),
            motto: text(&self.motto),
            preamble: texts(&self.preamble),
            guidelines: self.guidelines.iter().map(guideline).collect(),
            closing: text(&self.closing),
        }
    }
}
