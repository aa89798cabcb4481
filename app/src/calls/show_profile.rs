use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::ProfilePage,
};

/// One municipality as citizens see it.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowProfile, prefix = "/api", endpoint = "show_profile", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_profile(ags: Ags) -> Result<Packed<ProfilePage>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.profile(&visitor(), &ags).await)
}
