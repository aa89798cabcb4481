//! The document's title.

use leptos::prelude::*;

/// Sets the title to "`text` · Leitnetz".
///
/// In the browser not by [`leptos_meta::Title`]: of a page that is rendered anew in its place, as after each action, it keeps a
/// text that belongs to the rendering before, and reads it when the page is left. That text is gone then, and so is the
/// application (0.8.7: `TitleView::rebuild` notes the new text under an id that nothing removes).
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let title = move || format!("{} · Leitnetz", text.get());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| document().set_title(&title()));
    // Noted for the head; there is nothing to see of it.
    #[cfg(not(feature = "hydrate"))]
    drop(leptos_meta::Title(
        leptos_meta::TitleProps::builder().text(title).build(),
    ));
}
