//! What a page can do only with the script.

use leptos::prelude::*;

use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
};

/// True as soon as the script has taken the page over: what needs it may be offered then.
#[must_use]
pub fn live() -> ReadSignal<bool> {
    let (live, set_live) = signal(false);
    // Effects run in the browser only, after hydration.
    Effect::new(move || set_live.set(true));
    live
}

/// Says that a form needs the script, to those who have none: what it answers with can only be shown by the page that sent it.
#[component]
pub fn NeedsScript() -> impl IntoView {
    let i18n = use_i18n();
    let words = format!("<p class=\"hint\">{}</p>", t_string!(i18n, common.needs_script));
    // With scripts on, browsers read what stands in here as text, so it must not be hydrated.
    view! { <noscript inner_html=words></noscript> }
}
