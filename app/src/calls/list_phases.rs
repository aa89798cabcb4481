use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::phase::Phase;

use crate::error::AppError;

/// The life phases of the Präventionskette, for the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListPhases, prefix = "/api", endpoint = "list_phases", input = GetUrl)]
pub async fn list_phases() -> Result<Vec<Phase>, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.phases(&visitor()).await)
}
