//! `/anmelden`: the coordinator's way in.

use leptos::{form::ActionForm, prelude::*};

use crate::{
    calls::SignIn,
    i18n::{t_string, use_i18n},
    lean::view,
    widgets::{ErrorNotice, PageTitle},
};

/// Asks for the coordinator's password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let sign_in = ServerAction::<SignIn>::new();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, coordination.sign_in).to_owned()) />
        <article class="page page-narrow">
            <h1>{text!(i18n, coordination.sign_in)}</h1>
            <ActionForm action=sign_in attr:class="form">
                // Password managers want a user name beside a password; there is one account.
                <input type="text" name="username" value="koordination" autocomplete="username" hidden readonly />
                <label for="password">{text!(i18n, coordination.password)}</label>
                <input id="password" name="password" type="password" required autocomplete="current-password" />
                <button type="submit" class="button button-main" disabled=move || sign_in.pending().get()>
                    {text!(i18n, coordination.sign_in)}
                </button>
                {move || {
                    sign_in.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })
                }}
            </ActionForm>
            <p class="hint">{text!(i18n, coordination.forgotten)}</p>
        </article>
    }
}
