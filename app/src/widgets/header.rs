//! The head of every page: skip link, name, language.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    i18n::{Locale, t_string, use_i18n},
    language,
    lean::view,
};

/// Skip link, the name that leads home, and the switch of language.
#[component]
pub fn SiteHeader() -> impl IntoView {
    let i18n = use_i18n();
    let other = move || match i18n.get_locale() {
        Locale::de => Locale::en,
        Locale::en => Locale::de,
    };
    view! {
        <a class="skip-link" href="#inhalt">
            {text!(i18n, common.skip)}
        </a>
        <header class="site-header">
            <A href="/" attr:class="site-name">
                <svg class="site-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
                    <g fill="none" stroke="currentColor" stroke-width="2.4">
                        <path d="M7 23 16 8l9 15M7 23h18" />
                    </g>
                    <g fill="currentColor">
                        <circle cx="16" cy="8" r="4" />
                        <circle cx="7" cy="23" r="4" />
                        <circle cx="25" cy="23" r="4" />
                    </g>
                </svg>
                <span>"Leitnetz"</span>
            </A>
            <nav class="site-nav" aria-label=move || t_string!(i18n, common.main_navigation)>
                <A href="/">{text!(i18n, common.network)}</A>
                <button
                    type="button"
                    class="language"
                    lang=move || if matches!(other(), Locale::en) { "en" } else { "de" }
                    on:click=move |_| language::choose(i18n, other())
                >
                    {move || if matches!(other(), Locale::en) { "English" } else { "Deutsch" }}
                </button>
            </nav>
        </header>
    }
}
