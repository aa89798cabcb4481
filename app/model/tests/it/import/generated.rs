//! Arbitrary text, arbitrary tables, and generated pages.

use model::import::{Draft, DraftGuideline, decode, facts, profile};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// How a generated page is written down; the Leitbild in it is the same.
#[derive(Clone, Debug)]
struct Style {
    roman: bool,
    bullet: &'static str,
    line_end: &'static str,
    space: &'static str,
    quotes: (&'static str, &'static str),
    marked: bool,
    guidelines_label: bool,
    contact: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let quotes = [("„", "“"), ("\"", "\""), ("»", "«"), ("", "")];
    (
        any::<[bool; 4]>(),
        select(vec!["• ", "•", "- ", "– ", "* ", "·\t", "o "]),
        select(vec!["\n", "\r\n", "\r"]),
        select(vec![" ", "\u{a0}", "\t", "  "]),
        select(quotes.to_vec()),
    )
        .prop_map(
            |([roman, marked, guidelines_label, contact], bullet, line_end, space, quotes)| Style {
                roman,
                bullet,
                line_end,
                space,
                quotes,
                marked,
                guidelines_label,
                contact,
            },
        )
}

/// Words as they stand in a Leitbild, nested quotation marks and brackets among them.
fn phrase() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-zäöüß]{2,9}",
        4 => "[A-ZÄÖÜ][a-zäöüß]{2,9}",
        1 => select(vec!["„groß“".to_owned(), "(weiter-)".into(), "Kita-Übergang".into(), "0–3".into(), "–".into(), "z.B.".into()]),
    ];
    ("[A-ZÄÖÜ][a-zäöüß]{3,9}", vec(word, 1..8), "[a-zäöüß]{3,9}")
        .prop_map(|(first, words, last)| format!("{first} {} {last}", words.join(" ")))
}

fn sentence() -> impl Strategy<Value = String> {
    phrase().prop_map(|phrase| format!("{phrase}."))
}

fn point() -> impl Strategy<Value = String> {
    prop_oneof![phrase(), sentence(), phrase().prop_map(|phrase| phrase.to_lowercase())]
}

fn draft() -> impl Strategy<Value = Draft> {
    let guideline = (phrase(), vec(point(), 0..6)).prop_map(|(title, points)| DraftGuideline { title, points });
    (
        phrase(),
        option::of(phrase()),
        vec(sentence(), 0..4),
        vec(guideline, 1..=20),
        option::of(sentence()),
    )
        .prop_map(|(title, motto, preamble, guidelines, closing)| Draft {
            title,
            motto: motto.unwrap_or_default(),
            preamble,
            guidelines,
            closing: closing.unwrap_or_default(),
        })
}

fn page(draft: &Draft, style: &Style) -> String {
    let (open, close) = style.quotes;
    let mut lines = vec![
        "language".to_owned(),
        "Kreis Beispiel".into(),
        String::new(),
        "Seit wann dabei:".into(),
        "2013".into(),
    ];
    lines.push(format!("Leitbild – {open}{}{close}", draft.title));
    lines.extend([&draft.motto].into_iter().chain(&draft.preamble).cloned());
    if style.guidelines_label {
        lines.push("Leitlinien:".into());
    }
    for (number, guideline) in (1..).zip(&draft.guidelines) {
        let number = if style.roman {
            model::leitbild::roman(number)
        } else {
            number.to_string()
        };
        lines.push(format!("{number}. {}", guideline.title));
        lines.push(String::new());
        lines.extend(guideline.points.iter().map(|point| format!("{}{point}", style.bullet)));
    }
    lines.extend([String::new(), draft.closing.clone()]);
    if style.contact {
        lines.extend(
            [
                "Anna Beispiel",
                "Weg 3",
                "00000 Ort",
                "T +49 0000 00",
                "anna(at)example.org",
            ]
            .map(String::from),
        );
    }
    let text = lines.join("\n").replace(' ', style.space).replace('\n', style.line_end);
    if style.marked { format!("\u{feff}{text}") } else { text }
}

