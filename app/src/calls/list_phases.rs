use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::phase::Phase;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
};

/// The life phases of the Präventionskette, for the coordinator.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListPhases, prefix = "/api", endpoint = "list_phases", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn list_phases() -> Result<Packed<Vec<Phase>>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.phases(&visitor()).await)
}
