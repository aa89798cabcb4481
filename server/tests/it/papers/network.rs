//! How others put it: found by words, and taken over with its source.

use axum::http::StatusCode;
use model::{
    ags::Ags,
    doc,
    leitbild::{Guideline, Leitbild, Point, PointSource},
    limits,
};
use yrs::{Transact, Update, updates::decoder::Decode};

use crate::harness::TestSite;

async fn found(site: &TestSite, cookie: Option<&str>, ags: &str, text: &str) -> Vec<app::views::NetworkPoint> {
    let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let answer = site
        .post("/api/search_network", cookie, &format!("ags={ags}&text={text}"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn published_points_are_found_by_the_stems_of_their_words() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05566", "read").await;
    let reader = site.participant(&secret, "Ada").await;
    // "Beratungsgesprächen", "Familie" in Bonn's published text; other forms of the words are searched for.
    let points = found(&site, Some(&reader), "05566", "Die Sprachen der Familien sprechen").await;
    assert!(points.len() <= 8 && !points.is_empty());
    let best = &points[0];
    assert!(best.text.contains("Sprache der Familie"), "{points:?}");
    assert_eq!(
        (best.source.place.as_str(), best.source.date.as_str()),
        ("Bonn", "2026-01-15")
    );
    assert_eq!(best.guideline, "Mut machen");
    assert!(found(&site, Some(&reader), "05566", "Quantenphysik").await.is_empty());
    assert!(found(&site, Some(&reader), "05566", "und der die").await.is_empty());
    for odd in [
        "'; DELETE publication; --",
        "@1,OR@ *",
        "\u{0}\u{202e}",
        &"lang ".repeat(20_000),
    ] {
        found(&site, Some(&reader), "05566", odd).await;
    }
    // One's own are left out, and drafts are never found.
    let (secret, _) = site.link(&coordinator, "05314", "participate").await;
    let bonn = site.participant(&secret, "Bo").await;
    let points = found(&site, Some(&bonn), "05314", "Die Sprachen der Familien sprechen").await;
    assert!(
        points.iter().all(|point| point.source.ags.as_str() != "05314"),
        "{points:?}"
    );
    let draft = site.site.rooms().leitbild(&"05566".parse().unwrap()).await.unwrap();
    let secret_words = &draft.guidelines[0].points[0].text;
    let points = found(&site, Some(&bonn), "05314", secret_words).await;
    assert!(
        points.iter().all(|point| point.source.ags.as_str() != "05566"),
        "{points:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_reads_a_draft_searches_for_it() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05515", "facilitate").await;
    let elsewhere = site.participant(&secret, "Cem").await;
    for cookie in [None, Some(elsewhere.as_str())] {
        let answer = site.post("/api/search_network", cookie, "ags=05566&text=Familie").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_publication_is_what_is_found() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags: Ags = "05314".parse().unwrap();
    let leitbild = Leitbild {
        title: "Neu".to_owned(),
        guidelines: vec![Guideline {
            title: "Orte".to_owned(),
            points: vec![Point {
                id: "b1".to_owned(),
                text: "Spielplätze bleiben lange hell".to_owned(),
                ..Point::default()
            }],
            ..Guideline::default()
        }],
        ..Leitbild::default()
    };
    site.site.store().publish(&ags, &leitbild, "2030-01-01").await.unwrap();
    let points = found(&site, Some(&coordinator), "05566", "Spielplatz hell").await;
    assert_eq!(
        (points[0].source.block.as_str(), points[0].source.date.as_str()),
        ("b1", "2030-01-01")
    );
    let gone = found(&site, Some(&coordinator), "05566", "Sprache der Familie").await;
    assert!(gone.iter().all(|point| point.source.ags != ags), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_keeps_its_source_from_the_draft_to_the_files() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags: Ags = "05566".parse().unwrap();
    let source = PointSource::parse("05314 abc 2026-01-15").unwrap();
    let document = doc::new_doc(4_711);
    let update = site.site.rooms().document(&ags).await.unwrap();
    document
        .transact_mut()
        .apply_update(Update::decode_v1(&update).unwrap())
        .unwrap();
    let view = doc::view(&document.transact());
    let mut seed = 7_u64;
    let mut entropy = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed
    };
    let first = view.guidelines[0].points[0].id.clone();
    let new = doc::borrow_point(&document, &first, "Von\nanderswo", &source, &mut entropy).unwrap();
    let at_guideline =
        doc::borrow_point(&document, &view.guidelines[1].block.id, "Auch", &source, &mut entropy).unwrap();
    assert!(doc::borrow_point(&document, &view.preamble[0].id, "Nein", &source, &mut entropy).is_err());
    let view = doc::view(&document.transact());
    assert_eq!(view.guidelines[0].points[1].id, new);
    assert_eq!(view.guidelines[0].points[1].text, "Von anderswo");
    assert_eq!(view.guidelines[1].points[0].id, at_guideline);

    let leitbild = doc::to_leitbild(&view);
    assert_eq!(leitbild.guidelines[0].points[1].source.as_ref(), Some(&source));
    site.site.store().publish(&ags, &leitbild, "2026-06-01").await.unwrap();
    let text = site.get("/kommune/05566/leitbild.md", None).await.body;
    assert!(
        text.contains("- Von anderswo\n  *Übernommen aus Bonn, 15.01.2026, http://127.0.0.1:3000/kommune/05314#b-abc*"),
        "{text}"
    );
    let json = site.get("/kommune/05566/leitbild.json", None).await.body;
    assert!(json.contains("\"place\": \"Bonn\""), "{json}");
    drop(coordinator);
}

#[test]
fn what_is_not_a_source_is_none() {
    assert!(PointSource::parse("05314 abc 2026-01-15").is_some());
    for text in [
        "",
        "05314",
        "05314 abc",
        "05314 abc 2026",
        "0531 abc 2026-01-15",
        "05314 abc 2026-01-15 mehr",
        "05314  2026-01-15",
    ] {
        assert_eq!(PointSource::parse(text), None, "{text}");
    }
    let long = format!("05314 {} 2026-01-15", "x".repeat(65));
    assert_eq!(PointSource::parse(&long), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_searches_without_end_waits() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05566", "read").await;
    let reader = site.participant(&secret, "Ada").await;
    // Words that find nothing: the search itself costs little then.
    let form = "ags=05566&text=und";
    let mut found = 0;
    let refused = loop {
        let answer = site.post("/api/search_network", Some(&reader), form).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        found += 1;
        assert!(found < 10 * limits::SEARCHES_BURST, "nobody stops this");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.body);
    assert!(found >= limits::SEARCHES_BURST, "{found}");
    let other = site.post("/api/search_network", Some(&coordinator), form).await;
    assert_eq!(other.status, StatusCode::OK);
    // Strangers are turned away before anything is counted.
    let stranger = site.post("/api/search_network", None, form).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}