/// A line of any section, with a word in it that no other line has.
fn marked_line() -> impl Strategy<Value = &'static str> {
    select(vec![
        "@",
        "Ein @ steht hier",
        "Noch ein @.",
        "• @",
        "- @ und mehr",
        "•",
        "I. @",
        "II. @",
        "V. @",
        "1. @",
        "2. @",
        "III.",
        "klein @",
        "„Zitat @",
        "„Zitat @“",
        "„Zitat @“ (Landrat @)",
        "Landrat @",
        "(@)",
        "Seit wann dabei:",
        "Seit wann dabei: @",
        "Einwohnerzahl:",
        "Einwohnerzahl: 12 (@)",
        "Kinder unter 18:",
        "12.000 @",
        "Zitat der kommunalen Spitze",
        "Zitat: @",
        "Leitbild – „@“",
        "Leitbild",
        "Leitbild der @",
        "Motto: @",
        "Präambel",
        "Präambel: @",
        "Leitlinien:",
        "Leitlinien: @",
        "Kontakt",
        "Kontakt: @",
        "Zur Website",
        "Website: @",
        "www.@.de",
        "T 0123 45 @",
        "@(at)example.org",
        "@ Weg 5",
        "Fax 0123 @",
        "",
        "Website https://@.de",
        "E-Mail: @",
        "Vor Name @",
    ])
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in ".{0,400}", bytes in vec(any::<u8>(), 0..200)) {
        let _ = profile::parse(&text);
        let _ = facts::parse(&text);
        let _ = facts::from_wide_csv(&text);
        let _ = decode(&bytes).map(profile::parse);
        let _ = facts::parse(&format!("ags,key,value,source,date\n{text}"));
        let _ = facts::check_date(&text);
        for key in model::fact::FactKey::ALL {
            let _ = facts::check_value(key, &text);
        }
        for label in ["Einwohnerzahl: ", "Seit wann dabei: ", "Zitat: ", "Leitbild – ", "Leitlinien\nI. ", "• ", "Kontakt: ", "Website: "] {
            let _ = profile::parse(&format!("{label}{text}"));
        }
    }

    #[test]
    fn a_page_gives_back_the_leitbild_it_was_made_of(draft in draft(), style in style()) {
        let page = page(&draft, &style);
        let found = profile::parse(&page).expect("a profile");
        prop_assert_eq!(found.leitbild.map(|found| found.draft()), Some(draft));
        prop_assert_eq!(found.since.map(|found| found.value), Some(2013));
        let email = found.contact.email.map(|found| found.value);
        prop_assert_eq!(email.as_deref(), style.contact.then_some("anna@example.org"));
        prop_assert!(found.notes.iter().all(|note| note.line == 1), "{:?}", found.notes);
    }

    /// Whatever the page looks like, each of its lines is in the result or in a note.
    #[test]
    fn no_line_is_dropped_silently(lines in vec(marked_line(), 1..30)) {
        let word = |number: usize| format!("Wort{number}x");
        let page: Vec<_> = lines.iter().enumerate().map(|(number, line)| line.replace('@', &word(number))).collect();
        let page = format!("Dabei seit 2012\n{}", page.join("\n"));
        let found = format!("{:?}", profile::parse(&page));
        for (number, line) in lines.iter().enumerate() {
            prop_assert!(!line.contains('@') || found.contains(&word(number)), "{line} (line {}) is lost:\n{page}\n{found}", number + 2);
        }
    }

    #[test]
    fn facts_come_back_from_a_table(rows in vec(("[A-Za-zäöü\",; ]{0,20}[a-z]", 1900_u32..2100, 0_u32..4_000_000), 0..20)) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = "ags;key;value;source;date\n".to_owned();
        for (number, (source, year, value)) in rows.iter().enumerate() {
            csv.push_str(&format!("05515;inhabitants;{value};{};{year}\n", quoted(&format!("{number} {source}"))));
        }
        let found = facts::parse(&csv).expect("facts");
        prop_assert_eq!(found.len(), rows.len());
        for ((line, found), (number, (source, year, value))) in (2..).zip(found).zip(rows.iter().enumerate()) {
            prop_assert_eq!(found.line, line);
            prop_assert_eq!(found.value.value, value.to_string());
            prop_assert_eq!(found.value.date, year.to_string());
            let clean = format!("{number} {source}").split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(found.value.source, clean);
        }
    }
}
