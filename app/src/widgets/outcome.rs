//! What came of an action of the page.

use leptos::{prelude::*, server_fn::ServerFn};

use super::ErrorNotice;
use crate::{error::AppError, lean::view};

/// Says that it was done, or why not. `hook` is for tests.
pub fn outcome<A>(action: ServerAction<A>, hook: &'static str, done: Signal<&'static str>) -> AnyView
where
    A: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    let shown = move || match value.get() {
        Some(Ok(())) => view! { <p class="notice notice-good" role="status" data-notice=hook>{done}</p> }.into_any(),
        Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
        None => ().into_any(),
    };
    shown.into_any()
}
