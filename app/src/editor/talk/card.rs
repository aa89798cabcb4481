//! One thread.

use std::sync::Arc;

use leptos::prelude::*;
use model::{
    doc::{Effect, Whereabouts},
    talk::{COORDINATOR, Comment, Decision, Deed, State, Thread},
};

use super::{
    effect,
    say::say,
    write::{Start, write},
};
use crate::{
    editor::{live::Editor, panel::catch_focus},
    error::AppError,
    i18n::t_string,
    lean::{flag, list, part, view, words},
    sync::{
        drafts::{Draft, decide_key, edit_key, reply_key},
        session::fresh_id,
    },
    versions::moment_text,
    widgets::error_text,
};

/// What a suggestion would do, and whose other suggestions concern the same words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outlook {
    pub(super) effect: Option<Effect>,
    pub(super) conflicts: Vec<String>,
    /// The same words were changed since it was made.
    pub(super) outdated: bool,
}

/// A thread with all that can be done about it. It stays one element while it changes, so that nobody loses what they
/// are typing there.
pub(super) fn card(editor: Editor, id: &str, outlook: Option<Signal<Outlook>>) -> AnyView {
    let (i18n, talk) = (editor.i18n, editor.shown.talk);
    let id = id.to_owned();
    let thread = {
        let id = id.clone();
        Memo::new(move |before: Option<&Option<Thread>>| {
            let now = editor
                .told
                .with(|told| told.threads.iter().find(|thread| thread.id == id).cloned());
            now.or_else(|| before.cloned().flatten())
        })
    };
    let state = Memo::new(move |_| thread.with(|thread| thread.as_ref().map_or(State::Open, |thread| thread.state)));
    let is_suggestion =
        thread.with_untracked(|thread| thread.as_ref().is_some_and(|thread| thread.suggestion.is_some()));
    let is_gone = {
        let id = id.clone();
        Memo::new(move |_| {
            talk.places
                .with(|places| matches!(places.get(&id), Some(Whereabouts::Gone(_))))
        })
    };
    let quote = thread.with_untracked(|thread| {
        let passage = thread.as_ref()?.anchor.passage.clone()?;
        Some(view! { <blockquote class="talk-quote" lang="de">{passage.quote}</blockquote> }.into_any())
    });
    let all = move || {
        thread.with(|thread| {
            thread
                .as_ref()
                .map(|thread| thread.comments.clone())
                .unwrap_or_default()
        })
    };
    // A comment whose words change is another row.
    let keyed = |comment: &Comment| format!("{} {:?} {}", comment.id, comment.text, comment.edited);
    let of_thread = id.clone();
    let comments = list(
        move || all().iter().map(keyed).collect(),
        move |key| {
            let comment = untrack(all).into_iter().find(|comment| keyed(comment) == key);
            comment.map(|comment| said(editor, &of_thread, comment)).into_any()
        },
    );
    let may_talk = move || editor.shown.role.get().may_talk() && !editor.shown.withdrawn.get();
    let replied = id.clone();
    let reply = part(move || {
        if !may_talk() {
            return None;
        }
        let thread = replied.clone();
        let reply = move |text: String| {
            say(
                editor,
                &Deed::Reply {
                    thread: thread.clone(),
                    comment: fresh_id(),
                    text,
                },
            );
            true
        };
        let start = Start::empty(reply_key(&replied));
        let (label, send) = (text!(i18n, talk.reply_label), text!(i18n, talk.reply_send));
        Some(write(
            editor,
            start,
            "reply",
            label,
            send,
            Arc::new(|| ()),
            Arc::new(reply),
        ))
    });
    let gone = part(move || {
        is_gone
            .get()
            .then(|| view! { <p class="talk-gone" data-gone>{text!(i18n, talk.gone)}</p> }.into_any())
    });
    let data_thread = id.clone();
    let settled = if is_suggestion {
        decisions(editor, &id, thread, outlook)
    } else {
        settle(editor, &id, state)
    };
    view! {
        <li class="talk-thread" data-thread=data_thread data-state=Signal::derive(move || state_name(state.get()))>
            {quote}
            {gone}
            {outlook.map(|outlook| effect::effect(editor, thread, outlook))}
            <ol class="talk-comments" role="list">
                {comments}
            </ol>
            {settled}
            {reply}
        </li>
    }
    .into_any()
}

