//! `/kommune/{ags}/leitbild/verlauf`: the history of a Leitbild, for holders of a link and the coordinator.

use leptos::prelude::*;

use super::{
    data::PageData,
    params::{ags_param, key},
};
use crate::{
    calls::show_versions,
    i18n::{t_string, use_i18n},
    lean::view,
    versions::{History, HistoryActions, VersionsPage},
    widgets::PageTitle,
};

/// The route: loads the history, again after each action.
#[component]
pub fn VersionsRouteView() -> impl IntoView {
    let i18n = use_i18n();
    let ags = ags_param();
    let actions = HistoryActions {
        name: ServerAction::new(),
        restore: ServerAction::new(),
        set: ServerAction::new(),
        decide: ServerAction::new(),
    };
    let versions = move || {
        (
            actions.name.version().get(),
            actions.restore.version().get(),
            actions.set.version().get(),
            actions.decide.version().get(),
        )
    };
    let load = move || {
        let ags = ags.get_untracked();
        async move { show_versions(ags?).await }
    };
    PageData::new(move || format!("{} {:?}", key(ags), versions()), load).show(move |page: VersionsPage| {
        let name = page.municipality.name.clone();
        let title = Signal::derive(move || format!("{} · {name}", t_string!(i18n, versions.title)));
        view! { <PageTitle text=title /> <History page actions /> }.into_any()
    })
}
