//! A Leitbild as a PDF that a screen reader can read: PDF/UA-1 with a tag tree, made by krilla, whose validator refuses
//! what that standard does not allow.
//!
//! This is a program of its own, `leitnetz-pdf`, which the server starts for each PDF: a [`Paper`] as JSON comes in, a PDF
//! goes out. So no text, however large or odd, can take memory or time from the rooms, and the crates for fonts, which
//! want other features of crates that SurrealDB uses, too, are compiled apart.
//!
//! [`render`] goes through three steps: [`sheet`] says what stands on paper and in which style, [`layout`] breaks it into lines and
//! pages, [`draw`] writes pages and tag tree.

mod draw;
mod fonts;
mod layout;
mod sheet;

use model::paper::Paper;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font that comes with the program cannot be read.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// The writer or its validator refused.
    #[error("the PDF was refused: {0}")]
    Refused(String),
}

/// The PDF of `paper`.
///
/// # Errors
/// [`PdfError`].
pub fn render(paper: &Paper) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts::Fonts::load()?;
    let sheet = sheet::of(paper, &fonts);
    let pages = layout::pages(&sheet, &fonts);
    draw::pdf(paper, &sheet, &pages, &fonts)
}
