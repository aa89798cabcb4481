//! `/`: the network on a map and in a list.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use model::municipality::{Kind, Regierungsbezirk};

use super::data::PageData;
use crate::{
    calls::list_network,
    i18n::{t_string, use_i18n},
    lean::view,
    map::{
        Legend, MapState, MemberList, NetworkMap, Patterns,
        filter::{Filter, YearChoice},
    },
    views::NetworkPage,
    widgets::{PageTitle, kind_text},
};

/// After this long without a change the choice is written into the address. Browsers limit how often that may happen.
const ADDRESS_DELAY: Duration = Duration::from_millis(300);

/// The route: loads the network and shows it.
#[component]
pub fn NetworkRouteView() -> impl IntoView {
    PageData::new(String::new, list_network).show(|page| view! { <Network page /> }.into_any())
}

#[component]
fn Network(page: NetworkPage) -> impl IntoView {
    let i18n = use_i18n();
    let (width, height) = (page.map.width, page.map.height);
    let (mesh, notice) = (page.map.mesh.clone(), page.map.notice.clone());
    let query = use_query_map();
    let state = MapState::new(page, query.with_untracked(Filter::from_query));
    keep_address(state);
    let title = Signal::derive(move || t_string!(i18n, network.title).to_owned());
    view! {
        <PageTitle text=title />
        <article class="page network">
            <header class="network-head">
                <h1>{text!(i18n, network.heading)}</h1>
                <p>{text!(i18n, network.intro)}</p>
            </header>
            <FilterForm state />
            <div class="network-stage">
                <Legend state />
                <NetworkMap state width height mesh notice />
            </div>
            <MemberList state />
            <svg class="map-keys" width="0" height="0" aria-hidden="true">
                <Patterns prefix="key" unit=0.9 />
            </svg>
        </article>
    }
    .into_any()
}

/// A plain GET form, so that it works before and without the script; then every change shows at once.
#[component]
fn FilterForm(state: MapState) -> impl IntoView {
    let i18n = use_i18n();
    let filter = state.filter;
    let asked = filter.get_untracked();
    let mut years: Vec<u16> = state
        .places()
        .iter()
        .filter_map(|place| place.member.as_ref())
        .flat_map(|member| member.years.clone())
        .collect();
    years.sort_unstable();
    years.dedup();
    let year_is = move |choice: Option<YearChoice>| filter.with(|filter| filter.year == choice);
    view! {
        <form
            class="filter"
            method="get"
            action="/"
            role="search"
            aria-label=move || t_string!(i18n, network.filter)
            on:submit=move |event| event.prevent_default()
        >
            <div class="filter-text">
                <label for="q">{text!(i18n, network.search)}</label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    value=asked.text
                    prop:value=move || filter.with(|filter| filter.text.clone())
                    on:input=move |event| filter.update(|filter| filter.text = event_target_value(&event))
                />
            </div>
            <div>
                <label for="jahr">{text!(i18n, network.year)}</label>
                <select
                    id="jahr"
                    name="jahr"
                    on:change=move |event| {
                        filter.update(|filter| filter.year = YearChoice::parse(&event_target_value(&event)));
                    }
                >
                    <option value="" selected=move || year_is(None)>
                        {text!(i18n, network.any_year)}
                    </option>
                    {years
                        .into_iter()
                        .map(|year| {
                            let choice = YearChoice::Year(year);
                            view! {
                                <option value=choice.value() selected=move || year_is(Some(choice))>
                                    {year}
                                </option>
                            }
                        })
                        .collect_view()}
                    <option
                        value=YearChoice::Unknown.value()
                        selected=move || year_is(Some(YearChoice::Unknown))
                    >
                        {text!(i18n, network.year_unknown)}
                    </option>
                </select>
            </div>
            <div>
                <label for="art">{text!(i18n, network.kind)}</label>
                <select
                    id="art"
                    name="art"
                    on:change=move |event| filter.update(|filter| filter.kind = Kind::parse(&event_target_value(&event)))
                >
                    <option value="" selected=move || filter.with(|filter| filter.kind.is_none())>
                        {text!(i18n, network.any_kind)}
                    </option>
                    {Kind::ALL
                        .map(|kind| {
                            view! {
                                <option
                                    value=kind.slug()
                                    selected=move || filter.with(|filter| filter.kind == Some(kind))
                                >
                                    {move || kind_text(i18n, kind)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            <div>
                <label for="bezirk">{text!(i18n, network.region_short)}</label>
                <select
                    id="bezirk"
                    name="bezirk"
                    on:change=move |event| {
                        filter
                            .update(|filter| {
                                filter.regierungsbezirk = Regierungsbezirk::parse(&event_target_value(&event));
                            });
                    }
                >
                    <option value="" selected=move || filter.with(|filter| filter.regierungsbezirk.is_none())>
                        {text!(i18n, network.any_region)}
                    </option>
                    {Regierungsbezirk::ALL
                        .map(|region| {
                            view! {
                                <option
                                    value=region.slug()
                                    selected=move || {
                                        filter.with(|filter| filter.regierungsbezirk == Some(region))
                                    }
                                >
                                    {region.name()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
            // Without the script the choice must be sent.
            <button type="submit" class="button filter-submit" hidden=move || state.live.get()>
                {text!(i18n, network.apply)}
            </button>
        </form>
    }
    .into_any()
}

/// Keeps the address in step with the choice, in both directions: a change replaces the address, and an address that
/// comes from elsewhere (a link, the back button) changes the choice.
fn keep_address(state: MapState) {
    let navigate = use_navigate();
    let written = StoredValue::new(state.filter.with_untracked(Filter::href));
    let mut write = debounce(ADDRESS_DELAY, move |href: String| {
        // The person may have gone to another page meanwhile.
        let here = window().location().pathname().is_ok_and(|path| path == "/");
        if here && written.try_get_value().is_some_and(|before| before != href) {
            written.set_value(href.clone());
            navigate(
                &href,
                NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                },
            );
        }
    });
    Effect::new(move || write(state.filter.with(Filter::href)));

    let query = use_query_map();
    Effect::new(move || {
        let asked = query.with(Filter::from_query);
        if asked.href() != written.get_value() {
            written.set_value(asked.href());
            state.filter.set(asked);
        }
    });
}
