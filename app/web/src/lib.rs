//! The browser's entry: takes over the page that the server rendered.

use any_spawner::Executor;
use leptos::{mount::hydrate_from_async, prelude::document};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        app::crash::show_banner();
    }));
    let Some(body) = document().body() else { return };
    // Fails only where an executor is set already, which is as good.
    let _ = Executor::init_wasm_bindgen();
    leptos::task::spawn_local(async {
        // The page's own code is a chunk that may still be on its way.
        hydrate_from_async(body, app::App).await.forget();
        if let Some(root) = document().document_element() {
            // Tests wait for this mark before they press what only the script answers. Fails for no valid name.
            let _ = root.set_attribute("data-live", "");
        }
    });
}
