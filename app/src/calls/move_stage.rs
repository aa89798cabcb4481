use leptos::prelude::*;
use model::{ags::Ags, stage::Stage};

use crate::error::AppError;

/// Moves a Leitbild from one stage to another.
///
/// # Errors
/// See [`AppError`].
#[server(name = MoveStage, prefix = "/api", endpoint = "move_stage", client = super::Caller)]
pub async fn move_stage(ags: Ags, from: Stage, to: Stage) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.set_stage(&visitor(), &ags, from, to).await)
}
