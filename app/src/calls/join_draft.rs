use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// The coordinator becomes a participant of a draft, and goes there. Works without JavaScript as a plain form.
///
/// # Errors
/// See [`AppError`].
#[server(name = JoinDraft, prefix = "/api", endpoint = "join_draft", client = super::Caller)]
pub async fn join_draft(ags: Ags) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.join_draft(&visitor(), &ags).await)?;
    leptos_axum::redirect(&format!("/kommune/{ags}/leitbild/bearbeiten"));
    Ok(())
}
