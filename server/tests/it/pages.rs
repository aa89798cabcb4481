//! What people get to see over HTTP, and what they must not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use app::error::AppError;
use axum::http::{Method, StatusCode, header};
use leitnetz::{
    rooms::{Identity, LinkId, Outgoing, ParticipantId, Suggestion},
    secrets,
};
use model::{
    ags::Ags,
    doc, limits,
    wire::{ClientMessage, close},
};
use store::{SESSION_S, Session};
use time::OffsetDateTime;
use yrs::{ReadTxn, Transact, Update, updates::decoder::Decode};

use crate::harness::{PATIENCE, TestSite};

#[tokio::test(flavor = "multi_thread")]
async fn the_network_is_complete_and_readable_without_javascript() {
    let site = TestSite::new().await;
    let answer = site.get("/", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    let members = site.site.store().members().await.unwrap();
    assert_eq!(members.len(), 93);
    for member in members {
        let link = format!("href=\"/kommune/{}\"", member.municipality.ags);
        assert!(answer.body.contains(&link), "{link}");
    }
}

/// Leptos keeps pages waiting for ever whose data are asked for while it makes a list of routes (its issue 4773).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_waits_for_another_router() {
    let site = TestSite::new().await;
    let done = Arc::new(AtomicBool::new(false));
    let others = thread::spawn({
        let (site, done) = (site.site.clone(), Arc::clone(&done));
        move || {
            let mut made = 0;
            while !done.load(Ordering::Relaxed) {
                drop(site.router());
                made += 1;
            }
            made
        }
    });
    for _ in 0..20 {
        assert_eq!(site.get("/kommune/05566", None).await.status, StatusCode::OK);
    }
    done.store(true, Ordering::Relaxed);
    assert!(others.join().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_disagree_are_both_shown() {
    let site = TestSite::new().await;
    let answer = site.get("/kommune/05566", None).await;
    assert!(
        answer.body.contains(">2012<") && answer.body.contains(">2017<"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("Die Quellen nennen Verschiedenes"));
    assert!(answer.body.contains("nicht bekannt"));
    assert!(answer.body.contains("noch nicht veröffentlicht"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_a_404_page() {
    let site = TestSite::new().await;
    for path in [
        "/kommune/05999",
        "/kommune/abc",
        "/kommune/05999/leitbild/bearbeiten",
        "/gibt/es/nicht",
    ] {
        let answer = site.get(path, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("Diese Seite gibt es nicht"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_protecting_headers() {
    let site = TestSite::new().await;
    let answer = site.get("/", None).await;
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("'nonce-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(
        !answer.body.contains(" style=\""),
        "inline styles would be blocked by the policy"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_for_another_site() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    for origin in [None, Some("https://evil.example.org"), Some("null")] {
        let form = "ags=05566&role=participate&label=";
        let answer = site
            .send(Method::POST, "/api/make_link", Some(&coordinator), origin, form)
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(site.site.store().valid_links().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_coordinators_calls_are_closed_to_everybody_else() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, link) = site.link(&coordinator, "05566", "facilitate").await;
    let participant = site.participant(&secret, "Ada").await;
    let calls = [
        ("/api/make_link", "ags=05566&role=read&label=".to_owned()),
        ("/api/withdraw_link", format!("ags=05566&link={link}")),
        ("/api/publish_leitbild", "ags=05566".to_owned()),
        ("/api/import_profile", "ags=05566&text=x&source=y&date=2024".to_owned()),
        ("/api/import_facts", "csv=x".to_owned()),
    ];
    for (path, form) in calls {
        for cookie in [None, Some(participant.as_str()), Some("leitnetz=erfunden")] {
            let answer = site.post(path, cookie, &form).await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{path} {cookie:?} {}",
                answer.body
            );
        }
    }
    for path in ["/koordination", "/koordination/05566"] {
        assert_eq!(
            site.get(path, Some(&participant)).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(site.get(path, Some(&coordinator)).await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_for_link_holders_and_only_as_long_as_the_link_is_valid() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, link) = site.link(&coordinator, "05566", "participate").await;
    let page = "/kommune/05566/leitbild/bearbeiten";
    let draft_title = site
        .site
        .rooms()
        .leitbild(&"05566".parse().unwrap())
        .await
        .unwrap()
        .title;
    assert!(!draft_title.is_empty());

    let stranger = site.get(page, None).await;
    assert!(!stranger.body.contains(&draft_title) && stranger.body.contains("brauchen Sie einen Link"));

    // Looking at the invitation changes nothing: previewers do that.
    let invitation = site.get(&format!("/einladung/{secret}"), None).await;
    assert_eq!(invitation.status, StatusCode::OK);
    assert!(invitation.cookie.is_none());

    let cookie = site.participant(&secret, "Ada+Beispiel").await;
    let inside = site.get(page, Some(&cookie)).await;
    assert!(inside.body.contains(&draft_title) && inside.body.contains("Ada Beispiel"));
    // The link is for this municipality only.
    let elsewhere = site.get("/kommune/05515/leitbild/bearbeiten", Some(&cookie)).await;
    assert!(elsewhere.body.contains("brauchen Sie einen Link"));

    let answer = site
        .post(
            "/api/withdraw_link",
            Some(&coordinator),
            &format!("ags=05566&link={link}"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(!site.get(page, Some(&cookie)).await.body.contains(&draft_title));
    assert_eq!(
        site.get(&format!("/einladung/{secret}"), None).await.status,
        StatusCode::GONE
    );
    let again = site
        .post("/api/redeem_link", None, &format!("secret={secret}&name=Bo"))
        .await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hall_joins_by_one_link_at_once_and_a_machine_does_not_go_on_for_ever() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, "05566", "participate").await;
    let form = format!("secret={secret}&name=Ada");
    let mut joined = 0;
    let refused = loop {
        let answer = site.post("/api/redeem_link", None, &form).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        joined += 1;
        assert!(joined < 10 * limits::REDEMPTIONS_BURST, "nobody stops this");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.cookie.is_none(), "a session was made all the same");
    assert!(joined >= limits::REDEMPTIONS_BURST, "{joined}");
    // Other links have rates of their own.
    let (other, _) = site.link(&coordinator, "05566", "participate").await;
    site.participant(&other, "Bo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_freezes_one_copy() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags = "05566".parse().unwrap();
    let title = site.site.rooms().leitbild(&ags).await.unwrap().title;
    assert!(!site.get("/kommune/05566", None).await.body.contains(&title));
    let answer = site
        .post("/api/publish_leitbild", Some(&coordinator), "ags=05566")
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(site.get("/kommune/05566", None).await.body.contains(&title));
    // A second publication replaces what is shown, and the first is kept.
    let mut leitbild = site.site.rooms().leitbild(&ags).await.unwrap();
    leitbild.title = "Zweite Fassung".to_owned();
    site.site.store().publish(&ags, &leitbild, "2030-01-01").await.unwrap();
    assert_eq!(
        site.site.store().published(&ags).await.unwrap().unwrap().leitbild.title,
        "Zweite Fassung"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_or_handed_on_while_points_stand_under_no_guideline() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags = "05566".parse().unwrap();
    let rooms = site.site.rooms();
    let draft = doc::new_doc(77);
    let everything = rooms.document(&ags).await.unwrap();
    draft
        .transact_mut()
        .apply_update(Update::decode_v1(&everything).unwrap())
        .unwrap();
    let before = draft.transact().state_vector();
    let guideline = doc::view(&draft.transact()).guidelines[0].clone();
    let words = guideline.points[0].text.clone();
    doc::remove_block(&draft, &guideline.block.id).unwrap();
    let update = draft.transact().encode_diff_v1(&before);
    let by = ParticipantId("anna".to_owned());
    rooms.suggestion(&ags, update, by, Suggestion::Apply).await.unwrap();

    let refused = site
        .post("/api/publish_leitbild", Some(&coordinator), "ags=05566")
        .await;
    assert!(matches!(refused.error(), AppError::Invalid { mistakes } if mistakes[0].de.contains("Ohne Leitlinie")));
    assert_eq!(site.site.store().published(&ags).await.unwrap(), None);
    let step = "ags=05566&from=draft&to=committee";
    let refused = site.post("/api/move_stage", Some(&coordinator), step).await;
    assert!(matches!(refused.error(), AppError::Invalid { mistakes } if mistakes[0].de.contains("Ohne Leitlinie")));
    // Whoever takes the draft along has them, too.
    for ending in ["md", "html", "json"] {
        let path = format!("/kommune/05566/leitbild/entwurf.{ending}");
        let file = site.get(&path, Some(&coordinator)).await;
        assert!(file.body.contains(&words), "{path}: {}", file.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_stays_the_same_person_when_signing_in() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags = "05566".parse().unwrap();
    let secret_of = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let (link, _) = site.link(&coordinator, "05566", "participate").await;
    let cookie = site.participant(&link, "Ada").await;
    let (before, _) = site.site.participant(&secret_of(&cookie), &ags).await.unwrap().unwrap();
    let signed_in = site
        .post("/api/sign_in", Some(&cookie), "password=ein+langer+Probesatz")
        .await
        .cookie
        .unwrap();
    assert_ne!(signed_in, cookie, "never a raised old session");
    let (after, _) = site
        .site
        .participant(&secret_of(&signed_in), &ags)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.id, before.id);
    let old = site.site.participant(&secret_of(&cookie), &ags).await.unwrap();
    assert!(old.is_none(), "who has the old one is nobody any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_has_left_the_drafts_that_the_account_opened() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let session = coordinator.split_once('=').unwrap().1;
    let ags: Ags = "05566".parse().unwrap();
    let other: Ags = "05515".parse().unwrap();
    let joined = site.post("/api/join_draft", Some(&coordinator), "ags=05566").await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.body);
    let (invitation, _) = site.link(&coordinator, "05515", "participate").await;
    let form = format!("secret={invitation}&name=Ada");
    let redeemed = site.post("/api/redeem_link", Some(&coordinator), &form).await;
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.body);

    let (participant, link) = site.site.participant(session, &ags).await.unwrap().unwrap();
    let identity = Identity {
        participant: ParticipantId(participant.id),
        link: Some(LinkId(link.id)),
        name: participant.name,
        color: participant.color,
        role: link.role,
    };
    let mut open = site.site.rooms().join(&ags, identity).await.unwrap();
    open.send(ClientMessage::Hello { version: 1 }.encode()).await;
    let out = site.post("/api/sign_out", Some(&coordinator), "").await;
    assert_eq!(out.status, StatusCode::OK, "{}", out.body);
    let closed = async {
        loop {
            if let Outgoing::Close(code) = open.recv().await {
                break code;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, closed).await, Ok(close::NOT_ALLOWED));
    assert!(site.site.participant(session, &ags).await.unwrap().is_none());
    // By an invitation one stays.
    assert!(site.site.participant(session, &other).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_signed_in_for_half_a_year_and_no_longer() {
    let site = TestSite::new().await;
    let store = site.site.store();
    let now_s = OffsetDateTime::now_utc().unix_timestamp();
    let coordinator = Session { coordinator: true };
    let secret = secrets::fresh().unwrap();
    let cookie = format!("{}={secret}", site.site.public_url().cookie_name());
    let hash = secrets::hash(&secret);
    let ags: Ags = "05566".parse().unwrap();
    store.put_session(&hash, coordinator, now_s).await.unwrap();
    assert_eq!(site.get("/koordination", Some(&cookie)).await.status, StatusCode::OK);
    let joined = site.post("/api/join_draft", Some(&cookie), "ags=05566").await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.body);
    assert!(site.site.participant(&secret, &ags).await.unwrap().is_some());

    store.put_session(&hash, coordinator, now_s - SESSION_S).await.unwrap();
    assert_eq!(
        site.get("/koordination", Some(&cookie)).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(site.site.participant(&secret, &ags).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_asks_for_it_is_erased() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (link, _) = site.link(&coordinator, "05566", "participate").await;
    site.participant(&link, "Ada+Beispiel").await;
    let page = || site.get("/koordination/05566", Some(&coordinator));
    assert!(page().await.body.contains("Ada Beispiel"));
    let people = site.site.store().people(&"05566".parse().unwrap()).await.unwrap();
    let form = format!("ags=05566&participant={}", people[0].0);
    let erased = site.post("/api/erase_person", Some(&coordinator), &form).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
    assert!(!page().await.body.contains("Ada Beispiel"));
    let again = site.post("/api/erase_person", Some(&coordinator), &form).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_link_works_once_and_not_when_it_is_old() {
    let site = TestSite::new().await;
    let hash = secrets::hash;
    site.site.store().put_one_time(&hash("alt"), 1).await.unwrap();
    let old = site
        .post("/api/set_password", None, "secret=alt&password=ein+langer+Probesatz")
        .await;
    assert_eq!(old.status, StatusCode::GONE);
    site.site.store().put_one_time(&hash("neu"), i64::MAX).await.unwrap();
    let short = site.post("/api/set_password", None, "secret=neu&password=kurz").await;
    assert_eq!(
        short.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a short password does not use the link up"
    );
    let first = site
        .post("/api/set_password", None, "secret=neu&password=ein+langer+Probesatz")
        .await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.location.as_deref(), Some("/koordination"));
    let second = site
        .post("/api/set_password", None, "secret=neu&password=ein+anderer+Satz")
        .await;
    assert_eq!(second.status, StatusCode::GONE);

    let wrong = site.post("/api/sign_in", None, "password=ein+anderer+Satz").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = site.post("/api/sign_in", None, "password=ein+langer+Probesatz").await;
    assert_eq!(right.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_a_password_is_slowed_down() {
    let site = TestSite::new().await;
    site.coordinator().await;
    for _ in 0..10 {
        site.post("/api/sign_in", None, "password=falsch").await;
    }
    let answer = site.post("/api/sign_in", None, "password=ein+langer+Probesatz").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_take_all_or_nothing_and_say_why() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let ags = "05554".parse().unwrap();
    let before = site.site.store().facts(&ags).await.unwrap();
    let bad =
        "csv=ags,key,value,source,date%0A05554,inhabitants,371000,Probe,2024%0A05554,inhabitants,viele,Probe,2024";
    let answer = site.post("/api/import_facts", Some(&coordinator), bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Zeile 3") && answer.body.contains("Line 3"),
        "{}",
        answer.body
    );
    assert_eq!(site.site.store().facts(&ags).await.unwrap(), before);

    let good = "csv=ags,key,value,source,date%0A05554,inhabitants,371000,Probe,2024";
    let answer = site.post("/api/import_facts", Some(&coordinator), good).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("\"added\":1"), "{}", answer.body);
    let again = site.post("/api/import_facts", Some(&coordinator), good).await;
    assert!(
        again.body.contains("\"added\":0") && again.body.contains("\"unchanged\":1"),
        "{}",
        again.body
    );
    assert!(site.get("/kommune/05554", None).await.body.contains("371.000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_leitbild_never_overwrites_a_draft() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let page = "text=Kreis+Borken%0ASeit+wann+dabei%3A%0A%0A2019%0A%0ALeitbild+%E2%80%93+%E2%80%9EProbe%E2%80%9C%0A%0A\
                Leitlinien%3A%0A%0AI.+Erste%0A%0A%E2%80%A2+Ein+Punkt";
    let into = |ags: &str| format!("ags={ags}&{page}&source=Probe&date=2024-05-01");
    let answer = site
        .post("/api/import_profile", Some(&coordinator), &into("05554"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("\"points\":1"), "{}", answer.body);
    let again = site
        .post("/api/import_profile", Some(&coordinator), &into("05554"))
        .await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    // Its facts are taken, and it is said what was not.
    assert!(
        again.body.contains("\"points\":0") && again.body.contains("steht schon Text"),
        "{}",
        again.body
    );
    let leitbild = site.site.rooms().leitbild(&"05554".parse().unwrap()).await.unwrap();
    assert_eq!(leitbild.guidelines.len(), 1);
    assert_eq!(leitbild.guidelines[0].points.len(), 1);
}
