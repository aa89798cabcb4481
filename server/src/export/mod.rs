//! A Leitbild as a file: Markdown, DOCX, PDF, HTML, JSON. One file a format, each over the same [`Paper`].
//!
//! The published text is for everybody and may be kept by browsers as long as its `ETag` holds; a draft is for those who may
//! read it and is not kept anywhere. What is read back from such a file stands in [`model::import`].

mod docx;
mod html;
mod json;
mod markdown;
mod pdf;
mod route;

pub use docx::{CLOSING_STYLE, CLOSING_STYLE_NAME, NOTE_STYLE, NOTE_STYLE_NAME, docx};
pub use html::{GENERATOR, html, style_hash};
pub use json::{Exported, SCHEMA, json};
pub use markdown::markdown;
pub use pdf::{PdfProgram, PdfUnavailable};
pub use route::routes;

use model::paper::Paper;

/// What a Leitbild can be downloaded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Markdown,
    Docx,
    Pdf,
    Html,
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Markdown, Self::Docx, Self::Pdf, Self::Html, Self::Json];

    /// The ending of the file's name and of the address.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Json => "json",
        }
    }

    /// The media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8; variant=CommonMark",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// Does a browser show it, rather than save it?
    fn is_shown(self) -> bool {
        matches!(self, Self::Pdf | Self::Html)
    }
}

/// `Content-Disposition` with the file's name twice: in ASCII for old programs, and as it reads (RFC 6266).
fn disposition(paper: &Paper, format: Format) -> String {
    let state = if paper.draft { " Entwurf" } else { "" };
    let name = format!("Leitbild {}{state} {}", paper.place, paper.date);
    let ending = format.ending();
    let kind = if format.is_shown() { "inline" } else { "attachment" };
    format!(
        "{kind}; filename=\"{}.{ending}\"; filename*=UTF-8''{}.{ending}",
        ascii_name(&name),
        percent_encoded(&readable_name(&name))
    )
}

/// Letters, digits and hyphens only: umlauts spelled out, everything else one hyphen.
fn ascii_name(name: &str) -> String {
    let mut ascii = String::new();
    for letter in name.chars() {
        match letter {
            'ä' => ascii.push_str("ae"),
            'ö' => ascii.push_str("oe"),
            'ü' => ascii.push_str("ue"),
            'Ä' => ascii.push_str("Ae"),
            'Ö' => ascii.push_str("Oe"),
            'Ü' => ascii.push_str("Ue"),
            'ß' => ascii.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() => ascii.push(letter),
            _ if !ascii.ends_with('-') => ascii.push('-'),
            _ => {}
        }
    }
    ascii.trim_matches('-').to_owned()
}

/// Without what file systems do not take.
fn readable_name(name: &str) -> String {
    model::paper::printable(name)
        .chars()
        .map(|letter| if r#"/\:*?"<>|"#.contains(letter) { ' ' } else { letter })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::leitbild::Leitbild;

    #[test]
    fn a_files_name_reads_in_both_spellings_and_breaks_out_of_nothing() {
        let paper = |place: &str| Paper {
            ags: "05315".parse().unwrap(),
            place: place.to_owned(),
            address: String::new(),
            date: "2026-05-04".to_owned(),
            draft: false,
            leitbild: Leitbild::default(),
            phases: Vec::new(),
        };
        assert_eq!(
            disposition(&paper("Köln"), Format::Pdf),
            "inline; filename=\"Leitbild-Koeln-2026-05-04.pdf\"; filename*=UTF-8''Leitbild%20K%C3%B6ln%202026-05-04.pdf"
        );
        let hostile = disposition(&paper("a\"; filename=x\r\nSet-Cookie: y/../\u{202e}"), Format::Docx);
        assert!(
            !hostile.contains(['\r', '\n', '\u{202e}']) && hostile.matches('"').count() == 2,
            "{hostile}"
        );
    }
}
