use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, views::Author};

/// Everybody who wrote in a draft, with the client ids that its document knows them by.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListAuthors, prefix = "/api", endpoint = "list_authors", client = super::Caller, input = GetUrl)]
pub async fn list_authors(ags: Ags) -> Result<Vec<Author>, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.authors(&visitor(), &ags).await)
}
