use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::AppError;

/// Is this browser signed in as the coordinator?
///
/// # Errors
/// See [`AppError`].
#[server(name = CheckCoordinator, prefix = "/api", endpoint = "check_coordinator", input = GetUrl)]
pub async fn check_coordinator() -> Result<bool, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.is_coordinator(&visitor()).await)
}
