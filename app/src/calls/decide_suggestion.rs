use leptos::prelude::*;
use model::{
    ags::Ags,
    talk::{Decision, News},
};

use crate::error::AppError;

/// Accepts or rejects a suggestion.
///
/// # Errors
/// See [`AppError`].
#[server(name = DecideSuggestion, prefix = "/api", endpoint = "decide_suggestion")]
pub async fn decide_suggestion(ags: Ags, thread: String, decision: Decision, reason: String) -> Result<News, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.decide(&visitor(), &ags, &thread, decision, &reason).await)
}
