//! The one place where an error becomes words.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::limits::BODY_MAX_BYTES;

use crate::{
    error::AppError,
    i18n::{Locale, t_string, use_i18n},
    lean::view,
};

/// What to tell the person, in their language.
#[must_use]
pub fn error_text(i18n: I18nContext<Locale>, error: &AppError) -> String {
    match error {
        AppError::NotFound => t_string!(i18n, errors.not_found).to_owned(),
        AppError::NotSignedIn => t_string!(i18n, errors.not_signed_in).to_owned(),
        AppError::NotAllowed => t_string!(i18n, errors.not_allowed).to_owned(),
        AppError::LinkGone => t_string!(i18n, errors.link_gone).to_owned(),
        AppError::DraftNotEmpty => t_string!(i18n, errors.draft_not_empty).to_owned(),
        AppError::Frozen => t_string!(i18n, errors.frozen).to_owned(),
        AppError::DraftUnreadable => t_string!(i18n, errors.draft_unreadable).to_owned(),
        AppError::TooLarge => t_string!(i18n, errors.too_large, size = BODY_MAX_BYTES / (1024 * 1024)).to_string(),
        AppError::TooManyAttempts => t_string!(i18n, errors.too_many_attempts).to_owned(),
        AppError::Unavailable => t_string!(i18n, errors.unavailable).to_owned(),
        AppError::Outdated => t_string!(i18n, errors.outdated).to_owned(),
        AppError::Transport { .. } => t_string!(i18n, errors.transport).to_owned(),
        AppError::Invalid { mistakes } => {
            let english = matches!(i18n.get_locale(), Locale::en);
            mistakes
                .iter()
                .map(|mistake| {
                    if english {
                        mistake.en.clone()
                    } else {
                        mistake.de.clone()
                    }
                })
                .collect::<Vec<_>>()
                .join("\n")
        }
    }
}

/// Shows an error where it happened, and says it aloud.
#[component]
pub fn ErrorNotice(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="notice notice-error" role="alert">
            {move || error_text(i18n, &error)}
        </p>
    }
}
