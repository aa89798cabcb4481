//! The tab "Vorschläge": what is proposed for this text, and a form to propose something.

use std::collections::BTreeMap;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use model::{
    doc::{self, FieldId, View},
    insert::inserted,
    talk::{State, Thread},
};

use super::{
    card::{Outlook, card, name},
    comments::threads_of,
    form::form,
};
use crate::{
    editor::live::Editor,
    lean::{list, part, view},
};

/// What suggestions would do is computed this long after something changed, in milliseconds.
const LOOK_AFTER_MS: u32 = 300;

pub(in crate::editor) fn suggestions(editor: Editor, field: &FieldId) -> AnyView {
    let i18n = editor.i18n;
    let of_field = {
        let field = field.clone();
        Memo::new(move |_| threads_of(editor, &field, |thread| thread.suggestion.is_some()))
    };
    let outlooks = outlooks(editor);
    let ids = move || of_field.get().into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let nothing = part(move || {
        of_field
            .with(Vec::is_empty)
            .then(|| view! { <p class="hint">{text!(i18n, talk.no_suggestions)}</p> }.into_any())
    });
    let row = move |id: String| {
        let of = id.clone();
        let outlook = Memo::new(move |_| outlooks.with(|all| all.get(&of).cloned().unwrap_or_default()));
        card(editor, &id, Some(outlook.into()))
    };
    let proposed = field.clone();
    let form = part(move || editor.shown.role.get().may_talk().then(|| form(editor, &proposed)));
    view! {
        {nothing}
        <ul class="talk-threads" role="list" data-suggestions-of=field.to_string()>
            {list(ids, row)}
        </ul>
        {form}
    }
    .into_any()
}

/// What every open suggestion would do to the text as it stands.
fn outlooks(editor: Editor) -> RwSignal<BTreeMap<String, Outlook>> {
    let outlooks = RwSignal::new(BTreeMap::new());
    let later = StoredValue::new_local(None::<Timeout>);
    let look = move || {
        let waiting = |now: &View, thread: &Thread| {
            let suggestion = thread.suggestion.as_ref().filter(|_| thread.state == State::Open)?;
            let basis = suggestion.basis.as_ref();
            let outdated = basis.is_some_and(|basis| basis.is_outdated(now));
            let author = thread.author()?.to_owned();
            Some((thread.id.clone(), author, suggestion.update.clone(), outdated))
        };
        let open: Vec<(String, String, String, bool)> = editor.told.with_untracked(|told| {
            let told = &told.threads;
            editor
                .shown
                .view
                .with_untracked(|now| told.iter().filter_map(|thread| waiting(now, thread)).collect())
        });
        let updates: Vec<String> = open.iter().map(|(_, _, update, _)| update.clone()).collect();
        let effects: Vec<Option<doc::Effect>> = editor
            .session()
            .map(|session| session.effects(&updates))
            .unwrap_or_default();
        let conflicts = |at: usize| {
            let Some(Some(own)) = effects.get(at) else {
                return Vec::new();
            };
            let others = open.iter().zip(&effects).enumerate().filter(|(other, _)| *other != at);
            others
                .filter(|(_, (_, effect))| effect.as_ref().is_some_and(|effect| doc::same_words(own, effect)))
                .map(|(_, ((_, author, ..), _))| untrack(name(editor, author.clone())))
                .collect()
        };
        let found = open.iter().enumerate().map(|(at, (id, ..))| {
            let outlook = Outlook {
                effect: effects.get(at).cloned().flatten(),
                conflicts: conflicts(at),
                outdated: open[at].3,
            };
            (id.clone(), outlook)
        });
        let found: BTreeMap<String, Outlook> = inserted(found);
        if outlooks.try_with_untracked(|before| *before != found) == Some(true) {
            outlooks.set(found);
        }
    };
    look();
    Effect::watch(
        move || {
            editor.shown.view.track();
            editor.told.track();
        },
        move |(), _, _| {
            let soon = Timeout::new(LOOK_AFTER_MS, look);
            later.set_value(Some(soon));
        },
        false,
    );
    outlooks
}
