//! `/koordination/{ags}`: links, people, publishing and import for one municipality.

mod people;

use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;
use model::{ags::Ags, leitbild::Published, role::Role, stage::Stage};

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::{
        ErasePerson, ImportProfile, JoinDraft, MakeLink, MoveStage, PublishLeitbild, RecordDecision, WithdrawLink,
        show_steering,
    },
    i18n::{t_string, use_i18n},
    lean::view,
    versions::{StageSteering, day_text},
    views::{LinkSummary, SteeringPage},
    widgets::{ErrorNotice, ImportResult, NeedsScript, PageTitle, live, outcome, role_text},
};
use people::People;

/// The actions of the page; each reloads it when it has run.
#[derive(Clone, Copy)]
struct Actions {
    make: ServerAction<MakeLink>,
    withdraw: ServerAction<WithdrawLink>,
    erase: ServerAction<ErasePerson>,
    publish: ServerAction<PublishLeitbild>,
    import: ServerAction<ImportProfile>,
    set: ServerAction<MoveStage>,
    decide: ServerAction<RecordDecision>,
}

/// The route: loads the page of the municipality, again after each action.
#[component]
pub fn SteeringRouteView() -> impl IntoView {
    let ags = ags_param();
    let actions = Actions {
        make: ServerAction::new(),
        withdraw: ServerAction::new(),
        erase: ServerAction::new(),
        publish: ServerAction::new(),
        import: ServerAction::new(),
        set: ServerAction::new(),
        decide: ServerAction::new(),
    };
    let versions = move || {
        (
            actions.make.version().get(),
            actions.withdraw.version().get(),
            actions.erase.version().get(),
            actions.publish.version().get(),
            actions.import.version().get(),
            actions.set.version().get(),
            actions.decide.version().get(),
        )
    };
    let load = move || {
        let ags = ags.get_untracked();
        async move { show_steering(ags?).await }
    };
    PageData::new(move || format!("{} {:?}", key(ags), versions()), load)
        .show(move |page| view! { <Steering page actions /> }.into_any())
}

#[component]
fn Steering(page: SteeringPage, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let SteeringPage {
        municipality,
        links,
        people,
        published,
        stage,
        draft_empty,
    } = page;
    let ags = municipality.ags;
    let join = ServerAction::<JoinDraft>::new();
    let place = ags.to_string();
    view! {
        <PageTitle text=municipality.name.clone() />
        <article class="page">
            <p class="kicker"><A href="/koordination">{text!(i18n, coordination.title)}</A></p>
            <h1>{municipality.name}</h1>
            <p>
                <A href=format!("/kommune/{ags}")>{text!(i18n, coordination.to_profile)}</A>
                " · "
                <A href=format!("/kommune/{ags}/leitbild/verlauf")>{text!(i18n, editor.history)}</A>
            </p>
            <ActionForm action=join>
                <input type="hidden" name="ags" value=place />
                <button type="submit" class="button">{text!(i18n, coordination.open_draft)}</button>
            </ActionForm>
            {move || join.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })}
            <Links ags=ags.clone() links actions />
            <People ags=ags.clone() people erase=actions.erase />
            <StageSteering ags=ags.clone() stage draft_empty set=actions.set decide=actions.decide />
            <Publishing ags=ags.clone() published stage draft_empty publish=actions.publish />
            <p>
                <A href=format!("/kommune/{ags}/leitbild/uebernehmen")>{text!(i18n, papers.take_over)}</A>
            </p>
            <ProfileImport ags import=actions.import />
        </article>
    }
}

