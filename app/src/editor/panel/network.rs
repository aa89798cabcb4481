//! The tab "Im Netzwerk": how other places put it in what they published, and taking one of their points over.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use model::doc::{self, BlockId};

use crate::{
    calls::search_network, editor::live::Editor, error::AppError, i18n::t_string, lean::view, versions::day_text,
    views::NetworkPoint, widgets::ErrorNotice,
};

/// Searched this long after the last change of the words.
const PAUSE: Duration = Duration::from_millis(700);
/// More words do not find more.
const WORDS_MAX_CHARS: usize = 600;

/// What is shown below the search field.
#[derive(Clone, PartialEq)]
enum State {
    /// There is nothing to search for.
    NoWords,
    Searching,
    Found(Vec<NetworkPoint>),
    Offline,
    Failed(AppError),
}

pub(super) fn network(editor: Editor, id: &BlockId) -> AnyView {
    let i18n = editor.i18n;
    let own_words = RwSignal::new(String::new());
    let state = RwSignal::new(State::NoWords);
    let block = id.clone();
    let asked = Memo::new(move |_| {
        let own = own_words.get();
        let words = if own.trim().is_empty() {
            editor
                .shown
                .view
                .with(|view| view.block(&block).map(|block| block.text.clone()))
        } else {
            Some(own)
        };
        words
            .unwrap_or_default()
            .trim()
            .chars()
            .take(WORDS_MAX_CHARS)
            .collect::<String>()
    });
    let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move |before: Option<()>| {
        let is_without_words = asked.with(String::is_empty);
        let is_online = editor.shown.connected.get();
        stop();
        if is_without_words {
            state.set(State::NoWords);
        } else if !is_online {
            state.set(State::Offline);
        } else if before.is_none() {
            search(editor, asked, state);
        } else {
            let later = set_timeout_with_handle(move || search(editor, asked, state), PAUSE);
            timer.set_value(later.ok());
        }
    });
    let found = {
        let id = id.clone();
        move || match state.get() {
            State::NoWords => view! { <p class="hint">{text!(i18n, papers.network_no_words)}</p> }.into_any(),
            State::Searching => view! { <p class="hint">{text!(i18n, papers.network_searching)}</p> }.into_any(),
            State::Offline => {
                view! { <p class="hint" data-offline>{text!(i18n, papers.network_offline)}</p> }.into_any()
            }
            State::Failed(error) => view! { <ErrorNotice error /> }.into_any(),
            State::Found(points) if points.is_empty() => {
                view! { <p class="hint">{text!(i18n, papers.network_nothing)}</p> }.into_any()
            }
            State::Found(points) => {
                let id = id.clone();
                let points = points.into_iter().map(move |point| found_point(editor, &id, point));
                view! {
                    <ul class="network-points" role="list">
                        {points.collect_view()}
                    </ul>
                }
                .into_any()
            }
        }
    };
    let count = move || {
        state.with(|state| match state {
            State::Found(points) => t_string!(i18n, papers.network_found, count = points.len()).to_string(),
            _ => String::new(),
        })
    };
    view! {
        <p class="hint">{text!(i18n, papers.network_hint)}</p>
        <label class="network-search">
            <span>{text!(i18n, papers.network_search)}</span>
            <input
                type="search"
                autocomplete="off"
                maxlength="200"
                data-network-search
                on:input=move |event| own_words.set(event_target_value(&event))
            />
        </label>
        <p class="visually-hidden" role="status">{move || count()}</p>
        {found}
    }
    .into_any()
}

fn search(editor: Editor, asked: Memo<String>, state: RwSignal<State>) {
    let words = asked.get_untracked();
    // What was found stays until there is something else: it would jump while somebody types.
    if !matches!(state.get_untracked(), State::Found(_)) {
        state.set(State::Searching);
    }
    leptos::task::spawn_local(async move {
        let found = match search_network(editor.ags(), words.clone()).await {
            Ok(points) => State::Found(points),
            Err(AppError::Transport { .. } | AppError::Outdated) => State::Offline,
            Err(error) => State::Failed(error),
        };
        // The tab may be closed by now, or an answer that comes late be about words that nobody asks for any more.
        if asked.try_with_untracked(|asked| *asked == words) == Some(true) {
            state.set(found);
        }
    });
}

fn found_point(editor: Editor, id: &BlockId, point: NetworkPoint) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let NetworkPoint {
        source,
        guideline,
        text,
    } = point;
    let place = source.place.clone();
    let label = {
        let place = place.clone();
        move || t_string!(i18n, papers.borrow_from, place = place.clone()).to_string()
    };
    let there = format!("/kommune/{}#b-{}", source.ags, source.block);
    let day = source.date.clone();
    let date = move || day_text(i18n, &day);
    let (words, after, named) = (text.clone(), id.clone(), place.clone());
    let borrow = move |_| {
        let added = editor.step(|doc, entropy| doc::borrow_point(doc, &after, &words, &source, entropy));
        if added.is_some() {
            editor.announce(t_string!(i18n, papers.borrowed, place = named.clone()).to_string());
        }
    };
    view! {
        <li class="network-point" data-network-point=there>
            <blockquote lang="de">{text}</blockquote>
            <p class="source">
                <a href=there.clone() target="_blank" rel="noopener">{place}</a>
                {(!guideline.is_empty()).then(|| format!(", {guideline}"))}
                ", " {date}
            </p>
            {move || {
                let (borrow, label) = (borrow.clone(), label.clone());
                editor.shown.may_change().then(|| {
                    view! {
                        <button type="button" class="button button-small" data-action="borrow" aria-label=label on:click=borrow>
                            {text!(i18n, papers.borrow)}
                        </button>
                    }
                })
            }}
        </li>
    }
}
