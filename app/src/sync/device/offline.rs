//! What lets the editor's page open without a network: the service worker (`public/service-worker.js`), and the
//! request to the browser not to throw away what is kept.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

use super::promise::{call, object, property};

const SERVICE_WORKER: &str = "/service-worker.js";
/// Files that carry a hash of their content in their names.
const HASHED_FILES: &str = "/pkg/";
/// The list of those files, which is another one after every release.
const RELEASE: &str = "/hash.txt";

/// Has the service worker keep this page and the files it was made of. Does nothing where there are none: without
/// TLS, in some private windows.
pub(in crate::sync) async fn keep_page() {
    let Some(workers) = workers() else { return };
    let registered = JsFuture::from(workers.register(SERVICE_WORKER)).await;
    let Ok(ready) = registered.and_then(|_| workers.ready()) else {
        return;
    };
    let Ok(registration) = JsFuture::from(ready).await else {
        return;
    };
    if let Some(worker) = active(registration) {
        let message = object(&[
            ("keep", JsValue::from_str(&address())),
            ("files", hashed_files().into()),
        ]);
        // A worker that has gone meanwhile keeps what it kept before.
        let _ = worker.post_message(&message);
    }
}

/// Has the kept copy of this page thrown away.
pub(in crate::sync) fn forget_page() {
    let Some(workers) = workers() else { return };
    let message = object(&[("forget", JsValue::from_str(&address()))]);
    leptos::task::spawn_local(async move {
        // Not the one that controls this page: a page that came while the first one was installed has none.
        let found = JsFuture::from(workers.get_registration()).await;
        if let Some(worker) = found.ok().and_then(active) {
            // Without a worker that listens there is nothing that it kept.
            let _ = worker.post_message(&message);
        }
    });
}

/// Asks that what is kept is not thrown away when the device gets full. The browser may say no, and does not say so.
pub(in crate::sync) fn ask_to_persist() {
    let storage = property(&leptos::prelude::window().navigator(), "storage");
    let asked = call(&storage, "persist", &[]);
    if let Some(asked) = asked.ok().and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        leptos::task::spawn_local(async move {
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// What tells the running release from others; nothing when it cannot be asked for.
pub(in crate::sync) async fn release() -> Option<String> {
    let fetched = JsFuture::from(leptos::prelude::window().fetch_with_str(RELEASE)).await;
    let response = fetched.ok()?.dyn_into::<web_sys::Response>().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn active(registration: JsValue) -> Option<ServiceWorker> {
    registration.dyn_into::<ServiceWorkerRegistration>().ok()?.active()
}

fn workers() -> Option<ServiceWorkerContainer> {
    let workers = property(&leptos::prelude::window().navigator(), "serviceWorker");
    workers.dyn_into::<ServiceWorkerContainer>().ok()
}

fn address() -> String {
    leptos::prelude::window().location().pathname().unwrap_or_default()
}

/// What this page has loaded of the hashed files, lazily loaded ones too.
fn hashed_files() -> Array {
    let loaded = leptos::prelude::window()
        .performance()
        .map(|performance| performance.get_entries_by_type("resource"))
        .unwrap_or_default();
    let names = loaded.iter().filter_map(|entry| property(&entry, "name").as_string());
    names
        .filter(|name| name.contains(HASHED_FILES))
        .map(|name| JsValue::from_str(&name))
        .collect()
}
