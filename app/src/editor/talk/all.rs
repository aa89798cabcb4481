//! Everything that is said about the text, below it.

use leptos::prelude::*;
use model::{
    doc::{FieldId, Whereabouts},
    talk::{State, Thread},
};

use super::card::name;
use crate::{
    editor::live::Editor,
    lean::{flag, list, part, view, words},
};

pub(in crate::editor) fn all() -> AnyView {
    let Some(editor) = use_context::<Editor>() else {
        return ().into_any();
    };
    let (i18n, talk) = (editor.i18n, editor.shown.talk);
    let settled = RwSignal::new(false);
    let chosen = Memo::new(move |_| {
        let settled = settled.get();
        editor.told.with(|told| {
            let chosen = told
                .threads
                .iter()
                .filter(|thread| (thread.state == State::Open) != settled);
            chosen.cloned().collect::<Vec<Thread>>()
        })
    });
    let count = Memo::new(move |_| {
        editor
            .told
            .with(|told| told.threads.iter().filter(|thread| thread.state == State::Open).count())
    });
    let is_empty = move || editor.told.with(|told| told.threads.is_empty());
    let row = move |thread: Thread| {
        let place = {
            let id = thread.id.clone();
            Memo::new(move |_| talk.places.with(|places| places.get(&id).cloned()))
        };
        let at = {
            let field = thread.anchor.field.clone();
            move || match place.get() {
                Some(place) => place.field().cloned(),
                None => Some(field.clone()),
            }
        };
        let is_gone = move || place.with(|place| matches!(place, Some(Whereabouts::Gone(_))));
        let named = {
            let at = at.clone();
            move || {
                at().map(|field| editor.shown.view.with(|view| editor.field_name(view, &field)))
                    .unwrap_or_default()
            }
        };
        let there = {
            let at = at.clone();
            move || at().is_some()
        };
        let is_suggestion = thread.suggestion.is_some();
        let go = move |_| {
            if let Some(field) = untrack(&at) {
                show(editor, field, is_suggestion);
            }
        };
        let quote = thread.anchor.passage.as_ref().map(|passage| passage.quote.clone());
        let first = thread.comments.iter().find_map(|comment| comment.text.clone());
        let author = thread.author().map(|author| words(name(editor, author.to_owned())));
        let replies = thread.comments.len().saturating_sub(1);
        let id = thread.id.clone();
        let gone = part(move || {
            is_gone().then(|| view! { <p class="talk-gone" data-gone>{text!(i18n, talk.gone)}</p> }.into_any())
        });
        view! {
            <li data-all-thread=id>
                <p class="talk-who">
                    <strong>{author}</strong>
                    " – "
                    {words(named)}
                    {(replies > 0).then(|| format!(" (+{replies})"))}
                </p>
                {quote.map(|quote| view! { <blockquote class="talk-quote" lang="de">{quote}</blockquote> })}
                {gone}
                <p class="talk-words">{first}</p>
                <button
                    type="button"
                    class="button button-small"
                    data-action="go-there"
                    hidden=flag(move || !there())
                    on:click=go
                >
                    {text!(i18n, talk.go_there)}
                </button>
            </li>
        }
        .into_any()
    };
    let keys = move || {
        chosen.with(|all| {
            all.iter()
                .map(|thread| format!("{} {}", thread.id, thread.version))
                .collect::<Vec<_>>()
        })
    };
    let row_of = move |key: String| {
        let all = chosen.get_untracked();
        let thread = all
            .into_iter()
            .find(|thread| key == format!("{} {}", thread.id, thread.version));
        thread.map(row).into_any()
    };
    let filter = move |event| settled.set(event_target_value(&event) == "settled");
    view! {
        <details class="talk-all" data-talk-all hidden=flag(is_empty)>
            <summary>{text!(i18n, talk.all)} " (" {count} ")"</summary>
            <label class="talk-filter">
                <span>{text!(i18n, talk.filter)}</span>
                <select data-talk-filter on:change=filter>
                    <option value="open">{text!(i18n, talk.filter_open)}</option>
                    <option value="settled">{text!(i18n, talk.filter_settled)}</option>
                </select>
            </label>
            <p class="hint" hidden=flag(move || !chosen.with(Vec::is_empty))>{text!(i18n, talk.all_none)}</p>
            <ul role="list">
                {list(keys, row_of)}
            </ul>
        </details>
    }
    .into_any()
}

/// Opens the panel at a field and brings its row into sight.
fn show(editor: Editor, field: FieldId, is_suggestion: bool) {
    editor.panel().talk_in(field.clone(), is_suggestion);
    let selector = format!("[data-way='{field}'], [data-field='{field}']");
    if let Ok(Some(row)) = document().query_selector(&selector) {
        row.scroll_into_view();
    }
}
