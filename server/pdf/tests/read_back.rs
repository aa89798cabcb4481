//! What another library reads in the PDFs: text, tag tree, title, language.

#![allow(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

use lopdf::{Dictionary, Document, Object, ObjectId};
use model::{
    leitbild::{Guideline, Leitbild, Point, PointSource},
    paper::Paper,
};

fn point(text: &str) -> Point {
    Point {
        text: text.to_owned(),
        ..Point::default()
    }
}

fn paper() -> Paper {
    let borrowed = Point {
        source: Some(PointSource {
            ags: "05566".parse().unwrap(),
            place: "Kreis Steinfurt".to_owned(),
            block: "b1".to_owned(),
            date: "2026-03-12".to_owned(),
        }),
        ..point("Übergänge werden gestaltet und erleichtert")
    };
    Paper {
        ags: "05314".parse().unwrap(),
        place: "Bonn".to_owned(),
        address: "https://leitnetz.example/kommune/05314".to_owned(),
        date: "2026-05-04".to_owned(),
        draft: false,
        leitbild: Leitbild {
            title: "Kinder zuerst".to_owned(),
            motto: "Mut – jeden Tag".to_owned(),
            preamble: vec!["Alle Kinder sollen gut aufwachsen.".to_owned()],
            guidelines: vec![
                Guideline {
                    id: "g1".to_owned(),
                    title: "Mut machen".to_owned(),
                    points: vec![point("Wir hören zu"), borrowed],
                    ..Guideline::default()
                },
                Guideline {
                    id: "g2".to_owned(),
                    title: "Mitgehen".to_owned(),
                    points: vec![point("Wir bleiben da")],
                    ..Guideline::default()
                },
            ],
            closing: "Zusammen geht mehr.".to_owned(),
            ..Leitbild::default()
        },
        phases: model::phase::usual(),
    }
}

fn read(paper: &Paper) -> Document {
    Document::load_mem(&pdf::render(paper).unwrap()).unwrap()
}

fn text(document: &Document) -> String {
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> &'a Dictionary {
    document.dereference(object).unwrap().1.as_dict().unwrap()
}

/// The tag tree as nested names: `Document(H1 P L(LI(Lbl LBody)))`.
fn tags(document: &Document, element: &Dictionary) -> String {
    let name = String::from_utf8(element.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap();
    let kids = match element.get(b"K").map(|kids| document.dereference(kids).unwrap().1) {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    };
    let below: Vec<String> = kids
        .iter()
        .filter_map(|kid| document.dereference(kid).ok()?.1.as_dict().ok())
        .filter(|kid| kid.has(b"S"))
        .map(|kid| tags(document, kid))
        .collect();
    if below.is_empty() {
        name
    } else {
        format!("{name}({})", below.join(" "))
    }
}

fn tag_tree(document: &Document) -> String {
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let kids = dictionary(document, root).get(b"K").unwrap();
    let first = match document.dereference(kids).unwrap().1 {
        Object::Array(kids) => kids[0].clone(),
        other => other.clone(),
    };
    tags(document, dictionary(document, &first))
}

fn metadata(document: &Document) -> String {
    let id: ObjectId = document
        .catalog()
        .unwrap()
        .get(b"Metadata")
        .unwrap()
        .as_reference()
        .unwrap();
    let stream = document.get_object(id).unwrap().as_stream().unwrap();
    let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    String::from_utf8_lossy(&content).into_owned()
}

#[test]
fn text_and_tag_tree_read_back() {
    let document = read(&paper());
    let text = text(&document);
    for words in [
        "Kinder zuerst",
        "Mut – jeden Tag",
        "Alle Kinder sollen gut aufwachsen.",
        "I. Mut machen",
        "Übergänge werden gestaltet und erleichtert",
        "Übernommen aus Kreis Steinfurt, 12.03.2026",
        "II. Mitgehen",
        "Zusammen geht mehr.",
        "Quelle: Bonn, veröffentlicht am 04.05.2026, https://leitnetz.example/kommune/05314",
        "Seite 1 von 1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(
        tag_tree(&document),
        "Document(P H1 P P H2 L(LI(Lbl LBody) LI(Lbl LBody(Span))) H2 L(LI(Lbl LBody)) P P)"
    );
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"de");
    let preferences = dictionary(&document, catalog.get(b"ViewerPreferences").unwrap());
    assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let metadata = metadata(&document);
    assert!(
        metadata.contains("Kinder zuerst") && metadata.contains("pdfuaid"),
        "{metadata}"
    );
}

