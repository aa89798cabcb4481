use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::{ags::Ags, talk::Threads};

use crate::error::AppError;

/// All comments and suggestions of a draft.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListThreads, prefix = "/api", endpoint = "list_threads", client = super::Caller, input = GetUrl)]
pub async fn list_threads(ags: Ags) -> Result<Threads, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.threads(&visitor(), &ags).await)
}
