use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, versions::FormerPage};

/// A version that was decided on, by its number; for everybody.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowFormer, prefix = "/api", endpoint = "show_former", input = GetUrl)]
pub async fn show_former(ags: Ags, number: u64) -> Result<FormerPage, AppError> {
    use crate::backend::{answered, backend};

    answered(backend()?.former(&ags, number).await)
}
