//! Headings, numbers of Leitlinien and bullets, recognised by the form of a single line alone.
//!
//! Lines are clean: single spaces, none at the ends.

use super::contact_line::web_address;

/// Headings that announce what follows, in the same line after a colon or in the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Since,
    Inhabitants,
    Under18,
    Quote,
    Motto,
    Preamble,
    Guidelines,
    Contact,
    Website,
}

const LABELS: [(Label, &[&str]); 8] = [
    (
        Label::Since,
        &["seit wann dabei", "dabei seit", "mitglied seit", "im netzwerk seit"],
    ),
    (
        Label::Inhabitants,
        &[
            "einwohnerzahl",
            "einwohner",
            "einwohnerinnen und einwohner",
            "einwohner:innen",
            "anzahl einwohner",
        ],
    ),
    (
        Label::Under18,
        &[
            "kinder unter 18",
            "kinder unter 18 jahren",
            "kinder und jugendliche unter 18",
            "kinder und jugendliche unter 18 jahren",
            "unter 18-jährige",
            "unter 18",
        ],
    ),
    (Label::Motto, &["motto"]),
    (Label::Preamble, &["präambel", "vorwort"]),
    (
        Label::Guidelines,
        &["leitlinien", "unsere leitlinien", "die leitlinien"],
    ),
    (
        Label::Contact,
        &[
            "kontakt",
            "ansprechperson",
            "ansprechpersonen",
            "ansprechpartner",
            "ansprechpartnerin",
            "ansprechpartner:in",
            "ansprechpartner/in",
            "ansprechpartner*in",
            "kontaktperson",
        ],
    ),
    (
        Label::Website,
        &[
            "zur website",
            "zur webseite",
            "zur homepage",
            "website",
            "webseite",
            "homepage",
            "internet",
        ],
    ),
];

/// Names of the heading over a Leitbild, before its title.
const LEITBILD: [&str; 4] = [
    "leitbild",
    "unser leitbild",
    "präventionsleitbild",
    "unser präventionsleitbild",
];

/// A heading ends within so many characters.
const HEADING_CHARS: usize = 160;

/// How the Leitlinien of a page are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    Roman,
    Arabic,
    /// A line of its own over bullets.
    None,
}

/// The label of a line and what stands behind it in the same line.
pub(super) fn label(line: &str) -> Option<(Label, Option<&str>)> {
    let start = line
        .char_indices()
        .nth(HEADING_CHARS)
        .map_or(line, |(end, _)| &line[..end]);
    if start.len() == line.len()
        && let Some(label) = named(line)
    {
        return Some((label, None));
    }
    // The last colon first: "Einwohner:innen: 445.000" has two.
    for (colon, _) in start.rmatch_indices(':') {
        let (head, rest) = (line[..colon].trim_end(), line[colon + 1..].trim_start());
        if let Some(label) = named(head) {
            return Some((label, Some(rest).filter(|rest| !rest.is_empty())));
        }
    }
    let (head, last) = line.rsplit_once(' ')?;
    (named(head) == Some(Label::Website) && web_address(last).is_some()).then_some((Label::Website, Some(last)))
}

/// The title in a heading like `Leitbild – „Title“`, empty when the heading stands alone.
pub(super) fn leitbild_heading(line: &str) -> Option<&str> {
    let lower = |text: &str| text.trim_end().to_lowercase();
    if LEITBILD.contains(&lower(line.trim_end_matches(':')).as_str()) {
        return Some("");
    }
    let separators = [" –", " -", " —", ":", " „", " \"", " »"];
    for separator in separators {
        let Some((head, _)) = line.split_once(separator) else {
            continue;
        };
        if LEITBILD.contains(&lower(head).as_str()) {
            let rest = line[head.len()..].trim_start();
            return Some(rest.trim_start_matches(['–', '-', '—', ':']).trim_start());
        }
    }
    let whole = line.starts_with("Leitbild ") && line.chars().count() <= HEADING_CHARS && !ends_sentence(line);
    whole.then_some(line)
}

/// Number and title of a line like `III. Title`, `3. Title` or `Leitlinie 3: Title`, up to 20.
pub(super) fn numbered(line: &str) -> Option<(Numbering, usize, &str)> {
    let line = line.strip_prefix("Leitlinie ").unwrap_or(line);
    let end = line.find(['.', ')', ':'])?;
    let (number, rest) = (&line[..end], &line[end + 1..]);
    if !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    let title = rest.trim_start();
    if let Some(value) = (1..=20).find(|value| crate::leitbild::roman(*value) == number) {
        return Some((Numbering::Roman, value, title));
    }
    let value = number
        .parse()
        .ok()
        .filter(|value| (1..=20).contains(value) && !number.starts_with(['+', '0']))?;
    Some((Numbering::Arabic, value, title))
}

