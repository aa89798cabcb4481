//! `/kommune/{ags}/leitbild/fassung/{number}`: a version that was decided on, also when a later one has taken its place.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::stage::Stage;

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::show_former,
    error::AppError,
    i18n::use_i18n,
    lean::view,
    versions::{AdoptionText, FormerPage},
    widgets::{LeitbildText, PageTitle},
};

/// The route: loads the version and shows it.
#[component]
pub fn FormerRouteView() -> impl IntoView {
    let ags = ags_param();
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").and_then(|text| text.parse().ok()));
    let load = move || {
        let (ags, number): (_, Option<u64>) = (ags.get_untracked(), number.get_untracked());
        async move { show_former(ags?, number.ok_or(AppError::NotFound)?).await }
    };
    PageData::new(move || format!("{} {:?}", key(ags), number.get()), load)
        .show(|page| view! { <Former page /> }.into_any())
}

#[component]
fn Former(page: FormerPage) -> impl IntoView {
    let i18n = use_i18n();
    let FormerPage {
        municipality,
        adopted,
        leitbild,
        stage,
    } = page;
    let profile = format!("/kommune/{}", municipality.ags);
    let name = municipality.name.clone();
    let is_former = stage == Stage::Superseded;
    let title = if is_former {
        text!(i18n, profile.former_title)
    } else {
        text!(i18n, profile.in_force_title)
    };
    view! {
        <PageTitle text=name />
        <article class="page prose">
            <p class="kicker">
                <A href=profile.clone()>{municipality.name}</A>
            </p>
            <h1>{title}</h1>
            <AdoptionText decision=adopted.decision />
            {is_former
                .then(|| {
                    view! {
                        <p class="notice" data-notice="superseded">
                            {text!(i18n, profile.superseded)}
                            " "
                            <A href=profile>{text!(i18n, profile.to_current)}</A>
                        </p>
                    }
                })}
            // The Leitlinien below are headings of the third level, as on the profile.
            <h2 class="visually-hidden">{text!(i18n, profile.leitbild)}</h2>
            <LeitbildText leitbild />
        </article>
    }
}
