//! From a text that one may not write in to what is said about it.

use leptos::prelude::*;
use model::doc::FieldId;

use crate::{
    editor::Actions,
    i18n::{t_string, use_i18n},
    lean::view,
    sync::shown::Shown,
};

/// Opens the panel of a block in the text. `words` name it. Not there before the browser has the document.
pub(in crate::editor) fn way(shown: Shown, actions: Actions, field: FieldId, words: String) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let id = field.to_string();
    let open = {
        let field = field.clone();
        Memo::new(move |_| shown.talk.open_at(&field))
    };
    let label = move || {
        let what: String = words.chars().take(40).collect();
        let label = t_string!(i18n, talk.talk_about, what = what).to_string();
        match open.get() {
            0 => label,
            count => {
                let count = count.to_string();
                format!("{label}. {}", t_string!(i18n, talk.comments_open, count = count))
            }
        }
    };
    let go = move |_| {
        #[cfg(feature = "hydrate")]
        actions
            .panel
            .talk_about(shown.talk, &field, super::write::selected_in_text(&field));
        #[cfg(not(feature = "hydrate"))]
        let _ = (actions, &field);
    };
    view! {
        <button
            type="button"
            class="tool way"
            data-action="panel"
            data-way=id
            aria-label=label
            title=text!(i18n, talk.suggest)
            hidden=move || !shown.loaded.get() || shown.withdrawn.get()
            on:mousedown=|event| event.prevent_default()
            on:click=go
        >
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d="M5 5h14v10H10l-4 4v-4H5z" />
            </svg>
            {move || (open.get() > 0).then(|| view! { <span class="badge" data-threads=open>{open}</span> })}
        </button>
    }
}
