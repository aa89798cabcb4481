//! `/kommune/{ags}`: what is known about a municipality, with sources, and its published Leitbild.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use model::{
    ags::Ags,
    fact::{Fact, FactKey},
    leitbild::Published,
    municipality::Municipality,
};

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::show_profile,
    i18n::{t_string, use_i18n},
    lean::view,
    versions::{AdoptionText, FormerVersions, day_text},
    views::ProfilePage,
    widgets::{Downloads, LeitbildText, PageTitle, kind_text, number_text},
};

/// The route: loads the profile and shows it.
#[component]
pub fn ProfileRouteView() -> impl IntoView {
    let ags = ags_param();
    let load = move || {
        let ags = ags.get_untracked();
        async move { show_profile(ags?).await }
    };
    PageData::new(move || key(ags), load).show(move |profile| view! { <Profile profile /> }.into_any())
}

#[component]
fn Profile(profile: ProfilePage) -> impl IntoView {
    let i18n = use_i18n();
    let ProfilePage {
        municipality,
        facts,
        published,
        former,
        neighbours,
        may_edit,
    } = profile;
    let Municipality {
        ags,
        name,
        kind,
        regierungsbezirk,
    } = municipality;
    let title = name.clone();
    let edit = format!("/kommune/{ags}/leitbild/bearbeiten");
    let of =
        move |facts: &[Fact], key: FactKey| facts.iter().filter(|fact| fact.key == key).cloned().collect::<Vec<_>>();
    let quotes = of(&facts, FactKey::Quote);
    let speakers = of(&facts, FactKey::QuoteSpeaker);
    let contact = [
        FactKey::ContactName,
        FactKey::ContactAddress,
        FactKey::ContactPhone,
        FactKey::ContactEmail,
    ]
    .map(|key| of(&facts, key));
    let has_contact = contact.iter().any(|rows| !rows.is_empty());
    let [contact_name, contact_address, contact_phone, contact_email] = contact;

    view! {
        <PageTitle text=title />
        <article class="page profile">
            <header class="profile-head">
                <p class="kicker">
                    {move || kind_text(i18n, kind)} " · " {text!(i18n, profile.region)} " " {regierungsbezirk.name()}
                </p>
                <h1>{name.clone()}</h1>
            </header>

            <section class="profile-leitbild" aria-labelledby="leitbild">
                <h2 id="leitbild">{text!(i18n, profile.leitbild)}</h2>
                <Leitbild ags=ags.clone() published />
                <FormerVersions ags=ags.clone() former />
                {may_edit
                    .then(|| {
                        view! {
                            <p>
                                <a class="button" href=edit>
                                    {text!(i18n, profile.open_draft)}
                                </a>
                            </p>
                        }
                    })}
            </section>

            <aside class="profile-facts">
                {(!quotes.is_empty())
                    .then(|| view! { <Quotes quotes speakers /> })}
                <section aria-labelledby="fakten">
                    <h2 id="fakten">{text!(i18n, profile.facts)}</h2>
                    <dl class="facts">
                        <FactRows key=FactKey::Joined rows=of(&facts, FactKey::Joined) always=true />
                        <FactRows key=FactKey::Inhabitants rows=of(&facts, FactKey::Inhabitants) always=true />
                        <FactRows key=FactKey::Under18 rows=of(&facts, FactKey::Under18) always=true />
                        <FactRows key=FactKey::AreaKm2 rows=of(&facts, FactKey::AreaKm2) always=false />
                        <FactRows key=FactKey::Website rows=of(&facts, FactKey::Website) always=true />
                    </dl>
                </section>
                <section aria-labelledby="kontakt">
                    <h2 id="kontakt">{text!(i18n, profile.contact)}</h2>
                    {if has_contact {
                        view! {
                            <dl class="facts">
                                <FactRows key=FactKey::ContactName rows=contact_name always=false />
                                <FactRows key=FactKey::ContactAddress rows=contact_address always=false />
                                <FactRows key=FactKey::ContactPhone rows=contact_phone always=false />
                                <FactRows key=FactKey::ContactEmail rows=contact_email always=false />
                            </dl>
                        }
                            .into_any()
                    } else {
                        view! { <p class="unknown">{text!(i18n, profile.no_contact)}</p> }.into_any()
                    }}
                </section>
                {(!neighbours.is_empty())
                    .then(|| view! { <Neighbours ags neighbours /> })}
            </aside>
        </article>
    }
}

#[component]
fn Leitbild(ags: Ags, published: Option<Published>) -> impl IntoView {
    let i18n = use_i18n();
    match published {
        Some(Published {
            leitbild,
            date,
            decision,
        }) => {
            let day = date.clone();
            view! {
                {decision.map(|decision| view! { <AdoptionText decision /> })}
                <Words leitbild />
                <p class="source">
                    {text!(i18n, profile.published_on)} " " <time datetime=date>{move || day_text(i18n, &day)}</time>
                </p>
                <Downloads path=format!("/kommune/{ags}/leitbild") />
            }
            .into_any()
        }
        None => view! { <p class="unknown">{text!(i18n, profile.not_published)}</p> }.into_any(),
    }
}

/// The text, and the way to its Einfache Sprache and back where there is one. The choice stands in the address: it can be
/// handed on, and works without scripts.
#[component]
fn Words(leitbild: model::leitbild::Leitbild) -> impl IntoView {
    let i18n = use_i18n();
    if !leitbild.has_plain() {
        return view! { <LeitbildText leitbild /> }.into_any();
    }
    let query = use_query_map();
    let is_plain = Memo::new(move |_| query.with(|query| query.get_str("sprache") == Some("einfach")));
    let choice = move |plain: bool| {
        let text = if plain {
            text!(i18n, profile.plain)
        } else {
            text!(i18n, profile.original)
        };
        let href = if plain { "?sprache=einfach" } else { "?" };
        let current = move || (is_plain.get() == plain).then_some("true");
        view! { <A href=href scroll=false attr:aria-current=current>{text}</A> }
    };
    view! {
        <nav class="choice" aria-label=move || t_string!(i18n, profile.language_choice)>
            {choice(false)} {choice(true)}
        </nav>
        {move || view! { <LeitbildText leitbild=leitbild.clone() plain=is_plain.get() /> }}
    }
    .into_any()
}

