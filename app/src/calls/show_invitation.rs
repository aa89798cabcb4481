use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::Invitation,
};

/// What a link leads to, before anybody joins by it.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowInvitation, prefix = "/api", endpoint = "show_invitation", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_invitation(secret: String) -> Result<Packed<Invitation>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.invitation(&visitor(), &secret).await)
}
