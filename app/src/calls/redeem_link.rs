use leptos::prelude::*;

use crate::error::AppError;

/// Joins by a link under a name, with the sector one speaks for or without, and goes to the draft. Works without JavaScript as a plain form.
///
/// # Errors
/// See [`AppError`].
#[server(name = RedeemLink, prefix = "/api", endpoint = "redeem_link", client = super::Caller)]
pub async fn redeem_link(secret: String, name: String, #[server(default)] sector: String) -> Result<(), AppError> {
    use model::sector::Sector;

    use crate::backend::{answered, backend, keep, visitor};

    let (ags, session) = answered(
        backend()?
            .redeem(&visitor(), &secret, &name, Sector::parse(&sector))
            .await,
    )?;
    if let Some(session) = session {
        keep(&session);
    }
    leptos_axum::redirect(&format!("/kommune/{ags}/leitbild/bearbeiten"));
    Ok(())
}
