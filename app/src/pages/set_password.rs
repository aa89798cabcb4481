//! `/zugang/{secret}`: setting the coordinator's password by the one-time link that the server prints.

use leptos::{form::ActionForm, prelude::*};

use super::params::secret_param;
use crate::{
    calls::SetPassword,
    i18n::{t_string, use_i18n},
    lean::view,
    widgets::{ErrorNotice, PageTitle},
};

/// Asks for a new password.
#[component]
pub fn SetPasswordPage() -> impl IntoView {
    let i18n = use_i18n();
    let secret = secret_param();
    let set_password = ServerAction::<SetPassword>::new();
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, coordination.set_password).to_owned()) />
        <article class="page page-narrow">
            <h1>{text!(i18n, coordination.set_password)}</h1>
            <ActionForm action=set_password attr:class="form">
                <input type="hidden" name="secret" value=move || secret.get() />
                <input type="text" name="username" value="koordination" autocomplete="username" hidden readonly />
                <label for="password">{text!(i18n, coordination.new_password)}</label>
                <input
                    id="password"
                    name="password"
                    type="password"
                    required
                    minlength="12"
                    maxlength="200"
                    autocomplete="new-password"
                    aria-describedby="password-hint"
                />
                <p id="password-hint" class="hint">{text!(i18n, coordination.password_hint)}</p>
                <button type="submit" class="button button-main" disabled=move || set_password.pending().get()>
                    {text!(i18n, coordination.save_password)}
                </button>
                {move || {
                    set_password.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error /> })
                }}
            </ActionForm>
        </article>
    }
}
