//! The row's way into the panel.

use leptos::prelude::*;
use model::doc::{BlockKind, FieldId};

use crate::{
    editor::{field::Slot, live::Editor},
    i18n::t_string,
    lean::view,
    sync::talk::Selected,
};

/// Opens the panel for `field`, or closes it when it is open there. `name` is what the row is called.
pub(in crate::editor) fn button(
    editor: Editor,
    field: FieldId,
    kind: Signal<Option<BlockKind>>,
    name: Memo<String>,
) -> impl IntoView {
    let (i18n, panel) = (editor.i18n, editor.panel());
    let is_open = {
        let field = field.clone();
        Memo::new(move |_| {
            panel
                .open
                .with(|open| open.as_ref().is_some_and(|open| open.field == field))
        })
    };
    let label = move || {
        let what = name.get();
        t_string!(i18n, panel.open_for, what = what).to_string()
    };
    let toggle = move |_| {
        let selected = editor.with_slot(&field, Slot::selected_words).flatten();
        if let Some((start, end, words)) = selected {
            let selected = Selected {
                field: field.clone(),
                start,
                end,
                words,
            };
            return panel.talk_about(editor.shown.talk, &field, Some(selected));
        }
        if is_open.get_untracked() {
            panel.open.set(None);
            return;
        }
        kind.with_untracked(|kind| panel.show(field.clone(), kind.as_ref(), true));
    };
    view! {
        <button
            type="button"
            class="tool"
            data-action="panel"
            aria-label=label
            aria-expanded=move || is_open.get().to_string()
            title=move || t_string!(i18n, panel.open)
            on:click=toggle
        >
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d="M4 5h16v14H4zM14 5v14M17 9h.5M17 12h.5" />
            </svg>
        </button>
    }
}
