use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    versions::Compared,
};

/// A state and what is different in another; without `state` the draft as it is now. `against` is as in the address of the page
/// (`Against::to_query`).
///
/// # Errors
/// See [`AppError`].
#[server(name = CompareStates, prefix = "/api", endpoint = "compare_states", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn compare_states(ags: Ags, state: Option<u64>, against: String) -> Result<Packed<Compared>, AppError> {
    use crate::{
        backend::{backend, packed, visitor},
        versions::Against,
    };

    packed(
        backend()?
            .compare(&visitor(), &ags, state, Against::parse(&against))
            .await,
    )
}
