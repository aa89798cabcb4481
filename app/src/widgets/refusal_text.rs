//! Why the server did not take something, in words.

use leptos_i18n::I18nContext;

use crate::i18n::{Locale, t_string};

/// What to tell the person about a refusal, by its code on the wire (`model::wire::Refused::code`).
#[must_use]
pub fn refusal_text(i18n: I18nContext<Locale>, code: &str) -> &'static str {
    match code {
        "too_large" | "unreadable" | "too_many" => t_string!(i18n, refusals.too_large),
        "malformed" | "out_of_range" | "too_long" => t_string!(i18n, refusals.not_understood),
        "content_kind" | "too_deep" => t_string!(i18n, refusals.content_kind),
        "text_too_long" => t_string!(i18n, refusals.text_too_long),
        "too_many_blocks" => t_string!(i18n, refusals.too_many_blocks),
        "document_full" => t_string!(i18n, refusals.document_full),
        "foreign_client_id" => t_string!(i18n, refusals.foreign_client_id),
        "incomplete" => t_string!(i18n, refusals.incomplete),
        "not_applied" => t_string!(i18n, refusals.not_applied),
        "read_only_link" => t_string!(i18n, refusals.read_only_link),
        "talk_not_allowed" => t_string!(i18n, refusals.talk_not_allowed),
        "talk_gone" => t_string!(i18n, refusals.talk_gone),
        "talk_refused" => t_string!(i18n, refusals.talk_refused),
        "frozen" => t_string!(i18n, refusals.frozen),
        // From another version of the server.
        _ => t_string!(i18n, refusals.other),
    }
}

#[cfg(test)]
mod tests {
    /// Every code that the server can send has words here: a new one must not fall through unnoticed.
    #[test]
    fn every_code_is_named() {
        let source = include_str!("refusal_text.rs");
        for refusal in model::wire::admission::Refusal::ALL {
            assert!(
                source.contains(&format!("\"{}\"", refusal.code())),
                "{}",
                refusal.code()
            );
        }
    }
}
