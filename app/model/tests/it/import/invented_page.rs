//! An invented page with the quirks of real ones, line by line.

use model::{
    ags::Ags,
    fact::FactKey,
    import::{Draft, DraftGuideline, Found, Note, NoteCode, decode, profile},
};

const PAGE: &[u8] = include_bytes!("../../fixtures/wiesental-profil.txt");

fn page() -> profile::ProfileImport {
    profile::parse(decode(PAGE).expect("UTF-8")).expect("a profile")
}

fn at<T>(line: u32, value: T) -> Option<Found<T>> {
    Some(Found { line, value })
}

fn text(line: u32, value: &str) -> Option<Found<String>> {
    at(line, value.to_owned())
}

fn lines<'a>(found: impl IntoIterator<Item = &'a Found<String>>) -> Vec<(u32, &'a str)> {
    found
        .into_iter()
        .map(|found| (found.line, found.value.as_str()))
        .collect()
}

#[test]
fn figures_and_quotation() {
    let page = page();
    assert_eq!(page.name, text(3, "Kreis Wiesental"));
    assert_eq!(page.since, at(7, 2014));
    assert_eq!(page.inhabitants, at(11, 212_000));
    assert_eq!(page.under_18, at(15, 36_408));
    assert_eq!(
        page.quote,
        text(
            22,
            "Jedes Mädchen und jeder Junge im Wiesental soll auf Erwachsene treffen, die hinsehen und Zeit haben. Was \
             in einer Kita gut läuft, soll die Grundschule (weiter-) führen können. Als Teil von „Wiesental wächst“ \
             lernen wir von anderen und teilen, was wir wissen."
        )
    );
    assert_eq!(page.speaker, text(22, "Landrätin Dr. Beispiel"));
}

#[test]
fn leitbild_with_its_lines() {
    let leitbild = page().leitbild.expect("a Leitbild");
    assert_eq!(leitbild.title, text(29, "Starke Wurzeln im Wiesental"));
    assert_eq!(
        leitbild.motto,
        text(31, "Früh hinsehen – Wege ebnen – Gemeinsam dranbleiben")
    );
    assert_eq!(
        lines(&leitbild.preamble),
        [
            (
                33,
                "Wer im Wiesental aufwächst, soll sich auf ein „gutes“ Netz verlassen können. Eltern finden Rat, bevor \
                 aus einer Frage eine Sorge wird. Fachkräfte kennen einander beim Namen."
            ),
            (34, "Kinder reden mit, wenn es um ihre Orte geht."),
        ]
    );
    assert_eq!(
        lines(leitbild.guidelines.iter().map(|guideline| &guideline.title)),
        [(38, "Früh hinsehen"), (44, "Wege ebnen"), (51, "Gemeinsam dranbleiben")]
    );
    assert_eq!(
        lines(&leitbild.guidelines[0].points),
        [
            (
                40,
                "Hebammen, Praxen und Kitas sprechen Familien an, bevor diese lange suchen müssen"
            ),
            (41, "Jede Anlaufstelle kennt die nächste"),
            (42, "Was wir beobachten, halten wir gemeinsam in einem Bericht fest."),
        ]
    );
    assert_eq!(
        lines(&leitbild.guidelines[1].points),
        [
            (46, "Anträge passen auf zwei Seiten"),
            (47, "Beratung ist dort, wo Familien ohnehin sind"),
            (49, "Dolmetschen kostet nichts"),
        ]
    );
    assert_eq!(
        lines(&leitbild.guidelines[2].points),
        [
            (53, "Übergaben zwischen Kita und Schule haben einen festen Termin"),
            (54, "Vereine sind Partner"),
            (55, "Kinder prüfen einmal im Jahr, was wir versprochen haben"),
            (56, "Wer neu zuzieht, wird besucht"),
        ]
    );
    assert_eq!(
        leitbild.closing,
        text(58, "So bleibt im Wiesental niemand mit einer Sorge allein.")
    );
    let draft = leitbild.draft();
    assert_eq!((draft.preamble.len(), draft.guidelines.len()), (2, 3));
}