#[test]
fn what_belongs_to_a_text_stands_below_it() {
    let mut paper = paper();
    paper.leitbild.preamble_plain = vec!["Allen Kindern soll es gut gehen.".to_owned()];
    let guideline = &mut paper.leitbild.guidelines[0];
    guideline.plain = "Wir sind mutig.".to_owned();
    guideline.phases = vec!["kita".to_owned(), "eigene".to_owned()];
    guideline.points[0].plain = "Wir hören dir zu.".to_owned();
    guideline.points[0].phases = vec!["null-bis-drei".to_owned()];
    let document = read(&paper);
    let text = text(&document);
    for words in [
        "gut aufwachsen. Einfache Sprache: Allen Kindern soll es gut gehen.",
        "I. Mut machen Einfache Sprache: Wir sind mutig. Lebensphasen: Kita; eigene",
        "Wir hören zu Einfache Sprache: Wir hören dir zu. Lebensphasen: 0–3 Jahre",
        "https://leitnetz.example/kommune/05566#b-b1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(
        tag_tree(&document),
        "Document(P H1 P P P H2 P P L(LI(Lbl LBody(Span Span)) LI(Lbl LBody(Span))) H2 L(LI(Lbl LBody)) P P)"
    );
}

#[test]
fn what_no_font_has_is_named_and_said_so_at_the_end() {
    let mut paper = paper();
    paper.leitbild.preamble = vec!["Willkommen: مرحبا, 欢迎大家来到这里参加我们的讨论 und 👩‍👧!".to_owned()];
    let document = read(&paper);
    let text = text(&document);
    for words in [
        "Willkommen: [arabische Schrift], [chinesische oder japanische Zeichen] und [Emoji]!",
        "keine Schrift (arabische Schrift, chinesische oder japanische Zeichen, Emoji)",
        "Vollständig ist der Text als Word-",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains('□'), "{text}");
    paper.leitbild.preamble = vec!["Willkommen".to_owned()];
    assert!(!self::text(&read(&paper)).contains("Hinweis"));
}

#[test]
fn a_draft_says_so_on_every_page() {
    let mut paper = paper();
    paper.draft = true;
    paper.leitbild.preamble = vec!["Ein Absatz, der Platz braucht. ".repeat(30); 20];
    let document = read(&paper);
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    assert!(pages.len() > 3);
    for page in pages {
        let text = document.extract_text(&[page]).unwrap();
        assert!(text.contains("Entwurf, Stand 04.05.2026"), "page {page}: {text}");
    }
}

#[test]
fn odd_texts_are_no_violation() {
    let odd = [
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://evil.example\")",
        "\u{202e}verkehrt\u{202c} herum",
        "Kinder \u{1f469}\u{200d}\u{1f467} 日本語 שלום عربى e\u{301}\u{308}",
        "\u{0}\u{7}\u{1b}[31m rot \u{fffe}\u{feff}",
        "\u{ad}\u{200b}",
        "\u{e000} privat \u{10ffff}",
        &"ohneLeerzeichen".repeat(70),
    ];
    for text in odd {
        let mut paper = paper();
        paper.place = text.to_owned();
        paper.leitbild.title = text.to_owned();
        paper.leitbild.motto = text.to_owned();
        paper.leitbild.preamble = vec![text.to_owned()];
        paper.leitbild.guidelines[0].title = text.to_owned();
        paper.leitbild.guidelines[0].points[0].text = text.to_owned();
        read(&paper);
    }
}

#[test]
fn nothing_written_is_a_pdf_too() {
    let mut paper = paper();
    paper.leitbild = Leitbild::default();
    let document = read(&paper);
    assert_eq!(tag_tree(&document), "Document(P H1 P)");
    assert!(text(&document).contains("Leitbild Bonn"));
}

#[test]
fn ten_thousand_words_in_a_block_go_over_pages() {
    let mut paper = paper();
    paper.leitbild.guidelines[0].points[0].text = "Wort ".repeat(10_000);
    let document = read(&paper);
    let words = text(&document).split(' ').filter(|word| *word == "Wort").count();
    assert_eq!(words, 10_000);
    assert!(document.get_pages().len() > 10);
}
