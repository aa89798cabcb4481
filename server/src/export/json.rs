//! JSON: everything there is to say about the text, for programs. The form stands in `docs/data.md`.

use model::{ags::Ags, leitbild::Leitbild, paper::Paper};
use serde::{Deserialize, Serialize};

/// Names this form; a change that old readers would not understand gets another number.
pub const SCHEMA: &str = "leitnetz-leitbild/1";

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    pub schema: String,
    /// Under which licence the text may be used; `null` where the municipality has not said so.
    pub licence: Option<String>,
    pub municipality: Place,
    /// `published` or `draft`.
    pub state: String,
    /// Day of the publication, or of the export for a draft, `YYYY-MM-DD`.
    pub date: String,
    /// The page that shows the newest published text.
    pub address: String,
    pub leitbild: Leitbild,
}

/// Whose text it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub ags: Ags,
    pub name: String,
}

/// The file's text.
///
/// # Errors
/// Only where serde fails, which these types do not.
pub fn json(paper: &Paper) -> Result<String, serde_json::Error> {
    let exported = Exported {
        schema: SCHEMA.to_owned(),
        licence: None,
        municipality: Place {
            ags: paper.ags.clone(),
            name: paper.place.clone(),
        },
        state: if paper.draft { "draft" } else { "published" }.to_owned(),
        date: paper.date.clone(),
        address: paper.address.clone(),
        leitbild: paper.leitbild.clone(),
    };
    serde_json::to_string_pretty(&exported).map(|text| text + "\n")
}
