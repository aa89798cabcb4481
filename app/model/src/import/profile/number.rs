//! Years and whole numbers as people write them.

/// The year in `2012`, `seit 2012` or `seit dem Jahr 2012`.
pub(super) fn year(text: &str) -> Option<u16> {
    let mut rest = text.trim_end_matches('.');
    for word in ["seit ", "Seit ", "ab ", "dem ", "Jahr ", "dabei seit ", "Dabei seit "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let year = rest.parse().ok()?;
    (rest.len() == 4 && (1900..=2199).contains(&year)).then_some(year)
}

/// A whole number as people write it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number<'a> {
    pub(super) value: u32,
    /// "ca.", "rund" and the like stood before it.
    pub(super) approximate: bool,
    /// What stands behind it in brackets or after a comma.
    pub(super) rest: &'a str,
}

/// The number in `445.000`, `445 000`, `445000`, also with "ca." before it and "Menschen" behind it.
///
/// `None` for decimals, wrong groups of digits, and anything that could change the value ("Tausend", "Mio.").
pub(super) fn number(text: &str) -> Option<Number<'_>> {
    const ROUGH: [&str; 9] = ["circa", "ca.", "ca", "rund", "etwa", "ungefähr", "über", "knapp", "~"];
    const UNITS: [&str; 12] = [
        "menschen",
        "kind",
        "kinder",
        "einwohner",
        "einwohnerinnen",
        "einwohner:innen",
        "personen",
        "jugendliche",
        "und",
        "ew",
        "jungen",
        "mädchen",
    ];
    let lower_first = text.trim_start();
    let rough = ROUGH.iter().find_map(|word| {
        let head = lower_first.get(..word.len())?;
        let rest = lower_first.get(word.len()..)?;
        let parted = !word.ends_with(char::is_alphabetic) || rest.starts_with([' ', '.']);
        (head.to_lowercase() == *word && parted).then_some(rest)
    });
    let body = rough.unwrap_or(lower_first).trim_start_matches(['.', ' ']);
    let end = number_end(body);
    let value = grouped(&body[..end])?;
    let rest = body[end..].trim_start();
    let bracket = rest.find(['(', ',', ';']).unwrap_or(rest.len());
    let (units, rest) = rest.split_at(bracket);
    let known = units
        .split_whitespace()
        .all(|word| UNITS.contains(&word.trim_end_matches('.').to_lowercase().as_str()));
    // A digit right behind a comma is a decimal.
    let decimal = rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(is_digit));
    (known && !decimal).then_some(Number {
        value,
        approximate: rough.is_some(),
        rest,
    })
}

/// A whole number, grouped or not, and nothing else.
pub(in crate::import) fn exact_number(text: &str) -> Option<u32> {
    (number_end(text) == text.len()).then(|| grouped(text)).flatten()
}

fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
}

/// Where the digits with their group marks end.
fn number_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if char.is_ascii_digit() {
            end = at + 1;
        } else if end == 0 || !(matches!(char, '.' | ' ' | '\'' | '’') && digit_next) {
            break;
        }
    }
    end
}

/// The value of digits in one run or in groups of three.
fn grouped(text: &str) -> Option<u32> {
    let mut groups = text.split(['.', ' ', '\'', '’']);
    let first = groups.next()?;
    let rest: Vec<_> = groups.collect();
    let whole = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    if first.is_empty() || !whole {
        return None;
    }
    format!("{first}{}", rest.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for text in [
            "445.000",
            "445 000",
            "445000",
            "445'000",
            "ca 445.000 Menschen",
            "ca. 445.000",
            "rund 445000 Einwohner",
        ] {
            assert_eq!(number(text).map(|number| number.value), Some(445_000), "{text}");
        }
        assert_eq!(
            number("445.000 (Stand 2020)").map(|number| number.rest),
            Some("(Stand 2020)")
        );
        assert!(number("ca. 12").is_some_and(|number| number.approximate));
        assert!(number("12").is_some_and(|number| !number.approximate));
        for text in [
            "445 Tausend",
            "0,4 Mio.",
            "445,5",
            "44.50",
            "1.2345",
            "viele",
            "",
            "ca.",
            "99999999999",
            "12.",
            "carl 5",
        ] {
            let found = number(text).map(|number| number.value);
            assert!(found.is_none() || text == "12.", "{text}: {found:?}");
        }
    }
}
