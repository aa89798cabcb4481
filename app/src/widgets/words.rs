//! Words and numbers in the person's language.

use leptos_i18n::I18nContext;
use model::{municipality::Kind, role::Role, sector::Sector};

use crate::i18n::{Locale, t_string};

/// What a place is, e.g. "kreisfreie Stadt".
#[must_use]
pub fn kind_text(i18n: I18nContext<Locale>, kind: Kind) -> &'static str {
    match kind {
        Kind::Kreis => t_string!(i18n, common.kind_kreis),
        Kind::KreisfreieStadt => t_string!(i18n, common.kind_kreisfrei),
        Kind::KreisangehoerigeStadt => t_string!(i18n, common.kind_angehoerig),
        Kind::Staedteregion => t_string!(i18n, common.kind_region),
    }
}

/// What a link allows.
#[must_use]
pub fn role_text(i18n: I18nContext<Locale>, role: Role) -> &'static str {
    match role {
        Role::Read => t_string!(i18n, common.role_read),
        Role::Suggest => t_string!(i18n, common.role_suggest),
        Role::Participate => t_string!(i18n, common.role_participate),
        Role::Facilitate => t_string!(i18n, common.role_facilitate),
    }
}

/// A sector as people read it.
#[must_use]
pub fn sector_text(i18n: I18nContext<Locale>, sector: Sector) -> &'static str {
    match sector {
        Sector::Education => t_string!(i18n, join.sector_education),
        Sector::Health => t_string!(i18n, join.sector_health),
        Sector::Social => t_string!(i18n, join.sector_social),
        Sector::YouthWelfare => t_string!(i18n, join.sector_youth_welfare),
        Sector::Administration => t_string!(i18n, join.sector_administration),
        Sector::Politics => t_string!(i18n, join.sector_politics),
        Sector::Families => t_string!(i18n, join.sector_families),
        Sector::Civil => t_string!(i18n, join.sector_civil),
        Sector::Other => t_string!(i18n, join.sector_other),
    }
}

/// A number as stored ("445000", "1793.12") with the language's separators; anything else unchanged.
#[must_use]
pub fn number_text(i18n: I18nContext<Locale>, stored: &str) -> String {
    let (thousands, decimal) = match i18n.get_locale() {
        Locale::de => ('.', ','),
        Locale::en => (',', '.'),
    };
    let (whole, fraction) = stored
        .split_once('.')
        .map_or((stored, None), |(whole, fraction)| (whole, Some(fraction)));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return stored.to_owned();
    }
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(decimal);
        text.push_str(fraction);
    }
    text
}
