//! What the page has to say beside the text.

use leptos::prelude::*;

use super::{Action, Actions};
use crate::{
    i18n::{t_string, use_i18n},
    sync::shown::Shown,
};

/// Withdrawn link, reading only, published, and words that were not taken.
#[component]
pub(super) fn Notices(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p
            class="notice"
            data-notice="read"
            hidden=move || shown.role.get().may_write() || shown.withdrawn.get()
        >
            {text!(i18n, editor.only_reading)}
        </p>
        <div role="alert">
            {move || {
                shown.withdrawn.get().then(|| {
                    view! {
                        <p class="notice notice-error" data-notice="withdrawn">{text!(i18n, editor.withdrawn)}</p>
                    }
                })
            }}
        </div>
        <div role="status">
            {move || {
                shown.published.get().map(|_| {
                    view! {
                        <p class="notice notice-good notice-closable" data-notice="published">
                            <span>{text!(i18n, editor.published_now)}</span>
                            <button
                                type="button"
                                class="tool"
                                data-action="dismiss"
                                aria-label=move || t_string!(i18n, editor.close_notice)
                                on:click=move |_| shown.published.set(None)
                            >
                                "×"
                            </button>
                        </p>
                    }
                })
            }}
        </div>
        <div role="alert">
            {move || (!shown.recovered.with(Vec::is_empty)).then(|| view! { <Recovered shown /> })}
        </div>
    }
}

/// Words that were not taken, to copy.
#[component]
fn Recovered(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        leptos::task::spawn_local(async move {
            let words = shown.recovered.with_untracked(|words| words.join("\n\n"));
            let written = window().navigator().clipboard().write_text(&words);
            copied.set(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
        });
    };
    view! {
        <section class="notice notice-error recovered" data-notice="recovered">
            <h2>{text!(i18n, editor.recovered)}</h2>
            <p>
                {move || {
                    if shown.withdrawn.get() {
                        t_string!(i18n, editor.recovered_withdrawn_hint)
                    } else {
                        t_string!(i18n, editor.recovered_hint)
                    }
                }}
            </p>
            <textarea
                readonly
                lang="de"
                rows="4"
                aria-label=move || t_string!(i18n, editor.recovered)
                prop:value=move || shown.recovered.with(|words| words.join("\n\n"))
            ></textarea>
            <div class="recovered-tools">
                <button type="button" class="button" data-action="copy" on:click=copy>
                    {move || if copied.get() { t_string!(i18n, editor.copied) } else { t_string!(i18n, editor.copy) }}
                </button>
                <button
                    type="button"
                    class="button"
                    data-action="dismiss"
                    on:click=move |_| shown.recovered.set(Vec::new())
                >
                    {text!(i18n, editor.dismiss)}
                </button>
            </div>
        </section>
    }
}

/// "Removed", with the way back.
#[component]
pub(super) fn Undoable(shown: Shown, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let removed = move || actions.removed.get().filter(|_| shown.is_live());
    view! {
        <div class="toast-place" role="status">
            {move || {
                removed().map(|removed| {
                    let what = removed.name;
                    view! {
                        <div class="toast" data-notice="removed">
                            <span>{move || t_string!(i18n, editor.removed, what = what.clone()).to_string()}</span>
                            <button
                                type="button"
                                class="button button-small"
                                data-action="undo-remove"
                                on:click=move |_| actions.ask.set(Some(Action::Restore(removed.id.clone())))
                            >
                                {text!(i18n, editor.undo_remove)}
                            </button>
                            <button
                                type="button"
                                class="tool"
                                data-action="dismiss"
                                aria-label=move || t_string!(i18n, editor.close_notice)
                                on:click=move |_| actions.removed.set(None)
                            >
                                "×"
                            </button>
                        </div>
                    }
                })
            }}
        </div>
    }
}
