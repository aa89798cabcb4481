//! The language that somebody chose, kept in a cookie so that the server renders the next page in it.
//!
//! leptos_i18n reads the cookie on the server. It could write it in the browser, too, but with a parser for cookies and
//! dates that the browser does not need.

use leptos_i18n::I18nContext;

use crate::i18n::Locale;

/// The cookie's name.
pub(crate) const COOKIE: &str = "leitnetz_sprache";

/// Shows the pages in `locale`, now and at the next visit.
pub(crate) fn choose(i18n: I18nContext<Locale>, locale: Locale) {
    i18n.set_locale(locale);
    #[cfg(feature = "hydrate")]
    keep(locale);
}

#[cfg(feature = "hydrate")]
fn keep(locale: Locale) {
    const YEAR_S: u32 = 365 * 24 * 60 * 60;
    let cookie = format!("{COOKIE}={locale}; Path=/; Max-Age={YEAR_S}; SameSite=Lax");
    let document = leptos::prelude::document();
    // Fails only where cookies are forbidden; the choice then holds until the page is left.
    let _ = js_sys::Reflect::set(&document, &"cookie".into(), &cookie.into());
}
