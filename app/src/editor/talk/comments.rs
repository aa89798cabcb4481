//! The tab "Kommentare": what is said about this text, and a field to say something.

use std::sync::Arc;

use leptos::prelude::*;
use model::{
    doc::FieldId,
    talk::{Deed, State, Thread},
};

use super::{
    card::card,
    say::say,
    write::{Say, Start, write},
};
use crate::{
    editor::{field::Slot, live::Editor},
    i18n::t_string,
    lean::{flag, list, part, view},
    sync::{drafts::open_key, session::fresh_id, talk::Selected},
};

pub(in crate::editor) fn comments(editor: Editor, field: &FieldId) -> AnyView {
    let (i18n, talk) = (editor.i18n, editor.shown.talk);
    let show_resolved = RwSignal::new(false);
    let of_field = {
        let field = field.clone();
        Memo::new(move |_| threads_of(editor, &field, |thread| thread.suggestion.is_none()))
    };
    let ids = move || {
        let all = show_resolved.get();
        // Where one is writing an answer, a thread stays also when somebody else settles it.
        let is_written_in = |id: &str| talk.drafts.with_value(|drafts| drafts.is_begun_in(id));
        let shown = of_field
            .get()
            .into_iter()
            .filter(|(id, state)| all || *state == State::Open || is_written_in(id));
        shown.map(|(id, _)| id).collect::<Vec<_>>()
    };
    let resolved =
        Memo::new(move |_| of_field.with(|all| all.iter().filter(|(_, state)| *state != State::Open).count()));
    let selected = Memo::new({
        let field = field.clone();
        move |_| talk.selected.get().filter(|selected| selected.field == field)
    });
    // Words that the person does not mean are not taken up again while they stay selected.
    let dismissed = StoredValue::new(None::<Selected>);
    let look = {
        let field = field.clone();
        move || select(editor, &field, dismissed)
    };
    look();
    let begin = {
        let field = field.clone();
        move |text: String| {
            let words = selected.get_untracked().map(|Selected { start, end, .. }| (start, end));
            let Some(anchor) = editor.session().map(|session| session.anchor(&field, words)) else {
                return false;
            };
            talk.selected.set(None);
            say(
                editor,
                &Deed::Open {
                    thread: fresh_id(),
                    comment: fresh_id(),
                    anchor,
                    text,
                },
            );
            true
        }
    };
    let about = part(move || {
        let Selected { words, .. } = selected.get()?;
        let about = view! {
            <p class="talk-about" data-about="words">
                {text!(i18n, talk.about_words)}
                " "
                <q lang="de">{words}</q>
                " "
                <button
                    type="button"
                    class="link-button"
                    data-action="about-all"
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| {
                        dismissed.set_value(talk.selected.get_untracked());
                        talk.selected.set(None);
                    }
                >
                    {text!(i18n, talk.about_all)}
                </button>
            </p>
        };
        Some(about.into_any())
    });
    let key = open_key(field);
    let (looks, begins): (Arc<dyn Fn() + Send + Sync>, Say) = (Arc::new(look), Arc::new(begin));
    let compose = part(move || {
        if !editor.shown.role.get().may_talk() {
            return Some(view! { <p class="hint">{text!(i18n, talk.only_reading)}</p> }.into_any());
        }
        let (label, send) = (text!(i18n, talk.comment_label), text!(i18n, talk.comment_send));
        let (looks, begins) = (Arc::clone(&looks), Arc::clone(&begins));
        let start = Start::empty(key.clone());
        Some(write(editor, start, "comment", label, send, looks, begins))
    });
    let nothing = part(move || {
        let text = if talk.board.with(|board| board.loaded) {
            t_string!(i18n, talk.none)
        } else {
            t_string!(i18n, talk.loading)
        };
        of_field
            .with(Vec::is_empty)
            .then(|| view! { <p class="hint">{text}</p> }.into_any())
    });
    view! {
        {nothing}
        <ul class="talk-threads" role="list" data-threads-of=field.to_string()>
            {list(ids, move |id| card(editor, &id, None))}
        </ul>
        <label class="check" hidden=flag(move || resolved.get() == 0)>
            <input
                type="checkbox"
                data-action="show-resolved"
                prop:checked=show_resolved
                on:change=move |event| show_resolved.set(event_target_checked(&event))
            />
            <span>{text!(i18n, talk.show_resolved)} " (" {resolved} ")"</span>
        </label>
        {about}
        {compose}
    }
    .into_any()
}

/// The threads at a field, in the order in which they were begun.
pub(super) fn threads_of(editor: Editor, field: &FieldId, which: fn(&Thread) -> bool) -> Vec<(String, State)> {
    let places = editor.shown.talk.places.get();
    editor.told.with(|told| {
        let here = told.threads.iter().filter(|thread| which(thread)).filter(|thread| {
            // Until it is looked up: where it was begun.
            let at = places
                .get(&thread.id)
                .map_or(Some(&thread.anchor.field), |place| place.field());
            at.is_some_and(|at| at == field || (at.block().is_some() && at.block() == field.block()))
        });
        here.map(|thread| (thread.id.clone(), thread.state)).collect()
    })
}

/// Takes over what is selected in the field, where it is one.
fn select(editor: Editor, field: &FieldId, dismissed: StoredValue<Option<Selected>>) {
    let Some(found) = editor.with_slot(field, Slot::selected_words) else {
        return;
    };
    let selected = found.map(|(start, end, words)| Selected {
        field: field.clone(),
        start,
        end,
        words,
    });
    if selected.is_none() || selected != dismissed.get_value() {
        editor.shown.talk.selected.set(selected);
    }
}
