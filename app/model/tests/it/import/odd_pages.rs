//! Pages with something odd in them: what is kept, and what is said about it.

use model::import::{Lang, MAX_BYTES, MAX_LINE_CHARS, MAX_PAGE_LINES, NoteCode, Reason, decode, profile};

fn parse(page: &str) -> profile::ProfileImport {
    profile::parse(page).expect("a profile")
}

fn draft(page: &str) -> model::import::Draft {
    parse(page).leitbild.expect("a Leitbild").draft()
}

fn notes(page: &str) -> Vec<(u32, NoteCode)> {
    parse(page).notes.iter().map(|note| (note.line, note.code)).collect()
}

fn points(page: &str) -> Vec<(String, Vec<String>)> {
    draft(page)
        .guidelines
        .into_iter()
        .map(|guideline| (guideline.title, guideline.points))
        .collect()
}

fn owned(list: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    list.iter()
        .map(|(title, points)| ((*title).into(), points.iter().map(|point| (*point).into()).collect()))
        .collect()
}

#[test]
fn files_that_are_no_profile_are_refused_with_the_reason() {
    for (page, line, reason) in [
        ("", None, Reason::Empty),
        (" \u{feff}\r\n\t\n", None, Reason::Empty),
        ("Pressemitteilung\n\nEs war ein schöner Tag.", None, Reason::NotAProfile),
        ("Leitbild – X\n\u{1b}[31m", Some(2), Reason::NotText),
    ] {
        let error = profile::parse(page).expect_err(page);
        assert_eq!((error.line, error.reason), (line, reason), "{page:?}");
    }
    let long = format!("Leitbild – X\n{}", "ä".repeat(MAX_LINE_CHARS + 1));
    let error = profile::parse(&long).expect_err("too long");
    assert_eq!(
        (error.line, error.reason),
        (Some(2), Reason::LineTooLong { limit: MAX_LINE_CHARS })
    );
    let many = "Leitbild – X\n".repeat(MAX_PAGE_LINES + 1);
    let error = profile::parse(&many).expect_err("too many lines");
    assert_eq!(error.reason, Reason::TooManyLines { limit: MAX_PAGE_LINES });
    let large = "Seit wann dabei: 2012\n".repeat(MAX_BYTES / 22 + 1);
    let error = profile::parse(&large).expect_err("too large");
    assert_eq!(error.reason, Reason::TooLarge { limit: MAX_BYTES });
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let error = decode("Zeile\nfür alle\n".replace('ü', "?").as_bytes()).map(str::len);
    assert_eq!(error, Ok(15));
    let error = decode(b"Zeile\nf\xfcr alle\n").expect_err("Windows-1252");
    assert_eq!((error.line, error.reason.clone()), (Some(2), Reason::NotUtf8));
    assert!(
        error
            .message(Lang::De)
            .starts_with("Zeile 2: Die Datei ist nicht als UTF-8")
    );
    assert!(error.message(Lang::En).starts_with("Line 2: The file is not UTF-8"));
    assert_eq!(error.to_string(), error.message(Lang::En));
    assert_eq!(decode(b"%PDF-1.7\n\0").expect_err("binary").reason, Reason::NotText);
}

#[test]
fn values_that_are_not_understood_are_named_and_the_rest_is_read() {
    let page =
        "Ort\nSeit wann dabei:\nschon immer\nEinwohnerzahl:\n0,4 Mio.\nKinder unter 18: 1.234 (Stand 2020)\nZitat:";
    let found = parse(page);
    assert_eq!((found.since, found.inhabitants), (None, None));
    assert_eq!(found.under_18.map(|found| (found.line, found.value)), Some((6, 1234)));
    assert_eq!(
        notes(page),
        [
            (3, NoteCode::ValueNotUnderstood),
            (5, NoteCode::ValueNotUnderstood),
            (6, NoteCode::RestLeftOut),
            (7, NoteCode::MissingValue),
        ]
    );
    assert!(!parse(page).notes[0].is_hint());
    assert_eq!(
        parse(page).notes[0].message(Lang::De),
        "Zeile 3: Wert nicht verstanden und ausgelassen: „schon immer“"
    );
}

