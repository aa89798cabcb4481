use std::io::{Cursor, Read};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use leitnetz::export::{self, Exported, Format};
use model::{ags::Ags, leitbild::Leitbild, paper::Paper};

use super::{HOSTILE, paper_of};
use crate::harness::TestSite;

/// Published in the demonstration network; Steinfurt has a draft only.
const BONN: &str = "/kommune/05314/leitbild";

fn parts(docx: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_the_published_text_in_every_format() {
    let site = TestSite::new().await;
    // The program for PDFs does not lie beside the tests'; the end-to-end tests have it.
    for format in [Format::Markdown, Format::Docx, Format::Html, Format::Json] {
        let path = format!("{BONN}.{}", format.ending());
        let answer = site.get(&path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], format.content_type());
        let disposition = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        let name = format!("filename=\"Leitbild-Bonn-2026-01-15.{}\"", format.ending());
        assert!(disposition.contains(&name), "{disposition}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "public, no-cache");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");

        // What a browser has already is not sent again.
        let etag = answer.headers[header::ETAG].clone();
        let again = Request::get(&path)
            .header(header::IF_NONE_MATCH, etag.clone())
            .body(Body::empty())
            .unwrap();
        let again = site.ask(again).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers[header::ETAG], etag);
        let head = site.send(Method::HEAD, &path, None, None, "").await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
        assert_eq!(head.headers[header::CONTENT_TYPE], format.content_type());
    }
    let published = site
        .site
        .store()
        .published(&"05314".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let json: Exported = serde_json::from_str(&site.get(&format!("{BONN}.json"), None).await.body).unwrap();
    assert_eq!(json.leitbild, published.leitbild);
    assert_eq!(
        (json.schema.as_str(), json.state.as_str()),
        (export::SCHEMA, "published")
    );
    assert_eq!(json.date, published.date);

    let text = site.get(&format!("{BONN}.md"), None).await.body;
    assert!(
        text.starts_with("# Mut machen, mitgehen, loslassen\n\n*Damit Kinder"),
        "{text}"
    );
    assert!(text.contains("\n## I. Mut machen\n\n- Wir fragen zuerst"), "{text}");
    assert!(
        text.contains("Quelle: Bonn, veröffentlicht am 15.01.2026, http://127.0.0.1:3000/kommune/05314"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_publication_changes_the_etag() {
    let site = TestSite::new().await;
    let path = format!("{BONN}.md");
    let before = site.get(&path, None).await.headers[header::ETAG].clone();
    let leitbild = Leitbild {
        title: "Neu".to_owned(),
        ..Leitbild::default()
    };
    let ags: Ags = "05314".parse().unwrap();
    site.site.store().publish(&ags, &leitbild, "2030-01-01").await.unwrap();
    let after = site.get(&path, None).await;
    assert_ne!(after.headers[header::ETAG], before);
    assert!(after.body.starts_with("# Neu"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_is_a_404_page() {
    let site = TestSite::new().await;
    for format in Format::ALL {
        for place in ["05566", "05999", "abc"] {
            let path = format!("/kommune/{place}/leitbild.{}", format.ending());
            let answer = site.get(&path, None).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.body.contains("Diese Seite gibt es nicht"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_for_those_who_may_read_it() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, link) = site.link(&coordinator, "05566", "read").await;
    let reader = site.participant(&secret, "Ada").await;
    let (other, _) = site.link(&coordinator, "05515", "facilitate").await;
    let stranger = site.participant(&other, "Bo").await;
    for ending in ["md", "docx", "html", "json"] {
        let path = format!("/kommune/05566/leitbild/entwurf.{ending}");
        for cookie in [None, Some(stranger.as_str()), Some("leitnetz=erfunden")] {
            let answer = site.get(&path, cookie).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {cookie:?}");
            assert!(answer.body.contains("Only people with a link"), "{}", answer.body);
        }
        for cookie in [&reader, &coordinator] {
            let answer = site.get(&path, Some(cookie)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            assert!(!answer.headers.contains_key(header::ETAG));
            let name = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(name.contains("Leitbild-Kreis-Steinfurt-Entwurf-"), "{name}");
            if ending == "md" {
                assert!(answer.body.starts_with("**Entwurf, Stand "), "{}", answer.body);
            }
        }
    }
    let withdraw = format!("ags=05566&link={link}");
    site.post("/api/withdraw_link", Some(&coordinator), &withdraw).await;
    let gone = site.get("/kommune/05566/leitbild/entwurf.md", Some(&reader)).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_program_for_pdfs_is_said_and_harms_nothing_else() {
    let site = TestSite::new().await;
    let answer = site.get(&format!("{BONN}.pdf"), None).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.body.contains("später noch einmal") && !answer.body.contains("leitnetz-pdf"),
        "{}",
        answer.body
    );
}

#[test]
fn hostile_words_stay_words() {
    for words in HOSTILE {
        let paper = paper_of(words);
        let html = export::html(&paper);
        let tags = html.matches("<script").count() + html.matches("onclick='").count();
        assert_eq!(tags, 0, "{html}");
        assert!(!html.contains(['\u{202e}', '\u{0}', '\u{1b}']), "{html}");
        let parts = parts(&export::docx(&paper).unwrap());
        for (name, text) in &parts {
            roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        }
        let json: Exported = serde_json::from_str(&export::json(&paper).unwrap()).unwrap();
        assert_eq!(json.leitbild, paper.leitbild, "JSON keeps every character");
    }
}

#[test]
fn a_docx_uses_words_own_styles_and_says_its_language() {
    let parts = parts(&export::docx(&paper_of("Mut")).unwrap());
    let part = |wanted: &str| &parts.iter().find(|(name, _)| name == wanted).unwrap().1;
    let document = roxmltree::Document::parse(part("word/document.xml")).unwrap();
    let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let styles: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((word, "pStyle")))
        .filter_map(|node| node.attribute((word, "val")))
        .collect();
    assert_eq!(
        styles,
        [
            "LeitnetzHinweis",
            "LeitnetzHinweis",
            "Title",
            "Subtitle",
            "Normal",
            "Normal",
            "Heading1",
            "ListBullet",
            "ListBullet",
            "LeitnetzHinweis",
            "LeitnetzSchluss",
            "LeitnetzHinweis"
        ]
    );
    let defined = part("word/styles.xml");
    for style in styles {
        assert!(defined.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
    assert!(defined.contains("w:lang w:val=\"de-DE\""));
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let paper = paper_of("Mut");
    assert_eq!(export::docx(&paper).unwrap(), export::docx(&paper).unwrap());
}

#[test]
fn nothing_written_and_very_much_written_can_be_exported() {
    let empty = Paper {
        leitbild: Leitbild::default(),
        ..paper_of("Bonn")
    };
    let long = paper_of(&"Wort ".repeat(10_000));
    for paper in [empty, long] {
        assert!(export::html(&paper).contains("<h1"));
        assert!(export::markdown(&paper).ends_with("/kommune/05314*\n"));
        assert_eq!(parts(&export::docx(&paper).unwrap()).len(), 7);
    }
}
