//! The slider through the states of a Leitbild.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use model::ags::Ags;

use super::{Against, Compared, StateRef, States, address, moment_text};
use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
    pages::data::PageData,
};

/// While somebody drags, a state is asked for this long after the last movement.
const REST: Duration = Duration::from_millis(120);
/// A film shows a state for this long, at least.
const FRAME: Duration = Duration::from_millis(450);
/// A film has about so many states, so that it takes a minute.
const FRAMES: usize = 130;

/// What is chosen on the slider.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// Row and time of each state.
    states: StoredValue<Arc<[(u64, i64)]>>,
    /// Which of them is chosen.
    pub(super) position: RwSignal<usize>,
    /// The one that is shown, or being loaded.
    pub(super) shown: RwSignal<usize>,
    pub(super) against: RwSignal<Against>,
}

impl Choice {
    /// As the address says, and again whenever that changes.
    pub(super) fn of_address(states: &States) -> Self {
        let query = use_query_map();
        let states: Arc<[(u64, i64)]> = states.all().into();
        let last = states.len().saturating_sub(1);
        let states = StoredValue::new(states);
        let asked = Memo::new(move |_| {
            let query = query.read();
            let number = |name: &str| query.get(name).and_then(|text| text.parse::<u64>().ok());
            let of_state = |seq| states.with_value(|states| states.partition_point(|(other, _)| *other <= seq));
            let position = number("stand")
                .map(|seq| of_state(seq).saturating_sub(1))
                .or_else(|| number("schritt").and_then(|step| usize::try_from(step).ok()));
            let against = query.get("gegen").map(|text| Against::parse(&text));
            (position.unwrap_or(last).min(last), against.unwrap_or_default())
        });
        let (position, against) = asked.get_untracked();
        let choice = Self {
            states,
            position: RwSignal::new(position),
            shown: RwSignal::new(position),
            against: RwSignal::new(against),
        };
        Effect::new(move |before: Option<()>| {
            let (position, against) = asked.get();
            if before.is_some() {
                choice.position.set(position);
                choice.shown.set(position);
                choice.against.set(against);
            }
        });
        choice
    }

    fn last(self) -> usize {
        self.states.with_value(|states| states.len().saturating_sub(1))
    }

    fn state(self, position: usize) -> Option<(u64, i64)> {
        self.states.with_value(|states| states.get(position).copied())
    }

    /// The row of the log that a state includes everything up to.
    pub(super) fn seq(self, position: usize) -> Option<u64> {
        self.state(position).map(|(seq, _)| seq)
    }

    /// When a state was.
    pub(super) fn time(self, position: usize) -> Option<i64> {
        self.state(position).map(|(_, at_ms)| at_ms)
    }

    /// When the state of that row was.
    fn time_of(self, seq: u64) -> Option<i64> {
        let found = self
            .states
            .with_value(|states| states.binary_search_by_key(&seq, |(seq, _)| *seq).ok());
        found.and_then(|position| self.state(position)).map(|(_, at_ms)| at_ms)
    }

    fn position_of(self, seq: u64) -> Option<usize> {
        self.states
            .with_value(|states| states.binary_search_by_key(&seq, |(seq, _)| *seq).ok())
    }
}

