use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// Brings an earlier state back as a new edit, or, with `field` (`FieldId`'s form), only that text or block.
///
/// # Errors
/// See [`AppError`].
#[server(name = RestoreVersion, prefix = "/api", endpoint = "restore_version", client = super::Caller)]
pub async fn restore_version(ags: Ags, state: u64, #[server(default)] field: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.restore_version(&visitor(), &ags, state, &field).await)
}
