use std::io::{Cursor, Read as _, Write};

use leitnetz::{export, take_over};
use model::{
    import::{
        ImportError, Lang,
        rows::{self, Part, Row},
    },
    leitbild::{Guideline, Leitbild, Point, PointSource},
    paper::Paper,
    phase::usual,
};
use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{HOSTILE, paper_of};

/// What was recognised, as `part: text` lines.
fn shown(rows: &[Row]) -> Vec<String> {
    let row = |row: &Row| format!("{}: {}", row.part.as_str(), row.text);
    rows.iter().map(row).collect()
}

fn read(name: &str, text: &str) -> Vec<Row> {
    take_over::read(name, text.as_bytes()).unwrap()
}

/// The same texts without ids, in the form that printing leaves them in. Places are known by their keys.
fn printed(leitbild: &Leitbild) -> Leitbild {
    mapped(leitbild, &|text| model::paper::printable(text))
}

fn mapped(leitbild: &Leitbild, tidy: &dyn Fn(&str) -> String) -> Leitbild {
    let all = |texts: &[String]| texts.iter().map(|text| tidy(text)).collect();
    let source = |source: &PointSource| PointSource {
        place: String::new(),
        ..source.clone()
    };
    let point = |point: &Point| Point {
        id: String::new(),
        text: tidy(&point.text),
        plain: tidy(&point.plain),
        phases: point.phases.clone(),
        source: point.source.as_ref().map(source),
    };
    Leitbild {
        title: tidy(&leitbild.title),
        motto: tidy(&leitbild.motto),
        preamble: all(&leitbild.preamble),
        preamble_plain: all(&leitbild.preamble_plain),
        guidelines: leitbild
            .guidelines
            .iter()
            .map(|guideline| Guideline {
                id: String::new(),
                title: tidy(&guideline.title),
                plain: tidy(&guideline.plain),
                phases: guideline.phases.clone(),
                points: guideline.points.iter().map(point).collect(),
            })
            .collect(),
        closing: tidy(&leitbild.closing),
    }
}

fn back(rows: &[Row]) -> Leitbild {
    rows::leitbild(rows, &usual())
}

fn docx(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn body(xml: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{xml}</w:body></w:document>"
    )
}

fn word(xml: &str) -> Vec<u8> {
    docx(&[("word/document.xml", body(xml).as_bytes())])
}

fn refused(bytes: &[u8]) -> String {
    let error: ImportError = take_over::read("vorlage.docx", bytes).unwrap_err();
    assert!(!error.message(Lang::En).is_empty());
    error.message(Lang::De)
}

/// Any text that a document may hold on one line.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[\\PC]{0,24}",
        2 => "[#*_>`~+=|<&;:.()\\[\\]!$\\-\\\\ 0-9a-zIVX]{1,16}",
        1 => proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
    ]
    .prop_map(|text| model::paper::printable(&text))
}

fn phases() -> impl Strategy<Value = Vec<String>> {
    let ids = usual()
        .into_iter()
        .map(|phase| phase.id.to_string())
        .chain(["eigene-phase".to_owned()]);
    proptest::sample::subsequence(ids.collect::<Vec<_>>(), 0..3).prop_map(|mut phases| {
        phases.sort();
        phases
    })
}

fn source() -> impl Strategy<Value = Option<PointSource>> {
    proptest::option::weighted(0.3, (words(), "[a-z0-9]{1,12}")).prop_map(|found| {
        found.map(|(place, block)| PointSource {
            ags: "05566".parse().unwrap(),
            place,
            block,
            date: "2026-03-12".to_owned(),
        })
    })
}

