//! The pages that the law asks for. Their particulars are the operator's: what stands here says so plainly.

use leptos::prelude::*;

use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
    widgets::PageTitle,
};

/// `/impressum`
#[component]
pub fn ImprintPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, legal.imprint).to_owned()) />
        <article class="page prose">
            <h1>{text!(i18n, legal.imprint)}</h1>
            <p>{text!(i18n, legal.imprint_text)}</p>
            <h2>{text!(i18n, legal.sources)}</h2>
            <p>{text!(i18n, common.geodata_notice)}</p>
            <p>{text!(i18n, legal.sources_text)}</p>
        </article>
    }
}

/// `/datenschutz`
#[component]
pub fn PrivacyPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, legal.privacy).to_owned()) />
        <article class="page prose">
            <h1>{text!(i18n, legal.privacy)}</h1>
            <p>{text!(i18n, legal.privacy_text)}</p>
            <ul>
                <li>{text!(i18n, legal.privacy_cookies)}</li>
                <li>{text!(i18n, legal.privacy_device)}</li>
                <li>{text!(i18n, legal.privacy_names)}</li>
                <li>{text!(i18n, legal.privacy_third_parties)}</li>
            </ul>
        </article>
    }
}

/// `/barrierefreiheit`
#[component]
pub fn AccessibilityPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, legal.accessibility).to_owned()) />
        <article class="page prose">
            <h1>{text!(i18n, legal.accessibility)}</h1>
            <p>{text!(i18n, legal.accessibility_text)}</p>
            <p>{text!(i18n, legal.accessibility_gaps)}</p>
            <p>{text!(i18n, legal.accessibility_contact)}</p>
        </article>
    }
}
