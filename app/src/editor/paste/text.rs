//! Plain text as stretches: lists from other programs, and the broken lines of a PDF.

use model::doc::{Role, Stretch};

use super::builder::tidy;

/// "Kinder- und Jugendhilfe": the hyphen before these stays.
const AFTER_HYPHEN: [&str; 8] = ["und", "oder", "bzw.", "sowie", "wie", "als", "noch", "bis"];

/// Lines with words, without blanks and list marks around them. A line that goes on in the next one is joined with it.
pub(super) fn stretches(text: &str) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    // An empty line ends whatever stood before.
    let mut may_go_on = false;
    let text = text.replace("\r\n", "\n");
    for line in text.split(['\n', '\r', '\u{0B}', '\u{0C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let mut words = tidy(line);
        if words.is_empty() {
            may_go_on = false;
            continue;
        }
        // Invisible inside of a line, at its end it is where the word was cut.
        if line.trim_end().ends_with('\u{AD}') {
            words.push('-');
        }
        let (words, is_item) = without_mark(&words);
        if words.is_empty() {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if may_go_on && !is_item && goes_on(&last.words, words) => join(&mut last.words, words),
            _ => stretches.push(Stretch {
                role: if is_item { Role::Item } else { Role::Paragraph },
                words: words.to_owned(),
            }),
        }
        may_go_on = true;
    }
    stretches
}

/// Does a line go on with these words? Sentences end with a sign, and go on in small letters.
fn goes_on(before: &str, words: &str) -> bool {
    let is_open = before
        .chars()
        .next_back()
        .is_some_and(|last| !matches!(last, '.' | '!' | '?' | ':' | ';' | '…' | '“' | '"' | '”' | '»' | '«'));
    let starts_small = words.chars().next().is_some_and(char::is_lowercase);
    is_open && (starts_small || is_hyphenated(before))
}

/// A word that was cut at the end of the line.
fn is_hyphenated(before: &str) -> bool {
    let mut letters = before.chars().rev();
    matches!(letters.next(), Some('-' | '\u{2010}')) && letters.next().is_some_and(char::is_alphabetic)
}

fn join(before: &mut String, words: &str) {
    let starts_small = words.chars().next().is_some_and(char::is_lowercase);
    let first = words.split(' ').next().unwrap_or_default();
    if !is_hyphenated(before) || AFTER_HYPHEN.contains(&first) {
        before.push(' ');
    } else if starts_small {
        before.pop();
    }
    before.push_str(words);
}

/// The line without the mark of a list, and whether it had one.
pub(super) fn without_mark(line: &str) -> (&str, bool) {
    let line = line.trim();
    let rest = line.trim_start_matches(['•', '·', '▪', '◦', '‣', '●', '○', '■', '\u{F0B7}', '\u{F0A7}']);
    if rest.len() < line.len() {
        return (rest.trim_start(), true);
    }
    if let Some(words) = rest.strip_prefix(['-', '–', '*'])
        && words.starts_with(char::is_whitespace)
    {
        return (words.trim_start(), true);
    }
    match numbered(rest) {
        Some(words) => (words, true),
        None => (rest, false),
    }
}

/// "3. Words", "3) Words" and "b) Words" without the number. A year, a date or an amount is none.
fn numbered(line: &str) -> Option<&str> {
    let (mark, words) = line.split_once(char::is_whitespace)?;
    let number = mark.strip_suffix(['.', ')'])?;
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = mark.ends_with(')') && number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_lowercase());
    // "3. Mai" is a day.
    let is_day = mark.ends_with('.') && MONTHS.iter().any(|month| words.starts_with(month));
    ((is_number && !is_day) || is_letter).then(|| words.trim_start())
}

const MONTHS: [&str; 12] = [
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        stretches(text).into_iter().map(|stretch| stretch.words).collect()
    }

    #[test]
    fn lists_from_other_programs_lose_their_marks() {
        let text =
            "•\tErstens\r\n\r\n - Zweitens\n* Drittens\n–  Viertens\n1. Fünftens\nb) Sechstens\n\u{F0B7} Siebtens";
        let all = stretches(text);
        assert_eq!(
            words(text),
            [
                "Erstens",
                "Zweitens",
                "Drittens",
                "Viertens",
                "Fünftens",
                "Sechstens",
                "Siebtens"
            ]
        );
        assert!(all.iter().all(|stretch| stretch.role == Role::Item));
    }

    #[test]
    fn what_only_begins_like_a_mark_stays() {
        let text =
            "-5 Grad.\n**wichtig**.\nÜber- und unterwegs.\n2024 war das so.\n3. Mai 2024.\nz. B. so.\n1.000 Kinder.";
        assert_eq!(words(text).len(), 7);
        assert_eq!(words(text).join("\n"), text);
    }

    #[test]
    fn broken_lines_of_a_pdf_belong_together() {
        let text = "Wir sorgen dafür, dass jedes Kind in unserer Ge-\nmeinde gesund\naufwächst und gebil-\r\ndet wird.\n\
                    Kein Kind bleibt zurück\nAlle Kinder- und\nJugendeinrichtungen";
        assert_eq!(
            words(text),
            [
                "Wir sorgen dafür, dass jedes Kind in unserer Gemeinde gesund aufwächst und gebildet wird.",
                "Kein Kind bleibt zurück",
                "Alle Kinder- und",
                "Jugendeinrichtungen",
            ]
        );
        assert_eq!(words("die Kinder-\nund Jugendhilfe"), ["die Kinder- und Jugendhilfe"]);
        assert_eq!(words("die Eltern-Kind-\nGruppe"), ["die Eltern-Kind-Gruppe"]);
        assert_eq!(words("früh\u{AD}\nzeitig"), ["frühzeitig"]);
    }

    #[test]
    fn an_empty_line_and_a_mark_begin_anew() {
        assert_eq!(words("Das eine\n\nund das andere"), ["Das eine", "und das andere"]);
        assert_eq!(words("Das eine\r\n\r\nund das andere"), ["Das eine", "und das andere"]);
        assert_eq!(words("Das eine\r\nund das andere"), ["Das eine und das andere"]);
        assert_eq!(words("Das eine\n- und das andere"), ["Das eine", "und das andere"]);
    }

    proptest! {
        /// No letter of any language is lost or torn: emoji with their joiners, combining marks, right-to-left.
        #[test]
        fn letters_stay_whole(lines in prop::collection::vec("([a-zA-ZäöüÄÖÜß学🏳️‍🌈👩🏽‍🚀e\u{301}א]{1,6} ?){1,4}", 1..6)) {
            let text = lines.join("\n");
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&words(&text).concat()), letters(&text));
        }
    }
}
