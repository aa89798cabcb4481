//! Pasted text as stretches of words: what is a heading, what an item of a list; everything else is dropped.

mod builder;
mod disarm;
mod text;

#[cfg(feature = "hydrate")]
mod html;

#[cfg(feature = "hydrate")]
use model::doc::Stretch;

/// More than this is taken as plain text, in bytes: longer than any Leitbild, and read in a moment.
#[cfg(feature = "hydrate")]
const HTML_MAX_BYTES: usize = 4 * 1024 * 1024;

/// The stretches of what the clipboard holds: its HTML if that has a structure, else its plain text.
#[cfg(feature = "hydrate")]
pub(super) fn stretches(html: &str, plain: &str) -> Vec<Stretch> {
    if html.len() <= HTML_MAX_BYTES {
        let stretches = html::stretches(html);
        if stretches.len() > 1 {
            return stretches;
        }
    }
    text::stretches(plain)
}
