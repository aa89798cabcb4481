use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// Gives a state a name, by which it is kept; without `state` the draft as it is now.
///
/// # Errors
/// See [`AppError`].
#[server(name = NameVersion, prefix = "/api", endpoint = "name_version", client = super::Caller)]
pub async fn name_version(ags: Ags, #[server(default)] state: Option<u64>, name: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.name_version(&visitor(), &ags, state, &name).await)
}
