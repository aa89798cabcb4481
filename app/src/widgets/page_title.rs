//! The document's title.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::lean::view;

/// Sets the title to "`text` · Leitnetz".
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <Title text=move || format!("{} · Leitnetz", text.get()) /> }
}
