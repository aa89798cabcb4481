//! Where a Leitbild stands, and moving it on.

use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;
use model::{
    ags::Ags,
    decision::{BODIES, BODY_MAX_CHARS, PAPER_MAX_CHARS},
    stage::Stage,
};

use crate::{
    calls::{MoveStage, RecordDecision},
    i18n::{Locale, t_string, use_i18n},
    lean::view,
    widgets::{ErrorNotice, outcome},
};

/// The name of a stage.
#[must_use]
pub fn stage_text(i18n: I18nContext<Locale>, stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => t_string!(i18n, common.stage_draft),
        Stage::Workshop => t_string!(i18n, common.stage_workshop),
        Stage::Committee => t_string!(i18n, common.stage_committee),
        Stage::Adopted => t_string!(i18n, common.stage_adopted),
        Stage::Superseded => t_string!(i18n, common.stage_superseded),
    }
}

/// Where the Leitbild stands and, for those who may, what it can be moved to. The actions belong to the page, which loads
/// itself anew when they have run.
#[component]
pub fn StageSteering(
    ags: Ags,
    stage: Stage,
    draft_empty: bool,
    set: ServerAction<MoveStage>,
    decide: ServerAction<RecordDecision>,
) -> impl IntoView {
    let i18n = use_i18n();
    let step = move |step: Stage| {
        let is_current = step == stage;
        view! {
            <li class="stage" aria-current=is_current.then_some("step") data-stage=step.as_str()>
                {move || stage_text(i18n, step)}
            </li>
        }
    };
    let place = ags.clone();
    let button = move |to: Stage| {
        let place = place.to_string();
        view! {
            <ActionForm action=set>
                <input type="hidden" name="ags" value=place />
                <input type="hidden" name="from" value=stage.as_str() />
                <input type="hidden" name="to" value=to.as_str() />
                <button type="submit" class="button" data-stage-to=to.as_str() disabled=move || set.pending().get()>
                    {move || go_text(i18n, stage, to)}
                </button>
            </ActionForm>
        }
    };
    let can_be_decided = stage.can_be_decided() && !draft_empty;
    view! {
        <section class="stages-section" aria-labelledby="status" data-stage-now=stage.as_str()>
            <h2 id="status">{text!(i18n, versions.stage)}</h2>
            <ol class="stages" role="list">
                {[Stage::Draft, Stage::Workshop, Stage::Committee, Stage::Adopted].map(step).collect_view()}
            </ol>
            <p>{move || hint(i18n, stage)}</p>
            <div class="stage-buttons">{stage.next().iter().copied().map(button).collect_view()}</div>
            {move || set.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })}
            {can_be_decided.then(|| view! { <DecisionFields ags stage decide /> })}
            {outcome(decide, "adopted", text!(i18n, versions.decision_done))}
        </section>
    }
}

#[component]
fn DecisionFields(ags: Ags, stage: Stage, decide: ServerAction<RecordDecision>) -> impl IntoView {
    let i18n = use_i18n();
    let votes = [
        ("yes", text!(i18n, versions.votes_yes)),
        ("no", text!(i18n, versions.votes_no)),
        ("abstained", text!(i18n, versions.votes_abstained)),
        ("biased", text!(i18n, versions.votes_biased)),
    ];
    let votes = votes.map(|(name, label)| {
        let id = format!("decision-{name}");
        view! {
            <div>
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    name=format!("decision[{name}]")
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength="4"
                />
            </div>
        }
    });
    view! {
        <details class="decision" data-decision>
            <summary>{text!(i18n, versions.decide)}</summary>
            <p>{text!(i18n, versions.decide_hint)}</p>
            <ActionForm action=decide attr:class="form">
                <input type="hidden" name="ags" value=ags.to_string() />
                <input type="hidden" name="from" value=stage.as_str() />
                <label for="decision-body">{text!(i18n, versions.body)}</label>
                <select id="decision-body" name="decision[body]" lang="de">
                    {BODIES.map(|body| view! { <option value=body>{body}</option> }).collect_view()}
                    <option value="">{text!(i18n, versions.other_body)}</option>
                </select>
                <label for="decision-other">{text!(i18n, versions.other_body_name)}</label>
                <input
                    id="decision-other"
                    name="decision[other_body]"
                    type="text"
                    maxlength=BODY_MAX_CHARS.to_string()
                    autocomplete="off"
                />
                <label for="decision-date">{text!(i18n, versions.decision_date)}</label>
                <input id="decision-date" name="decision[date]" type="date" required />
                <label for="decision-paper">{text!(i18n, versions.paper)}</label>
                <input
                    id="decision-paper"
                    name="decision[paper]"
                    type="text"
                    maxlength=PAPER_MAX_CHARS.to_string()
                    autocomplete="off"
                />
                <fieldset class="votes">
                    <legend>{text!(i18n, versions.votes)}</legend>
                    {votes.collect_view()}
                </fieldset>
                <button type="submit" class="button button-main" data-action="decide" disabled=move || decide.pending().get()>
                    {text!(i18n, versions.decide_now)}
                </button>
            </ActionForm>
        </details>
    }
}

/// What somebody does who moves a Leitbild on.
fn go_text(i18n: I18nContext<Locale>, from: Stage, to: Stage) -> &'static str {
    match (from, to) {
        (Stage::Adopted, _) => t_string!(i18n, versions.go_new_round),
        (_, Stage::Workshop) => t_string!(i18n, versions.go_workshop),
        (_, Stage::Committee) => t_string!(i18n, versions.go_committee),
        _ => t_string!(i18n, versions.go_draft),
    }
}

/// What a stage means for those who write.
fn hint(i18n: I18nContext<Locale>, stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => t_string!(i18n, versions.hint_draft),
        Stage::Workshop => t_string!(i18n, versions.hint_workshop),
        Stage::Committee => t_string!(i18n, versions.hint_committee),
        Stage::Adopted | Stage::Superseded => t_string!(i18n, versions.hint_adopted),
    }
}
