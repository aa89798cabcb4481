//! What the page "Verlauf" holds: the slider, the text of the chosen state, named states, and where the Leitbild stands.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;
use model::{ags::Ags, leitbild::Adopted, limits::STATE_NAME_CHARS};

use super::{
    Compared, Other, StageSteering, StateRef, VersionsPage, address,
    adoption::decision_text,
    difference::{Difference, Restoring, counts_text},
    moment_text, stage_text,
    timeline::{Choice, Timeline},
};
use crate::{
    calls::{MoveStage, NameVersion, RecordDecision, RestoreVersion, compare_states},
    i18n::{t_string, use_i18n},
    lean::view,
    pages::data::PageData,
    versions::Against,
    widgets::{ErrorNotice, outcome},
};

/// The actions of the page; each loads it anew when it has run.
#[derive(Clone, Copy)]
pub struct HistoryActions {
    pub name: ServerAction<NameVersion>,
    pub restore: ServerAction<RestoreVersion>,
    pub set: ServerAction<MoveStage>,
    pub decide: ServerAction<RecordDecision>,
}

/// The page's content.
#[component]
pub fn History(page: VersionsPage, actions: HistoryActions) -> impl IntoView {
    let i18n = use_i18n();
    let VersionsPage {
        municipality,
        stage,
        may_steer,
        may_open,
        draft_empty,
        states,
        named,
        adopted,
    } = page;
    let ags = municipality.ags;
    let editor = format!("/kommune/{ags}/leitbild/bearbeiten");
    let may_restore = may_steer && !stage.is_frozen();
    let timeline = if states.is_empty() {
        view! { <p class="unknown">{text!(i18n, versions.nothing_yet)}</p> }.into_any()
    } else {
        let choice = Choice::of_address(&states);
        let place = ags.clone();
        let compared = PageData::new(
            move || format!("{:?} {:?}", choice.seq(choice.shown.get()), choice.against.get()),
            move || {
                let seq = choice.seq(choice.shown.get_untracked());
                compare_states(place.clone(), seq, choice.against.get_untracked().to_query())
            },
        );
        view! {
            <Timeline ags=ags.clone() choice named=named.clone() compared />
            <Shown ags=ags.clone() compared may_restore restore=actions.restore />
            <Named ags=ags.clone() choice named may_steer name=actions.name />
        }
        .into_any()
    };
    view! {
        <article class="page history">
            <p class="kicker">
                <A href=format!("/kommune/{ags}")>{municipality.name}</A>
                {may_open.then(|| view! { " · " <A href=editor attr:data-action="to-editor">{text!(i18n, versions.to_editor)}</A> })}
            </p>
            <h1>{text!(i18n, versions.title)}</h1>
            <p class="history-stage">
                {text!(i18n, versions.stage)} ": "
                <strong class="stage-label" data-stage-label=stage.as_str()>{move || stage_text(i18n, stage)}</strong>
            </p>
            {timeline}
            <Decisions ags=ags.clone() adopted />
            {may_steer.then(|| view! { <StageSteering ags stage draft_empty set=actions.set decide=actions.decide /> })}
        </article>
    }
}

/// The text of the chosen state, with what is different in the other.
#[component]
fn Shown(
    ags: Ags,
    compared: PageData<Compared>,
    may_restore: bool,
    restore: ServerAction<RestoreVersion>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="history-text" aria-labelledby="text">
            {outcome(restore, "restored", text!(i18n, versions.restored))}
            {compared.show_or(
                move |compared| view! { <Text ags=ags.clone() compared may_restore restore /> }.into_any(),
                |error| {
                    let i18n = use_i18n();
                    view! { <h2 id="text">{text!(i18n, versions.text)}</h2> <ErrorNotice error /> }.into_any()
                },
            )}
        </section>
    }
}

