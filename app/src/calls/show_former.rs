use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    versions::FormerPage,
};

/// A version that was decided on, by its number; for everybody.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowFormer, prefix = "/api", endpoint = "show_former", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_former(ags: Ags, number: u64) -> Result<Packed<FormerPage>, AppError> {
    use crate::backend::{backend, packed};

    packed(backend()?.former(&ags, number).await)
}
