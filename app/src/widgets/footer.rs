//! The foot of every page: what the law asks to be reachable from everywhere.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    i18n::{t_string, use_i18n},
    lean::view,
};

/// Legal pages, the way in for the coordinator, and where the boundaries come from.
#[component]
pub fn SiteFooter() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer class="site-footer">
            <nav aria-label=move || t_string!(i18n, common.legal_navigation)>
                <ul>
                    <li><A href="/impressum">{text!(i18n, legal.imprint)}</A></li>
                    <li><A href="/datenschutz">{text!(i18n, legal.privacy)}</A></li>
                    <li><A href="/barrierefreiheit">{text!(i18n, legal.accessibility)}</A></li>
                    <li><A href="/koordination">{text!(i18n, coordination.title)}</A></li>
                </ul>
            </nav>
            <p class="site-notice">{text!(i18n, common.geodata_notice)}</p>
        </footer>
    }
}