#[test]
fn a_label_without_value_does_not_take_the_next_heading() {
    let page = "Ort\nEinwohnerzahl:\nKinder unter 18:\n12\nDabei seit 2017";
    let found = parse(page);
    assert_eq!(found.under_18.map(|found| found.value), Some(12));
    assert_eq!(found.since.map(|found| found.value), Some(2017));
    assert_eq!(notes(page), [(2, NoteCode::MissingValue)]);
}

#[test]
fn a_second_value_is_named_and_the_first_kept() {
    let page = "Seit wann dabei: 2012\nSeit wann dabei: seit 2017\nDies hier\nUnd das";
    assert_eq!(parse(page).since.map(|found| found.value), Some(2012));
    assert_eq!(notes(page), [(2, NoteCode::Repeated), (4, NoteCode::UnknownLine)]);
}

#[test]
fn quotations_over_several_paragraphs_and_with_the_speaker_below() {
    let found = parse("Zitat\n„Wir sind „viele“\nund bleiben es.“\n– Oberbürgermeisterin A. B.\nEinwohnerzahl: 5");
    assert_eq!(
        found.quote.map(|found| found.value).as_deref(),
        Some("Wir sind „viele“ und bleiben es.")
    );
    assert_eq!(
        found.speaker.map(|found| (found.line, found.value)),
        Some((4, "Oberbürgermeisterin A. B.".into()))
    );
    assert!(found.notes.is_empty());
    let found = parse("Zitat: \"Kurz.\" (Landrat C)\nWeiter");
    assert_eq!(found.quote.map(|found| found.value).as_deref(), Some("Kurz."));
    assert_eq!(found.speaker.map(|found| found.line), Some(1));
    // A mark that is never closed takes no further line.
    let found = parse("Zitat\n„Offen\nOrt\nEinwohnerzahl: 5");
    assert_eq!(found.quote.map(|found| found.value).as_deref(), Some("„Offen"));
    assert_eq!(found.name.map(|found| found.value).as_deref(), Some("Ort"));
}

#[test]
fn numbers_of_points_under_roman_and_arabic_leitlinien() {
    let roman = "Leitlinien\nI. A\n1. a eins\n2. a zwei\nII. B\n1. b eins";
    assert_eq!(
        points(roman),
        owned(&[("A", &["a eins", "a zwei"]), ("B", &["b eins"])])
    );
    let arabic = "Leitlinien\n1. A\n- a eins\n2. B\n- b eins\n";
    assert_eq!(points(arabic), owned(&[("A", &["a eins"]), ("B", &["b eins"])]));
    assert_eq!(
        points("Leitlinien\nErst dies\n• a\nDann das\n• b"),
        owned(&[("Erst dies", &["a"]), ("Dann das", &["b"])])
    );
}

#[test]
fn odd_numbers_bullets_and_lines_between_points_are_kept_and_named() {
    let page = "Leitlinien\n• vorweg\nI. A\nDazu gehört viel\n• a\nIV. B\n• b\n•\n\nV. C";
    assert_eq!(
        points(page),
        owned(&[
            ("", &["vorweg"]),
            ("A", &["Dazu gehört viel", "a"]),
            ("B", &["b"]),
            ("C", &[])
        ])
    );
    assert_eq!(
        notes(page),
        [
            (2, NoteCode::PointWithoutGuideline),
            (4, NoteCode::TakenAsPoint),
            (6, NoteCode::NumberOutOfOrder),
            (8, NoteCode::EmptyItem),
        ]
    );
}

#[test]
fn a_second_line_joins_its_point_only_when_it_is_clear() {
    let page = |second: &str| format!("Leitlinien\nI. A\n• Ein Punkt\n{second}\n• Noch einer");
    assert_eq!(
        points(&page("mit zweiter Zeile")),
        owned(&[("A", &["Ein Punkt mit zweiter Zeile", "Noch einer"])])
    );
    let apart = page("\nmit Abstand");
    assert_eq!(
        points(&apart),
        owned(&[("A", &["Ein Punkt", "mit Abstand", "Noch einer"])])
    );
    assert_eq!(notes(&apart), [(5, NoteCode::TakenAsPoint)]);
    assert_eq!(
        points(&page("Groß begonnen")),
        owned(&[("A", &["Ein Punkt", "Groß begonnen", "Noch einer"])])
    );
}