#[component]
fn Text(ags: Ags, compared: Compared, may_restore: bool, restore: ServerAction<RestoreVersion>) -> impl IntoView {
    let i18n = use_i18n();
    let Compared {
        state,
        other,
        comparison,
    } = compared;
    let counts = comparison.count();
    let is_different = counts != model::compare::Counts::default();
    let at_ms = state.at_ms;
    let against_now = other == Other::Now;
    let heading = move || {
        let moment = moment_text(i18n, at_ms);
        match &other {
            Other::Nothing => t_string!(i18n, versions.text_of, moment = moment).to_string(),
            Other::Now if is_different => t_string!(i18n, versions.since, moment = moment).to_string(),
            Other::Now => t_string!(i18n, versions.still, moment = moment).to_string(),
            Other::State(other) => {
                let other_moment = moment_text(i18n, other.at_ms);
                let (first, second) = if other.at_ms < at_ms {
                    (other_moment, moment)
                } else {
                    (moment, other_moment)
                };
                t_string!(i18n, versions.between, first = first, second = second).to_string()
            }
        }
    };
    let can_restore = may_restore && against_now && is_different;
    let restoring = can_restore.then(|| Restoring {
        ags: ags.clone(),
        seq: state.seq,
        restore,
    });
    view! {
        <h2 id="text" data-state=state.seq.to_string()>{move || heading()}</h2>
        {state
            .name
            .map(|name| {
                view! { <p class="state-name">{move || t_string!(i18n, common.quoted, what = name.clone()).to_string()}</p> }
            })}
        {is_different
            .then(|| {
                view! {
                    <p class="counts" data-counts>{move || counts_text(i18n, counts)}</p>
                    <p class="hint legend">
                        <ins>{text!(i18n, versions.legend_inserted)}</ins>
                        " "
                        <del>{text!(i18n, versions.legend_deleted)}</del>
                    </p>
                }
            })}
        {can_restore
            .then(|| {
                view! {
                    <details class="restore" data-restore>
                        <summary>{text!(i18n, versions.restore)}</summary>
                        <p>{text!(i18n, versions.restore_hint)}</p>
                        <ActionForm action=restore>
                            <input type="hidden" name="ags" value=ags.to_string() />
                            <input type="hidden" name="state" value=state.seq.to_string() />
                            <button
                                type="submit"
                                class="button button-main"
                                data-action="restore-all"
                                disabled=move || restore.pending().get()
                            >
                                {text!(i18n, versions.restore_now)}
                            </button>
                        </ActionForm>
                    </details>
                }
            })}
        <Difference comparison restoring />
    }
}

/// States with a name, and naming the chosen one.
#[component]
fn Named(
    ags: Ags,
    choice: Choice,
    named: Vec<StateRef>,
    may_steer: bool,
    name: ServerAction<NameVersion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_empty = named.is_empty();
    let place = ags.clone();
    let item = move |state: StateRef| {
        let to = address(&place, Some(state.seq), Against::Now);
        let at_ms = state.at_ms;
        view! {
            <li>
                <A href=to scroll=false>{state.name.unwrap_or_default()}</A>
                " "
                <span class="hint">{move || moment_text(i18n, at_ms)}</span>
            </li>
        }
    };
    let seq = move || choice.seq(choice.position.get());
    let moment = move || {
        let moment = choice.time(choice.position.get()).map(|at_ms| moment_text(i18n, at_ms));
        t_string!(i18n, versions.name_hint, moment = moment.unwrap_or_default()).to_string()
    };
    view! {
        <section class="named" aria-labelledby="festhalten">
            <h2 id="festhalten">{text!(i18n, versions.named)}</h2>
            {is_empty.then(|| view! { <p class="unknown">{text!(i18n, versions.none_named)}</p> })}
            <ul class="named-states" data-named>{named.into_iter().map(item).collect_view()}</ul>
            {may_steer
                .then(|| {
                    view! {
                        <ActionForm action=name attr:class="form">
                            <input type="hidden" name="ags" value=ags.to_string() />
                            <input type="hidden" name="state" value=move || seq().map(|seq| seq.to_string()) />
                            <label for="name">{text!(i18n, versions.name)}</label>
                            <input
                                id="name"
                                name="name"
                                type="text"
                                required
                                maxlength=STATE_NAME_CHARS.to_string()
                                autocomplete="off"
                                aria-describedby="name-hint"
                            />
                            <p class="hint" id="name-hint">{moment}</p>
                            <button
                                type="submit"
                                class="button button-main"
                                data-action="name-version"
                                disabled=move || name.pending().get()
                            >
                                {text!(i18n, versions.keep)}
                            </button>
                        </ActionForm>
                        {outcome(name, "named", text!(i18n, versions.kept))}
                    }
                })}
        </section>
    }
}

/// What was decided on.
#[component]
fn Decisions(ags: Ags, adopted: Vec<Adopted>) -> impl IntoView {
    let i18n = use_i18n();
    let item = move |adopted: Adopted| {
        let address = format!("/kommune/{ags}/leitbild/fassung/{}", adopted.number);
        view! {
            <li>
                <A href=address>{move || decision_text(i18n, &adopted.decision)}</A>
            </li>
        }
    };
    (!adopted.is_empty()).then(|| {
        view! {
            <section aria-labelledby="beschluesse">
                <h2 id="beschluesse">{text!(i18n, versions.decisions)}</h2>
                <ul>{adopted.into_iter().map(item).collect_view()}</ul>
            </section>
        }
    })
}
