use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// Freezes the draft as the text citizens read.
///
/// # Errors
/// See [`AppError`].
#[server(name = PublishLeitbild, prefix = "/api", endpoint = "publish_leitbild", client = super::Caller)]
pub async fn publish_leitbild(ags: Ags) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.publish(&visitor(), &ags).await)
}
