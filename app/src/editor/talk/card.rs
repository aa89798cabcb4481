//! One thread.

use leptos::prelude::*;
use model::{
    doc::{Effect, Whereabouts},
    talk::{COORDINATOR, Comment, Decision, Deed, State, Thread},
};

use super::{
    effect,
    write::{moment, write},
};
use crate::{
    editor::live::Editor,
    error::AppError,
    i18n::{Locale, t_string},
    sync::session::fresh_id,
    widgets::error_text,
};

/// What a suggestion would do, and whose other suggestions concern the same words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outlook {
    pub(super) effect: Option<Effect>,
    pub(super) conflicts: Vec<String>,
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
    let quote = move || {
        thread.with(|thread| {
            let passage = thread.as_ref()?.anchor.passage.clone()?;
            Some(view! { <blockquote class="talk-quote" lang="de">{passage.quote}</blockquote> })
        })
    };
    let comments = move || {
        thread.with(|thread| {
            thread
                .as_ref()
                .map(|thread| thread.comments.clone())
                .unwrap_or_default()
        })
    };
    let may_talk = move || editor.shown.role.get().may_talk() && !editor.shown.withdrawn.get();
    let say = move |deed: Deed| editor.say(&deed);
    let reply = {
        let id = id.clone();
        move || {
            let id = id.clone();
            may_talk().then(|| {
                let draft = format!("reply {id}");
                let id = id.clone();
                write(
                    editor,
                    draft,
                    "reply",
                    text!(i18n, talk.reply_label),
                    text!(i18n, talk.reply_send),
                    || (),
                    move |text| {
                        say(Deed::Reply {
                            thread: id.clone(),
                            comment: fresh_id(),
                            text,
                        });
                        true
                    },
                )
            })
        }
    };
    let of_thread = id.clone();
    let data_thread = id.clone();
    view! {
        <li class="talk-thread" data-thread=data_thread data-state=move || state_name(state.get())>
            {quote}
            {move || is_gone.get().then(|| view! { <p class="talk-gone" data-gone>{text!(i18n, talk.gone)}</p> })}
            {outlook.map(|outlook| effect::effect(editor, thread, outlook))}
            <ol class="talk-comments" role="list">
                <For each=comments key=|comment| (comment.id.clone(), comment.text.clone(), comment.edited) let(comment)>
                    {said(editor, &of_thread, comment)}
                </For>
            </ol>
            {if is_suggestion { decisions(editor, &id, thread).into_any() } else { settle(editor, &id, state).into_any() }}
            {reply}
        </li>
    }
    .into_any()
}

/// One comment.
fn said(editor: Editor, thread: &str, comment: Comment) -> impl IntoView + use<> {
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
    let name = name(editor, by);
    let when = move || moment(at_ms, language(editor));
    let mark = {
        let id = id.clone();
        move || {
            let stored = editor.told.with(|told| told.waiting.get(&id).copied())?;
            let is_connected = editor.shown.connected.get();
            let text = match (is_connected, stored) {
                (true, _) => t_string!(i18n, talk.sending),
                (false, true) => t_string!(i18n, talk.on_device),
                (false, false) => t_string!(i18n, talk.not_yet),
            };
            Some(
                view! { <p class="talk-mark" role="status" data-waiting=if stored { "device" } else { "pending" }>{text}</p> },
            )
        }
    };
    let is_there = text.is_some();
    let editing = RwSignal::new(false);
    let data_comment = id.clone();
    let words = text.clone();
    let body = move || match words.clone() {
        Some(words) => view! { <p class="talk-words">{words}</p> }.into_any(),
        None => view! { <p class="talk-words unknown">{text!(i18n, talk.deleted)}</p> }.into_any(),
    };
    let may_delete = move || is_there && (is_own || editor.shown.role.get().may_decide());
    let (edited_thread, edited_id) = (thread.to_owned(), id.clone());
    let edit = move || {
        editing.get().then(|| {
            let (thread, comment) = (edited_thread.clone(), edited_id.clone());
            let draft = format!("edit {comment}");
            let drafts = editor.shown.talk.drafts;
            drafts.update_value(|drafts| {
                drafts
                    .entry(draft.clone())
                    .or_insert_with(|| text.clone().unwrap_or_default());
            });
            write(
                editor,
                draft,
                "save-comment",
                text!(i18n, talk.edit_label),
                text!(i18n, talk.save),
                || (),
                move |text| {
                    editing.set(false);
                    editor.say(&Deed::Edit {
                        thread: thread.clone(),
                        comment: comment.clone(),
                        text,
                    });
                    true
                },
            )
        })
    };
    let deleted = (thread.to_owned(), id);
    view! {
        <li data-comment=data_comment>
            <p class="talk-who">
                <strong>{name}</strong>
                " "
                <span class="talk-when">{when} {move || edited.then(|| format!(", {}", t_string!(i18n, talk.edited)))}</span>
            </p>
            <div hidden=move || editing.get()>{body}</div>
            {edit}
            {mark}
            <p class="talk-tools" hidden=move || !may_delete()>
                <button
                    type="button"
                    class="link-button"
                    data-action="edit-comment"
                    hidden=!is_own
                    aria-expanded=move || editing.get().to_string()
                    on:click=move |_| editing.update(|editing| *editing = !*editing)
                >
                    {move || if editing.get() { t_string!(i18n, talk.cancel) } else { t_string!(i18n, talk.edit) }}
                </button>
                <button
                    type="button"
                    class="link-button"
                    data-action="delete-comment"
                    on:click=move |_| {
                        let (thread, comment) = deleted.clone();
                        editor.say(&Deed::Delete { thread, comment });
                    }
                >
                    {text!(i18n, talk.delete)}
                </button>
            </p>
        </li>
    }
}