/// One comment.
fn said(editor: Editor, thread: &str, comment: Comment) -> AnyView {
    let i18n = editor.i18n;
    let Comment {
        id,
        by,
        at_ms,
        edited,
        text,
        ..
    } = comment;
    let is_own = editor.own.with_value(|own| *own == by);
    let name = words(name(editor, by));
    let when = words(move || {
        let when = moment_text(i18n, at_ms);
        if edited {
            format!("{when}, {}", t_string!(i18n, talk.edited))
        } else {
            when
        }
    });
    let waiting = id.clone();
    let mark = part(move || {
        let stored = editor.told.with(|told| told.waiting.get(&waiting).copied())?;
        let text = match (editor.shown.connected.get(), stored) {
            (true, _) => t_string!(i18n, talk.sending),
            (false, true) => t_string!(i18n, talk.on_device),
            (false, false) => t_string!(i18n, talk.not_yet),
        };
        let mark = if stored { "device" } else { "pending" };
        Some(view! { <p class="talk-mark" role="status" data-waiting=mark>{text}</p> }.into_any())
    });
    let is_there = text.is_some();
    let key = edit_key(thread, &id);
    // A change that was begun stands there again.
    let editing = RwSignal::new(is_own && is_there && editor.draft(&key).is_some());
    let data_comment = id.clone();
    let body = match text.clone() {
        Some(words) => view! { <p class="talk-words">{words}</p> }.into_any(),
        None => view! { <p class="talk-words unknown">{text!(i18n, talk.deleted)}</p> }.into_any(),
    };
    let may_delete = move || is_there && (is_own || editor.shown.role.get().may_decide());
    let (edited_thread, edited_id) = (thread.to_owned(), id.clone());
    let edit = part(move || {
        if !editing.get() {
            return None;
        }
        let (thread, comment) = (edited_thread.clone(), edited_id.clone());
        let start = Start {
            key: edit_key(&thread, &comment),
            before: text.clone().unwrap_or_default(),
        };
        let change = move |text: String| {
            editing.set(false);
            say(
                editor,
                &Deed::Edit {
                    thread: thread.clone(),
                    comment: comment.clone(),
                    text,
                },
            );
            true
        };
        let (label, send) = (text!(i18n, talk.edit_label), text!(i18n, talk.save));
        Some(write(
            editor,
            start,
            "save-comment",
            label,
            send,
            Arc::new(|| ()),
            Arc::new(change),
        ))
    });
    let turn = move |_| {
        if editing.get_untracked() {
            editor.keep_draft(&key, None);
        }
        editing.update(|editing| *editing = !*editing);
    };
    let deleted = (thread.to_owned(), id);
    view! {
        <li data-comment=data_comment>
            <p class="talk-who">
                <strong>{name}</strong>
                " "
                <span class="talk-when">{when}</span>
            </p>
            <div hidden=editing>{body}</div>
            {edit}
            {mark}
            <p class="talk-tools" hidden=flag(move || !may_delete())>
                <button
                    type="button"
                    class="link-button"
                    data-action="edit-comment"
                    hidden=!is_own
                    aria-expanded=words(move || editing.get().to_string())
                    on:click=turn
                >
                    {words(move || {
                        if editing.get() {
                            t_string!(i18n, talk.cancel).to_owned()
                        } else {
                            t_string!(i18n, talk.edit).to_owned()
                        }
                    })}
                </button>
                <button
                    type="button"
                    class="link-button"
                    data-action="delete-comment"
                    on:click=move |_| {
                        let (thread, comment) = deleted.clone();
                        say(editor, &Deed::Delete { thread, comment });
                    }
                >
                    {text!(i18n, talk.delete)}
                </button>
            </p>
        </li>
    }
    .into_any()
}

/// Resolving and reopening.
fn settle(editor: Editor, id: &str, state: Memo<State>) -> AnyView {
    let i18n = editor.i18n;
    let id = id.to_owned();
    let is_open = move || state.get() == State::Open;
    let turn = move |_| {
        let thread = id.clone();
        say(
            editor,
            &if state.get_untracked() == State::Open {
                Deed::Resolve { thread }
            } else {
                Deed::Reopen { thread }
            },
        );
    };
    view! {
        <p class="talk-settle" hidden=flag(move || !editor.shown.role.get().may_talk())>
            <button
                type="button"
                class="button button-small"
                data-action=Signal::derive(move || if is_open() { "resolve" } else { "reopen" })
                on:click=turn
            >
                {words(move || {
                    if is_open() {
                        t_string!(i18n, talk.resolve).to_owned()
                    } else {
                        t_string!(i18n, talk.reopen).to_owned()
                    }
                })}
            </button>
        </p>
    }
    .into_any()
}

