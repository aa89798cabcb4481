//! The map itself: areas, borders, labels, zoom buttons, and the card that names what is pointed at.

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::hooks::use_navigate;

use super::{
    keyboard::{Direction, neighbour},
    legend::Patterns,
    place::Place,
    state::MapState,
    view_box::{Camera, ZOOM_STEP},
};
use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
    widgets::kind_text,
};

/// Length of a CSS pixel in map units where the frame has not been measured: the map on a phone.
const UNMEASURED_UNIT: f64 = 2.8;

/// Size of a label's letters in CSS pixels, and how wide one is on average, in parts of that size.
const LABEL_SIZE: f64 = 11.0;
const LETTER_WIDTH: f64 = 0.56;

/// The map. `mesh` are the borders of the districts, `notice` names the source of the boundaries.
#[component]
pub fn NetworkMap(state: MapState, width: u32, height: u32, mesh: String, notice: String) -> impl IntoView {
    let i18n = use_i18n();
    let camera = RwSignal::new(Camera::whole(width, height));
    let frame = NodeRef::<html::Div>::new();
    let frame_width = RwSignal::new(None::<f64>);
    let fingers_hint = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    super::gesture::attach(frame, camera, frame_width, fingers_hint);

    let extent = camera.get_untracked().extent();
    let unit = Memo::new(move |_| {
        let whole = frame_width
            .get()
            .map_or(UNMEASURED_UNIT, |pixels| extent.0 / pixels.max(1.0));
        whole / camera.get().zoom()
    });
    let zoom_by = move |factor: f64| camera.update(|camera| *camera = camera.zoomed(factor, (0.5, 0.5)));
    let walk = walker(state, camera);
    let open = opener(state);

    let places = state.places();
    let tab = RwSignal::new(0_usize);
    let area = |index: usize| view! { <Area state place=places[index].clone() index tab /> };
    let indexes = |towns: bool| {
        (0..places.len())
            .filter(|i| places[*i].ags.is_town() == towns)
            .collect::<Vec<_>>()
    };
    let districts = indexes(false).into_iter().map(area).collect_view();
    let towns = indexes(true).into_iter().map(area).collect_view();
    let labels = (0..places.len())
        .map(|index| label(&places[index], unit))
        .collect_view();
    let outline = {
        let places = state.places();
        move || {
            state
                .active()
                .and_then(|index| places.get(index))
                .map(|place| place.d.clone())
                .unwrap_or_default()
        }
    };

    view! {
        <figure class="network-map">
            // The listeners stand on the frame, not on the picture: browsers let the Tab key stop at an SVG that listens
            // for focus.
            <div
                class="map-frame"
                class:is-near=move || !camera.get().shows_everything()
                node_ref=frame
                on:pointerover=move |event| state.pointed.set(area_of(&event))
                on:pointerleave=move |_| state.pointed.set(None)
                on:focusin=move |event| {
                    if let Some(index) = area_of(&event) {
                        tab.set(index);
                        state.point(index);
                    }
                }
                on:focusout=move |_| state.pointed.set(None)
                on:keydown=move |event| {
                    // With Ctrl the same keys belong to the browser.
                    if event.ctrl_key() || event.alt_key() || event.meta_key() {
                        return;
                    }
                    match event.key().as_str() {
                        "+" => zoom_by(ZOOM_STEP),
                        "-" => zoom_by(1.0 / ZOOM_STEP),
                        "0" => camera.update(|camera| *camera = camera.reset()),
                        _ => walk(&event),
                    }
                }
                on:click=move |event| open(&event)
            >
                <svg
                    class="map-picture"
                    viewBox=format!("0 0 {} {}", extent.0, extent.1)
                    role="group"
                    aria-label=move || t_string!(i18n, network.map_label)
                    aria-describedby="karte-hilfe"
                >
                    <Patterns prefix="map" unit />
                    <g class="map-world" transform=move || camera.get().group_transform()>
                        <g class="map-districts">{districts}</g>
                        <path class="map-mesh" d=mesh />
                        <g class="map-towns">{towns}</g>
                        <g class="map-labels" aria-hidden="true" font-size=move || format!("{:.2}", LABEL_SIZE * unit.get())>
                            {labels}
                        </g>
                        <path class="map-halo" d=outline.clone() />
                        <path class="map-outline" d=outline />
                    </g>
                </svg>
                <p class="map-fingers" class:is-visible=move || fingers_hint.get() aria-hidden="true">
                    {text!(i18n, network.two_fingers)}
                </p>
            </div>
            <div class="map-buttons" hidden=move || !state.live.get()>
                <button
                    type="button"
                    aria-label=move || t_string!(i18n, network.zoom_in)
                    disabled=move || camera.get().is_closest()
                    on:click=move |_| zoom_by(ZOOM_STEP)
                >
                    <span aria-hidden="true">"+"</span>
                </button>
                <button
                    type="button"
                    aria-label=move || t_string!(i18n, network.zoom_out)
                    disabled=move || camera.get().shows_everything()
                    on:click=move |_| zoom_by(1.0 / ZOOM_STEP)
                >
                    <span aria-hidden="true">"−"</span>
                </button>
                <button
                    type="button"
                    class="map-reset"
                    disabled=move || camera.get().shows_everything()
                    on:click=move |_| camera.update(|camera| *camera = camera.reset())
                >
                    {text!(i18n, network.zoom_reset)}
                </button>
            </div>
            <Card state />
            <figcaption>
                <p id="karte-hilfe" class="visually-hidden">
                    {text!(i18n, network.map_help)}
                </p>
                <p class="source">{notice}</p>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// One area. Whoever is no member has no profile, so no link either.
#[component]
fn Area(state: MapState, place: Place, index: usize, tab: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(member) = place.member.clone() else {
        return view! {
            <g class="map-place map-outsider">
                <path class="map-area" d=place.d />
            </g>
        }
        .into_any();
    };
    let fill = format!("url(#map-{})", member.class().slug());
    let (x, y) = place.at;
    // A stroke with round ends on a line without length is a disc that keeps its size on the screen at every zoom: the
    // mark of a town, and around it the 24 px that a finger needs.
    let disc = place.ags.is_town().then(|| format!("M{x} {y}h.01"));
    let href = place.href();
    let name = place.name.clone();
    view! {
        <g class="map-place" class:is-off=move || !state.is_shown(index)>
            <a
                href=href
                data-place=index
                tabindex=move || if state.tab_stop(tab.get()) == index { "0" } else { "-1" }
                aria-label=move || format!("{name}, {}", member.words(i18n))
            >
                <path class="map-area" d=place.d fill=fill />
                {disc.map(|d| view! {
                    <path class="map-finger" d=d.clone() />
                            <path class="map-dot-ground" d=d.clone() />
                    <path class="map-dot" d=d />
                })}
            </a>
        </g>
    }
    .into_any()
}

/// The name on the area, where it fits at this zoom.
fn label(place: &Place, unit: Memo<f64>) -> impl IntoView + use<> {
    let name = place.short_name().to_owned();
    let town = place.ags.is_town();
    let (x, y) = place.at;
    let room = f64::from(place.room);
    let letters = f64::from(u16::try_from(name.chars().count()).unwrap_or(u16::MAX));
    // Areas are wider than the circle that fits into them, so a name may stand out of it a little.
    let half_width = letters * LETTER_WIDTH * LABEL_SIZE / 2.0;
    let fits = move || room * 1.3 > half_width * unit.get();
    // A town's name stands below its dot, a district's on its point.
    let dy = if town { "1.35em" } else { "0.35em" };
    view! {
        <text x=x y=y dy=dy visibility=move || if fits() { "visible" } else { "hidden" }>
            {name}
        </text>
    }
}

/// Names the place that is pointed at or was tapped, and leads to it.
#[component]
fn Card(state: MapState) -> impl IntoView {
    let i18n = use_i18n();
    let places = state.places();
    let said = {
        let places = state.places();
        move || {
            let tapped = state.tapped.get().and_then(|index| places.get(index));
            tapped
                .map(|place| format!("{}. {}", place.name, t_string!(i18n, network.tap_again)))
                .unwrap_or_default()
        }
    };
    let shown = move || {
        let place = state.active().and_then(|index| places.get(index)).cloned();
        let Some((place, member)) = place.and_then(|place| place.member.clone().map(|member| (place, member))) else {
            return view! { <p class="map-card-hint">{text!(i18n, network.card_hint)}</p> }.into_any();
        };
        let (words, href) = (member, place.href());
        view! {
            <p class="map-card-name">
                <a href=href tabindex="-1">
                    {place.name}
                </a>
            </p>
            <p class="map-card-words">
                {move || {
                    let place = t_string!(i18n, network.region);
                    let (kind, region) = (kind_text(i18n, words.kind), words.regierungsbezirk.name());
                    format!("{kind} · {place} {region} · {}", words.since(i18n))
                }}
            </p>
        }
        .into_any()
    };
    view! {
        <div class="map-card">{move || shown()}</div>
        <p class="visually-hidden" role="status">
            {said}
        </p>
    }
    .into_any()
}

/// The place whose area the event happened on.
fn area_of(event: &web_sys::Event) -> Option<usize> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target
        .closest("[data-place]")
        .ok()??
        .get_attribute("data-place")?
        .parse()
        .ok()
}

/// Arrow keys: moves the focus to the neighbour and the map so that it is seen.
fn walker(state: MapState, camera: RwSignal<Camera>) -> impl Fn(&ev::KeyboardEvent) + Copy + 'static {
    let points = StoredValue::new(state.places().iter().map(|place| place.at).collect::<Vec<_>>());
    move |event| {
        let (Some(direction), Some(from)) = (Direction::of_key(&event.key()), area_of(event)) else {
            return;
        };
        // Also at the map's edge: the page must not scroll away under a key that moves on the map.
        event.prevent_default();
        let next =
            points.with_value(|points| neighbour(points, from, direction, |index| untrack(|| state.is_shown(index))));
        let Some(next) = next else { return };
        let place = document()
            .query_selector(&format!("[data-place=\"{next}\"]"))
            .ok()
            .flatten();
        if let Some(place) = place.and_then(|place| place.dyn_into::<web_sys::SvgElement>().ok())
            && place.focus().is_ok()
        {
            let at = points.with_value(|points| points.get(next).copied().unwrap_or_default());
            camera.update(|camera| *camera = camera.showing((f64::from(at.0), f64::from(at.1))));
        }
    }
}

/// A click on an area opens its profile without loading the page anew (the router does not see links in an SVG). A
/// finger first chooses, because it cannot hover and areas are small; the second tap opens.
fn opener(state: MapState) -> impl Fn(&ev::MouseEvent) + Copy + 'static {
    let navigate = StoredValue::new(use_navigate());
    move |event| {
        let new_tab =
            event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        let Some(index) = area_of(event) else { return };
        if new_tab || event.default_prevented() {
            return;
        }
        event.prevent_default();
        let touch = event
            .dyn_ref::<web_sys::PointerEvent>()
            .is_some_and(|event| event.pointer_type() == "touch");
        if touch && state.tapped.get_untracked() != Some(index) {
            state.tapped.set(Some(index));
            return;
        }
        if let Some(place) = state.places().get(index) {
            let href = place.href();
            navigate.with_value(|navigate| navigate(&href, Default::default()));
        }
    }
}
