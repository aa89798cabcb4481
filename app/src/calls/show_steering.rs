use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::SteeringPage,
};

/// Links, draft and publishing of one municipality, for the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowSteering, prefix = "/api", endpoint = "show_steering", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_steering(ags: Ags) -> Result<Packed<SteeringPage>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.steering(&visitor(), &ags).await)
}
