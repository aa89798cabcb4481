use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{error::AppError, views::SteeringPage};

/// Links, draft and publishing of one municipality, for the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowSteering, prefix = "/api", endpoint = "show_steering", input = GetUrl)]
pub async fn show_steering(ags: Ags) -> Result<SteeringPage, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.steering(&visitor(), &ags).await)
}
