use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, views::ProfilePage};

/// One municipality as citizens see it.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowProfile, prefix = "/api", endpoint = "show_profile", input = GetUrl)]
pub async fn show_profile(ags: Ags) -> Result<ProfilePage, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.profile(&visitor(), &ags).await)
}
