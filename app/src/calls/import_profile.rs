use leptos::prelude::*;
use model::ags::Ags;

use crate::{error::AppError, views::ImportReport};

/// Takes over a profile page: facts with their source, the Leitbild as a draft.
///
/// # Errors
/// See [`AppError`].
#[server(name = ImportProfile, prefix = "/api", endpoint = "import_profile", client = super::Caller)]
pub async fn import_profile(ags: Ags, text: String, source: String, date: String) -> Result<ImportReport, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.import_profile(&visitor(), &ags, &text, &source, &date).await)
}
