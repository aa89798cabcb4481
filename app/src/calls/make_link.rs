use leptos::prelude::*;
use model::{ags::Ags, role::Role};

use crate::{error::AppError, views::NewLink};

/// Makes a link that carries a role and may be shared.
///
/// # Errors
/// See [`AppError`].
#[server(name = MakeLink, prefix = "/api", endpoint = "make_link", client = super::Caller)]
pub async fn make_link(ags: Ags, role: Role, label: String) -> Result<NewLink, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.make_link(&visitor(), &ags, role, &label).await)
}
