use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, views::Invitation};

/// What a link leads to, before anybody joins by it.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowInvitation, prefix = "/api", endpoint = "show_invitation", input = GetUrl)]
pub async fn show_invitation(secret: String) -> Result<Invitation, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.invitation(&visitor(), &secret).await)
}