fn leitbilder() -> impl Strategy<Value = Leitbild> {
    let filled = || words().prop_filter("empty blocks are not exported", |text| !text.is_empty());
    let plain = || prop_oneof![2 => Just(String::new()), 1 => words()];
    let point = (filled(), plain(), phases(), source()).prop_map(|(text, plain, phases, source)| Point {
        text,
        plain,
        phases,
        source,
        ..Point::default()
    });
    let guideline = (words(), plain(), phases(), proptest::collection::vec(point, 0..4))
        .prop_filter("neither title nor points", |(title, .., points)| {
            !title.is_empty() || !points.is_empty()
        })
        .prop_map(|(title, plain, phases, points)| Guideline {
            title,
            plain,
            phases,
            points,
            ..Guideline::default()
        });
    (
        words(),
        words(),
        proptest::collection::vec((filled(), plain()), 0..3),
        proptest::collection::vec(guideline, 0..5),
        words(),
    )
        .prop_map(|(title, motto, preamble, guidelines, closing)| {
            let (preamble, mut preamble_plain): (Vec<_>, Vec<_>) = preamble.into_iter().unzip();
            if preamble_plain.iter().all(String::is_empty) {
                preamble_plain.clear();
            }
            Leitbild {
                title,
                motto,
                preamble,
                preamble_plain,
                guidelines,
                closing,
            }
        })
        .prop_filter("nothing written", |leitbild| !leitbild.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Texts with their Einfache Sprache, life phases and origins, out of every format that is read.
    #[test]
    fn what_was_exported_comes_back_the_same(leitbild in leitbilder(), draft in any::<bool>()) {
        let paper = Paper { leitbild, draft, ..paper_of("Bonn") };
        let expected = printed(&paper.leitbild);
        for (name, bytes) in [
            ("leitbild.md", export::markdown(&paper).into_bytes()),
            ("leitbild.json", export::json(&paper).unwrap().into_bytes()),
            ("leitbild.docx", export::docx(&paper).unwrap()),
            ("leitbild.html", export::html(&paper).into_bytes()),
        ] {
            let rows = take_over::read(name, &bytes);
            prop_assert!(rows.is_ok(), "{name}: {rows:?}");
            let found = back(&rows.unwrap());
            if matches!(name, "leitbild.md" | "leitbild.json") {
                prop_assert_eq!(&found, &expected, "{}: {}", name, String::from_utf8_lossy(&bytes));
            } else {
                // There a text is put on one line with single blanks.
                let blanks = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let text = String::from_utf8_lossy(&bytes);
                prop_assert_eq!(mapped(&found, &blanks), mapped(&expected, &blanks), "{}: {}", name, text);
            }
        }
    }
}

#[test]
fn what_belongs_to_a_text_is_shown_for_correction_and_read_back() {
    let mut paper = paper_of("Mut machen");
    let guideline = &mut paper.leitbild.guidelines[0];
    guideline.points[1].plain = "Wir sind mutig.".to_owned();
    guideline.points[1].phases = vec!["kita".to_owned(), "null-bis-drei".to_owned()];
    guideline.plain = "Mutig sein".to_owned();
    paper.leitbild.preamble_plain = vec![String::new(), "Zweiter, einfach".to_owned()];
    for (name, bytes) in [
        ("a.md", export::markdown(&paper).into_bytes()),
        ("a.docx", export::docx(&paper).unwrap()),
        ("a.html", export::html(&paper).into_bytes()),
    ] {
        let rows = take_over::read(name, &bytes).unwrap();
        assert_eq!(back(&rows), printed(&paper.leitbild), "{name}");
        let shown = shown(&rows);
        for line in [
            "plain: Zweiter, einfach",
            "plain: Mutig sein",
            "phases: Kita; 0–3 Jahre",
            "source: Übernommen aus Mut machen, 12.03.2026, http://127.0.0.1:3000/kommune/05566#b-p9",
        ] {
            assert!(shown.iter().any(|row| row == line), "{line} in {name}: {shown:?}");
        }
    }
    // An origin that cannot be read is shown as left out, and a note without a text goes nowhere.
    let rows = read("", "# A\n\n## I. B\n\n- c\n  *Übernommen aus Irgendwo*\n");
    assert!(
        shown(&rows).contains(&"omit: Übernommen aus Irgendwo".to_owned()),
        "{rows:?}"
    );
    let alone = Row {
        part: Part::Plain,
        text: "ohne Text".to_owned(),
    };
    assert!(back(&[alone]).is_empty());
}

#[test]
fn markdown_as_people_write_it() {
    let text = "# Leitbild der Stadt Anker\n\nWir *gehen* **zusammen**.\n\n## Präambel\n\nEin Absatz\nüber zwei Zeilen.\n\n\
                ## Leitlinien\n\n### 1. Mut machen\n\n1. Erster [Punkt](https://example.org)\n2. Zweiter\n\n### Dabeibleiben\n\n\
                * Dritter\n  * darunter\n\nZusammen geht mehr.\n";
    assert_eq!(
        shown(&read("", text)),
        [
            "title: Leitbild der Stadt Anker",
            "preamble: Wir gehen zusammen.",
            "omit: Präambel",
            "preamble: Ein Absatz über zwei Zeilen.",
            "omit: Leitlinien",
            "guideline: Mut machen",
            "point: Erster Punkt",
            "point: Zweiter",
            "guideline: Dabeibleiben",
            "point: Dritter",
            "point: darunter",
            "closing: Zusammen geht mehr.",
        ]
    );
}

#[test]
fn plain_text_with_all_kinds_of_numbers() {
    let expected = [
        "title: Kinder stark machen",
        "motto: Anker werfen, Segel setzen",
        "preamble: Alle Kinder sollen gut aufwachsen.",
        "guideline: Mut machen",
        "point: Wir hören zu",
        "point: Wir fragen nach",
        "guideline: Mitgehen",
        "point: Wir bleiben da",
        "closing: Zusammen geht mehr.",
    ];
    for [first, second, points] in [
        ["I. ", "II. ", "• "],
        ["1. ", "2. ", "- "],
        ["A. ", "B. ", "– "],
        ["Leitlinie I: ", "Leitlinie II: ", "• "],
        ["Leitsatz 1 – ", "Leitsatz 2 – ", "a) "],
        ["1. ", "2. ", "1.1 "],
    ] {
        let text = format!(
            "Kinder stark machen\n\nAnker werfen, Segel setzen\n\nAlle Kinder sollen gut aufwachsen.\n\n{first}Mut machen\n\
             {points}Wir hören zu\n{points}Wir fragen nach\n\n{second}Mitgehen\n{points}Wir bleiben da\n\nZusammen geht mehr.\n"
        );
        assert_eq!(shown(&read("", &text)), expected, "{first}{points}");
    }
}

#[test]
fn a_page_of_the_network_comes_through_and_what_is_not_leitbild_can_be_seen() {
    let page = include_str!("../../../../app/model/tests/fixtures/wiesental-profil.txt");
    let rows = read("", page);
    let found = model::import::profile::parse(page).unwrap().leitbild.unwrap().draft();
    assert_eq!(back(&rows), Leitbild::from(found));
    // Every line of the page is there, in one row or another.
    let tidy = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in page.lines().map(tidy).filter(|line| !line.is_empty()) {
        let words = line.trim_start_matches(['•', '-', '*', ' ']);
        let seen = rows
            .iter()
            .any(|row| row.text.contains(words) || (row.text.len() > 3 && words.contains(&row.text)));
        assert!(seen, "{line}");
    }
}

#[test]
fn a_real_page_comes_through_when_its_folder_is_given() {
    let Some(folder) = std::env::var_os("LEITNETZ_SEEDS") else {
        return;
    };
    let page = std::fs::read(std::path::Path::new(&folder).join("steinfurt-profile.txt")).unwrap();
    let draft = back(&take_over::read("", &page).unwrap());
    let points: Vec<_> = draft
        .guidelines
        .iter()
        .map(|guideline| guideline.points.len())
        .collect();
    assert_eq!((points, draft.preamble.len()), (vec![3, 3, 6], 2));
    assert!(!draft.title.is_empty() && !draft.motto.is_empty() && !draft.closing.is_empty());
}

#[test]
fn a_word_file_with_german_styles_lists_and_tracked_changes() {
    let styles = br#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
        <w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
        <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="Eigene"><w:name w:val="Unsere"/><w:basedOn w:val="berschrift1"/></w:style>
        <w:style w:styleId="Listenabsatz"><w:name w:val="List Paragraph"/></w:style></w:styles>"#;
    let item = |text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Listenabsatz\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let styled = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let xml = [
        styled("Titel", "Stark &amp; sicher"),
        "<w:p><w:r><w:t xml:space=\"preserve\">Ein Absatz </w:t></w:r><w:ins><w:r><w:t>mehr</w:t></w:r></w:ins>\
         <w:del><w:r><w:delText>weg</w:delText><w:t>weg</w:t></w:r></w:del><w:r><w:br/><w:t>zu zweit</w:t></w:r></w:p>"
            .to_owned(),
        styled("berschrift1", "Mut machen"),
        item("Erster"),
        format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", item("In einer Tabelle")),
        styled("Eigene", "Mitgehen"),
        item("Dritter"),
        "<w:p><w:r><w:t>Zusammen geht mehr.</w:t></w:r></w:p>".to_owned(),
    ]
    .concat();
    let file = docx(&[
        ("word/document.xml", body(&xml).as_bytes()),
        ("word/styles.xml", styles),
    ]);
    assert_eq!(
        shown(&take_over::read("a.docx", &file).unwrap()),
        [
            "title: Stark & sicher",
            "preamble: Ein Absatz mehr zu zweit",
            "guideline: Mut machen",
            "point: Erster",
            "point: In einer Tabelle",
            "guideline: Mitgehen",
            "point: Dritter",
            "closing: Zusammen geht mehr.",
        ]
    );
}

/// LibreOffice keeps the names of styles, and makes ids of its own of them.
#[test]
fn our_word_file_is_known_again_when_libreoffice_has_written_it() {
    let paper = paper_of("Mut machen");
    let ours = export::docx(&paper).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(ours.as_slice())).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        for (ours, theirs) in [
            ("LeitnetzHinweis", "LeitbildHinweis"),
            ("LeitnetzSchluss", "LeitbildSchluss"),
        ] {
            assert!(text.contains(ours), "{name}: {text}");
            text = text.replace(ours, theirs);
        }
        text
    };
    let (styles, main) = (part("word/styles.xml"), part("word/document.xml"));
    let theirs = docx(&[
        ("word/styles.xml", styles.as_bytes()),
        ("word/document.xml", main.as_bytes()),
    ]);
    let read = |bytes| shown(&take_over::read("leitbild.docx", bytes).unwrap());
    assert_eq!(read(&theirs), read(&ours));
    assert_eq!(
        back(&take_over::read("leitbild.docx", &theirs).unwrap()),
        printed(&paper.leitbild)
    );
}

