use leptos::prelude::*;

use crate::error::AppError;

/// Sets the coordinator's password with the one-time link printed by the server.
///
/// # Errors
/// See [`AppError`].
#[server(name = SetPassword, prefix = "/api", endpoint = "set_password", client = super::Caller)]
pub async fn set_password(secret: String, password: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, keep, visitor};

    let session = answered(backend()?.set_password(&visitor(), &secret, &password).await)?;
    keep(&session);
    leptos_axum::redirect("/koordination");
    Ok(())
}