#[component]
fn Links(ags: Ags, links: Vec<LinkSummary>, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let (make, withdraw) = (actions.make, actions.withdraw);
    let live = live();
    let place = ags.to_string();
    view! {
        <section aria-labelledby="links">
            <h2 id="links">{text!(i18n, coordination.links)}</h2>
            <p>{text!(i18n, coordination.links_hint)}</p>
            <ActionForm action=make attr:class="form form-row">
                <input type="hidden" name="ags" value=place />
                <div>
                    <label for="label">{text!(i18n, coordination.link_label)}</label>
                    <input id="label" name="label" type="text" maxlength="80" />
                </div>
                <div>
                    <label for="role">{text!(i18n, coordination.link_role)}</label>
                    <select id="role" name="role">
                        {Role::ALL
                            .map(|role| {
                                view! {
                                    <option value=role.as_str() selected=role == Role::Participate>
                                        {move || role_text(i18n, role)}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
                <button type="submit" class="button button-main" disabled=move || !live.get() || make.pending().get()>
                    {text!(i18n, coordination.make_link)}
                </button>
            </ActionForm>
            <NeedsScript />
            {move || match make.value().get() {
                Some(Ok(link)) => {
                    view! {
                        <div class="notice notice-good" role="status">
                            <p>{text!(i18n, coordination.link_made)} " " <strong>{role_text(i18n, link.role)}</strong></p>
                            <p><code class="new-link">{link.url}</code></p>
                            <p class="hint">{text!(i18n, coordination.link_once)}</p>
                        </div>
                    }
                        .into_any()
                }
                Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
                None => ().into_any(),
            }}
            {move || withdraw.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })}
            <ul class="links">
                {links.into_iter().map(|link| view! { <Link ags=ags.clone() link withdraw /> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Link(ags: Ags, link: LinkSummary, withdraw: ServerAction<WithdrawLink>) -> impl IntoView {
    let i18n = use_i18n();
    let LinkSummary {
        id,
        role,
        label,
        created,
        withdrawn,
        participants,
    } = link;
    let unnamed = label.is_empty();
    view! {
        <li class="link" class:link-withdrawn=withdrawn>
            <span class="link-role">{move || role_text(i18n, role)}</span>
            <span class="link-label">
                {move || if unnamed { t_string!(i18n, coordination.link_unnamed).to_owned() } else { label.clone() }}
            </span>
            <span class="hint">
                {move || day_text(i18n, &created)} " · " {text!(i18n, coordination.link_participants)} " " {participants}
            </span>
            {if withdrawn {
                view! { <span class="hint">{text!(i18n, coordination.link_withdrawn)}</span> }.into_any()
            } else {
                view! {
                    <ActionForm action=withdraw>
                        <input type="hidden" name="ags" value=ags.to_string() />
                        <input type="hidden" name="link" value=id />
                        <button type="submit" class="button button-small">{text!(i18n, coordination.withdraw)}</button>
                    </ActionForm>
                }
                    .into_any()
            }}
        </li>
    }
}

#[component]
fn Publishing(
    ags: Ags,
    published: Option<Published>,
    stage: Stage,
    draft_empty: bool,
    publish: ServerAction<PublishLeitbild>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_adopted = published.as_ref().is_some_and(|published| published.decision.is_some());
    let date = published.map(|published| published.date);
    view! {
        <section aria-labelledby="veroeffentlichen">
            <h2 id="veroeffentlichen">{text!(i18n, coordination.publishing)}</h2>
            <p>
                {move || match &date {
                    Some(date) => format!("{} {}", t_string!(i18n, coordination.published_on), day_text(i18n, date)),
                    None => t_string!(i18n, profile.not_published).to_owned(),
                }}
            </p>
            {if draft_empty {
                view! { <p class="hint">{text!(i18n, coordination.draft_empty)}</p> }.into_any()
            } else if stage == Stage::Adopted {
                view! { <p class="hint">{text!(i18n, versions.published_as_adopted)}</p> }.into_any()
            } else {
                view! {
                    <p>{text!(i18n, coordination.publish_hint)}</p>
                    {is_adopted.then(|| view! { <p class="notice notice-warn">{text!(i18n, versions.publish_instead)}</p> })}
                    <ActionForm action=publish>
                        <input type="hidden" name="ags" value=ags.to_string() />
                        <button type="submit" class="button button-main" disabled=move || publish.pending().get()>
                            {text!(i18n, coordination.publish)}
                        </button>
                    </ActionForm>
                }
                    .into_any()
            }}
            {outcome(publish, "published-here", text!(i18n, coordination.publish_done))}
        </section>
    }
}

#[component]
fn ProfileImport(ags: Ags, import: ServerAction<ImportProfile>) -> impl IntoView {
    let i18n = use_i18n();
    let live = live();
    view! {
        <section aria-labelledby="import">
            <h2 id="import">{text!(i18n, coordination.import_profile)}</h2>
            <p>{text!(i18n, coordination.import_profile_hint)}</p>
            <ActionForm action=import attr:class="form">
                <input type="hidden" name="ags" value=ags.to_string() />
                <label for="text">{text!(i18n, coordination.profile_text)}</label>
                <textarea id="text" name="text" rows="10" required></textarea>
                <label for="source">{text!(i18n, coordination.source)}</label>
                <input id="source" name="source" type="text" required maxlength="200" />
                <label for="date">{text!(i18n, coordination.date)}</label>
                // Often only the year is known, or the month.
                <input id="date" name="date" type="text" required maxlength="10" aria-describedby="date-hint" />
                <p id="date-hint" class="hint">{text!(i18n, coordination.date_hint)}</p>
                <button type="submit" class="button" disabled=move || !live.get() || import.pending().get()>
                    {text!(i18n, coordination.import)}
                </button>
                <NeedsScript />
                {move || match import.value().get() {
                    Some(Ok(report)) => view! { <ImportResult report /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
                    None => ().into_any(),
                }}
            </ActionForm>
        </section>
    }
}
