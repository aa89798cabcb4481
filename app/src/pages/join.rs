//! `/einladung/{secret}`: shows where a link leads; joining is a POST, because previewers open links too.

use leptos::{form::ActionForm, prelude::*};

use model::sector::Sector;

use super::{data::PageData, params::secret_param};
use crate::{
    calls::{RedeemLink, show_invitation},
    i18n::use_i18n,
    lean::view,
    views::Invitation,
    widgets::{ErrorNotice, PageTitle, role_text, sector_text},
};

/// The route: loads the invitation and offers to join.
#[component]
pub fn JoinPage() -> impl IntoView {
    let secret = secret_param();
    PageData::new(move || secret.get(), move || show_invitation(secret.get_untracked()))
        .show(move |invitation| view! { <Join invitation secret=secret.get_untracked() /> }.into_any())
}

#[component]
fn Join(invitation: Invitation, secret: String) -> impl IntoView {
    let i18n = use_i18n();
    let redeem = ServerAction::<RedeemLink>::new();
    let Invitation {
        municipality,
        role,
        name,
    } = invitation;
    view! {
        <PageTitle text=municipality.name.clone() />
        <article class="page page-narrow">
            <p class="kicker">{text!(i18n, join.kicker)}</p>
            <h1>{municipality.name.clone()}</h1>
            <p class="lead">{text!(i18n, join.intro)}</p>
            <p>{text!(i18n, join.role)} " " <strong>{move || role_text(i18n, role)}</strong></p>
            <ActionForm action=redeem attr:class="form">
                <input type="hidden" name="secret" value=secret />
                <label for="name">{text!(i18n, join.name)}</label>
                <input
                    id="name"
                    name="name"
                    type="text"
                    required
                    maxlength="60"
                    autocomplete="name"
                    value=name.unwrap_or_default()
                    aria-describedby="name-hint"
                />
                <p id="name-hint" class="hint">{text!(i18n, join.name_hint)}</p>
                <label for="sector">{text!(i18n, join.sector)}</label>
                <select id="sector" name="sector">
                    <option value="">{text!(i18n, join.sector_none)}</option>
                    {Sector::ALL
                        .into_iter()
                        .map(|sector| {
                            view! { <option value=sector.as_str()>{move || sector_text(i18n, sector)}</option> }
                        })
                        .collect_view()}
                </select>
                <button type="submit" class="button button-main" disabled=move || redeem.pending().get()>
                    {text!(i18n, join.submit)}
                </button>
                {move || {
                    redeem.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })
                }}
            </ActionForm>
            <p class="hint">{text!(i18n, join.privacy)}</p>
        </article>
    }
}
