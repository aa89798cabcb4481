//! Telephone numbers, addresses and names, recognised by the form of a single line alone.

use super::headings::ends_sentence;

/// Longest line of a postal address, in characters.
const ADDRESS_CHARS: usize = 160;

/// The digits of a telephone number with what groups them, from `T +49 …`, `Tel.: …` or a bare number.
pub(super) fn phone(line: &str) -> Option<&str> {
    const LABELS: [&str; 12] = [
        "Telefon",
        "Telephone",
        "Phone",
        "Tel.",
        "Tel",
        "Fon",
        "Mobil",
        "Tel.-Nr.",
        "T",
        "M",
        "☎",
        "Durchwahl",
    ];
    let labelled = LABELS.iter().find_map(|label| {
        let rest = strip_word(line, label)?;
        Some(rest.trim_start_matches([':', '.', ' ']))
    });
    let number = labelled.unwrap_or(line);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let all = number
        .chars()
        .all(|char| char.is_ascii_digit() || "+-–/() .".contains(char));
    // A bare number needs a sign of being one: a postcode or a year is digits, too.
    let parted = number.contains([' ', '/', '-', '–']) || digits >= 10;
    let shaped = labelled.is_some() || number.starts_with('+') || (number.starts_with(['0', '(']) && parted);
    (all && shaped && (5..=20).contains(&digits)).then_some(number)
}

/// The address in a line that is one, with `(at)` and `(punkt)` undone.
pub(super) fn email(line: &str) -> Option<String> {
    let labelled = ["E-Mail", "E-mail", "Email", "e-mail", "Mail", "mailto"]
        .iter()
        .find_map(|label| {
            let rest = strip_word(line, label)?;
            Some(rest.trim_start_matches([':', '.', ' ']))
        });
    let mut address = labelled.unwrap_or(line).to_owned();
    for (hidden, plain) in [
        ("(at)", "@"),
        ("[at]", "@"),
        ("{at}", "@"),
        ("(a)", "@"),
        ("(AT)", "@"),
        ("[AT]", "@"),
        ("(ät)", "@"),
        ("(punkt)", "."),
        ("(dot)", "."),
        ("[punkt]", "."),
        ("[dot]", "."),
    ] {
        for spaced in [format!(" {hidden} "), hidden.to_owned()] {
            address = address.replace(&spaced, plain);
        }
    }
    is_email(&address).then_some(address)
}

/// Has `text` the form of an e-mail address? (One `@`, something before it, a dotted host behind it, no spaces.)
pub(in crate::import) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |char: char| !char.is_whitespace() && !char.is_control() && !"<>()[]\\,;:\"@".contains(char);
    !name.is_empty() && name.chars().all(plain) && host.chars().all(plain) && is_host(host)
}

/// The address in a line that is one: `http`, `https`, or `www.` (to which `https://` is added).
pub(in crate::import) fn web_address(text: &str) -> Option<String> {
    let scheme = ["https://", "http://"].iter().find(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let rest = match scheme {
        Some(scheme) => &text[scheme.len()..],
        None if text.starts_with("www.") => text,
        None => return None,
    };
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    if !is_host(host)
        || rest
            .chars()
            .any(|char| char.is_whitespace() || char.is_control() || "<>\"\\@".contains(char))
    {
        return None;
    }
    Some(format!("{}{rest}", scheme.unwrap_or(&"https://")))
}

/// Is this the line of a fax number? The profile has no place for one.
pub(super) fn is_fax(line: &str) -> bool {
    let rest = ["Telefax", "Fax", "F"].iter().find_map(|label| strip_word(line, label));
    rest.is_some_and(|rest| rest.chars().any(|char| char.is_ascii_digit()) && !rest.chars().any(char::is_alphabetic))
}

/// A street with a number, a postcode with a town, a post box.
pub(super) fn is_postal(line: &str) -> bool {
    line.chars().any(|char| char.is_ascii_digit()) && !ends_sentence(line) && line.chars().count() <= ADDRESS_CHARS
}

/// Two to five words, each with a capital, without digits: what a person's name looks like.
pub(super) fn is_name(line: &str) -> bool {
    const PARTICLES: [&str; 9] = ["von", "van", "zu", "der", "den", "de", "zur", "vom", "geb."];
    let words: Vec<_> = line.split(' ').collect();
    let word = |word: &&str| PARTICLES.contains(word) || word.starts_with(char::is_uppercase);
    (2..=6).contains(&words.len())
        && words.iter().all(word)
        && !line.chars().any(|char| char.is_numeric() || "!?:;„“”\"".contains(char))
        && !ends_sentence(line)
}

/// What follows `word` at the start of `line`, when the word ends there.
fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(word)?;
    (word == "☎" || !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

fn is_host(host: &str) -> bool {
    let labels: Vec<_> = host.split('.').collect();
    let valid = |label: &&str| !label.is_empty() && label.chars().all(|char| char.is_alphanumeric() || char == '-');
    labels.len() >= 2 && labels.iter().all(valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_lines() {
        for line in [
            "T +49255169-2393",
            "Tel.: +49255169-2393",
            "Telefon +49255169-2393",
            "+49255169-2393",
        ] {
            assert_eq!(phone(line), Some("+49255169-2393"), "{line}");
        }
        for line in [
            "48565 Steinfurt",
            "48565",
            "05566008",
            "Tecklenburger Str.10",
            "Telgte 12345",
            "Teil 1",
        ] {
            assert_eq!(phone(line), None, "{line}");
        }
        for line in [
            "a.b(at)x-y.de",
            "a.b@x-y.de",
            "E-Mail: a.b [at] x-y.de",
            "mailto:a.b@x-y.de",
            "a.b(at)x-y(punkt)de",
        ] {
            assert_eq!(email(line).as_deref(), Some("a.b@x-y.de"), "{line}");
        }
        for line in ["a.b@kreis", "schreiben Sie an a@b.de", "a@b@c.de", "@b.de", "a@.de"] {
            assert_eq!(email(line), None, "{line}");
        }
        assert_eq!(
            web_address("www.example.org/a").as_deref(),
            Some("https://www.example.org/a")
        );
        assert_eq!(
            web_address("HTTPS://example.org").as_deref(),
            Some("https://example.org")
        );
        for text in [
            "javascript:alert(1)",
            "https://",
            "https://a b.de",
            "https://user@host.de",
            "ftp://example.org",
            "www.",
        ] {
            assert_eq!(web_address(text), None, "{text}");
        }
        assert!(is_fax("F +49 2551 1") && is_fax("Fax: 02551 1") && !is_fax("Frau 1"));
    }
}
