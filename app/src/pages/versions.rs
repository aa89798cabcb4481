//! `/kommune/{ags}/leitbild/verlauf`: the history of a Leitbild, for holders of a link and the coordinator.

use leptos::prelude::*;

use super::{not_found::PageError, params::ags_param};
use crate::{
    calls::show_versions,
    i18n::{t_string, use_i18n},
    versions::{History, HistoryActions},
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
    let page = Resource::new(
        move || (ags.get(), versions()),
        |(ags, _)| async move { show_versions(ags?).await },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => {
                        let name = page.municipality.name.clone();
                        let title = Signal::derive(move || format!("{} · {name}", t_string!(i18n, versions.title)));
                        view! { <PageTitle text=title /> <History page actions /> }.into_any()
                    }
                    Err(error) => view! { <PageError error /> }.into_any(),
                }
            })}
        </Transition>
    }
}
