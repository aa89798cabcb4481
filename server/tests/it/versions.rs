//! Versions over HTTP: who may do what, names, bringing back, stages and decisions.

use app::versions::{Compared, FormerPage, VersionsPage};
use axum::http::StatusCode;
use model::{compare::Change, stage::Stage};

use crate::harness::TestSite;

/// A member with an example text in its draft, and the title of that.
const AGS: &str = "05566";

async fn page(site: &TestSite, cookie: &str) -> VersionsPage {
    let path = format!("/api/show_versions?ags={AGS}");
    site.get(&path, Some(cookie)).await.open()
}

async fn compared(site: &TestSite, cookie: &str, query: &str) -> Compared {
    let path = format!("/api/compare_states?ags={AGS}&{query}");
    site.get(&path, Some(cookie)).await.open()
}

async fn write_title(site: &TestSite, title: &str) {
    use model::{
        doc::{self, FieldId, RootText},
        wire::ClientMessage,
    };
    use yrs::{ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

    let rooms = site.site.rooms();
    let ags = model::ags::Ags::new(AGS).unwrap();
    let doc = doc::new_doc(model::limits::CLIENT_ID_MAX - title.len() as u64);
    let now = Update::decode_v1(&rooms.document(&ags).await.unwrap()).unwrap();
    doc.transact_mut().apply_update(now).unwrap();
    doc::set_text(&doc, &FieldId::Root(RootText::Title), title).unwrap();
    let identity = leitnetz::rooms::Identity {
        participant: leitnetz::rooms::ParticipantId(format!("writer of {title}")),
        link: None,
        name: "Ada".to_owned(),
        color: 0,
        role: model::role::Role::Participate,
    };
    let connection = rooms.join(&ags, identity).await.unwrap();
    let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
    connection.send(ClientMessage::SyncStep2(&update).encode()).await;
    // The room handles one after the other.
    while rooms.leitbild(&ags).await.unwrap().title != title {
        tokio::task::yield_now().await;
    }
    rooms.present(&ags).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_do_what() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let mut people = vec![("stranger", String::new()), ("coordinator", coordinator.clone())];
    for role in ["read", "participate", "facilitate"] {
        let (secret, _) = site.link(&coordinator, AGS, role).await;
        people.push((role, site.participant(&secret, "Ada").await));
    }
    let (elsewhere, _) = site.link(&coordinator, "05515", "facilitate").await;
    people.push(("elsewhere", site.participant(&elsewhere, "Ben").await));
    let seq = page(&site, &coordinator).await.states.all().last().unwrap().0;
    for (who, cookie) in &people {
        let cookie = (!cookie.is_empty()).then_some(cookie.as_str());
        let steers = match *who {
            "facilitate" | "coordinator" => StatusCode::OK,
            "read" | "participate" => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        };
        let reads = if steers == StatusCode::FORBIDDEN {
            StatusCode::OK
        } else {
            steers
        };
        for path in [
            format!("/api/show_versions?ags={AGS}"),
            format!("/api/compare_states?ags={AGS}&state={seq}&against=jetzt"),
            format!("/kommune/{AGS}/leitbild/verlauf"),
        ] {
            let answer = site.get(&path, cookie).await;
            assert_eq!(answer.status, reads, "{who} reads {path}: {}", answer.body);
        }
        for (call, form) in [
            ("name_version", format!("ags={AGS}&name=Stand+von+{who}")),
            ("restore_version", format!("ags={AGS}&state={seq}")),
            ("move_stage", format!("ags={AGS}&from=draft&to=workshop")),
            ("move_stage", format!("ags={AGS}&from=workshop&to=draft")),
        ] {
            let answer = site.post(&format!("/api/{call}"), cookie, &form).await;
            assert_eq!(answer.status, steers, "{who} does {call}: {}", answer.body);
        }
        if steers != StatusCode::OK {
            let form = format!("ags={AGS}&from=draft&decision[body]=Rat&decision[date]=2024-03-01");
            let answer = site.post("/api/record_decision", cookie, &form).await;
            assert_eq!(answer.status, steers, "{who} decides: {}", answer.body);
        }
    }
    let page = page(&site, &coordinator).await;
    assert_eq!(page.stage, Stage::Draft);
    assert_eq!(page.named.len(), 1, "one state, named again");
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_named_compared_and_brought_back() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let first = compared(&site, &coordinator, "against=ohne").await;
    assert!(first.comparison.lines.iter().all(|line| line.change == Change::Same));
    let title: String = first.comparison.lines[0].pieces[0].text.clone();
    let form = format!("ags={AGS}&name=%20Vor%20dem++Workshop");
    let named = site.post("/api/name_version", Some(&coordinator), &form).await;
    assert_eq!(named.status, StatusCode::OK, "{}", named.body);
    write_title(&site, "Ein ganz anderer Titel").await;

    let page = page(&site, &coordinator).await;
    let [before] = page.named.as_slice() else {
        panic!("{:?}", page.named);
    };
    assert_eq!(before.name.as_deref(), Some("Vor dem Workshop"));
    let since = compared(&site, &coordinator, &format!("state={}&against=jetzt", before.seq)).await;
    assert_eq!(since.comparison.count().changed, 1);
    assert_eq!(since.comparison.lines[0].change, Change::Changed);
    // The other way round, it is the same text.
    let last = page.states.all().last().unwrap().0;
    let back = compared(&site, &coordinator, &format!("state={last}&against={}", before.seq)).await;
    assert_eq!(back.comparison, since.comparison);

    for (form, expected) in [
        (format!("state={}&field=title", before.seq), StatusCode::OK),
        (
            format!("state={}&field=gibt+es+nicht!", before.seq),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            format!("state={}&field=nobody", before.seq),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("state=99999".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = site
            .post("/api/restore_version", Some(&coordinator), &format!("ags={AGS}&{form}"))
            .await;
        assert_eq!(answer.status, expected, "{form}: {}", answer.body);
    }
    let now = compared(&site, &coordinator, "against=ohne").await;
    assert_eq!(now.comparison.lines[0].pieces[0].text, title);
    for name in ["", "%20%09", &"x".repeat(81)] {
        let form = format!("ags={AGS}&name={name}");
        let answer = site.post("/api/name_version", Some(&coordinator), &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn citizens_read_what_was_decided_on_and_how() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let (secret, _) = site.link(&coordinator, AGS, "facilitate").await;
    let facilitator = site.participant(&secret, "Frida").await;
    write_title(&site, "Die erste Fassung").await;

    let decide = async |from: &str, rest: &str| {
        let form = format!("ags={AGS}&from={from}&{rest}");
        site.post("/api/record_decision", Some(&facilitator), &form).await
    };
    let wrong = decide("draft", "decision[body]=&decision[date]=2999-01-01&decision[yes]=viele").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["wer beschlossen hat", "in der Zukunft", "Stimmen „Ja“", "who decided"] {
        assert!(wrong.body.contains(words), "{words} in {}", wrong.body);
    }
    let two = decide(
        "draft",
        "decision[body]=Rat&decision[other_body]=Kreisausschuss&decision[date]=2024-03-01",
    )
    .await;
    assert_eq!(two.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(two.body.contains("ein anderes genannt"), "{}", two.body);
    let elsewhere = decide("committee", "decision[body]=Rat&decision[date]=2024-03-01").await;
    assert_eq!(
        elsewhere.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it stands elsewhere"
    );
    // What failed left it writable.
    write_title(&site, "Die beschlossene Fassung").await;

    let first = "decision[body]=Kreistag&decision[paper]=V%2F41&decision[date]=2024-03-01&decision[yes]=31&decision[no]=2&decision[abstained]=0&decision[biased]=1";
    let decided = decide("draft", first).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.body);
    let profile = site.get(&format!("/kommune/{AGS}"), None).await.body;
    for words in [
        "Die beschlossene Fassung",
        "Kreistag, 1. März 2024 · Vorlage V/41 · Ja 31 · Nein 2 · Enthaltung 0 · befangen 1",
    ] {
        assert!(profile.contains(words), "{words}");
    }
    assert!(!profile.contains("Frühere Fassungen"));
    let again = decide("adopted", first).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Frozen for everybody, also for what the server writes, and not published twice.
    let seq = page(&site, &facilitator).await.states.all()[0].0;
    let restored = site
        .post(
            "/api/restore_version",
            Some(&facilitator),
            &format!("ags={AGS}&state={seq}"),
        )
        .await;
    assert_eq!(restored.status, StatusCode::CONFLICT, "{}", restored.body);
    let published = site
        .post("/api/publish_leitbild", Some(&coordinator), &format!("ags={AGS}"))
        .await;
    assert_eq!(published.status, StatusCode::UNPROCESSABLE_ENTITY);

    // A new round: the draft goes on, citizens still read what was decided.
    let moved = site
        .post(
            "/api/move_stage",
            Some(&facilitator),
            &format!("ags={AGS}&from=adopted&to=draft"),
        )
        .await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    write_title(&site, "Die neue Fassung").await;
    let profile = site.get(&format!("/kommune/{AGS}"), None).await.body;
    assert!(profile.contains("Die beschlossene Fassung") && !profile.contains("Die neue Fassung"));

    let second = decide(
        "draft",
        "decision[body]=&decision[other_body]=Rat+und+Kreistag&decision[date]=2024-09-01",
    )
    .await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    let profile = site.get(&format!("/kommune/{AGS}"), None).await.body;
    assert!(profile.contains("Die neue Fassung") && profile.contains("Rat und Kreistag, 1. September 2024"));
    assert!(profile.contains("Frühere Fassungen"));
    let former = format!("/kommune/{AGS}/leitbild/fassung/1");
    assert!(profile.contains(&format!("href=\"{former}\"")));
    let former = site.get(&former, None).await;
    assert_eq!(former.status, StatusCode::OK);
    assert!(former.body.contains("Die beschlossene Fassung") && former.body.contains("abgelöst"));
    let answer = site.get(&format!("/api/show_former?ags={AGS}&number=2"), None).await;
    let newest: FormerPage = answer.open();
    assert_eq!(newest.stage, Stage::Adopted);
    for missing in ["3", "0", "abc", "99999999999999999999"] {
        let answer = site
            .get(&format!("/kommune/{AGS}/leitbild/fassung/{missing}"), None)
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let page = page(&site, &facilitator).await;
    assert_eq!((page.stage, page.adopted.len()), (Stage::Adopted, 2));
    assert!(
        page.named
            .iter()
            .any(|state| state.name.as_deref() == Some("Beschluss: Kreistag"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_reads_without_javascript() {
    let site = TestSite::new().await;
    let coordinator = site.coordinator().await;
    let seq = page(&site, &coordinator).await.states.all()[0].0;
    write_title(&site, "Gemeinsam wachsen").await;
    let address = format!("/kommune/{AGS}/leitbild/verlauf?stand={seq}&gegen=jetzt");
    let body = site.get(&address, Some(&coordinator)).await.body;
    for words in [
        "Was sich seit dem",
        "<ins>",
        "<del>",
        "1 geändert",
        "type=\"range\"",
        "Diesen Stand wiederherstellen",
    ] {
        assert!(body.contains(words), "{words}");
    }
    // A place without a word.
    let body = site
        .get("/kommune/05962/leitbild/verlauf", Some(&coordinator))
        .await
        .body;
    assert!(body.contains("Im Entwurf steht noch nichts"));
    let nonsense = format!("/kommune/{AGS}/leitbild/verlauf?stand=x&gegen=%00&schritt=-1");
    assert_eq!(site.get(&nonsense, Some(&coordinator)).await.status, StatusCode::OK);
}
