use leptos::prelude::*;
use model::{
    ags::Ags,
    talk::{Decision, News},
};

use crate::error::AppError;

/// Accepts or rejects a suggestion; `anyway` also where the same words were changed since it was made.
///
/// # Errors
/// See [`AppError`].
#[server(name = DecideSuggestion, prefix = "/api", endpoint = "decide_suggestion", client = super::Caller)]
pub async fn decide_suggestion(
    ags: Ags,
    thread: String,
    decision: Decision,
    reason: String,
    #[server(default)] anyway: bool,
) -> Result<News, AppError> {
    use crate::backend::{answered, backend, visitor};
    use model::talk::Verdict;

    let verdict = Verdict {
        decision,
        reason: &reason,
        anyway,
    };
    answered(backend()?.decide(&visitor(), &ags, &thread, verdict).await)
}
