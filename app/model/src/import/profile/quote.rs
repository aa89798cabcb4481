//! Quotation marks, nested as German texts nest them, and the speaker behind them.

/// `text` without the pair of quotation marks around the whole of it; marks inside stay.
pub(super) fn unquote(text: &str) -> &str {
    let text = text.trim();
    let mut chars = text.chars();
    let (Some(first), Some(last)) = (chars.next(), chars.next_back()) else {
        return text;
    };
    if !(is_opening(first) && is_closing(last)) {
        return text;
    }
    let inner = chars.as_str();
    match open_marks(inner) {
        // Closed before its end, as in `„A“ und „B“`.
        None => text,
        Some(0) => inner.trim(),
        // The last mark closes an inner quotation; the outer one was forgotten.
        Some(_) => text[first.len_utf8()..].trim(),
    }
}

/// Does `text` begin with a quotation mark?
pub(super) fn is_quoted(text: &str) -> bool {
    text.starts_with(is_opening)
}

/// Does the quotation end with `text`, perhaps with the speaker in brackets behind it?
pub(super) fn is_complete(text: &str) -> bool {
    let quote = split_speaker(text).0;
    quote.ends_with(is_closing) && open_marks(quote).is_none_or(|open| open == 0)
}

/// The quotation and the speaker in the brackets that follow its closing mark.
pub(super) fn split_speaker(text: &str) -> (&str, Option<&str>) {
    let Some(inside) = text.strip_suffix(')') else {
        return (text, None);
    };
    let Some((quote, speaker)) = inside.rsplit_once('(') else {
        return (text, None);
    };
    let (quote, speaker) = (quote.trim_end(), speaker.trim());
    // Brackets inside the last sentence are part of it, not the speaker.
    if !quote.ends_with(is_closing) || speaker.is_empty() {
        (text, None)
    } else {
        (quote, Some(speaker))
    }
}

/// The speaker in a line of its own after the quotation: `(Landrat …)`, `– Landrat …`, or one that names the office.
pub(super) fn speaker_line(line: &str) -> Option<&str> {
    const OFFICES: [&str; 8] = [
        "Landrat",
        "Landrätin",
        "Oberbürgermeister",
        "Oberbürgermeisterin",
        "Bürgermeister",
        "Bürgermeisterin",
        "Städteregionsrat",
        "Städteregionsrätin",
    ];
    if let Some(inside) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return Some(inside.trim()).filter(|speaker| !speaker.is_empty());
    }
    let plain = line.strip_prefix(['–', '-', '—']).map(str::trim_start);
    let first = plain.unwrap_or(line).split([' ', ',']).next().unwrap_or_default();
    let office = OFFICES.contains(&first) && line.chars().count() <= 120 && !line.ends_with(['.', '!', '?']);
    match plain {
        Some(speaker) if !speaker.is_empty() => Some(speaker),
        _ => office.then_some(line),
    }
}

/// How many quotations are open at the end of `text`; `None` when more were closed than opened on the way.
fn open_marks(text: &str) -> Option<u32> {
    let mut open = 0_u32;
    let mut before = ' ';
    for char in text.chars() {
        let at_start = before.is_whitespace() || "([-–„“\"»".contains(before);
        // Some marks tell their direction only by what stands before them.
        if is_opening(char) && (char == '„' || at_start) {
            open += 1;
        } else if is_closing(char) {
            open = open.checked_sub(1)?;
        }
        before = char;
    }
    Some(open)
}

fn is_opening(char: char) -> bool {
    matches!(char, '„' | '“' | '"' | '»' | '«' | '‟')
}

fn is_closing(char: char) -> bool {
    matches!(char, '“' | '”' | '"' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pair_around_the_whole_is_taken_off() {
        for (text, inner) in [
            ("„Anker“", "Anker"),
            ("„Ein „kleiner“ Anker“", "Ein „kleiner“ Anker"),
            ("„Ein Anker namens „Elli““", "Ein Anker namens „Elli“"),
            ("„Elli“ und „Ole“", "„Elli“ und „Ole“"),
            ("\"Elli\" und \"Ole\"", "\"Elli\" und \"Ole\""),
            ("\"Ein \"kleiner\" Anker\"", "Ein \"kleiner\" Anker"),
            ("\"Gemischt“", "Gemischt"),
            ("»Anker«", "Anker"),
            ("„offen", "„offen"),
            ("„Ein „kleiner“", "Ein „kleiner“"),
            ("„", "„"),
            ("", ""),
        ] {
            assert_eq!(unquote(text), inner, "{text}");
        }
    }

    #[test]
    fn a_quotation_ends_with_its_own_mark() {
        assert!(is_complete("„Ein „kleiner“ Anker.“ (Landrat C)"));
        assert!(is_complete("\"Ein Anker.\""));
        assert!(!is_complete("„Ein „kleiner“"));
        assert!(!is_complete("„Ein Anker."));
    }

    #[test]
    fn speakers() {
        assert_eq!(
            split_speaker("„A (weiter-) B.“ (Landrat C)"),
            ("„A (weiter-) B.“", Some("Landrat C"))
        );
        assert_eq!(split_speaker("„A (und B)“"), ("„A (und B)“", None));
        assert_eq!(split_speaker("A (und B)"), ("A (und B)", None));
        assert_eq!(speaker_line("(Landrätin C)"), Some("Landrätin C"));
        assert_eq!(speaker_line("– C, Stadt D"), Some("C, Stadt D"));
        assert_eq!(speaker_line("Landrätin C"), Some("Landrätin C"));
        assert_eq!(speaker_line("Impressum"), None);
    }
}
