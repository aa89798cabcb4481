//! Waiting for what the browser does.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::Refused;

/// A promise that is kept by calling the function.
pub(super) fn deferred() -> (Promise, Function) {
    let mut kept = None;
    let promise = Promise::new(&mut |resolve, _| kept = Some(resolve));
    // The constructor calls back before it returns.
    (promise, kept.unwrap_or_default())
}

/// Waits for a promise, at most this long.
pub(super) async fn within(promise: Promise, limit_ms: i32) -> Result<JsValue, Refused> {
    let timeout = Promise::new(&mut |_, reject| {
        // Without a timer it waits as long as the browser likes.
        let _ = leptos::prelude::window().set_timeout_with_callback_and_timeout_and_arguments_0(&reject, limit_ms);
    });
    let first = Promise::race(&Array::of2(&promise, &timeout));
    JsFuture::from(first).await.map_err(|_| Refused)
}

/// Calls a method that the bindings do not have.
pub(super) fn call(target: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, Refused> {
    let method = Reflect::get(target, &JsValue::from_str(method)).map_err(|_| Refused)?;
    let method = method.dyn_into::<Function>().map_err(|_| Refused)?;
    let arguments: Array = arguments.iter().collect();
    Reflect::apply(&method, target, &arguments).map_err(|_| Refused)
}

/// A property, which may be `undefined`.
pub(in crate::sync) fn property(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &JsValue::from_str(name)).unwrap_or_default()
}

/// An object with these properties.
pub(super) fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in properties {
        // Fails only for frozen objects.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}
