use leptos::prelude::*;

use crate::error::AppError;

/// Signs the coordinator in.
///
/// # Errors
/// See [`AppError`].
#[server(name = SignIn, prefix = "/api", endpoint = "sign_in", client = super::Caller)]
pub async fn sign_in(password: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, keep, visitor};

    let session = answered(backend()?.sign_in(&visitor(), &password).await)?;
    keep(&session);
    leptos_axum::redirect("/koordination");
    Ok(())
}