#[test]
fn numbers_and_bullets_on_lines_of_their_own_take_the_next_line() {
    assert_eq!(
        points("Leitlinien\nI.\nA\n•\nEin Punkt\n•\n\nII. B"),
        owned(&[("A", &["Ein Punkt"]), ("B", &[])])
    );
}

#[test]
fn headings_of_the_leitbild() {
    for (page, title, motto) in [
        ("Leitbild\n„Anker“\nHalt geben\nLeitlinien", "Anker", "Halt geben"),
        (
            "Leitbild: Anker\nMotto: Halt geben.\nLeitlinien",
            "Anker",
            "Halt geben.",
        ),
        (
            "Unser Leitbild – »Anker«\nPräambel\nHalt geben\nLeitlinien",
            "Anker",
            "",
        ),
        ("Leitbild „Anker“\nWir geben Halt.\nLeitlinien", "Anker", ""),
    ] {
        let draft = draft(page);
        assert_eq!((draft.title.as_str(), draft.motto.as_str()), (title, motto), "{page}");
    }
}

#[test]
fn closing_line_and_contact_are_told_apart() {
    let end = |tail: &str| {
        let found = parse(&format!("Leitlinien\nI. A\n• a\n\n{tail}"));
        let value = |found: Option<model::import::Found<String>>| found.map(|found| found.value).unwrap_or_default();
        let closing = value(found.leitbild.and_then(|leitbild| leitbild.closing));
        (
            closing,
            value(found.contact.name),
            found.contact.address.len(),
            value(found.contact.phone),
        )
    };
    let expect = |closing: &str, name: &str, address, phone: &str| (closing.into(), name.into(), address, phone.into());
    assert_eq!(
        end("Zum Schluss.\nA B\nWeg 1\nTel. 0123 45"),
        expect("Zum Schluss.", "A B", 1, "0123 45")
    );
    assert_eq!(
        end("Stark für alle\n\nAnna Beispiel\nJugendamt\nWeg 1"),
        expect("Stark für alle", "Anna Beispiel", 2, "")
    );
    assert_eq!(
        end("Anna Beispiel\nJugendamt\nWeg 1"),
        expect("", "Anna Beispiel", 2, "")
    );
    assert_eq!(end("Stark für alle"), expect("Stark für alle", "", 0, ""));
    assert_eq!(
        end("Erstens gut.\nZweitens besser."),
        expect("Erstens gut. Zweitens besser.", "", 0, "")
    );
    assert_eq!(
        end("Stark für alle\nKontakt: Anna Beispiel\nWeg 1"),
        expect("Stark für alle", "Anna Beispiel", 1, "")
    );
}

#[test]
fn a_name_that_begins_like_a_number_is_a_name() {
    let found = parse("Leitlinien\nI. A\n• a\n• b\n• c\n• d\n\nV. Klein\nWeg 1");
    assert_eq!(found.contact.name.map(|name| name.value).as_deref(), Some("V. Klein"));
    assert_eq!(
        found.leitbild.map(|leitbild| leitbild.guidelines[0].points.len()),
        Some(4)
    );
}

#[test]
fn websites() {
    for page in [
        "Zur Website: https://a.example.org/x",
        "Zur Website\nhttps://a.example.org/x",
        "https://a.example.org/x",
    ] {
        let found = parse(&format!("Leitbild – X\nLeitlinien\nI. A\n• a\n{page}"));
        assert_eq!(
            found.website.map(|found| found.value).as_deref(),
            Some("https://a.example.org/x"),
            "{page}"
        );
        assert!(found.notes.is_empty(), "{page}");
    }
    let found = parse("Dabei seit: 2012\nWebsite: javascript:alert(1)");
    assert_eq!(found.website, None);
    assert_eq!(found.notes[0].code, NoteCode::ValueNotUnderstood);
}