/// The slider with its buttons, and what to compare with. Without JavaScript it is a form.
#[component]
pub(super) fn Timeline(ags: Ags, choice: Choice, named: Vec<StateRef>, compared: PageData<Compared>) -> impl IntoView {
    let i18n = use_i18n();
    let is_taken_over = RwSignal::new(false);
    Effect::new(move |_| is_taken_over.set(true));
    let navigate = use_navigate();
    let place = ags.clone();
    // The address follows when somebody stops, not at every step: browsers limit how often it may change.
    let rest = Callback::new(move |()| {
        let position = choice.position.get_untracked();
        choice.shown.set(position);
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(
            &address(&place, choice.seq(position), choice.against.get_untracked()),
            options,
        );
    });
    let film = Film::new(choice, compared, rest);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    };
    let drag = move |position: usize| {
        film.stop();
        choice.position.set(position.min(choice.last()));
        stop_waiting();
        let handle = set_timeout_with_handle(move || choice.shown.set(choice.position.get_untracked()), REST);
        waiting.set_value(handle.ok());
    };
    on_cleanup(stop_waiting);
    let go = move |position: usize| {
        film.stop();
        stop_waiting();
        choice.position.set(position.min(choice.last()));
        rest.run(());
    };
    let compare_with = move |against: Against| {
        choice.against.set(against);
        rest.run(());
    };
    let moment = move || {
        let state = choice.state(choice.position.get());
        state.map(|(_, at_ms)| moment_text(i18n, at_ms)).unwrap_or_default()
    };
    let marks = named
        .iter()
        .filter_map(|state| choice.position_of(state.seq))
        .map(|position| view! { <option value=position.to_string()></option> })
        .collect_view();
    let is_first = move || choice.position.get() == 0;
    let is_last = move || choice.position.get() == choice.last();
    view! {
        <form method="get" action=format!("/kommune/{ags}/leitbild/verlauf") class="timeline" data-timeline>
            <div class="timeline-head">
                <label for="schritt">{text!(i18n, versions.slider)}</label>
                <output for="schritt" data-moment>{move || moment()}</output>
            </div>
            <input
                id="schritt"
                name="schritt"
                type="range"
                min="0"
                max=choice.last().to_string()
                step="1"
                list="benannt"
                value=choice.position.get_untracked().to_string()
                prop:value=move || choice.position.get().to_string()
                aria-valuetext=moment
                on:input=move |event| {
                    if let Ok(position) = event_target_value(&event).parse() {
                        drag(position);
                    }
                }
                on:change=move |_| rest.run(())
            />
            <datalist id="benannt">{marks}</datalist>
            <div class="timeline-buttons" hidden=move || !is_taken_over.get()>
                <button
                    type="button"
                    class="button button-small"
                    data-action="earlier"
                    aria-disabled=move || is_first().to_string()
                    on:click=move |_| go(choice.position.get_untracked().saturating_sub(1))
                >
                    {text!(i18n, versions.earlier)}
                </button>
                <button type="button" class="button button-small" data-action="play" on:click=move |_| film.toggle()>
                    {move || {
                        if film.playing.get() {
                            t_string!(i18n, versions.pause)
                        } else {
                            t_string!(i18n, versions.play)
                        }
                    }}
                </button>
                <button
                    type="button"
                    class="button button-small"
                    data-action="later"
                    aria-disabled=move || is_last().to_string()
                    on:click=move |_| go(choice.position.get_untracked() + 1)
                >
                    {text!(i18n, versions.later)}
                </button>
                <button
                    type="button"
                    class="button button-small"
                    data-action="compare-with-this"
                    on:click=move |_| {
                        if let Some(seq) = choice.seq(choice.position.get_untracked()) {
                            compare_with(Against::State(seq));
                        }
                    }
                >
                    {text!(i18n, versions.compare_with_this)}
                </button>
            </div>
            <div class="timeline-against">
                <label for="gegen">{text!(i18n, versions.against)}</label>
                <select
                    id="gegen"
                    name="gegen"
                    on:change=move |event| compare_with(Against::parse(&event_target_value(&event)))
                >
                    <Choices choice named />
                </select>
                <button type="submit" class="button button-small" hidden=move || is_taken_over.get()>
                    {text!(i18n, versions.show)}
                </button>
            </div>
        </form>
    }
}

/// What can be compared with: the draft, nothing, the named states, and the one that was picked from the slider.
#[component]
fn Choices(choice: Choice, named: Vec<StateRef>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |against: Against, text: Signal<String>| {
        view! {
            <option value=against.to_query() selected=move || choice.against.get() == against>
                {text}
            </option>
        }
    };
    let seqs: Vec<u64> = named.iter().map(|state| state.seq).collect();
    let picked = move || match choice.against.get() {
        Against::State(seq) if !seqs.contains(&seq) => choice.time_of(seq).map(|at_ms| {
            let text = Signal::derive(move || moment_text(i18n, at_ms));
            option(Against::State(seq), text)
        }),
        _ => None,
    };
    let now = Signal::derive(move || t_string!(i18n, versions.against_now).to_owned());
    let nothing = Signal::derive(move || t_string!(i18n, versions.against_nothing).to_owned());
    let named = named.into_iter().map(|state| {
        let name = state.name.unwrap_or_default();
        option(Against::State(state.seq), Signal::derive(move || name.clone()))
    });
    view! {
        {option(Against::Now, now)}
        {option(Against::Nothing, nothing)}
        {named.collect_view()}
        {move || picked()}
    }
}

/// Shows one state after the other, each when the one before has been shown.
#[derive(Clone, Copy)]
struct Film {
    choice: Choice,
    compared: PageData<Compared>,
    rest: Callback<()>,
    playing: RwSignal<bool>,
    ticking: StoredValue<Option<IntervalHandle>>,
}

impl Film {
    fn new(choice: Choice, compared: PageData<Compared>, rest: Callback<()>) -> Self {
        let film = Self {
            choice,
            compared,
            rest,
            playing: RwSignal::new(false),
            ticking: StoredValue::new(None),
        };
        on_cleanup(move || film.end());
        film
    }

    fn toggle(self) {
        if self.playing.get_untracked() {
            self.stop();
            self.rest.run(());
        } else {
            self.start();
        }
    }

    fn start(self) {
        let choice = self.choice;
        if choice.position.get_untracked() == choice.last() {
            choice.position.set(0);
            choice.shown.set(0);
        }
        self.playing.set(true);
        let handle = set_interval_with_handle(move || self.tick(), FRAME);
        self.ticking.set_value(handle.ok());
    }

    fn tick(self) {
        let choice = self.choice;
        let at = choice.position.get_untracked();
        let wanted = choice.seq(at);
        let has_arrived = match self.compared.peek() {
            Some(Ok(compared)) => Some(compared.state.seq) == wanted,
            // It says what is wrong; the next state may be there.
            Some(Err(_)) => true,
            None => false,
        };
        if !has_arrived {
            return;
        }
        if at >= choice.last() {
            self.stop();
            return self.rest.run(());
        }
        let next = (at + 1 + choice.last() / FRAMES).min(choice.last());
        choice.position.set(next);
        choice.shown.set(next);
    }

    fn stop(self) {
        self.end();
        self.playing.set(false);
    }

    fn end(self) {
        if let Some(ticking) = self.ticking.try_update_value(Option::take).flatten() {
            ticking.clear();
        }
    }
}
