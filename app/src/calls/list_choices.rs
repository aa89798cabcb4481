use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::Choice,
};

/// All municipalities, for the coordinator to choose from.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListChoices, prefix = "/api", endpoint = "list_choices", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn list_choices() -> Result<Packed<Vec<Choice>>, AppError> {
    use crate::backend::{backend, packed, visitor};

    packed(backend()?.choices(&visitor()).await)
}
