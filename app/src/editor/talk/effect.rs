//! What a suggestion would do to the text as it stands now, word by word.

use leptos::prelude::*;
use model::{
    compare::{Budget, Kind, Piece, words},
    doc::{BlockId, Effect, FieldId},
    talk::{State, Thread},
};

use super::card::Outlook;
use crate::{
    editor::live::Editor,
    i18n::t_string,
    lean::{part, view},
};

/// For suggestions that are open; of others only the outcome counts.
pub(super) fn effect(editor: Editor, thread: Memo<Option<Thread>>, outlook: Signal<Outlook>) -> AnyView {
    let i18n = editor.i18n;
    let is_open =
        Memo::new(move |_| thread.with(|thread| thread.as_ref().is_some_and(|thread| thread.state == State::Open)));
    let conflicts = part(move || {
        let (conflicts, outdated) = outlook.with(|outlook| (outlook.conflicts.clone(), outlook.outdated));
        let with = |name| t_string!(i18n, talk.conflict, name = name).to_string();
        let since = outdated.then(|| t_string!(i18n, talk.outdated).to_owned());
        let names = since.into_iter().chain(conflicts.into_iter().map(with));
        let warning = |text: String| view! { <p class="talk-conflict" data-conflict>{text}</p> };
        is_open.get().then(|| names.map(warning).collect_view().into_any())
    });
    let change = part(move || {
        is_open
            .get()
            .then(|| match outlook.with(|outlook| outlook.effect.clone()) {
                Some(effect) if !effect.is_empty() => parts(editor, effect),
                _ => view! { <p class="hint">{text!(i18n, talk.no_effect)}</p> }.into_any(),
            })
    });
    view! {
        <div class="talk-effect" data-effect>
            {change}
            {conflicts}
        </div>
    }
    .into_any()
}

fn parts(editor: Editor, effect: Effect) -> AnyView {
    let i18n = editor.i18n;
    let words = effect
        .words
        .into_iter()
        .map(|(_, old, new)| diff(editor, &old, &new))
        .collect_view();
    let added = effect.added.into_iter().map(|(_, text)| {
        view! {
            <p>{text!(i18n, talk.is_added)} " " <ins lang="de">{text}</ins></p>
        }
    });
    let block_words = |id: &BlockId| {
        let view = editor.shown.view.get_untracked();
        view.block(id).map(|block| block.text.clone()).unwrap_or_default()
    };
    let removed = effect.removed.iter().map(|id| {
        view! {
            <p>{text!(i18n, talk.is_removed)} " " <del lang="de">{block_words(id)}</del></p>
        }
    });
    let moved = effect.moved.iter().map(|id| {
        let place = editor.field_name(&effect.after, &FieldId::Block(id.clone()));
        view! {
            <p>{text!(i18n, talk.is_moved)} " " <strong>{place}</strong></p>
        }
    });
    view! {
        {words}
        {added.collect_view()}
        {removed.collect_view()}
        {moved.collect_view()}
    }
    .into_any()
}

/// Removed and added words, also for those who do not see the strokes.
fn diff(editor: Editor, old: &str, new: &str) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let pieces = words(old, new, &mut Budget::brief())
        .into_iter()
        .map(|Piece { kind, text }| match kind {
            Kind::Same => view! { <span>{text}</span> }.into_any(),
            Kind::Deleted => view! {
                <del>
                    <span class="visually-hidden">{text!(i18n, talk.removed_words)} " "</span>
                    {text}
                </del>
            }
            .into_any(),
            Kind::Inserted => view! {
                <ins>
                    <span class="visually-hidden">{text!(i18n, talk.added_words)} " "</span>
                    {text}
                </ins>
            }
            .into_any(),
        });
    view! {
        <p class="talk-diff" lang="de">
            {pieces.collect_view()}
        </p>
    }
}
