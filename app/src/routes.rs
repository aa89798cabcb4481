//! Which address shows which page.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    a11y::AnnounceNavigation,
    i18n::I18nContextProvider,
    pages::{
        AccessibilityPage, CoordinationPage, EditorRoute, ImprintPage, JoinPage, NetworkRoute, NotFoundPage,
        PrivacyPage, ProfileRoute, SetPasswordPage, SignInPage, SteeringRoute,
    },
    widgets::{SiteFooter, SiteHeader},
};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider cookie_name="leitnetz_sprache">
            <Site />
        </I18nContextProvider>
    }
}

#[component]
fn Site() -> impl IntoView {
    // Pages are rendered whole (`Async`): they read complete without JavaScript, and their status is known before the
    // first byte.
    view! {
        <Router>
            <SiteHeader />
            <AnnounceNavigation />
            <main id="inhalt">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=NetworkRoute ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags") view=ProfileRoute ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags/leitbild/bearbeiten") view=EditorRoute ssr=SsrMode::Async />
                    <Route path=path!("/einladung/:secret") view=JoinPage ssr=SsrMode::Async />
                    <Route path=path!("/anmelden") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/zugang/:secret") view=SetPasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/koordination") view=CoordinationPage ssr=SsrMode::Async />
                    <Route path=path!("/koordination/:ags") view=SteeringRoute ssr=SsrMode::Async />
                    <Route path=path!("/impressum") view=ImprintPage ssr=SsrMode::Async />
                    <Route path=path!("/datenschutz") view=PrivacyPage ssr=SsrMode::Async />
                    <Route path=path!("/barrierefreiheit") view=AccessibilityPage ssr=SsrMode::Async />
                </Routes>
            </main>
            <SiteFooter />
        </Router>
    }
}
