//! Which address shows which page.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy, SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    a11y::AnnounceNavigation,
    i18n::I18nContextProvider,
    language,
    lean::view,
    pages::{
        AccessibilityRoute, CoordinationRoute, EditorRoute, FormerRoute, ImprintRoute, JoinRoute, NetworkRoute,
        NotFoundPage, PrivacyRoute, ProfileRoute, SetPasswordRoute, SignInRoute, SteeringRoute, TakeOverRoute,
        VersionsRoute,
    },
    widgets::{SiteFooter, SiteHeader},
};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider cookie_name=language::COOKIE>
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
                    <Route path=path!("/") view={Lazy::<NetworkRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags") view={Lazy::<ProfileRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags/leitbild/bearbeiten") view={Lazy::<EditorRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags/leitbild/uebernehmen") view={Lazy::<TakeOverRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags/leitbild/verlauf") view={Lazy::<VersionsRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/kommune/:ags/leitbild/fassung/:number") view={Lazy::<FormerRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/einladung/:secret") view={Lazy::<JoinRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/anmelden") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/zugang/:secret") view={Lazy::<SetPasswordRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/koordination") view={Lazy::<CoordinationRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/koordination/:ags") view={Lazy::<SteeringRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/impressum") view={Lazy::<ImprintRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/datenschutz") view={Lazy::<PrivacyRoute>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/barrierefreiheit") view={Lazy::<AccessibilityRoute>::new()} ssr=SsrMode::Async />
                </Routes>
            </main>
            <SiteFooter />
        </Router>
    }
}