/// Resolving and reopening.
fn settle(editor: Editor, id: &str, state: Memo<State>) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let id = id.to_owned();
    let is_open = move || state.get() == State::Open;
    let turn = move |_| {
        let thread = id.clone();
        editor.say(&if state.get_untracked() == State::Open {
            Deed::Resolve { thread }
        } else {
            Deed::Reopen { thread }
        });
    };
    view! {
        <p class="talk-settle" hidden=move || !editor.shown.role.get().may_talk()>
            <button
                type="button"
                class="button button-small"
                data-action=move || if is_open() { "resolve" } else { "reopen" }
                on:click=turn
            >
                {move || if is_open() { t_string!(i18n, talk.resolve) } else { t_string!(i18n, talk.reopen) }}
            </button>
        </p>
    }
}

/// Accepting, rejecting, taking back; and what came of it.
fn decisions(editor: Editor, id: &str, thread: Memo<Option<Thread>>) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let id = id.to_owned();
    let state = Memo::new(move |_| thread.with(|thread| thread.as_ref().map(|thread| thread.state)));
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<AppError>);
    let decide = {
        let id = id.clone();
        move |decision: Decision| {
            let Some(session) = editor.session().filter(|_| !busy.get_untracked()) else {
                return;
            };
            busy.set(true);
            let id = id.clone();
            leptos::task::spawn_local(async move {
                let decided = session.decide(id, decision, reason.get_untracked()).await;
                busy.set(false);
                failed.set(decided.err());
            });
        }
    };
    let outcome = move || {
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
        Some(view! { <p class="talk-outcome" data-outcome>{text} {why}</p> })
    };
    let accept = decide.clone();
    let is_open = move || state.get() == Some(State::Open);
    let is_own = move || {
        let author = thread.with(|thread| thread.as_ref().and_then(Thread::author).map(str::to_owned));
        editor.own.with_value(|own| author.as_ref() == Some(own))
    };
    view! {
        {outcome}
        <div class="talk-decide" hidden=move || !is_open() || !editor.shown.role.get().may_decide()>
            <label>
                <span>{text!(i18n, talk.decision_reason)}</span>
                <input type="text" data-say="decide" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
            </label>
            <button
                type="button"
                class="button button-small button-main"
                data-action="accept"
                aria-disabled=move || busy.get().to_string()
                on:click=move |_| accept(Decision::Accept)
            >
                {text!(i18n, talk.accept)}
            </button>
            <button
                type="button"
                class="button button-small"
                data-action="reject"
                aria-disabled=move || busy.get().to_string()
                on:click=move |_| decide(Decision::Reject)
            >
                {text!(i18n, talk.reject)}
            </button>
            <p role="status">
                {move || {
                    if busy.get() {
                        Some(t_string!(i18n, talk.deciding).to_owned())
                    } else {
                        failed.get().map(|error| error_text(i18n, &error))
                    }
                }}
            </p>
        </div>
        <p hidden=move || !is_open() || !is_own()>
            <button
                type="button"
                class="link-button"
                data-action="withdraw-suggestion"
                on:click=move |_| editor.say(&Deed::Withdraw { thread: id.clone() })
            >
                {text!(i18n, talk.withdraw)}
            </button>
        </p>
    }
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

fn language(editor: Editor) -> &'static str {
    match editor.i18n.get_locale() {
        Locale::de => "de-DE",
        Locale::en => "en-GB",
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
