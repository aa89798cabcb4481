use leptos::prelude::*;
use model::{ags::Ags, role::Role};

use crate::error::AppError;

/// Sets a participant between writing and only suggesting.
///
/// # Errors
/// See [`AppError`].
#[server(name = SetPersonRole, prefix = "/api", endpoint = "set_person_role", client = super::Caller)]
pub async fn set_person_role(ags: Ags, participant: String, role: Role) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.set_person_role(&visitor(), &ags, &participant, role).await)
}
