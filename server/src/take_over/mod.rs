//! Taking over an existing Leitbild: a text or a file comes in, is shown as it was recognised, comes back corrected, and goes into
//! the draft.
//!
//! Everything is a form and a page ([`route`]); nothing is stored between the steps. [`read`] decides by the content what a file
//! is; [`docx`] reads Word files, [`html`] pages, the other formats are read by [`model::import::rows`].

mod docx;
mod html;
mod route;

pub use route::{UPLOAD_MAX_BYTES, routes};

use model::import::{
    self, ImportError, Reason,
    rows::{self, Row},
};

/// What a file or a pasted text was recognised as.
///
/// # Errors
/// [`ImportError`], which says it in both languages.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Row>, ImportError> {
    if bytes.starts_with(b"PK") {
        return docx::read(bytes);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(ImportError::file(Reason::Pdf));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ImportError::file(Reason::OldOrLockedWord));
    }
    let name = name.to_lowercase();
    if name.ends_with(".docx") {
        return Err(ImportError::file(Reason::NotWord));
    }
    let text = import::decode(bytes)?;
    let is_markdown = name.ends_with(".md") || name.ends_with(".markdown") || rows::is_markdown(text);
    if rows::is_json(text) {
        rows::json(text)
    } else if html::is_html(&name, text) {
        html::read(text)
    } else if is_markdown {
        rows::markdown(text)
    } else {
        rows::text(text)
    }
}