#[test]
fn contact_and_what_was_not_taken() {
    let page = page();
    assert_eq!(page.contact.name, text(60, "Fachstelle Gutes Aufwachsen"));
    assert_eq!(
        lines(&page.contact.address),
        [(64, "Am Mühlbach 3"), (65, "00000 Wiesenstadt")]
    );
    assert_eq!(page.contact.phone, text(66, "+49 0000 0000-12"));
    assert_eq!(page.contact.email, text(67, "aufwachsen@wiesental.example.org"));
    assert_eq!(page.website, None);
    let note = |line, code, text: &str| Note {
        line,
        code,
        text: text.to_owned(),
    };
    assert_eq!(
        page.notes,
        [
            note(1, NoteCode::Furniture, "language"),
            note(11, NoteCode::Approximate, "ca 212.000 Menschen"),
            note(15, NoteCode::Approximate, "ca. 36.408 Kind"),
            note(69, NoteCode::LinkWithoutAddress, "Zur Website"),
        ]
    );
    assert!(page.notes.iter().all(Note::is_hint));
}

#[test]
fn facts_carry_the_given_source_and_date() {
    let ags = Ags::new("05566").expect("an AGS");
    let facts = page().facts(&ags, "Profilseite", "2024-05");
    let values: Vec<_> = facts.iter().map(|fact| (fact.key, fact.value.as_str())).collect();
    assert!(values.contains(&(FactKey::Joined, "2014")));
    assert!(values.contains(&(FactKey::Inhabitants, "212000")));
    assert!(values.contains(&(FactKey::Under18, "36408")));
    assert!(values.contains(&(FactKey::ContactAddress, "Am Mühlbach 3\n00000 Wiesenstadt")));
    assert_eq!(facts.len(), 9);
    assert!(
        facts
            .iter()
            .all(|fact| fact.ags == ags && fact.source == "Profilseite" && fact.date == "2024-05")
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let unix = decode(PAGE).expect("UTF-8");
    for text in [
        format!("\u{feff}{unix}"),
        unix.replace('\n', "\r\n"),
        unix.replace('\n', "\r"),
    ] {
        assert_eq!(profile::parse(&text).expect("a profile"), page());
    }
}

#[test]
fn sections_in_another_order_give_the_same_values() {
    let unix = decode(PAGE).expect("UTF-8");
    let leitbild = unix.find("Leitbild –").expect("the heading");
    let contact = unix.find("Fachstelle").expect("the contact");
    let (head, text, contact) = (&unix[..leitbild], &unix[leitbild..contact], &unix[contact..]);
    let turned = profile::parse(&format!("{text}\n\nKontakt:\n{contact}\n\n{head}")).expect("a profile");
    let plain = page();
    assert_eq!(
        turned.leitbild.map(|found| found.draft()),
        plain.leitbild.map(|found| found.draft())
    );
    let value = |found: Option<Found<String>>| found.map(|found| found.value);
    assert_eq!(value(turned.quote), value(plain.quote));
    assert_eq!(value(turned.speaker), value(plain.speaker));
    assert_eq!(value(turned.contact.name), value(plain.contact.name));
    assert_eq!(value(turned.contact.email), value(plain.contact.email));
    assert_eq!(turned.inhabitants.map(|found| found.value), Some(212_000));
}

#[test]
fn a_missing_section_is_missing_and_nothing_else() {
    let unix = decode(PAGE).expect("UTF-8");
    let quote = unix.find("ZITAT").expect("the quotation");
    let leitbild = unix.find("Leitbild –").expect("the heading");
    let only_leitbild = profile::parse(&unix[leitbild..]).expect("a profile");
    assert_eq!(
        (only_leitbild.name, only_leitbild.since, only_leitbild.quote),
        (None, None, None)
    );
    assert_eq!(
        only_leitbild.leitbild.map(|found| found.draft()),
        page().leitbild.map(|found| found.draft())
    );
    let without_quote = profile::parse(&format!("{}{}", &unix[..quote], &unix[leitbild..])).expect("a profile");
    assert_eq!((without_quote.quote, without_quote.speaker), (None, None));
    assert_eq!(without_quote.inhabitants, page().inhabitants);
    let only_head = profile::parse(&unix[..leitbild]).expect("a profile");
    assert_eq!(only_head.leitbild, None);
    assert_eq!(only_head.speaker, page().speaker);
}

#[test]
fn a_short_leitbild_needs_no_more_than_its_points() {
    let page = "Leitlinien:\nI. Anfang\n• Ein Punkt\n";
    let draft = profile::parse(page)
        .expect("a profile")
        .leitbild
        .expect("a Leitbild")
        .draft();
    let guideline = DraftGuideline {
        title: "Anfang".into(),
        points: vec!["Ein Punkt".into()],
    };
    assert_eq!(
        draft,
        Draft {
            guidelines: vec![guideline],
            ..Draft::default()
        }
    );
}
