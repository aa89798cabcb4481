//! How many open threads stand at a row, and the way to them.

use leptos::prelude::*;
use model::doc::FieldId;

use crate::{
    editor::live::Editor,
    i18n::t_string,
    lean::{part, view, words},
};

/// Not there while there are none.
pub(in crate::editor) fn badge(editor: Editor, field: &FieldId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let talk = editor.shown.talk;
    let field = field.clone();
    let count = {
        let field = field.clone();
        Memo::new(move |_| talk.open_at(&field))
    };
    let is_any = Memo::new(move |_| count.get() > 0);
    let label = move || {
        let count = count.get().to_string();
        t_string!(i18n, talk.comments_open, count = count).to_string()
    };
    part(move || {
        if !is_any.get() {
            return None;
        }
        let field = field.clone();
        let badge = view! {
            <button
                type="button"
                class="talk-badge"
                data-action="talk"
                data-threads=words(move || count.get().to_string())
                aria-label=words(label)
                title=words(label)
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| editor.panel().talk_about(talk, &field, None)
            >
                <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
                    <path d="M5 5h14v10H10l-4 4v-4H5z" />
                </svg>
                {words(move || count.get().to_string())}
            </button>
        };
        Some(badge.into_any())
    })
}
