use leptos::prelude::*;

use crate::error::AppError;

/// Ends the coordinator's session.
///
/// # Errors
/// See [`AppError`].
#[server(name = SignOut, prefix = "/api", endpoint = "sign_out", client = super::Caller)]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.sign_out(&visitor()).await)?;
    leptos_axum::redirect("/");
    Ok(())
}
