use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, views::Choice};

/// All municipalities, for the coordinator to choose from.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListChoices, prefix = "/api", endpoint = "list_choices", input = GetUrl)]
pub async fn list_choices() -> Result<Vec<Choice>, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.choices(&visitor()).await)
}
