use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::EditorPage,
};

/// The draft for link holders, the published text for everyone else.
///
/// # Errors
/// See [`AppError`].
#[server(name = OpenEditor, prefix = "/api", endpoint = "open_editor", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn open_editor(ags: Ags) -> Result<Packed<EditorPage>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.editor(&visitor(), &ags).await)
}
