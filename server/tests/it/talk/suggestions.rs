//! Suggestions: what accepting does, and what is refused.

use app::error::AppError;
use axum::http::StatusCode;
use model::{
    doc::{self, Anchor, FieldId, RootText},
    hex::hex,
    limits,
    talk::{Deed, State},
    wire::{ClientMessage, ServerMessage},
};

use super::{AGS, Hall, change, encoded, heard, news, open, random, reply, wording};

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
