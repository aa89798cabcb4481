//! What stands where nothing is.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    error::AppError,
    i18n::{t_string, use_i18n},
    lean::view,
    widgets::{ErrorNotice, PageTitle},
};

/// The 404 page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    respond_with(&AppError::NotFound);
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, errors.page_missing).to_owned()) />
        <article class="page prose">
            <h1>{text!(i18n, errors.page_missing)}</h1>
            <p>{text!(i18n, errors.not_found)}</p>
            <p><A href="/">{text!(i18n, common.to_network)}</A></p>
        </article>
    }
}

/// A page that could not be shown: 404 has its own, everything else says what to do.
#[component]
pub fn PageError(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    if error == AppError::NotFound {
        return view! { <NotFoundPage /> }.into_any();
    }
    respond_with(&error);
    let sign_in = error == AppError::NotSignedIn;
    view! {
        <PageTitle text=Signal::derive(move || t_string!(i18n, errors.title).to_owned()) />
        <article class="page prose">
            <h1>{text!(i18n, errors.title)}</h1>
            <ErrorNotice error />
            <p>
                {if sign_in {
                    view! { <A href="/anmelden">{text!(i18n, coordination.sign_in)}</A> }.into_any()
                } else {
                    view! { <A href="/">{text!(i18n, common.to_network)}</A> }.into_any()
                }}
            </p>
        </article>
    }
    .into_any()
}

/// Gives the server-rendered answer the status of the error; does nothing in the browser.
fn respond_with(error: &AppError) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(error.status()),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _: &AppError = error;
}