/// The text behind a bullet.
pub(in crate::import) fn bullet(line: &str) -> Option<&str> {
    const BULLETS: [char; 11] = ['•', '·', '▪', '‣', '◦', '●', '■', '○', '–', '\u{f0b7}', '*'];
    if let Some(rest) = line.strip_prefix(BULLETS) {
        return Some(rest.trim_start());
    }
    // A hyphen or an "o" is a bullet only with a space behind it: words begin with them too.
    match line {
        "-" | "—" | "o" => Some(""),
        _ => ["- ", "— ", "o "].iter().find_map(|bullet| line.strip_prefix(bullet)),
    }
}

/// Ends with a full stop or the like, also inside a closing quotation mark.
pub(super) fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['“', '”', '"', '«', ')'])
        .ends_with(['.', '!', '?', '…'])
}

/// Words of a web page that come along when it is copied.
pub(super) fn is_furniture(line: &str) -> bool {
    const WORDS: [&str; 14] = [
        "language",
        "sprache",
        "deutsch",
        "english",
        "menü",
        "suche",
        "drucken",
        "druckansicht",
        "teilen",
        "zurück",
        "nach oben",
        "impressum",
        "datenschutz",
        "zum inhalt springen",
    ];
    WORDS.contains(&line.to_lowercase().as_str())
}

fn named(head: &str) -> Option<Label> {
    let head = head.to_lowercase();
    let by_name = LABELS
        .iter()
        .find(|(_, names)| names.contains(&head.as_str()))
        .map(|(label, _)| *label);
    // "ZITAT der kommunalen Spitze", "Zitat des Landrats": the office is named in many ways.
    let quote =
        head == "zitat" || (head.starts_with("zitat ") && head.split(' ').count() <= 6 && !ends_sentence(&head));
    by_name.or(quote.then_some(Label::Quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_and_without_their_value() {
        assert_eq!(label("Seit wann dabei:"), Some((Label::Since, None)));
        assert_eq!(label("EINWOHNERZAHL : 12"), Some((Label::Inhabitants, Some("12"))));
        assert_eq!(label("Einwohner:innen: 12"), Some((Label::Inhabitants, Some("12"))));
        assert_eq!(label("Ansprechpartner:in"), Some((Label::Contact, None)));
        assert_eq!(label("ZITAT der kommunalen Spitze"), Some((Label::Quote, None)));
        assert_eq!(
            label("Zur Website https://example.org"),
            Some((Label::Website, Some("https://example.org")))
        );
        assert_eq!(label("Zitate sind schön"), None);
        assert_eq!(label("Einwohner reden mit"), None);
        assert_eq!(leitbild_heading("Leitbild – „Anker“"), Some("„Anker“"));
        assert_eq!(leitbild_heading("Unser Leitbild: Anker"), Some("Anker"));
        assert_eq!(leitbild_heading("LEITBILD"), Some(""));
        assert_eq!(
            leitbild_heading("Leitbild der Stadt Anker"),
            Some("Leitbild der Stadt Anker")
        );
        assert_eq!(leitbild_heading("Leitbildprozess – Anfang"), None);
    }

    #[test]
    fn headings_of_guidelines_go_to_twenty() {
        assert_eq!(numbered("I. Eins"), Some((Numbering::Roman, 1, "Eins")));
        assert_eq!(numbered("XX. Zwanzig"), Some((Numbering::Roman, 20, "Zwanzig")));
        assert_eq!(numbered("XIV) Vierzehn"), Some((Numbering::Roman, 14, "Vierzehn")));
        assert_eq!(numbered("7. Sieben"), Some((Numbering::Arabic, 7, "Sieben")));
        assert_eq!(numbered("Leitlinie 2: Zwei"), Some((Numbering::Arabic, 2, "Zwei")));
        for line in [
            "XXI. zu viel",
            "IIII. falsch",
            "D. Müller",
            "1.5 Stellen",
            "07. Mai",
            "Ich. Du",
            "+1. Wert",
            "0. Null",
        ] {
            assert_eq!(numbered(line), None, "{line}");
        }
    }

    #[test]
    fn bullets_need_a_space_where_words_begin_alike() {
        for line in [
            "• Text",
            "•Text",
            "- Text",
            "– Text",
            "* Text",
            "· Text",
            "o Text",
            "\u{f0b7} Text",
        ] {
            assert_eq!(bullet(line), Some("Text"), "{line}");
        }
        for line in ["ohne Text", "-bezogen", "Text", "o.k."] {
            assert_eq!(bullet(line), None, "{line}");
        }
    }
}
