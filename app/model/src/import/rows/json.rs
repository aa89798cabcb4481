//! Our own JSON export; see `docs/data.md` for its form.

use serde::Deserialize;

use super::{Row, rows};
use crate::{
    import::{ImportError, Reason},
    leitbild::Leitbild,
};

#[derive(Deserialize)]
struct Exported {
    leitbild: Leitbild,
}

/// Does a text look like JSON?
#[must_use]
pub fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// Reads an export.
///
/// # Errors
/// [`Reason::NotAnExport`] for any other JSON.
pub fn json(text: &str) -> Result<Vec<Row>, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let Exported { leitbild } = serde_json::from_str(text).map_err(|_| ImportError::file(Reason::NotAnExport))?;
    super::checked(rows(&leitbild))
}
