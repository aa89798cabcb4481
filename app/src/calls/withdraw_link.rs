use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// Withdraws a link; those who came by it lose access at once.
///
/// # Errors
/// See [`AppError`].
#[server(name = WithdrawLink, prefix = "/api", endpoint = "withdraw_link", client = super::Caller)]
pub async fn withdraw_link(ags: Ags, link: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.withdraw_link(&visitor(), &ags, &link).await)
}
