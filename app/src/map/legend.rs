//! What the colours and patterns of the map mean. A pattern always goes with a colour, so that the classes can be told
//! apart without seeing colours.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::{place::JoinClass, state::MapState};
use crate::{
    i18n::{Locale, t_string, use_i18n},
    lean::view,
};

/// Pattern definitions, one per class, with ids `{prefix}-{class}`. `unit` is the length of a CSS pixel in the user units
/// of the picture, so that a pattern keeps its size on the screen at every zoom.
#[component]
pub fn Patterns(prefix: &'static str, #[prop(into)] unit: Signal<f64>) -> impl IntoView {
    let pattern = move |class: JoinClass| {
        let marks = match class {
            JoinClass::Model | JoinClass::Unknown => "",
            JoinClass::Expansion => "M-2 2l4-4M0 8l8-8M6 10l4-4",
            JoinClass::Programme => "M2 2h.01M6 6h.01",
            JoinClass::Disputed => "M0 0l8 8M0 8l8-8",
        };
        view! {
            <pattern
                id=format!("{prefix}-{}", class.slug())
                class=format!("map-pattern map-pattern-{}", class.slug())
                width="8"
                height="8"
                patternUnits="userSpaceOnUse"
                patternTransform=move || format!("scale({:.3})", unit.get())
            >
                <rect width="8" height="8" />
                <path d=marks />
            </pattern>
        }
    };
    view! { <defs>{JoinClass::ALL.map(pattern).collect_view()}</defs> }
}

/// The classes that occur, with how many members each has.
#[component]
pub fn Legend(state: MapState) -> impl IntoView {
    let i18n = use_i18n();
    let places = state.places();
    let members = || places.iter().filter_map(|place| place.member.as_ref());
    let rows = JoinClass::ALL
        .into_iter()
        .filter_map(|class| {
            let years: Vec<&[u16]> = members()
                .filter(|member| member.class() == class)
                .map(|member| member.years.as_slice())
                .collect();
            let span = years.iter().flat_map(|years| years.iter()).copied();
            let span = span.clone().min().zip(span.max());
            (!years.is_empty()).then_some((class, span, years.len()))
        })
        .map(|(class, span, count)| {
            view! {
                <li>
                    <Swatch class />
                    <span>{move || class_text(i18n, class, span)}</span>
                    " "
                    <span class="legend-count">{count}</span>
                </li>
            }
        })
        .collect_view();
    let has_outsiders = places.iter().any(|place| place.member.is_none());
    let has_towns = places.iter().any(|place| place.ags.is_town());
    view! {
        <div class="map-legend">
            <h2>{text!(i18n, network.legend)}</h2>
            <ul>
                {rows}
                {has_towns
                    .then(|| {
                        view! {
                            <li>
                                <span class="swatch swatch-town" aria-hidden="true"></span>
                                <span>{text!(i18n, network.legend_town)}</span>
                            </li>
                        }
                    })}
                {has_outsiders
                    .then(|| {
                        view! {
                            <li>
                                <span class="swatch swatch-outside" aria-hidden="true"></span>
                                <span>{text!(i18n, network.legend_outside)}</span>
                            </li>
                        }
                    })}
            </ul>
        </div>
    }
    .into_any()
}

/// A small sample of a class.
#[component]
pub fn Swatch(class: JoinClass) -> impl IntoView {
    let fill = format!("url(#key-{})", class.slug());
    view! {
        <svg class="swatch" viewBox="0 0 24 16" width="24" height="16" aria-hidden="true">
            <rect width="24" height="16" fill=fill />
        </svg>
    }
}

fn class_text(i18n: I18nContext<Locale>, class: JoinClass, span: Option<(u16, u16)>) -> String {
    match (class, span) {
        (JoinClass::Disputed, _) => t_string!(i18n, network.legend_disputed).to_owned(),
        (JoinClass::Unknown, _) | (_, None) => t_string!(i18n, network.legend_unknown).to_owned(),
        (_, Some((first, last))) if first == last => first.to_string(),
        (_, Some((first, last))) => format!("{first} {} {last}", t_string!(i18n, network.until)),
    }
}
