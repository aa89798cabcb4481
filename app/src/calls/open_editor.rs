use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, views::EditorPage};

/// The draft for link holders, the published text for everyone else.
///
/// # Errors
/// See [`AppError`].
#[server(name = OpenEditor, prefix = "/api", endpoint = "open_editor", input = GetUrl)]
pub async fn open_editor(ags: Ags) -> Result<EditorPage, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.editor(&visitor(), &ags).await)
}
