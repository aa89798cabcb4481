//! The list beside the map: the same places, the same links, equal in rank.

use leptos::prelude::*;
use model::municipality::Regierungsbezirk;

use super::{
    filter::Filter,
    legend::Swatch,
    place::{Member, Place},
    state::MapState,
};
use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
};

/// All members by Regierungsbezirk, towns under their Kreis. Everything is in the document; the filter hides.
#[component]
pub fn MemberList(state: MapState) -> impl IntoView {
    let i18n = use_i18n();
    let total = state.places().iter().filter(|place| place.member.is_some()).count();
    let count = move || {
        let shown = state.shown_count();
        if shown == total {
            format!("{total} {}", t_string!(i18n, network.municipalities))
        } else {
            format!(
                "{shown} {} {total} {}",
                t_string!(i18n, network.of),
                t_string!(i18n, network.municipalities)
            )
        }
    };
    view! {
        <section class="members" aria-labelledby="liste">
            <div class="members-head">
                <h2 id="liste">{text!(i18n, network.list)}</h2>
                <p class="members-count" role="status">
                    {move || count()}
                </p>
            </div>
            <div class="notice members-empty" hidden=move || state.shown_count() != 0>
                <p>{text!(i18n, network.empty)}</p>
                <p>
                    <a href="/" on:click=move |_| state.filter.set(Filter::default())>
                        {text!(i18n, network.reset)}
                    </a>
                </p>
            </div>
            {Regierungsbezirk::ALL.map(|region| view! { <Region state region /> }).collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn Region(state: MapState, region: Regierungsbezirk) -> impl IntoView {
    let i18n = use_i18n();
    let places = state.places();
    let here = |place: &Place| {
        place
            .member
            .as_ref()
            .is_some_and(|member| member.regierungsbezirk == region)
    };
    let mut indexes: Vec<usize> = (0..places.len()).filter(|index| here(&places[*index])).collect();
    indexes.sort_by_cached_key(|index| places[*index].sort_key());
    // A town stands under its Kreis where that is in the network, else by itself.
    let group = |index: usize| {
        let kreis = places[index].ags.district();
        indexes
            .iter()
            .copied()
            .find(|other| *other != index && places[*other].ags == kreis)
    };
    let heads: Vec<usize> = indexes
        .iter()
        .copied()
        .filter(|index| group(*index).is_none())
        .collect();
    let groups = heads.into_iter().map(|head| {
        let towns: Vec<usize> = indexes
            .iter()
            .copied()
            .filter(|index| group(*index) == Some(head))
            .collect();
        (head, towns)
    });
    let all = indexes.clone();
    let nobody = move || !all.iter().any(|index| state.is_shown(*index));
    let heading = format!("regierungsbezirk-{}", region.slug());
    let id = heading.clone();
    view! {
        <section class="members-region" aria-labelledby=id hidden=nobody>
            <h3 id=heading>{text!(i18n, network.region)} " " {region.name()}</h3>
            <ul>{groups.map(|(head, towns)| view! { <Group state head towns /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A Kreis with its towns, or a place by itself. A Kreis that the filter leaves out stays as a plain heading while one
/// of its towns is shown, so that the town still says where it lies.
#[component]
fn Group(state: MapState, head: usize, towns: Vec<usize>) -> impl IntoView {
    let inside = towns.clone();
    let hidden = move || !state.is_shown(head) && !inside.iter().any(|town| state.is_shown(*town));
    view! {
        <li hidden=hidden>
            <Line state index=head />
            {(!towns.is_empty())
                .then(|| {
                    view! {
                        <ul class="members-towns">
                            {towns
                                .into_iter()
                                .map(|town| {
                                    view! {
                                        <li hidden=move || !state.is_shown(town)>
                                            <Line state index=town />
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                })}
        </li>
    }
    .into_any()
}

#[component]
fn Line(state: MapState, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let places = state.places();
    let place = &places[index];
    let Some(member) = place.member.clone() else {
        return ().into_any();
    };
    let Member { published, .. } = member;
    let class = member.class();
    let name = place.name.clone();
    view! {
        <div
            class="member"
            class:is-active=move || state.active() == Some(index)
            class:is-context=move || !state.is_shown(index)
            on:pointerenter=move |_| state.point(index)
            on:pointerleave=move |_| state.leave(index)
        >
            <Swatch class />
            <a href=place.href() on:focus=move |_| state.point(index) on:blur=move |_| state.leave(index)>
                {name}
            </a>
            <span class="member-since">{move || member.since_short(i18n)}</span>
            {published.then(|| view! { <span class="member-published">{text!(i18n, network.has_leitbild)}</span> })}
        </div>
    }
    .into_any()
}
