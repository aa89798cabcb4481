//! Views of as few types as possible: each type of a closure or a list drags along a copy of the rendering code.

use std::sync::Arc;

use leptos::prelude::*;

/// What is said with the words of a field; false: they stay in it.
pub(super) type Say = Arc<dyn Fn(String) -> bool + Send + Sync>;

/// A part of a view that changes.
pub(super) fn part(
    view: impl FnMut() -> Option<AnyView> + Send + 'static,
) -> Box<dyn FnMut() -> Option<AnyView> + Send> {
    Box::new(view)
}

/// Words that change.
pub(super) fn words(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(text)
}

/// A yes or no that changes.
pub(super) fn flag(flag: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(flag)
}

/// A list whose rows stay the same elements as long as their keys are there.
pub(super) fn list(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let keys: Signal<Vec<String>> = Signal::derive(keys);
    let row: Arc<dyn Fn(String) -> AnyView + Send + Sync> = Arc::new(row);
    view! { <For each=move || keys.get() key=Clone::clone let(key)>{row(key)}</For> }.into_any()
}
