//! What the wire may say when something goes wrong.
//!
//! Server functions return [`AppError`] and nothing else. Internal detail never gets in here: the server logs it where
//! it happens and hands out [`AppError::Unavailable`]. The words people read are chosen in `widgets::error_text` from
//! the locale files.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::packed::Compact;

/// An error that the page can explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    /// 404: there is no such municipality, link or page.
    #[error("not found")]
    NotFound,
    /// 401: signing in, or opening an edit link, would help.
    #[error("not signed in")]
    NotSignedIn,
    /// 403: the person is known and may not.
    #[error("not allowed")]
    NotAllowed,
    /// 410: the link was withdrawn or has been used.
    #[error("link no longer valid")]
    LinkGone,
    /// 422: the input has mistakes; each says what is wrong and in which line, in German and English.
    #[error("invalid input")]
    Invalid { mistakes: Vec<Mistake> },
    /// 409: the draft already has text, which an import would not overwrite.
    #[error("the draft already has text")]
    DraftNotEmpty,
    /// 409: the text is frozen: nobody changes it at the moment.
    #[error("the text is frozen")]
    Frozen,
    /// 500: the stored draft cannot be opened; only whoever runs the server can help.
    #[error("the stored draft cannot be opened")]
    DraftUnreadable,
    /// 413: more than [`BODY_MAX_BYTES`](model::limits::BODY_MAX_BYTES), or than a proxy lets through.
    #[error("too large")]
    TooLarge,
    /// 429: too many attempts.
    #[error("too many attempts")]
    TooManyAttempts,
    /// 503, and from a proxy 502 and 504: something inside failed, or the server is away for a moment; trying again may help.
    #[error("temporarily unavailable")]
    Unavailable,
    /// 400: page and server are of different releases.
    #[error("of another release")]
    Outdated,
    /// The request did not reach the server or the answer could not be read.
    #[error("no connection: {reason}")]
    Transport { reason: String },
}

/// One thing wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    pub de: String,
    pub en: String,
}

impl AppError {
    /// The HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Outdated => 400,
            Self::NotFound => 404,
            Self::NotSignedIn => 401,
            Self::NotAllowed => 403,
            Self::LinkGone => 410,
            Self::Invalid { .. } => 422,
            Self::DraftNotEmpty | Self::Frozen => 409,
            Self::DraftUnreadable => 500,
            Self::TooLarge => 413,
            Self::TooManyAttempts => 429,
            Self::Unavailable | Self::Transport { .. } => 503,
        }
    }

    /// An input with one mistake that concerns the whole of it.
    #[must_use]
    pub fn invalid(de: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid {
            mistakes: vec![Mistake {
                de: de.into(),
                en: en.into(),
            }],
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = Compact;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(reason) | ServerFnErrorErr::MissingArg(reason) => Self::invalid(
                format!("Die Anfrage ist unvollständig: {reason}"),
                format!("The request is incomplete: {reason}"),
            ),
            // An answer of the server itself that cannot be read was written by another release; `calls::Caller` has seen to
            // those that come from elsewhere.
            ServerFnErrorErr::Deserialization(_) => Self::Outdated,
            other => Self::Transport {
                reason: other.to_string(),
            },
        }
    }
}
