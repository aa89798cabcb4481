//! Links to a Leitbild's files.

use leptos::prelude::*;

use crate::{i18n::use_i18n, lean::view};

/// Names and endings; what stands behind them is the server's `export::Format`.
const FORMATS: [(&str, &str); 5] = [
    ("PDF", "pdf"),
    ("Word", "docx"),
    ("HTML", "html"),
    ("Markdown", "md"),
    ("JSON", "json"),
];

/// The files of the text at `path`, which lacks only the ending.
#[component]
pub fn Downloads(path: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="downloads">
            {text!(i18n, papers.download)}
            {FORMATS
                .map(|(name, ending)| {
                    // Files are the server's: the router must not take these links for pages.
                    view! { " " <a href=format!("{path}.{ending}") rel="external" data-download=ending>{name}</a> }
                })
                .collect_view()}
        </p>
    }
}
