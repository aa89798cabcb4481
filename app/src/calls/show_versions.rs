use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, versions::VersionsPage};

/// The history of a Leitbild and where it stands, for holders of a link and the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowVersions, prefix = "/api", endpoint = "show_versions", input = GetUrl)]
pub async fn show_versions(ags: Ags) -> Result<VersionsPage, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.versions(&visitor(), &ags).await)
}
