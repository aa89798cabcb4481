//! `/kommune/{ags}/leitbild/bearbeiten`: the draft for holders of an edit link, the published text for everyone else.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::open_editor,
    editor::{LeitbildEditor, Places},
    i18n::use_i18n,
    lean::view,
    views::EditorPage,
    widgets::{LeitbildText, PageTitle},
};

/// The route: loads the draft or the published text.
#[component]
pub fn EditorRouteView() -> impl IntoView {
    let ags = ags_param();
    let load = move || {
        let ags = ags.get_untracked();
        async move { open_editor(ags?).await }
    };
    PageData::new(move || key(ags), load).show(move |page| view! { <Editor page /> }.into_any())
}

#[component]
fn Editor(page: EditorPage) -> impl IntoView {
    let i18n = use_i18n();
    let EditorPage {
        municipality,
        draft,
        phases,
        places,
        stage,
        published,
    } = page;
    provide_context(Places(StoredValue::new(places)));
    let profile = format!("/kommune/{}", municipality.ags);
    let title = municipality.name.clone();
    match draft {
        Some((access, view)) => view! {
            <PageTitle text=title />
            <LeitbildEditor municipality access view phases stage />
        }
        .into_any(),
        None => view! {
            <PageTitle text=title />
            <article class="page prose">
                <p class="kicker"><A href=profile>{text!(i18n, coordination.to_profile)}</A></p>
                <h1>{municipality.name}</h1>
                <p class="notice">{text!(i18n, editor.link_needed)}</p>
                <h2>{text!(i18n, profile.leitbild)}</h2>
                {match published {
                    Some(published) => view! { <LeitbildText leitbild=published.leitbild /> }.into_any(),
                    None => view! { <p class="unknown">{text!(i18n, profile.not_published)}</p> }.into_any(),
                }}
            </article>
        }
        .into_any(),
    }
}
