//! What a screen reader and a keyboard need beyond good HTML.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::lean::view;

/// After a navigation inside the application, moves the focus to the new page's heading and says its name in a live
/// region. The router does neither, so without this a screen reader would stay on the link that was followed.
#[component]
pub fn AnnounceNavigation() -> impl IntoView {
    let pathname = use_location().pathname;
    let (announcement, announce) = signal(String::new());
    Effect::new(move |before: Option<String>| {
        let now = pathname.get();
        if before.is_some_and(|before| before != now) {
            #[cfg(feature = "hydrate")]
            heading::focus_next(announce);
        }
        now
    });
    #[cfg(not(feature = "hydrate"))]
    let _: WriteSignal<String> = announce;
    view! { <p class="visually-hidden" role="status" aria-live="polite">{announcement}</p> }
}

#[cfg(feature = "hydrate")]
mod heading {
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::HtmlElement;

    /// How often to look for the new page's heading.
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    /// How often to look at most: pages load their data before they show, on a slow network for seconds.
    const LOOKS: u32 = 200;

    /// Focuses the heading of the page that is about to appear, as soon as it is there, and announces it.
    pub(super) fn focus_next(announce: WriteSignal<String>) {
        let old = find().map(|heading| (heading.text_content(), heading));
        look(old, announce, LOOKS);
    }

    fn look(old: Option<(Option<String>, HtmlElement)>, announce: WriteSignal<String>, looks: u32) {
        let found = find().filter(|heading| {
            old.as_ref()
                .is_none_or(|(text, before)| before != heading || *text != heading.text_content())
        });
        match found {
            Some(heading) => {
                heading.set_tab_index(-1);
                // Fails only for a heading that has just gone again; then there is nothing to announce either.
                if heading.focus().is_ok() {
                    announce.set(heading.text_content().unwrap_or_default());
                }
            }
            None if looks > 0 => set_timeout(move || look(old, announce, looks - 1), LOOK_EVERY),
            None => {}
        }
    }

    fn find() -> Option<HtmlElement> {
        document().query_selector("main h1").ok().flatten()?.dyn_into().ok()
    }
}
