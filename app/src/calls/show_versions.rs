use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    versions::VersionsPage,
};

/// The history of a Leitbild and where it stands, for holders of a link and the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowVersions, prefix = "/api", endpoint = "show_versions", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_versions(ags: Ags) -> Result<Packed<VersionsPage>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.versions(&visitor(), &ags).await)
}
