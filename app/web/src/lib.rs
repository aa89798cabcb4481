//! The browser's entry: takes over the page that the server rendered.

// The pages are one nested type each; computing its layout goes deeper than the default of 128.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        app::crash::show_banner();
    }));
    leptos::mount::hydrate_body(app::App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // Tests wait for this mark before they press what only the script answers. Fails for no valid name.
        let _ = root.set_attribute("data-live", "");
    }
}
