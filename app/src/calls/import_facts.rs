use leptos::prelude::*;

use crate::{error::AppError, views::ImportReport};

/// Takes over a CSV of facts with sources and dates.
///
/// # Errors
/// See [`AppError`].
#[server(name = ImportFacts, prefix = "/api", endpoint = "import_facts", client = super::Caller)]
pub async fn import_facts(csv: String) -> Result<ImportReport, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.import_facts(&visitor(), &csv).await)
}