#[test]
fn a_word_file_without_styles_is_read_as_text() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let lines = [
        "Unser Leitbild: Anker",
        "I. Mut machen",
        "• Erster",
        "• Zweiter",
        "II. Mitgehen",
        "• Dritter",
    ];
    let file = word(&lines.map(paragraph).concat());
    assert_eq!(
        shown(&take_over::read("a.docx", &file).unwrap()),
        [
            "title: Anker",
            "guideline: Mut machen",
            "point: Erster",
            "point: Zweiter",
            "guideline: Mitgehen",
            "point: Dritter"
        ]
    );
}

#[test]
fn hostile_word_files_are_refused_in_words() {
    let bomb = "Die Word-Datei enthält weit mehr";
    let broken = "Die Word-Datei ist beschädigt";
    // A text of blanks unfolds to a thousand times its size; here 40 MB.
    let large = body(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", " ".repeat(40 << 20)));
    assert!(refused(&docx(&[("word/document.xml", large.as_bytes())])).starts_with(bomb));
    // The same beside an honest text: it is never unfolded, and refused all the same.
    let small = body("<w:p><w:r><w:t>Ein Text</w:t></w:r></w:p>");
    let beside = docx(&[
        ("word/document.xml", small.as_bytes()),
        ("word/media/x.bin", &vec![0; 40 << 20]),
    ]);
    assert!(refused(&beside).starts_with(bomb));
    let many: Vec<_> = (0..2_500).map(|number| format!("word/media/{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(refused(&docx(&many)).starts_with(bomb));

    let lol = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
    let outside = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>";
    let deep = body(&"<w:p>".repeat(200_000));
    let nested = word("<w:p/>");
    for xml in [lol, outside, &deep, "<w:document", "", "\u{0}"] {
        assert!(
            refused(&docx(&[("word/document.xml", xml.as_bytes())])).starts_with(broken),
            "{}",
            &xml[..xml.len().min(80)]
        );
    }
    assert!(refused(&docx(&[("word/document.xml", &nested)])).starts_with(broken));
    assert!(refused(&docx(&[("word/document.xml", &[0xff, 0xfe, 0x00])])).starts_with(broken));
    assert!(refused(b"PK\x03\x04 und dann nichts").starts_with(broken));

    let not_word = "Das ist keine Word-Datei";
    assert!(refused(&docx(&[("mimetype", b"application/zip")])).starts_with(not_word));
    assert!(refused(&docx(&[("inner.docx", &nested)])).starts_with(not_word));
    assert!(refused(b"nur Text, der sich Word nennt").starts_with(not_word));
    assert!(refused(b"%PDF-1.7\n").starts_with("PDF-Dateien"));
    assert!(refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]).starts_with("Diese Word-Datei hat ein Passwort"));
    assert!(refused(&word("<w:p/>")).starts_with("Darin ließ sich kein Leitbild"));
}

#[test]
fn a_deeply_nested_word_file_that_is_whole_is_read_or_refused() {
    let deep = format!(
        "{}<w:r><w:t>tief</w:t></w:r>{}",
        "<w:p>".repeat(50_000),
        "</w:p>".repeat(50_000)
    );
    let _ = take_over::read("a.docx", &word(&deep));
}

/// Were each paragraph to look at everything that it stands in, this would take minutes.
#[test]
fn paragraphs_deep_inside_of_other_elements_cost_no_more_than_others() {
    let lines = [
        "Unser Leitbild: Anker",
        "I. Mut machen",
        "• Erster",
        "II. Mitgehen",
        "• Zweiter",
    ];
    let lines = lines.map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
    let (empty, lines) = ("<w:p/>".repeat(50_000), lines.concat());
    let deep = format!("{}{empty}{lines}{}", "<w:x>".repeat(50_000), "</w:x>".repeat(50_000));
    let rows = take_over::read("a.docx", &word(&deep)).unwrap();
    assert_eq!(rows, take_over::read("a.docx", &word(&lines)).unwrap());
}

#[test]
fn what_is_no_text_is_refused_in_words() {
    for (name, bytes, words) in [
        ("a.txt", &b"\xe4\xf6\xfc"[..], "nicht als UTF-8"),
        ("a.png", &b"\x89PNG\r\n\x1a\n\0\0"[..], "keine Textdatei"),
        ("a.json", b"{\"leitbild\": 5}", "kein Leitbild aus dem Leitnetz"),
        ("a.json", b"{{{{", "kein Leitbild aus dem Leitnetz"),
        ("a.txt", b"  \n ", "leer"),
        ("a.md", b"", "leer"),
    ] {
        let error = take_over::read(name, bytes).unwrap_err().message(Lang::De);
        assert!(error.contains(words), "{name}: {error}");
    }
}

#[test]
fn rows_make_a_draft_whatever_they_are_called() {
    let row = |part, text: &str| Row {
        part,
        text: text.to_owned(),
    };
    let draft = back(&[
        row(Part::Point, "Vor jeder Leitlinie"),
        row(Part::Title, "Zwei"),
        row(Part::Title, "Zeilen"),
        row(Part::Guideline, "  "),
        row(Part::Omit, "weg"),
        row(Part::Guideline, "Mut\nmachen"),
        row(Part::Point, " \t "),
    ]);
    assert_eq!(draft.title, "Zwei Zeilen");
    let guidelines: Vec<_> = draft
        .guidelines
        .iter()
        .map(|one| (one.title.as_str(), one.points.len()))
        .collect();
    assert_eq!(guidelines, [("", 1), ("Mut machen", 0)]);
}
