//! Comments, suggestions and the roles around them, over HTTP and in open rooms.

use app::error::AppError;
use axum::http::StatusCode;
use leitnetz::rooms::{Connection, Identity, LinkId, Outgoing, ParticipantId};
use model::{
    ags::Ags,
    doc::{self, Anchor, BlockId, FieldId, Proposal, RootText, View},
    hex::hex,
    limits,
    role::Role,
    talk::{Deed, News, State, Threads},
    wire::{ClientMessage, ServerMessage},
};
use yrs::{Doc, ReadTxn, Transact, Update, updates::decoder::Decode};

use crate::harness::{Answer, TestSite};

/// A place that the demonstration has a draft for.
const AGS: &str = "05566";

struct Hall {
    site: TestSite,
    coordinator: String,
    /// Cookies of Ruth, who reads, Silke, who suggests, Paul, who writes, and Faye, who facilitates.
    people: [String; 4],
}

impl Hall {
    async fn new() -> Self {
        let site = TestSite::new().await;
        let coordinator = site.coordinator().await;
        let mut people = [const { String::new() }; 4];
        for ((role, name), cookie) in Role::ALL
            .into_iter()
            .zip(["Ruth", "Silke", "Paul", "Faye"])
            .zip(&mut people)
        {
            let (secret, _) = site.link(&coordinator, AGS, role.as_str()).await;
            *cookie = site.participant(&secret, name).await;
        }
        let hall = Self {
            site,
            coordinator,
            people,
        };
        let doc = hall.doc().await;
        let update = change(&doc, |doc| {
            let mut seed = 1_u64;
            let mut entropy = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(99);
                seed ^ (seed >> 31)
            };
            let kind = doc::BlockKind::Paragraph;
            doc::add_block(
                doc,
                &kind,
                &doc::Parent::Root,
                0,
                "Wir fördern alle Kinder.",
                &mut entropy,
            )
            .unwrap();
        });
        let paul = hall.join(2).await;
        paul.send(ClientMessage::Update(&update).encode()).await;
        hall.until_text("Wir fördern alle Kinder.").await;
        hall
    }

    fn ags() -> Ags {
        Ags::new(AGS).unwrap()
    }

    async fn who(&self, person: usize) -> (String, Role) {
        let session = self.people[person].split_once('=').unwrap().1;
        let (participant, link) = self
            .site
            .site
            .participant(session, &Self::ags())
            .await
            .unwrap()
            .unwrap();
        (participant.id, link.role)
    }

    /// Enters the room as that person, and says hello.
    async fn join(&self, person: usize) -> Connection {
        let (participant, role) = self.who(person).await;
        let identity = Identity {
            participant: ParticipantId(participant),
            link: Some(LinkId(format!("link of {person}"))),
            name: String::new(),
            color: 0,
            role,
        };
        let connection = self.site.site.rooms().join(&Self::ags(), identity).await.unwrap();
        connection.send(ClientMessage::Hello { version: 1 }.encode()).await;
        connection
    }

    /// The draft as it is, under a client id of its own.
    async fn doc(&self) -> Doc {
        let everything = self.site.site.rooms().document(&Self::ags()).await.unwrap();
        let doc = doc::new_doc(random());
        doc.transact_mut()
            .apply_update(Update::decode_v1(&everything).unwrap())
            .unwrap();
        doc
    }

    async fn view(&self) -> View {
        doc::view(&self.doc().await.transact())
    }

    async fn until_text(&self, text: &str) -> View {
        loop {
            let view = self.view().await;
            if view.blocks().any(|block| block.text == text) {
                return view;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn until_title(&self, title: &str) {
        while self.view().await.title != title {
            tokio::task::yield_now().await;
        }
    }

    async fn block(&self, text: &str) -> BlockId {
        let view = self.until_text(text).await;
        view.blocks().find(|block| block.text == text).unwrap().id.clone()
    }

    async fn send(&self, cookie: Option<&str>, key: &str, deed: &Deed) -> Answer {
        let body = encoded(&serde_json::to_string(deed).unwrap());
        let form = format!("ags={AGS}&kind=talk&key={key}&body={body}");
        self.site.post("/api/carry_out", cookie, &form).await
    }

    async fn say(&self, person: usize, key: &str, deed: &Deed) -> News {
        let answer = self.send(Some(&self.people[person]), key, deed).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    async fn decide(&self, cookie: Option<&str>, thread: &str, decision: &str) -> Answer {
        self.decide_as(cookie, thread, decision, "").await
    }

    async fn decide_as(&self, cookie: Option<&str>, thread: &str, decision: &str, more: &str) -> Answer {
        let form = format!("ags={AGS}&thread={thread}&decision={decision}&reason=So+sei+es{more}");
        self.site.post("/api/decide_suggestion", cookie, &form).await
    }

    async fn threads(&self) -> Threads {
        let answer = self
            .site
            .get(&format!("/api/list_threads?ags={AGS}"), Some(&self.people[0]))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Another wording of the paragraph, made on the draft as it is.
    async fn wording(&self, thread: &str, text: &str) -> Deed {
        let doc = self.doc().await;
        let id = doc::view(&doc.transact()).preamble[0].id.clone();
        let field = FieldId::Block(id);
        let proposal = wording(&doc, &field, text);
        let update = doc::suggest(&doc, random(), &proposal, &mut random).unwrap();
        Deed::Suggest {
            thread: thread.to_owned(),
            comment: format!("{thread}-1"),
            anchor: Anchor::field(field),
            text: "klingt besser".to_owned(),
            update: hex(&update),
            basis: doc::Basis::of(&doc, &update),
        }
    }

    async fn set_role(&self, cookie: Option<&str>, participant: &str, role: Role) -> StatusCode {
        let form = format!("ags={AGS}&participant={participant}&role={}", role.as_str());
        self.site.post("/api/set_person_role", cookie, &form).await.status
    }
}

fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() & limits::CLIENT_ID_MAX
}

fn change(doc: &Doc, change: impl FnOnce(&Doc)) -> Vec<u8> {
    let before = doc.transact().state_vector();
    change(doc);
    doc.transact().encode_diff_v1(&before)
}

/// Another wording by somebody who sees the words as they are.
fn wording(doc: &Doc, field: &FieldId, text: &str) -> Proposal {
    Proposal::Words {
        field: field.clone(),
        seen: doc::field_text(&doc.transact(), field).unwrap(),
        text: text.to_owned(),
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn open(thread: &str) -> Deed {
    Deed::Open {
        thread: thread.to_owned(),
        comment: format!("{thread}-1"),
        anchor: Anchor::field(FieldId::Root(RootText::Title)),
        text: "Warum eigentlich?".to_owned(),
    }
}

fn reply(thread: &str, comment: &str, text: &str) -> Deed {
    Deed::Reply {
        thread: thread.to_owned(),
        comment: comment.to_owned(),
        text: text.to_owned(),
    }
}

/// The next message that `choose` takes.
async fn heard<T>(connection: &mut Connection, choose: impl Fn(ServerMessage<'_>) -> Option<T>) -> T {
    loop {
        match connection.recv().await {
            Outgoing::Frame(frame) => {
                if let Some(found) = choose(ServerMessage::decode(&frame).unwrap()) {
                    return found;
                }
            }
            Outgoing::Close(code) => panic!("closed with {code}"),
        }
    }
}

async fn news(connection: &mut Connection) -> News {
    heard(connection, |message| match message {
        ServerMessage::Talk(news) => Some(*news),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_reaches_everybody_with_names_from_the_table() {
    let hall = Hall::new().await;
    let mut ruth = hall.join(0).await;
    let answered = hall.say(1, "k1", &open("t")).await;
    let told = news(&mut ruth).await;
    assert_eq!(told, answered);
    assert_eq!(told.number, 1);
    assert_eq!(told.authors[0].name, "Silke");
    assert_eq!(hall.say(2, "k1", &reply("t", "c2", "Darum.")).await.number, 2);
    assert_eq!(news(&mut ruth).await.thread.unwrap().comments.len(), 2);
    let all = hall.threads().await;
    assert_eq!((all.number, all.threads.len()), (2, 1));
    let mut names: Vec<&str> = all.authors.iter().map(|author| author.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Paul", "Silke"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_is_done_once() {
    let hall = Hall::new().await;
    let first = hall.say(1, "k1", &open("t")).await;
    let mut ruth = hall.join(0).await;
    assert_eq!(hall.say(1, "k1", &open("t")).await, first);
    hall.say(1, "k2", &reply("t", "c2", "und noch etwas")).await;
    hall.say(1, "k2", &reply("t", "c2", "und noch etwas")).await;
    // Only what was new was told.
    assert_eq!(news(&mut ruth).await.number, 2);
    let all = hall.threads().await;
    assert_eq!((all.number, all.threads[0].comments.len()), (2, 2));
    // Somebody else's key of the same name is another key.
    assert_eq!(hall.say(2, "k2", &reply("t", "c3", "auch ich")).await.number, 3);
}

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
async fn an_accepted_suggestion_merges_with_what_was_written_meanwhile() {
    let hall = Hall::new().await;
    let deed = hall.wording("s", "Wir begleiten alle Kinder.").await;
    hall.say(1, "k", &deed).await;
    let id = hall.block("Wir fördern alle Kinder.").await;
    let field = FieldId::Block(id);
    let doc = hall.doc().await;
    let update = change(&doc, |doc| {
        doc::set_text(doc, &field, "Wir fördern alle Kinder und Eltern.").unwrap()
    });
    let mut paul = hall.join(2).await;
    paul.send(ClientMessage::SyncStep1(&[0]).encode()).await;
    paul.send(ClientMessage::Update(&update).encode()).await;
    hall.until_text("Wir fördern alle Kinder und Eltern.").await;
    let answer = hall.decide(Some(&hall.people[3]), "s", "accept").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    hall.until_text("Wir begleiten alle Kinder und Eltern.").await;
    // Everybody gets the words and the decision.
    let told = news(&mut paul).await.thread.unwrap();
    assert_eq!(told.state, State::Accepted);
    assert_eq!(told.suggestion.unwrap().decided.unwrap().reason, "So sei es");
    // Once more changes nothing, and rejecting is too late.
    assert_eq!(
        hall.decide(Some(&hall.people[3]), "s", "accept").await.status,
        StatusCode::OK
    );
    let late = hall.decide(Some(&hall.people[3]), "s", "reject").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What was accepted is its author's in the log.
    let (silke, _) = hall.who(1).await;
    let history = hall.site.site.rooms().history(&Hall::ags()).await.unwrap();
    assert!(history.iter().any(|entry| entry.by.0 == silke), "{history:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_suggestions_on_the_same_words_the_second_is_taken_only_on_purpose() {
    let hall = Hall::new().await;
    let faye = Some(hall.people[3].as_str());
    hall.say(1, "k1", &hall.wording("s1", "Wir begleiten alle Kinder.").await)
        .await;
    hall.say(2, "k2", &hall.wording("s2", "Wir stärken alle Kinder.").await)
        .await;
    // A third one, whose page says nothing of what it saw: the server looks itself.
    let mut silent = hall.wording("s3", "Wir tragen alle Kinder.").await;
    if let Deed::Suggest { basis, .. } = &mut silent {
        *basis = None;
    }
    hall.say(1, "k3", &silent).await;
    hall.say(
        1,
        "k4",
        &hall.wording("s4", "Wir fördern alle Kinder und Eltern.").await,
    )
    .await;
    assert_eq!(hall.decide(faye, "s1", "accept").await.status, StatusCode::OK);
    hall.until_text("Wir begleiten alle Kinder.").await;
    for thread in ["s2", "s3"] {
        let refused = hall.decide(faye, thread, "accept").await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{thread}: {}",
            refused.body
        );
        assert!(
            refused.body.contains("Dieselben Worte") && refused.body.contains("The same words"),
            "{}",
            refused.body
        );
    }
    hall.until_text("Wir begleiten alle Kinder.").await;
    let open = hall.threads().await.threads;
    let is_open = |id: &str| open.iter().any(|thread| thread.id == id && thread.state == State::Open);
    assert!(is_open("s2") && is_open("s3"), "{open:?}");
    // Other words of the same text are no conflict.
    let other = hall.decide(faye, "s4", "accept").await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.body);
    hall.until_text("Wir begleiten alle Kinder und Eltern.").await;
    // On purpose it goes, and rejecting needs no purpose.
    let anyway = hall.decide_as(faye, "s2", "accept", "&anyway=true").await;
    assert_eq!(anyway.status, StatusCode::OK, "{}", anyway.body);
    let now = hall.view().await.preamble[0].text.clone();
    assert!(now.contains("stärken") && now.contains("begleiten"), "{now}");
    assert_eq!(hall.decide(faye, "s3", "reject").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_made_long_ago_knows_what_its_author_saw() {
    let hall = Hall::new().await;
    let late = hall.wording("s", "Wir begleiten alle Kinder.").await;
    // Somebody else writes in the same words before it arrives.
    let field = FieldId::Block(hall.block("Wir fördern alle Kinder.").await);
    let doc = hall.doc().await;
    let update = change(&doc, |doc| {
        doc::set_text(doc, &field, "Wir stärken alle Kinder.").unwrap()
    });
    let paul = hall.join(2).await;
    paul.send(ClientMessage::Update(&update).encode()).await;
    hall.until_text("Wir stärken alle Kinder.").await;
    hall.say(1, "k", &late).await;
    let refused = hall.decide(Some(&hall.people[3]), "s", "accept").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    hall.until_text("Wir stärken alle Kinder.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_text_takes_no_suggestion_neither_by_http_nor_over_an_open_socket() {
    let hall = Hall::new().await;
    let faye = Some(hall.people[3].as_str());
    let deed = hall.wording("s", "Wir begleiten alle Kinder.").await;
    hall.say(1, "k", &deed).await;
    let mut silke = hall.join(3).await;
    for (from, to, expected) in [
        ("draft", "committee", StatusCode::OK),
        ("committee", "workshop", StatusCode::OK),
        ("workshop", "committee", StatusCode::OK),
    ] {
        let form = format!("ags={AGS}&from={from}&to={to}");
        let moved = hall.site.post("/api/move_stage", faye, &form).await;
        assert_eq!(moved.status, expected, "{}", moved.body);
    }
    let refused = hall.decide(faye, "s", "accept").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.error(), AppError::Frozen);
    // "Anyway" is about words, not about what was decided.
    let anyway = hall.decide_as(faye, "s", "accept", "&anyway=true").await;
    assert_eq!(anyway.status, StatusCode::CONFLICT);
    let Deed::Suggest { update, .. } = &deed else {
        panic!("a suggestion")
    };
    // The same change, sent as if it were typed.
    let typed = model::hex::unhex(update).unwrap();
    silke.send(ClientMessage::Update(&typed).encode()).await;
    let code = heard(&mut silke, |message| match message {
        ServerMessage::Refused(refused) => Some(refused.code),
        _ => None,
    });
    assert_eq!(code.await, "frozen");
    assert_eq!(hall.view().await.preamble[0].text, "Wir fördern alle Kinder.");
    assert_eq!(hall.threads().await.threads[0].state, State::Open, "it waits");
    // Talking goes on, new suggestions included; and once the text is free it can be accepted.
    hall.say(1, "k2", &hall.wording("s2", "Wir fördern alle Kinder früh.").await)
        .await;
    let free = format!("ags={AGS}&from=committee&to=workshop");
    assert_eq!(
        hall.site.post("/api/move_stage", faye, &free).await.status,
        StatusCode::OK
    );
    assert_eq!(hall.decide(faye, "s", "accept").await.status, StatusCode::OK);
    hall.until_text("Wir begleiten alle Kinder.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_too_much_at_once_is_told_to_wait_and_others_are_not() {
    let hall = Hall::new().await;
    hall.say(2, "t", &open("t")).await;
    let mut said = 0;
    let refused = loop {
        let answer = hall
            .send(
                Some(&hall.people[1]),
                &format!("k{said}"),
                &reply("t", &format!("c{said}"), "ja"),
            )
            .await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        said += 1;
        assert!(said < 10 * limits::COMMENTS_BURST, "nobody stops this");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.error(), AppError::TooManyAttempts);
    assert!(said >= limits::COMMENTS_BURST, "{said}");
    // Suggestions are counted for themselves, and other people, too.
    hall.say(1, "s", &hall.wording("s", "Wir fördern.").await).await;
    hall.say(2, "t2", &reply("t", "von-paul", "nein")).await;
    let all = hall.threads().await;
    let thread = all.threads.iter().find(|thread| thread.id == "t").unwrap();
    assert_eq!(thread.comments.len(), said as usize + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_or_withdrawn_suggestion_changes_no_text() {
    let hall = Hall::new().await;
    hall.say(1, "k1", &hall.wording("s1", "Etwas anderes.").await).await;
    hall.say(1, "k2", &hall.wording("s2", "Noch etwas.").await).await;
    let rejected = hall.decide(Some(&hall.people[3]), "s1", "reject").await;
    assert_eq!(rejected.status, StatusCode::OK, "{}", rejected.body);
    hall.say(
        1,
        "k3",
        &Deed::Withdraw {
            thread: "s2".to_owned(),
        },
    )
    .await;
    let late = hall.decide(Some(&hall.people[3]), "s2", "accept").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    hall.until_text("Wir fördern alle Kinder.").await;
    let states: Vec<State> = hall.threads().await.threads.iter().map(|thread| thread.state).collect();
    assert_eq!(states, [State::Rejected, State::Withdrawn]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_suggestions_and_endless_words_are_refused() {
    let hall = Hall::new().await;
    let with = |update: String| Deed::Suggest {
        thread: "s".to_owned(),
        comment: "c".to_owned(),
        anchor: Anchor::field(FieldId::Root(RootText::Title)),
        text: "bitte".to_owned(),
        update,
        basis: None,
    };
    let doc = hall.doc().await;
    let title = FieldId::Root(RootText::Title);
    let words = wording(&doc, &title, "Mein Titel");
    // Under the id of somebody who writes here already.
    let others = doc::suggest(&doc, 77, &words, &mut random).unwrap();
    let paul = hall.join(2).await;
    paul.send(ClientMessage::Update(&others).encode()).await;
    hall.until_title("Mein Titel").await;
    let foreign = {
        let doc = hall.doc().await;
        let words = wording(&doc, &title, "Mein Titel, geraubt");
        doc::suggest(&doc, 77, &words, &mut random).unwrap()
    };
    // On words that nobody has.
    let nowhere = {
        let doc = doc::new_doc(5);
        doc::set_text(&doc, &FieldId::Root(RootText::Title), "nirgends").unwrap();
        let words = wording(&doc, &title, "nir gends");
        doc::suggest(&doc, 6, &words, &mut random).unwrap()
    };
    for (what, update) in [
        ("no bytes", String::new()),
        ("no hex", "zz".to_owned()),
        ("no update", "00ff00ff".to_owned()),
        ("foreign", hex(&foreign)),
        ("nowhere", hex(&nowhere)),
        ("too much", hex(&vec![0; limits::SUGGESTION_BYTES + 1])),
        (
            "two ids",
            hex(&[
                &[2, 1, 7, 0, 4, 1, 5][..],
                b"title",
                &[1, b'x', 1, 8, 0, 4, 1, 5],
                b"title",
                &[1, b'y', 0],
            ]
            .concat()),
        ),
    ] {
        let answer = hall.send(Some(&hall.people[1]), "k", &with(update)).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{what}: {}",
            answer.body
        );
    }
    let long = reply("t", "c", &"ä".repeat(limits::COMMENT_CHARS + 1));
    hall.say(1, "k", &open("t")).await;
    let answer = hall.send(Some(&hall.people[1]), "l", &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nonsense = format!("ags={AGS}&kind=talk&key=k&body={}", encoded("{\"rule\":{}}"));
    let answer = hall.site.post("/api/carry_out", Some(&hall.people[1]), &nonsense).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hall.threads().await.threads.len(), 1);
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
