//! What the page has to say beside the text.

use leptos::{html, prelude::*};
use model::{doc::FieldId, stage::Stage, wire::Restored};

use super::{Action, Actions};
use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
    sync::{
        about::Deed,
        recovered::name,
        shown::{DeviceState, Shown},
    },
    versions::moment_text,
    widgets::refusal_text,
};

/// Withdrawn link, reading only, a device that keeps nothing, a new release, published, and words that were not taken.
#[component]
pub(super) fn Notices(shown: Shown, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p
            class="notice"
            data-notice="read"
            hidden=move || shown.role.get().may_write() || shown.withdrawn.get()
        >
            {move || {
                if shown.role.get().may_talk() {
                    t_string!(i18n, editor.only_suggesting)
                } else {
                    t_string!(i18n, editor.only_reading)
                }
            }}
        </p>
        <div role="status">{move || frozen_notice(shown)}</div>
        <div role="status">
            {move || {
                shown.waits_for_storage().then(|| {
                    view! {
                        <p class="notice notice-warn" data-notice="storage">{text!(i18n, editor.storage)}</p>
                    }
                })
            }}
        </div>
        <div role="alert">
            {move || {
                shown.withdrawn.get().then(|| {
                    view! {
                        <p class="notice notice-error" data-notice="withdrawn">{text!(i18n, editor.withdrawn)}</p>
                    }
                })
            }}
        </div>
        <div role="status">{move || device_notice(shown)}</div>
        <div role="status">
            {move || {
                shown.outdated.get().then(|| {
                    view! {
                        <p class="notice notice-closable" data-notice="outdated">
                            <span>
                                {text!(i18n, editor.outdated)} " "
                                // A link to the page itself: the browser asks before it leaves words behind.
                                <a href="" data-action="reload" rel="external">
                                    {text!(i18n, editor.outdated_reload)}
                                </a>
                            </span>
                            <button
                                type="button"
                                class="tool"
                                data-action="dismiss"
                                aria-label=move || t_string!(i18n, editor.close_notice)
                                on:click=move |_| shown.outdated.set(false)
                            >
                                "×"
                            </button>
                        </p>
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
        <div role="status">{move || restored_notice(shown)}</div>
        <div role="alert">
            {move || (!shown.recovered.with(Vec::is_empty)).then(|| view! { <Recovered shown actions /> })}
        </div>
    }
}

/// What is said while nobody may write. Whoever only reads is told that already.
fn frozen_notice(shown: Shown) -> Option<impl IntoView + use<>> {
    let i18n = use_i18n();
    let is_told = shown.is_frozen() && shown.role.get().may_write() && !shown.withdrawn.get();
    is_told.then(|| {
        let text = match shown.stage.get() {
            Stage::Committee => text!(i18n, editor.frozen_committee),
            Stage::Adopted => text!(i18n, editor.frozen_adopted),
            _ => text!(i18n, editor.frozen),
        };
        view! {
            <p class="notice" data-notice="frozen">
                {text}
            </p>
        }
    })
}

/// What is said when an earlier state was brought back.
fn restored_notice(shown: Shown) -> Option<impl IntoView + use<>> {
    let i18n = use_i18n();
    let Restored { at_ms, name, whole } = shown.restored.get()?;
    let text = move || {
        let moment = moment_text(i18n, at_ms);
        let what = match &name {
            Some(name) => format!("{}, {moment}", t_string!(i18n, common.quoted, what = name.clone())),
            None => moment,
        };
        if whole {
            t_string!(i18n, editor.restored_state, what = what).to_string()
        } else {
            t_string!(i18n, editor.restored_part, what = what).to_string()
        }
    };
    Some(view! {
        <p class="notice notice-closable" data-notice="restored">
            <span>{text}</span>
            <button
                type="button"
                class="tool"
                data-action="dismiss"
                aria-label=move || t_string!(i18n, editor.close_notice)
                on:click=move |_| shown.restored.set(None)
            >
                "×"
            </button>
        </p>
    })
}

/// What is said when this device does not keep what is typed. Whoever only reads has nothing to keep.
fn device_notice(shown: Shown) -> Option<impl IntoView + use<>> {
    let i18n = use_i18n();
    if !shown.role.get().may_write() || shown.withdrawn.get() {
        return None;
    }
    let text = match shown.device.get() {
        DeviceState::Ready => return None,
        DeviceState::Refused => text!(i18n, editor.device_refused),
        DeviceState::Full => text!(i18n, editor.device_full),
    };
    Some(view! {
        <p class="notice notice-warn" data-notice="device">
            {text}
        </p>
    })
}

/// What was not taken, to copy.
#[component]
fn Recovered(shown: Shown, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        shown.recovered.with(|recovered| {
            let words: Vec<&str> = recovered
                .iter()
                .flat_map(|recovered| &recovered.words)
                .map(String::as_str)
                .collect();
            words.join("\n\n")
        })
    };
    let deeds = move || {
        let deeds: Vec<(Deed, String)> = shown
            .recovered
            .with(|all| all.iter().flat_map(|recovered| recovered.deeds.clone()).collect());
        deeds
            .into_iter()
            .map(|(deed, what)| {
                let text = match deed {
                    Deed::Moved => t_string!(i18n, editor.not_moved, what = what).to_string(),
                    Deed::Removed => t_string!(i18n, editor.not_removed, what = what).to_string(),
                    _ => t_string!(i18n, editor.not_restored, what = what).to_string(),
                };
                view! { <li>{text}</li> }
            })
            .collect_view()
    };
    let reason = move || {
        shown
            .recovered
            .with(|all| all.iter().rev().find_map(|recovered| recovered.reason.clone()))
    };
    let has_deeds = move || {
        shown
            .recovered
            .with(|all| all.iter().any(|recovered| !recovered.deeds.is_empty()))
    };
    let has_words = move || {
        shown
            .recovered
            .with(|all| all.iter().any(|recovered| !recovered.words.is_empty()))
    };
    // What may not be written may be suggested, as soon as nobody holds the text.
    let suggestable = move || {
        let may_suggest = shown.role.get().may_talk() && !shown.is_frozen() && !shown.withdrawn.get();
        let written: Vec<(FieldId, String)> = shown.recovered.with(|all| {
            let written = all
                .iter()
                .filter(|_| may_suggest)
                .flat_map(|recovered| recovered.written());
            written.map(|(field, words)| (field.clone(), words.clone())).collect()
        });
        written
            .into_iter()
            .map(|(field, words)| {
                let what = t_string!(i18n, common.quoted, what = name(&words)).to_string();
                let ask = move |_| actions.ask.set(Some(Action::Suggest(field.clone(), words.clone())));
                view! {
                    <li>
                        <button type="button" class="link-button" data-action="suggest-recovered" on:click=ask>
                            {text!(i18n, editor.recovered_suggest)} " " {what}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let copied = RwSignal::new(None::<bool>);
    let kept = NodeRef::<html::Textarea>::new();
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        leptos::task::spawn_local(async move {
            let is_copied = copy_text(&untrack(words)).await;
            if let Some(kept) = kept.get_untracked().filter(|_| !is_copied) {
                kept.select();
            }
            copied.set(Some(is_copied));
        });
    };
    view! {
        <section class="notice notice-error recovered" data-notice="recovered">
            <h2>{text!(i18n, editor.recovered)}</h2>
            <p>
                {move || {
                    if shown.withdrawn.get() {
                        t_string!(i18n, editor.recovered_withdrawn_hint)
                    } else if shown.device.get() != DeviceState::Ready {
                        t_string!(i18n, editor.recovered_unkept_hint)
                    } else if shown.is_frozen() {
                        t_string!(i18n, editor.recovered_frozen_hint)
                    } else {
                        t_string!(i18n, editor.recovered_hint)
                    }
                }}
            </p>
            {move || reason().map(|code| view! { <p data-reason=code.clone()>{refusal_text(i18n, &code)}</p> })}
            <textarea
                readonly
                lang="de"
                rows="4"
                node_ref=kept
                aria-label=move || t_string!(i18n, editor.recovered)
                hidden=move || !has_words()
                prop:value=words
            ></textarea>
            <ul lang="de" hidden=move || !has_deeds()>
                {deeds}
            </ul>
            <ul class="recovered-suggest" lang="de">{suggestable}</ul>
            <p data-copied="no" hidden=move || copied.get() != Some(false)>{text!(i18n, editor.copy_failed)}</p>
            <div class="recovered-tools">
                <button type="button" class="button" data-action="copy" hidden=move || !has_words() on:click=copy>
                    {move || if copied.get() == Some(true) { t_string!(i18n, editor.copied) } else { t_string!(i18n, editor.copy) }}
                </button>
                <button
                    type="button"
                    class="button"
                    data-action="dismiss"
                    on:click=move |_| actions.ask.set(Some(Action::DismissRecovered))
                >
                    {text!(i18n, editor.dismiss)}
                </button>
            </div>
        </section>
    }
}

/// True when the words lie on the clipboard.
#[cfg(feature = "hydrate")]
async fn copy_text(words: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // On pages that came without encryption browsers have none.
    !clipboard.is_undefined()
        && wasm_bindgen_futures::JsFuture::from(clipboard.write_text(words))
            .await
            .is_ok()
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