/// Accepting, rejecting, taking back; and what came of it.
fn decisions(editor: Editor, id: &str, thread: Memo<Option<Thread>>, outlook: Option<Signal<Outlook>>) -> AnyView {
    let i18n = editor.i18n;
    let id = id.to_owned();
    let state = Memo::new(move |_| thread.with(|thread| thread.as_ref().map(|thread| thread.state)));
    let key = decide_key(&id);
    let reason = RwSignal::new(editor.draft(&key).unwrap_or_default());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<AppError>);
    // What the page has said before, the person knows when they accept.
    let is_outdated = flag(move || outlook.is_some_and(|outlook| outlook.with(|outlook| outlook.outdated)));
    let reasoned = {
        let key = key.clone();
        move |event| {
            let words = event_target_value(&event);
            editor.keep_draft(&key, (!words.is_empty()).then(|| Draft::Words(words.clone())));
            reason.set(words);
        }
    };
    let decide = {
        let id = id.clone();
        move |decision: Decision| {
            let Some(session) = editor.session().filter(|_| !busy.get_untracked()) else {
                return;
            };
            busy.set(true);
            let (id, key) = (id.clone(), key.clone());
            leptos::task::spawn_local(async move {
                let decided = session
                    .decide(id, decision, reason.get_untracked(), is_outdated.get_untracked())
                    .await;
                // The page may have gone while this was decided.
                let Some(own) = editor.own.try_get_value() else { return };
                busy.set(false);
                if decided.is_ok() {
                    editor.keep_draft(&key, None);
                    let name = name(editor, own)();
                    editor.announce(match decision {
                        Decision::Accept => t_string!(i18n, talk.accepted_by, name = name).to_string(),
                        Decision::Reject => t_string!(i18n, talk.rejected_by, name = name).to_string(),
                    });
                    catch_focus();
                }
                failed.set(decided.err());
            });
        }
    };
    let outcome = part(move || {
        let thread = thread.get()?;
        let decided = thread.suggestion?.decided;
        let text = match (thread.state, &decided) {
            (State::Withdrawn, _) => t_string!(i18n, talk.withdrawn).to_owned(),
            (State::Accepted, Some(decided)) => {
                let name = name(editor, decided.by.clone())();
                t_string!(i18n, talk.accepted_by, name = name).to_string()
            }
            (State::Rejected, Some(decided)) => {
                let name = name(editor, decided.by.clone())();
                t_string!(i18n, talk.rejected_by, name = name).to_string()
            }
            _ => return None,
        };
        let why = decided.map(|decided| decided.reason).filter(|why| !why.is_empty());
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        Some(view! { <p class="talk-outcome" data-outcome>{text} {why}</p> }.into_any())
    });
    let accept = decide.clone();
    let is_open = move || state.get() == Some(State::Open);
    let is_own = move || {
        let author = thread.with(|thread| thread.as_ref().and_then(Thread::author).map(str::to_owned));
        editor.own.with_value(|own| author.as_ref() == Some(own))
    };
    view! {
        {outcome}
        <div class="talk-decide" hidden=flag(move || !is_open() || !editor.shown.role.get().may_decide())>
            <label>
                <span>{text!(i18n, talk.decision_reason)}</span>
                <input type="text" data-say="decide" prop:value=reason on:input=reasoned />
            </label>
            <button
                type="button"
                class="button button-small button-main"
                data-action="accept"
                aria-disabled=words(move || busy.get().to_string())
                on:click=move |_| accept(Decision::Accept)
            >
                {words(move || {
                    if is_outdated.get() {
                        t_string!(i18n, talk.accept_anyway).to_owned()
                    } else {
                        t_string!(i18n, talk.accept).to_owned()
                    }
                })}
            </button>
            <button
                type="button"
                class="button button-small"
                data-action="reject"
                aria-disabled=words(move || busy.get().to_string())
                on:click=move |_| decide(Decision::Reject)
            >
                {text!(i18n, talk.reject)}
            </button>
            <p role="status">
                {words(move || {
                    if busy.get() {
                        t_string!(i18n, talk.deciding).to_owned()
                    } else {
                        failed.get().map(|error| error_text(i18n, &error)).unwrap_or_default()
                    }
                })}
            </p>
        </div>
        <p hidden=flag(move || !is_open() || !is_own())>
            <button
                type="button"
                class="link-button"
                data-action="withdraw-suggestion"
                on:click=move |_| say(editor, &Deed::Withdraw { thread: id.clone() })
            >
                {text!(i18n, talk.withdraw)}
            </button>
        </p>
    }
    .into_any()
}

/// What a participant is called, as far as it is known.
pub(super) fn name(editor: Editor, participant: String) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let i18n = editor.i18n;
    move || {
        let told = editor
            .shown
            .talk
            .board
            .with(|board| board.author(&participant).map(|author| author.name.clone()));
        let here = || {
            editor.shown.people.with(|people| {
                let person = people.iter().find(|person| person.participant == participant);
                person.map(|person| person.name.clone())
            })
        };
        match told.or_else(here) {
            Some(name) if !name.is_empty() => name,
            _ if participant == COORDINATOR => t_string!(i18n, talk.coordination).to_owned(),
            _ => t_string!(i18n, talk.erased_person).to_owned(),
        }
    }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Resolved => "resolved",
        State::Accepted => "accepted",
        State::Rejected => "rejected",
        State::Withdrawn => "withdrawn",
    }
}
