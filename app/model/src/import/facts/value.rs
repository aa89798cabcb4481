//! What a fact's value and date must look like.

use crate::{
    fact::FactKey,
    import::{Reason, profile, text::clean, text::excerpt},
};

/// `text` in the form that [`FactKey`] states for `key`.
///
/// Whole numbers may be grouped (`445.000`, `445 000`), decimals may have a comma.
///
/// # Errors
/// [`Reason::MissingValue`], [`Reason::LineBreak`], or what the key's form asks for.
pub fn check_value(key: FactKey, text: &str) -> Result<String, Reason> {
    if key == FactKey::ContactAddress {
        let lines: Vec<_> = text.lines().map(clean).filter(|line| !line.is_empty()).collect();
        return if lines.is_empty() {
            Err(Reason::MissingValue)
        } else {
            Ok(lines.join("\n"))
        };
    }
    let value = one_line(text, Reason::MissingValue)?;
    match key {
        FactKey::Joined => whole(&value)
            .filter(|year| value.len() == 4 && (1900..=2199).contains(year))
            .map(|year| year.to_string())
            .ok_or_else(|| Reason::Year(excerpt(&value))),
        FactKey::Inhabitants | FactKey::Under18 => whole(&value)
            .map(|number| number.to_string())
            .ok_or_else(|| Reason::WholeNumber(excerpt(&value))),
        FactKey::AreaKm2 => decimal(&value).ok_or_else(|| Reason::Decimal(excerpt(&value))),
        FactKey::ContactEmail => {
            if profile::is_email(&value) {
                Ok(value)
            } else {
                Err(Reason::Email(excerpt(&value)))
            }
        }
        FactKey::Website => profile::web_address(&value).ok_or_else(|| Reason::WebAddress(excerpt(&value))),
        _ => Ok(value),
    }
}

/// Digits with a point that may part groups or decimals: `1.796`, where `445.000` stands beside it.
pub(super) fn may_be_grouped(text: &str) -> bool {
    let text = clean(text);
    let Some((whole, part)) = text.split_once('.') else {
        return false;
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&whole.len()) && part.len() == 3 && is_digits(whole) && is_digits(part) && !whole.starts_with('0')
}

/// A date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or empty where the source gives none.
///
/// # Errors
/// [`Reason::Date`] for another form or a day that does not exist.
pub fn check_date(text: &str) -> Result<String, Reason> {
    let date = clean(text);
    if date.is_empty() || is_date(&date) {
        Ok(date)
    } else {
        Err(Reason::Date(excerpt(&date)))
    }
}

/// Clean text that stands on one line.
pub(super) fn one_line(text: &str, missing: Reason) -> Result<String, Reason> {
    if text.trim().contains('\n') {
        return Err(Reason::LineBreak);
    }
    let value = clean(text);
    if value.is_empty() { Err(missing) } else { Ok(value) }
}

fn whole(text: &str) -> Option<u32> {
    profile::exact_number(text)
}

/// Digits with at most one point or comma, given back with a point.
fn decimal(text: &str) -> Option<String> {
    let value = text.replacen(',', ".", 1);
    let (whole, part) = value.split_once('.').unwrap_or((&value, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(part)).then_some(value)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        let form = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| form)
    };
    let year = |part| number(part, 4).filter(|year| (1900..=2199).contains(year));
    let month = |part| number(part, 2).filter(|month| (1..=12).contains(month));
    match parts[..] {
        [y] => year(y).is_some(),
        [y, m] => year(y).is_some() && month(m).is_some(),
        [y, m, d] => match (year(y), month(m), number(d, 2)) {
            (Some(year), Some(month), Some(day)) => (1..=days_in(year, month)).contains(&day),
            _ => false,
        },
        _ => false,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    }
}
