//! The Papierkorb: removed blocks, to be read and restored.

use leptos::prelude::*;

use super::{Action, Actions};
use crate::{
    i18n::{t_string, use_i18n},
    lean::{list, view},
    sync::shown::Shown,
};
use model::doc::BlockId;

/// Removed blocks; hidden as long as there are none.
#[component]
pub(super) fn Bin(shown: Shown, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let blocks = Memo::new(move |_| {
        shown.view.with(|view| {
            view.bin
                .iter()
                .map(|block| (block.id.clone(), block.text.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <details class="bin" data-bin hidden=move || blocks.with(Vec::is_empty)>
            <summary>
                {text!(i18n, editor.bin)} " (" {move || blocks.with(Vec::len)} ")"
            </summary>
            <p class="hint">{text!(i18n, editor.bin_hint)}</p>
            <ul role="list">
                {list(move || blocks.get(), move |(id, text): (BlockId, String)| {
                        let words = text.clone();
                        let is_empty = text.is_empty();
                        let data_id = id.to_string();
                        view! {
                            <li>
                                <span class="bin-text" class:unknown=is_empty lang="de">
                                    {move || {
                                        if is_empty { t_string!(i18n, editor.empty_block).to_owned() } else { text.clone() }
                                    }}
                                </span>
                                <button
                                    type="button"
                                    class="button button-small"
                                    data-action="restore"
                                    data-id=data_id
                                    aria-label=move || {
                                        let what = words.clone();
                                        t_string!(
                                            i18n, editor.action_for, action = t_string!(i18n, editor.restore), what = what
                                        )
                                            .to_string()
                                    }
                                    hidden=move || !shown.is_live()
                                    on:click=move |_| actions.ask.set(Some(Action::Restore(id.clone())))
                                >
                                    {text!(i18n, editor.restore)}
                                </button>
                            </li>
                        }
                    })}
            </ul>
        </details>
    }
}
