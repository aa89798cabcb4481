use leptos::prelude::*;
use model::phase::Phase;

use crate::{error::AppError, views::PhaseRow};

/// Replaces the life phases of the Präventionskette.
///
/// # Errors
/// See [`AppError`].
#[server(name = SetPhases, prefix = "/api", endpoint = "set_phases", client = super::Caller)]
pub async fn set_phases(#[server(default)] phases: Vec<PhaseRow>) -> Result<Vec<Phase>, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.set_phases(&visitor(), &phases).await)
}