#[component]
fn Quotes(quotes: Vec<Fact>, speakers: Vec<Fact>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section aria-label=move || t_string!(i18n, profile.quote)>
            {quotes
                .into_iter()
                .map(|quote| {
                    let speaker = speakers
                        .iter()
                        .find(|speaker| speaker.source == quote.source && speaker.date == quote.date)
                        .map(|speaker| speaker.value.clone());
                    view! {
                        <figure class="quote">
                            <blockquote>
                                <p>{quote.value.clone()}</p>
                            </blockquote>
                            <figcaption>
                                {speaker.map(|speaker| view! { <span class="quote-speaker">{speaker}</span> })}
                                <Source fact=quote />
                            </figcaption>
                        </figure>
                    }
                })
                .collect_view()}
        </section>
    }
}

/// One kind of fact with all its sources; sources that disagree stand below one another, marked as such.
#[component]
fn FactRows(key: FactKey, rows: Vec<Fact>, always: bool) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() && !always {
        return ().into_any();
    }
    let unknown = rows.is_empty();
    let values = by_value(rows);
    let disagree = values.len() > 1;
    let label = move || match key {
        FactKey::Joined => t_string!(i18n, profile.joined),
        FactKey::Inhabitants => t_string!(i18n, profile.inhabitants),
        FactKey::Under18 => t_string!(i18n, profile.under_18),
        FactKey::AreaKm2 => t_string!(i18n, profile.area),
        FactKey::Website => t_string!(i18n, profile.website),
        FactKey::ContactName => t_string!(i18n, profile.contact_name),
        FactKey::ContactAddress => t_string!(i18n, profile.contact_address),
        FactKey::ContactPhone => t_string!(i18n, profile.contact_phone),
        FactKey::ContactEmail => t_string!(i18n, profile.contact_email),
        FactKey::Member | FactKey::Quote | FactKey::QuoteSpeaker => t_string!(i18n, profile.quote),
    };
    view! {
        <div class="fact" class:fact-disagreement=disagree>
            <dt>{move || label()}</dt>
            {unknown.then(|| view! { <dd class="unknown">{text!(i18n, profile.unknown)}</dd> })}
            {values
                .into_iter()
                .map(|facts| {
                    view! {
                        <dd>
                            {facts.first().map(|fact| view! { <FactValue fact=fact.clone() /> })}
                            {facts.into_iter().map(|fact| view! { <Source fact /> }).collect_view()}
                        </dd>
                    }
                })
                .collect_view()}
            {disagree.then(|| view! { <dd class="disagreement">{text!(i18n, profile.disagreement)}</dd> })}
        </div>
    }
    .into_any()
}

/// Sources that say the same stand together under one value; the order of first mention stays.
fn by_value(rows: Vec<Fact>) -> Vec<Vec<Fact>> {
    let mut values: Vec<Vec<Fact>> = Vec::new();
    for row in rows {
        match values
            .iter_mut()
            .find(|facts| facts.iter().any(|fact| fact.value == row.value))
        {
            Some(facts) => facts.push(row),
            None => values.push(vec![row]),
        }
    }
    values
}

#[component]
fn FactValue(fact: Fact) -> impl IntoView {
    let i18n = use_i18n();
    let value = fact.value;
    match fact.key {
        FactKey::Inhabitants | FactKey::Under18 | FactKey::AreaKm2 => {
            let unit = if fact.key == FactKey::AreaKm2 { " km²" } else { "" };
            view! { <span class="value">{move || format!("{}{unit}", number_text(i18n, &value))}</span> }.into_any()
        }
        FactKey::ContactEmail => {
            view! { <a class="value" href=format!("mailto:{value}")>{value.clone()}</a> }.into_any()
        }
        FactKey::ContactPhone => {
            let number: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            view! { <a class="value" href=format!("tel:{number}")>{value}</a> }.into_any()
        }
        // The import only admits http and https, so the address can stand in a link.
        FactKey::Website => {
            view! { <a class="value" href=value.clone() rel="noopener external">{value.clone()}</a> }.into_any()
        }
        FactKey::ContactAddress => view! { <span class="value value-lines">{value}</span> }.into_any(),
        _ => view! { <span class="value">{value}</span> }.into_any(),
    }
}

#[component]
fn Source(fact: Fact) -> impl IntoView {
    let i18n = use_i18n();
    let Fact { source, date, .. } = fact;
    let date = move || match date.as_str() {
        "" => t_string!(i18n, profile.undated).to_owned(),
        date => day_text(i18n, date),
    };
    view! { <span class="source">{text!(i18n, profile.source)} " " {source} ", " {date}</span> }
}

#[component]
fn Neighbours(ags: Ags, neighbours: Vec<Municipality>) -> impl IntoView {
    let i18n = use_i18n();
    let town = ags.is_town();
    view! {
        <section aria-labelledby="nachbarn">
            <h2 id="nachbarn">
                {move || if town { t_string!(i18n, profile.lies_in) } else { t_string!(i18n, profile.towns_inside) }}
            </h2>
            <ul class="neighbours">
                {neighbours
                    .into_iter()
                    .map(|place| {
                        view! {
                            <li>
                                <A href=format!("/kommune/{}", place.ags)>{place.name}</A>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}
