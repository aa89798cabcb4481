//! Moments in German time, in words: the same on server and browser, whatever the machine's time zone is.

use leptos_i18n::I18nContext;

use crate::i18n::Locale;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment on a clock in Germany.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    year: i64,
    /// From 1.
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
}

/// "12. März 2026, 14:03".
#[must_use]
pub fn moment_text(i18n: I18nContext<Locale>, at_ms: i64) -> String {
    text(i18n.get_locale(), at_ms)
}

/// "12. März 2026", of a day `YYYY-MM-DD`, and "März 2026" of a month; anything else as it is.
#[must_use]
pub(crate) fn day_text(i18n: I18nContext<Locale>, day: &str) -> String {
    day_in(i18n.get_locale(), day)
}

fn day_in(locale: Locale, day: &str) -> String {
    let numbers: Vec<usize> = day.split('-').filter_map(|part| part.parse().ok()).collect();
    let (months, dot) = match locale {
        Locale::de => (MONTHS_DE, "."),
        Locale::en => (MONTHS_EN, ""),
    };
    let month = |number: usize| months.get(number.wrapping_sub(1)).copied();
    match numbers.as_slice() {
        [year, number] => month(*number).map(|month| format!("{month} {year}")),
        [year, number, day] => month(*number).map(|month| format!("{day}{dot} {month} {year}")),
        _ => None,
    }
    .unwrap_or_else(|| day.to_owned())
}

fn text(locale: Locale, at_ms: i64) -> String {
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
    } = german(at_ms);
    match locale {
        Locale::de => format!("{day}. {} {year}, {hour:02}:{minute:02}", MONTHS_DE[month - 1]),
        Locale::en => format!("{day} {} {year}, {hour:02}:{minute:02}", MONTHS_EN[month - 1]),
    }
}

/// Central European time: one hour before UTC, in summer two. Summer lasts from the last Sunday of March to that of October,
/// 01:00 UTC each (Directive 2000/84/EC).
fn german(at_ms: i64) -> Moment {
    let (year, ..) = civil(at_ms.div_euclid(DAY_MS));
    let change = |month| last_sunday(year, month) * DAY_MS + HOUR_MS;
    let is_summer = (change(3)..change(10)).contains(&at_ms);
    let local = at_ms + if is_summer { 2 * HOUR_MS } else { HOUR_MS };
    let (year, month, day) = civil(local.div_euclid(DAY_MS));
    let minutes = local.rem_euclid(DAY_MS) / 60_000;
    Moment {
        year,
        month,
        day,
        hour: minutes / 60,
        minute: minutes % 60,
    }
}

/// The day of the last Sunday of a month with 31 days, counted from 1970.
fn last_sunday(year: i64, month: i64) -> i64 {
    let last = days(year, month, 31);
    // 1 January 1970 was a Thursday.
    last - (last + 4).rem_euclid(7)
}

/// Days since 1970 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a number of days since 1970; the same source.
fn civil(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_show_german_time_in_summer_and_winter() {
        for (at_ms, expected) in [
            (0, "1. Januar 1970, 01:00"),
            // A second before and at the change to summer time in 2026: 29 March, 01:00 UTC.
            (1_774_745_999_000, "29. März 2026, 01:59"),
            (1_774_746_000_000, "29. März 2026, 03:00"),
            // And back: 25 October, 01:00 UTC.
            (1_792_889_999_000, "25. Oktober 2026, 02:59"),
            (1_792_890_000_000, "25. Oktober 2026, 02:00"),
            (1_709_164_800_000, "29. Februar 2024, 01:00"),
            (1_767_223_800_000, "1. Januar 2026, 00:30"),
        ] {
            assert_eq!(text(Locale::de, at_ms), expected);
        }
        assert_eq!(text(Locale::en, 1_774_746_000_000), "29 March 2026, 03:00");
    }

    #[test]
    fn days_are_told_as_exactly_as_they_are_known() {
        for (day, expected) in [
            ("2026-03-12", "12. März 2026"),
            ("2024-06", "Juni 2024"),
            ("2024", "2024"),
            ("2024-13", "2024-13"),
            ("", ""),
        ] {
            assert_eq!(day_in(Locale::de, day), expected);
        }
        assert_eq!(day_in(Locale::en, "2026-03-02"), "2 March 2026");
    }
}
