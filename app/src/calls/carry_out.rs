use leptos::prelude::*;
use model::{ags::Ags, talk::News};

use crate::error::AppError;

/// Carries out what waited in a browser's outbox, once for each `key`. `kind` and `body` are those of
/// [`crate::sync::outbox::Action`].
///
/// # Errors
/// See [`AppError`].
#[server(name = CarryOut, prefix = "/api", endpoint = "carry_out", client = super::Caller)]
pub async fn carry_out(ags: Ags, kind: String, key: String, body: String) -> Result<News, AppError> {
    use crate::backend::{answered, backend, visitor};
    use model::{limits, talk};

    let not_understood = || {
        AppError::invalid(
            "Diese Seite ist von einer anderen Fassung von Leitnetz. Bitte laden Sie sie neu.",
            "This page is of another version of Leitnetz. Please reload it.",
        )
    };
    if kind != talk::KIND || key.is_empty() || key.len() > limits::TALK_ID_CHARS || body.len() > limits::ACTION_BYTES {
        return answered(Err(not_understood()));
    }
    let Ok(deed) = serde_json::from_str(&body) else {
        return answered(Err(not_understood()));
    };
    answered(backend()?.talk(&visitor(), &ags, &key, &deed).await)
}
