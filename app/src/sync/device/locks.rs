//! Which pages are open: each holds a Web Lock named by its client id, which the browser takes back when the page is
//! gone, however it went.

use model::insert::inserted;
use std::collections::BTreeSet;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use super::promise::{call, deferred, object, property};

const PREFIX: &str = "leitnetz-page-";

/// Held for as long as the page lives and listens.
pub(in crate::sync) struct PageLock {
    release: Function,
}

impl PageLock {
    /// Holds the lock of this client id; nothing where the browser has no locks.
    pub(in crate::sync) async fn hold(client_id: u64) -> Option<Self> {
        let locks = locks()?;
        let (granted, grant) = deferred();
        let (held, release) = deferred();
        let hold = Closure::once_into_js(move |_: JsValue| -> Promise {
            let _ = grant.call0(&JsValue::UNDEFINED);
            held
        });
        let name = format!("{PREFIX}{client_id}");
        // Shared with itself, so that a page that wakes twice does not wait for itself.
        let options = object(&[("mode", "shared".into())]);
        call(&locks, "request", &[name.into(), options, hold]).ok()?;
        JsFuture::from(granted).await.ok()?;
        Some(Self { release })
    }
}

impl Drop for PageLock {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// The client ids of all open pages; nothing where the browser cannot tell.
pub(in crate::sync) async fn living() -> Option<BTreeSet<u64>> {
    let query = call(&locks()?, "query", &[]).ok()?.dyn_into::<Promise>().ok()?;
    let snapshot = JsFuture::from(query).await.ok()?;
    let held = property(&snapshot, "held").dyn_into::<Array>().ok()?;
    let ids = held.iter().filter_map(|lock| {
        let name = property(&lock, "name").as_string()?;
        name.strip_prefix(PREFIX)?.parse::<u64>().ok()
    });
    Some(inserted(ids))
}

/// `navigator.locks`, which only secure pages have.
fn locks() -> Option<JsValue> {
    let locks = property(&leptos::prelude::window().navigator(), "locks");
    (!locks.is_undefined()).then_some(locks)
}
