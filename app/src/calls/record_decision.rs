use leptos::prelude::*;
use model::{ags::Ags, decision::DecisionForm, stage::Stage};

use crate::error::AppError;

/// Records a decision on the draft as it is now: the text becomes fixed and is what citizens read.
///
/// # Errors
/// See [`AppError`].
#[server(name = RecordDecision, prefix = "/api", endpoint = "record_decision", client = super::Caller)]
pub async fn record_decision(ags: Ags, from: Stage, decision: DecisionForm) -> Result<(), AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.adopt(&visitor(), &ags, from, &decision).await)
}
