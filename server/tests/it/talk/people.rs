//! Who may do what, also when that changes on open sockets, and persons who are erased.

use axum::http::StatusCode;
use leitnetz::rooms::{Identity, ParticipantId};
use model::{
    doc::{self, FieldId, RootText},
    role::Role,
    sector::Sector,
    talk::{Deed, State},
    wire::{ClientMessage, ServerMessage},
};

use super::{AGS, Hall, change, heard, news, open, reply};

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_the_table_says() {
    let hall = Hall::new().await;
    hall.say(2, "k0", &open("t")).await;
    hall.say(2, "k1", &hall.wording("s", "Wir fördern alle Kinder und Eltern.").await)
        .await;
    let [ruth, silke, paul, faye] = &hall.people;
    let deeds = [
        open("new"),
        reply("t", "c2", "hm"),
        Deed::Resolve { thread: "t".to_owned() },
        Deed::Reopen { thread: "t".to_owned() },
        hall.wording("s2", "Wir fördern.").await,
    ];
    for (cookie, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(ruth), StatusCode::FORBIDDEN),
        (Some(silke), StatusCode::OK),
    ] {
        for (number, deed) in deeds.iter().enumerate() {
            let answer = hall.send(cookie.map(String::as_str), &format!("k{number}"), deed).await;
            assert_eq!(answer.status, expected, "{deed:?}: {}", answer.body);
        }
    }
    // Others' words are their own, except for facilitators, who may take them away.
    let edit = Deed::Edit {
        thread: "t".to_owned(),
        comment: "t-1".to_owned(),
        text: "anders".to_owned(),
    };
    let delete = Deed::Delete {
        thread: "t".to_owned(),
        comment: "t-1".to_owned(),
    };
    let withdraw = Deed::Withdraw { thread: "s".to_owned() };
    for deed in [&edit, &delete, &withdraw] {
        let status = hall.send(Some(silke), "x", deed).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{deed:?}");
    }
    assert_eq!(hall.send(Some(faye), "x", &edit).await.status, StatusCode::FORBIDDEN);
    assert_eq!(hall.send(Some(faye), "x", &delete).await.status, StatusCode::OK);
    // Deciding.
    for (cookie, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(ruth), StatusCode::FORBIDDEN),
        (Some(silke), StatusCode::FORBIDDEN),
        (Some(paul), StatusCode::FORBIDDEN),
        (Some(faye), StatusCode::OK),
        (Some(&hall.coordinator), StatusCode::OK),
    ] {
        let answer = hall.decide(cookie.map(String::as_str), "s", "accept").await;
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
    // And reading.
    let path = format!("/api/list_threads?ags={AGS}");
    assert_eq!(hall.site.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        hall.site.get(&path, Some(&hall.coordinator)).await.status,
        StatusCode::OK
    );
    let other = "/api/list_threads?ags=05515";
    assert_eq!(hall.site.get(other, Some(faye)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facilitator_sets_who_writes_and_who_suggests_at_once_and_for_good() {
    let hall = Hall::new().await;
    let (paul, _) = hall.who(2).await;
    let [ruth, silke, _, faye] = &hall.people;
    for (cookie, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(ruth), StatusCode::FORBIDDEN),
        (Some(silke), StatusCode::FORBIDDEN),
        (Some(&hall.people[2]), StatusCode::FORBIDDEN),
    ] {
        let status = hall.set_role(cookie.map(String::as_str), &paul, Role::Suggest).await;
        assert_eq!(status, expected);
    }
    assert_eq!(
        hall.set_role(Some(faye), &paul, Role::Facilitate).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        hall.set_role(Some(faye), "nobody", Role::Suggest).await,
        StatusCode::NOT_FOUND
    );

    let mut writing = hall.join(2).await;
    let role = |message: ServerMessage<'_>| match message {
        ServerMessage::Role(change) => Some(change.role),
        _ => None,
    };
    assert_eq!(hall.set_role(Some(faye), &paul, Role::Suggest).await, StatusCode::OK);
    assert_eq!(heard(&mut writing, role).await, Role::Suggest);
    // What this socket writes from now on is refused, as for readers.
    let doc = hall.doc().await;
    let update = change(&doc, |doc| {
        doc::set_text(doc, &FieldId::Root(RootText::Title), "doch").unwrap()
    });
    writing.send(ClientMessage::Update(&update).encode()).await;
    let refused = |message: ServerMessage<'_>| match message {
        ServerMessage::Refused(refused) => Some(refused.code),
        _ => None,
    };
    assert_eq!(heard(&mut writing, refused).await, "read_only_link");
    assert_ne!(hall.view().await.title, "doch");
    // A connection that was let in with the role of before has the new one, and so has the next page.
    let (participant, now) = hall.who(2).await;
    assert_eq!(now, Role::Suggest);
    let stale = Identity {
        participant: ParticipantId(participant),
        link: None,
        name: String::new(),
        color: 0,
        role: Role::Participate,
    };
    let mut again = hall.site.site.rooms().join(&Hall::ags(), stale).await.unwrap();
    again.send(ClientMessage::Hello { version: 1 }.encode()).await;
    let welcome = |message: ServerMessage<'_>| match message {
        ServerMessage::Welcome(welcome) => Some(welcome.role),
        _ => None,
    };
    assert_eq!(heard(&mut again, welcome).await, Role::Suggest);
    // Suggesting is still possible, and writing after being set back.
    hall.say(2, "k", &open("t")).await;
    assert_eq!(
        hall.set_role(Some(&hall.coordinator), &paul, Role::Participate).await,
        StatusCode::OK
    );
    assert_eq!(heard(&mut again, role).await, Role::Participate);
    // A facilitator's link cannot be set lower, nor a reader's higher: neither for the next page nor on an open socket.
    for (person, to) in [(0, Role::Participate), (3, Role::Suggest)] {
        let (id, before) = hall.who(person).await;
        let mut open = hall.join(person).await;
        assert_eq!(hall.set_role(Some(faye), &id, to).await, StatusCode::OK);
        assert_eq!(hall.who(person).await.1, before);
        let title = format!("von {person}");
        let update = change(&hall.doc().await, |doc| {
            doc::set_text(doc, &FieldId::Root(RootText::Title), &title).unwrap()
        });
        open.send(ClientMessage::Update(&update).encode()).await;
        if before.may_write() {
            hall.until_title(&title).await;
        } else {
            assert_eq!(heard(&mut open, refused).await, "read_only_link");
            assert_ne!(hall.view().await.title, title);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_refuses_what_a_suggesting_person_writes() {
    let hall = Hall::new().await;
    let mut silke = hall.join(1).await;
    let doc = hall.doc().await;
    let update = change(&doc, |doc| {
        doc::set_text(doc, &FieldId::Root(RootText::Title), "heimlich").unwrap()
    });
    silke.send(ClientMessage::Update(&update).encode()).await;
    let code = heard(&mut silke, |message| match message {
        ServerMessage::Refused(refused) => Some((refused.code, refused.fatal)),
        _ => None,
    });
    assert_eq!(code.await, ("read_only_link".to_owned(), false));
    assert_ne!(hall.view().await.title, "heimlich");
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_person_takes_words_and_name_and_tells_everybody() {
    let hall = Hall::new().await;
    hall.say(1, "k1", &open("t")).await;
    hall.say(2, "k1", &reply("t", "c2", "Darum.")).await;
    hall.say(1, "k2", &hall.wording("s", "Wir begleiten alle Kinder.").await)
        .await;
    let (silke, _) = hall.who(1).await;
    let mut ruth = hall.join(0).await;
    leitnetz::erasure::erase(&hall.site.site, &Hall::ags(), &silke)
        .await
        .unwrap();
    let mut told = [news(&mut ruth).await, news(&mut ruth).await];
    told.sort_by_key(|news| news.number);
    assert_eq!(told.iter().map(|news| news.number).collect::<Vec<_>>(), [4, 5]);
    let all = hall.threads().await;
    let json = serde_json::to_string(&all).unwrap();
    assert!(
        ["Silke", "eigentlich", "klingt besser", "begleiten"]
            .iter()
            .all(|words| !json.contains(words)),
        "{json}"
    );
    assert!(json.contains("Darum."));
    let suggestion = all.threads.iter().find(|thread| thread.id == "s").unwrap();
    assert_eq!(suggestion.state, State::Withdrawn);
    let late = hall.decide(Some(&hall.people[3]), "s", "accept").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What an erased person still says is not taken: it would stand there without a name that could be erased.
    let late = hall
        .send(Some(&hall.people[1]), "k3", &reply("t", "c3", "Ich nochmal."))
        .await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    // Once more finds nothing to erase.
    leitnetz::erasure::erase(&hall.site.site, &Hall::ags(), &silke)
        .await
        .unwrap();
    assert_eq!(hall.threads().await.number, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_the_words_of_an_erased_person_stands_neither_name_nor_sector() {
    let hall = Hall::new().await;
    let (secret, _) = hall.site.link(&hall.coordinator, AGS, "participate").await;
    let form = format!("secret={secret}&name=Paul&sector=education");
    let again = hall.site.post("/api/redeem_link", Some(&hall.people[2]), &form).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    let (paul, _) = hall.who(2).await;
    // Paul wrote the paragraph; it counts as Paul's from the commit on.
    let author = async || {
        let authors = hall.site.site.store().authors(&Hall::ags()).await.unwrap();
        authors.into_iter().find(|author| author.participant == paul)
    };
    let written = loop {
        if let Some(author) = author().await {
            break author;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (written.name.as_str(), written.sector),
        ("Paul", Some(Sector::Education))
    );
    let form = format!("ags={AGS}&participant={paul}");
    let erased = hall
        .site
        .post("/api/erase_person", Some(&hall.coordinator), &form)
        .await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
    let left = author().await.unwrap();
    assert_eq!((left.name.as_str(), left.sector), ("", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_slips_past_an_erasure() {
    let hall = Hall::new().await;
    let (secret, _) = hall.site.link(&hall.coordinator, AGS, "suggest").await;
    for round in 0..10 {
        let cookie = hall.site.participant(&secret, "Cem").await;
        let people = hall.site.site.store().people(&Hall::ags()).await.unwrap();
        let (cem, _) = people.into_iter().find(|(_, name)| name == "Cem").unwrap();
        let form = format!("ags={AGS}&participant={cem}");
        let thread = format!("t{round}");
        let begun = open(&thread);
        let (said, erased) = tokio::join!(
            hall.send(Some(&cookie), "k", &begun),
            hall.site.post("/api/erase_person", Some(&hall.coordinator), &form)
        );
        assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
        assert!(
            [StatusCode::OK, StatusCode::FORBIDDEN].contains(&said.status),
            "{}",
            said.body
        );
        let json = serde_json::to_string(&hall.threads().await).unwrap();
        assert!(!json.contains("eigentlich"), "round {round}: {json}");
    }
}
