//! What a page is made of: loaded once on the server, read from its HTML in the browser.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::not_found::PageError;
use crate::{
    error::AppError,
    lean::view,
    packed::{Compact, Loaded, Packed},
};

type Loading = Pin<Box<dyn Future<Output = Loaded> + Send>>;
type Pending = Resource<Loaded, Compact>;

/// The data of a page or of a part of one. A handle, like the signals.
///
/// Loading, waiting and showing are compiled once for all pages: the type is forgotten on the way.
pub struct PageData<T> {
    loaded: Pending,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for PageData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageData<T> {}

impl<T: DeserializeOwned + Send + 'static> PageData<T> {
    /// Loads, and loads anew whenever `key` changes. `load` reads its parameters itself when it is called.
    pub fn new<L>(
        key: impl Fn() -> String + Send + Sync + 'static,
        load: impl Fn() -> L + Send + Sync + 'static,
    ) -> Self
    where
        L: Future<Output = Result<Packed<T>, AppError>> + Send + 'static,
    {
        let load = move || -> Loading {
            let loading = load();
            Box::pin(async move { loading.await.map(Packed::erase) })
        };
        Self {
            loaded: resource(Box::new(key), Box::new(load)),
            value: PhantomData,
        }
    }

    /// Shows the page as soon as its data are there; what stood there before stays until then.
    pub fn show(self, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.show_or(view, |error| view! { <PageError error /> }.into_any())
    }

    /// [`Self::show`] with another view for errors.
    pub fn show_or(
        self,
        view: impl Fn(T) -> AnyView + Send + Sync + 'static,
        failed: fn(AppError) -> AnyView,
    ) -> AnyView {
        let view = move |packed: Packed<()>| packed.restore::<T>().open().map(&view);
        frame(self.loaded, Arc::new(view), failed)
    }

    /// What has arrived, if it has; without waiting or being told of changes.
    pub fn peek(self) -> Option<Result<T, AppError>> {
        let loaded = self.loaded.get_untracked()?;
        Some(loaded.and_then(|packed| packed.restore::<T>().open()))
    }
}

fn resource(key: Box<dyn Fn() -> String + Send + Sync>, load: Box<dyn Fn() -> Loading + Send + Sync>) -> Pending {
    Resource::new_with_options(key, move |_| load(), false)
}

type View = Arc<dyn Fn(Packed<()>) -> Result<AnyView, AppError> + Send + Sync>;

fn frame(loaded: Pending, view: View, failed: fn(AppError) -> AnyView) -> AnyView {
    view! {
        <Transition>
            {move || {
                let view = Arc::clone(&view);
                Suspend::new(async move {
                    loaded.await.and_then(|packed| view(packed)).unwrap_or_else(failed)
                })
            }}
        </Transition>
    }
    .into_any()
}
