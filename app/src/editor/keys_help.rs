//! The keys, for those who want to know. Opening it takes nothing away: it stands beside the text, and writing goes on.

use leptos::prelude::*;

use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
};

/// A button that shows the list of keys.
#[component]
pub(super) fn KeysHelp() -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        [
            (t_string!(i18n, editor.key_enter), t_string!(i18n, editor.keys_enter)),
            (
                t_string!(i18n, editor.key_backspace),
                t_string!(i18n, editor.keys_backspace),
            ),
            ("↑ ↓", t_string!(i18n, editor.keys_arrows)),
            ("Alt + ↑ ↓", t_string!(i18n, editor.keys_move)),
            (
                t_string!(i18n, editor.key_promote),
                t_string!(i18n, editor.keys_promote),
            ),
            (t_string!(i18n, editor.key_demote), t_string!(i18n, editor.keys_demote)),
            (t_string!(i18n, editor.key_undo), t_string!(i18n, editor.keys_undo)),
            (t_string!(i18n, editor.key_redo), t_string!(i18n, editor.keys_redo)),
            ("Tab", t_string!(i18n, editor.keys_tab)),
        ]
        .map(|(keys, what)| {
            view! {
                <div>
                    <dt>
                        <kbd>{keys}</kbd>
                    </dt>
                    <dd>{what}</dd>
                </div>
            }
        })
        .collect_view()
    };
    view! {
        <details class="keys">
            <summary
                class="tool"
                data-action="keys"
                title=move || t_string!(i18n, editor.keys)
                aria-label=move || t_string!(i18n, editor.keys)
                on:mousedown=|event| event.prevent_default()
            >
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                    <path d="M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1m3 4h.01M11 10h.01M15 10h.01M7 14h10" />
                </svg>
            </summary>
            <div class="keys-list">
                <h2>{text!(i18n, editor.keys)}</h2>
                <dl>{move || rows()}</dl>
            </div>
        </details>
    }
}
