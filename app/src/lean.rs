//! Views of as few types as possible: each type of an element in an option, of a closure or a list drags along a copy of
//! the rendering code, several kilobytes of wasm.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use leptos::prelude::*;

/// Leptos' `view!` as an [`AnyView`]. Inside of closures, options and lists every view has this one type then, and what
/// renders them is compiled once.
macro_rules! erased {
    ($($tokens:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::prelude::view! { $($tokens)* })
    };
}
pub(crate) use erased as view;

/// A part of a view that changes.
#[cfg(feature = "hydrate")]
pub(crate) fn part(
    view: impl FnMut() -> Option<AnyView> + Send + 'static,
) -> Box<dyn FnMut() -> Option<AnyView> + Send> {
    Box::new(view)
}

/// Words that change.
#[cfg(feature = "hydrate")]
pub(crate) fn words(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(text)
}

/// A yes or no that changes.
#[cfg(feature = "hydrate")]
pub(crate) fn flag(flag: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(flag)
}

/// A list whose rows stay the same elements as long as their items are the same.
pub(crate) fn list<T: Hash + Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    row: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list_by(items, T::hash, row)
}

/// [`list`] with the part of an item that makes it the same one.
pub(crate) fn list_by<T: Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T, &mut DefaultHasher) + Send + Sync + 'static,
    row: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let row = Arc::new(row);
    let items = move || {
        let item = |item: T| {
            let mut hasher = DefaultHasher::new();
            key(&item, &mut hasher);
            let row = Arc::clone(&row);
            Item {
                key: hasher.finish(),
                view: Box::new(move || row(item)),
            }
        };
        items().into_iter().map(item).collect()
    };
    rows(Arc::new(items))
}

/// A row that is not there yet.
struct Item {
    key: u64,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

fn rows(items: Arc<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { <For each=move || items() key=|item| item.key children=|item| (item.view)() /> }
}
