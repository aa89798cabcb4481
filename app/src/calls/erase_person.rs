use leptos::prelude::*;
use model::ags::Ags;

use crate::error::AppError;

/// Erases a person's name and what they said about a draft. What they wrote into the text stays, as nobody's.
///
/// # Errors
/// See [`AppError`].
#[server(name = ErasePerson, prefix = "/api", endpoint = "erase_person", client = super::Caller)]
pub async fn erase_person(ags: Ags, participant: String) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.erase_person(&visitor(), &ags, &participant).await)
}
