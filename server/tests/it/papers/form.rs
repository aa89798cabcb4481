//! The forms that take a text over, as browsers send them.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use model::{ags::Ags, leitbild::Leitbild, limits};

use crate::harness::{Answer, ORIGIN, TestSite};

const BORKEN: &str = "/kommune/05554/leitbild/uebernehmen";
const STEINFURT: &str = "/kommune/05566/leitbild/uebernehmen";
const TEXT: &str =
    "# Anker\n\n*Werfen & setzen*\n\n## I. Mut machen\n\n- \\</textarea\\>\\<script\\>alert(1)\n- Zweiter\n";

async fn send(
    site: &TestSite,
    path: &str,
    cookie: Option<&str>,
    origin: Option<&str>,
    fields: &[(&str, &str)],
) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        let name = match *name {
            "file" => "file\"; filename=\"vorlage.docx".to_owned(),
            name => name.to_owned(),
        };
        body.push_str(&format!(
            "--grenze\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--grenze--\r\n");
    let mut request = Request::post(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ACCEPT_LANGUAGE, "de")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=grenze");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    if let Some(origin) = origin {
        request = request.header(header::ORIGIN, origin);
    }
    site.ask(request.body(Body::from(body)).unwrap()).await
}

async fn leitbild(site: &TestSite, ags: &str) -> Leitbild {
    let ags: Ags = ags.parse().unwrap();
    site.site.rooms().leitbild(&ags).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_shown_corrected_and_taken_over() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05554", "facilitate").await;
    let facilitator = site.participant(&secret, "Ada").await;
    let empty = site.get(BORKEN, Some(&facilitator)).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("multipart/form-data") && empty.body.contains("type=\"file\""));
    let editor = site.get("/kommune/05554/leitbild/bearbeiten", Some(&facilitator)).await;
    assert!(editor.body.contains(BORKEN), "an empty draft offers it");

    let page = send(
        &site,
        BORKEN,
        Some(&facilitator),
        Some(ORIGIN),
        &[("step", "read"), ("text", TEXT)],
    )
    .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains(">Werfen &amp; setzen</textarea>"), "{}", page.body);
    assert!(
        page.body
            .contains(">&lt;/textarea&gt;&lt;script&gt;alert(1)</textarea>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<option value=\"motto\" selected"), "{}", page.body);
    assert!(leitbild(&site, "05554").await.is_empty(), "looking changes nothing");

    let rows = [
        ("step", "take"),
        ("into", "empty"),
        ("part", "title"),
        ("words", "Anker werfen"),
        ("part", "omit"),
        ("words", "Werfen & setzen"),
        ("part", "guideline"),
        ("words", "Mut machen"),
        ("part", "point"),
        ("words", "<b>Erster</b>"),
        ("part", "point"),
        ("words", "Zweiter\r\nZeile"),
    ];
    let done = send(&site, BORKEN, Some(&facilitator), Some(ORIGIN), &rows).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(done.location.as_deref(), Some(&*format!("{BORKEN}?punkte=2")));
    let after = site.get(&done.location.unwrap(), Some(&facilitator)).await;
    assert!(after.body.contains("Übernommen."), "{}", after.body);
    let now = leitbild(&site, "05554").await;
    assert_eq!((now.title.as_str(), now.motto.as_str()), ("Anker werfen", ""));
    let points: Vec<_> = now.guidelines[0]
        .points
        .iter()
        .map(|point| point.text.as_str())
        .collect();
    assert_eq!(points, ["<b>Erster</b>", "Zweiter  Zeile"]);

    // Sent twice, or while somebody wrote: nothing is replaced, nothing of the correction is lost.
    let again = send(&site, BORKEN, Some(&facilitator), Some(ORIGIN), &rows).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(
        again.body.contains("darunter anfügen") && again.body.contains(">Anker werfen</textarea>"),
        "{}",
        again.body
    );
    assert!(again.body.contains("name=\"into\" value=\"append\""), "{}", again.body);
    assert_eq!(leitbild(&site, "05554").await, now);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_text_is_added_to() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let before = leitbild(&site, "05566").await;
    let page = send(
        &site,
        STEINFURT,
        Some(&coordinator),
        Some(ORIGIN),
        &[("step", "read"), ("text", TEXT)],
    )
    .await;
    assert!(page.body.contains("ersetzt wird nichts"), "{}", page.body);
    let rows = [
        ("step", "take"),
        ("into", "append"),
        ("part", "title"),
        ("words", "Anker"),
        ("part", "guideline"),
        ("words", "Neu dazu"),
        ("part", "point"),
        ("words", "Ein Punkt"),
    ];
    let done = send(&site, STEINFURT, Some(&coordinator), Some(ORIGIN), &rows).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let after = leitbild(&site, "05566").await;
    assert_eq!(
        (&after.title, &after.motto, &after.closing),
        (&before.title, &before.motto, &before.closing)
    );
    assert_eq!(after.preamble[..before.preamble.len()], before.preamble[..]);
    assert_eq!(after.preamble.last().unwrap(), "Anker", "a second title is a paragraph");
    assert_eq!(after.guidelines[..before.guidelines.len()], before.guidelines[..]);
    assert_eq!(after.guidelines.last().unwrap().title, "Neu dazu");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_facilitates_takes_over() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05554", "participate").await;
    let participant = site.participant(&secret, "Bo").await;
    let (secret, _) = site.link(&coordinator, "05566", "facilitate").await;
    let elsewhere = site.participant(&secret, "Cem").await;
    let rows = [
        ("step", "take"),
        ("into", "append"),
        ("part", "title"),
        ("words", "Fremd"),
    ];
    for (cookie, status) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(participant.as_str()), StatusCode::FORBIDDEN),
        (Some(elsewhere.as_str()), StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(site.get(BORKEN, cookie).await.status, status);
        let page = send(&site, BORKEN, cookie, Some(ORIGIN), &rows).await;
        assert_eq!(page.status, status, "{}", page.body);
        assert!(!page.body.contains("Fremd</textarea>"));
    }
    for origin in [None, Some("https://evil.example.org"), Some("null")] {
        let page = send(&site, BORKEN, Some(&coordinator), origin, &rows).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(leitbild(&site, "05554").await.is_empty());
    let nowhere = send(
        &site,
        "/kommune/05999/leitbild/uebernehmen",
        Some(&coordinator),
        Some(ORIGIN),
        &rows,
    )
    .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_answered_on_the_page() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let post = async |fields: &[(&str, &str)]| send(&site, BORKEN, Some(&coordinator), Some(ORIGIN), fields).await;
    let large = "x".repeat(50 << 20);
    for (fields, words) in [
        (vec![("step", "read"), ("file", "PK\u{3}\u{4}")], "beschädigt"),
        (vec![("step", "read"), ("file", large.as_str())], "höchstens 10 MB"),
        (vec![("step", "read"), ("text", "")], "leer"),
        (
            vec![("step", "take"), ("part", "omit"), ("words", "alles")],
            "nichts zu übernehmen",
        ),
        (vec![("step", "take"), ("words", "ohne Teil")], "nicht lesen"),
        (vec![("step", "take"), ("part", "erfunden")], "nicht lesen"),
    ] {
        let page = post(&fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", page.body);
        assert!(
            page.body.contains("role=\"alert\"") && page.body.contains(words),
            "{words}: {}",
            page.body
        );
        assert!(page.body.contains("<h1"), "{words}");
    }
    let many: Vec<_> = (0..1_100).flat_map(|_| [("part", "point"), ("words", "x")]).collect();
    assert_eq!(
        post(&[vec![("step", "take")], many].concat()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pasted_stays_when_it_is_refused_and_when_it_came_too_often() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05554", "facilitate").await;
    let facilitator = site.participant(&secret, "Ada").await;
    let broken = "{ \"</textarea>\": \"kein Leitbild\" }";
    let fields = [("step", "read"), ("text", broken)];
    let mut answers = 0;
    let refused = loop {
        let page = send(&site, BORKEN, Some(&facilitator), Some(ORIGIN), &fields).await;
        assert!(
            page.body.contains("{ \"&lt;/textarea&gt;\": \"kein Leitbild\" }"),
            "{}",
            page.body
        );
        if page.status != StatusCode::UNPROCESSABLE_ENTITY {
            break page;
        }
        answers += 1;
        assert!(answers < 10 * limits::IMPORTS_BURST, "nobody stops this");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("sehr viel in kurzer Zeit"), "{}", refused.body);
    assert!(answers >= limits::IMPORTS_BURST, "{answers}");
    // Rows that were corrected stay, too, and others are not held up.
    let rows = [
        ("step", "take"),
        ("into", "empty"),
        ("part", "title"),
        ("words", "Mühsam berichtigt"),
    ];
    let page = send(&site, BORKEN, Some(&facilitator), Some(ORIGIN), &rows).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.body.contains("Mühsam berichtigt"), "{}", page.body);
    assert!(leitbild(&site, "05554").await.is_empty());
    let page = send(&site, BORKEN, Some(&coordinator), Some(ORIGIN), &rows).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}
