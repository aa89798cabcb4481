//! Frozen texts, and bringing back what was.

use std::{sync::Arc, time::Duration};

use leitnetz::rooms::{ParticipantId, Rewind, RoomError, Rooms};
use model::{
    doc::{self, FieldId, RootText, What},
    import::Draft,
    stage::Stage,
    wire::Restored,
};

use super::{
    client::{Client, title_of},
    join,
    log::TestLog,
    rooms, steinfurt,
};

/// As the backend does it: the log knows first.
fn set_stage(log: &TestLog, rooms: &Rooms, stage: Stage) {
    log.memory.set_stage(&steinfurt(), stage);
    rooms.set_stage(&steinfurt(), stage);
}

fn rewind_to(past: Vec<u8>, what: What) -> Rewind {
    Rewind {
        past,
        restored: Restored {
            at_ms: 7,
            name: None,
            whole: what == What::Everything,
        },
        what,
    }
}

fn by() -> ParticipantId {
    ParticipantId("facilitator".to_owned())
}

#[tokio::test]
async fn a_frozen_text_takes_nothing_and_is_writable_again_without_a_new_connection() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("Vorher").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!((anna.stage, anna.frozen), (Some(Stage::Draft), false));

    set_stage(&log, &rooms, Stage::Committee);
    let frozen = tokio::time::timeout(Duration::from_secs(1), anna.until("frozen", |anna| anna.frozen));
    frozen.await.expect("open sockets are told within a second");
    assert_eq!(anna.stage, Some(Stage::Committee));
    anna.type_words("Nicht ").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    let refused = anna.refused.take().unwrap();
    assert_eq!((refused.code.as_str(), refused.fatal), ("frozen", false));
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.settle().await;
    assert_eq!(
        (bert.title().as_str(), bert.frozen, bert.stage),
        ("Vorher", true, Some(Stage::Committee))
    );
    // The server itself writes nothing either.
    let past = rooms.document(&steinfurt()).await.unwrap();
    let restored = rooms
        .rewind(&steinfurt(), rewind_to(past, What::Everything), by())
        .await;
    assert_eq!(restored, Err(RoomError::Frozen));

    // What a client still has is asked for and taken.
    set_stage(&log, &rooms, Stage::Draft);
    anna.until("writable", |anna| !anna.frozen).await;
    anna.until("saved", |anna| anna.saved == Some(4)).await;
    bert.until("written", |bert| bert.title() == "Nicht Vorher").await;
    anna.type_words("Doch ").await;
    bert.until("written", |bert| bert.title() == "Doch Nicht Vorher").await;
}

#[tokio::test]
async fn a_freeze_survives_a_restart_and_an_idle_room() {
    let log = TestLog::new();
    {
        let rooms = rooms(log.clone());
        let mut anna = Client::start(11, join(&rooms, "anna").await).await;
        anna.type_words("Beschlossen").await;
        anna.until("saved", |anna| anna.saved == Some(2)).await;
        set_stage(&log, &rooms, Stage::Adopted);
        rooms.shutdown().await;
    }
    let rooms = rooms(log.clone());
    let mut anna = Client::start(21, join(&rooms, "anna").await).await;
    anna.settle().await;
    assert!(anna.frozen && anna.stage == Some(Stage::Adopted));
    anna.type_words("Um").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    assert_eq!(title_of(&rooms.document(&steinfurt()).await.unwrap()), "Beschlossen");
    // Nothing that only repeats what is there is refused.
    let mut bert = Client::start(22, join(&rooms, "bert").await).await;
    bert.settle().await;
    assert_eq!(bert.refused, None);
    let draft = Draft {
        title: "Importiert".to_owned(),
        ..Draft::default()
    };
    let filled = rooms.fill(&steinfurt(), draft, by()).await;
    assert_eq!(filled, Err(RoomError::NotEmpty));
}

#[tokio::test]
async fn what_is_decided_on_is_exactly_what_was_there_and_is_saved() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.stop();
    anna.type_words("Die Fassung").await;
    anna.settle().await;
    let holding = rooms.clone();
    let holding = tokio::spawn(async move { holding.hold(&steinfurt()).await });
    anna.until("held", |anna| anna.frozen).await;
    assert!(!holding.is_finished(), "it is not saved yet");
    anna.type_words("Nach ").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    log.go_on();
    let (hold, held) = holding.await.unwrap().unwrap();
    assert_eq!(held.leitbild.title, "Die Fassung");
    let then = rooms.state_at(&steinfurt(), held.seq).await.unwrap();
    assert_eq!(title_of(&then), "Die Fassung");
    // Somebody else tries the same, and gives up; the first one still holds the text.
    let (other, again) = rooms.hold(&steinfurt()).await.unwrap();
    assert_eq!(again, held);
    drop(other);
    set_stage(&log, &rooms, Stage::Draft);
    anna.type_words("Auch nicht ").await;
    anna.until("refused again", |anna| anna.refusals > 1).await;
    assert_eq!(rooms.present(&steinfurt()).await.unwrap(), held);
    // It did not come to a decision: as before.
    drop(hold);
    anna.until("writable", |anna| !anna.frozen).await;
    anna.until("taken", |anna| anna.title() == "Auch nicht Nach Die Fassung")
        .await;
}

#[tokio::test]
async fn an_earlier_state_comes_back_as_an_edit_while_others_write() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    anna.type_words("Erster Titel").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let before = rooms.present(&steinfurt()).await.unwrap();
    assert_eq!(before.leitbild.title, "Erster Titel");
    anna.type_words("Zweiter, nicht ").await;
    let motto = anna.change(|doc| doc::set_text(doc, &FieldId::Root(RootText::Motto), "Ein Motto").unwrap());
    anna.send_update(&motto).await;
    anna.until("saved", |anna| anna.saved == Some(4)).await;

    let past = rooms.state_at(&steinfurt(), before.seq).await.unwrap();
    let title = What::Only(FieldId::Root(RootText::Title));
    rooms
        .rewind(&steinfurt(), rewind_to(past.clone(), title), by())
        .await
        .unwrap();
    for client in [&mut anna, &mut bert] {
        client
            .until("the title is back", |client| client.title() == "Erster Titel")
            .await;
        client.until("told", |client| client.restored.is_some()).await;
        assert_eq!(client.view().motto, "Ein Motto");
        assert!(!client.restored.as_ref().unwrap().whole);
    }
    // Bert has not heard of the second restoring when he writes.
    bert.until("quiet", |_| true).await;
    let closing = bert.change(|doc| doc::set_text(doc, &FieldId::Root(RootText::Closing), "Zum Schluss").unwrap());
    rooms
        .rewind(&steinfurt(), rewind_to(past, What::Everything), by())
        .await
        .unwrap();
    bert.send_update(&closing).await;
    for client in [&mut anna, &mut bert] {
        let is_so = |client: &Client| {
            let view = client.view();
            (view.title.as_str(), view.motto.as_str(), view.closing.as_str()) == ("Erster Titel", "", "Zum Schluss")
        };
        client
            .until("everything is back, and what came meanwhile is there", is_so)
            .await;
    }
    // It is in the log like every edit, and nothing was taken out of it.
    let history = rooms.history(&steinfurt()).await.unwrap();
    assert!(history.iter().any(|entry| entry.by == by()));
    rooms.present(&steinfurt()).await.unwrap();
    let restarted = super::rooms(log.clone());
    let after = restarted.present(&steinfurt()).await.unwrap();
    assert_eq!(after.leitbild.closing, "Zum Schluss");
    let gone = What::Only(FieldId::Block(doc::BlockId::parse("nobody").unwrap()));
    let past = restarted.document(&steinfurt()).await.unwrap();
    let missing = restarted.rewind(&steinfurt(), rewind_to(past, gone), by()).await;
    assert_eq!(missing, Err(RoomError::NoState));
}

#[tokio::test]
async fn states_are_found_in_any_order_and_the_list_goes_on() {
    let log = TestLog::new();
    let rooms = Arc::new(rooms(log.clone()));
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut titles = Vec::new();
    for word in ["eins ", "zwei ", "drei ", "vier ", "fünf "] {
        anna.type_words(word).await;
        anna.settle().await;
        let present = rooms.present(&steinfurt()).await.unwrap();
        titles.push((present.seq, present.leitbild.title));
        let listed = rooms.history(&steinfurt()).await.unwrap();
        assert_eq!(listed.last().map(|entry| entry.seq), Some(present.seq));
    }
    for index in [4, 0, 3, 1, 2, 2, 4] {
        let (seq, title) = &titles[index];
        let state = title_of(&rooms.state_at(&steinfurt(), *seq).await.unwrap());
        assert_eq!(state.trim(), title.trim());
    }
    // Beyond the last it is the last one, before the first nothing.
    let state = |seq| {
        let rooms = Arc::clone(&rooms);
        async move { title_of(&rooms.state_at(&steinfurt(), seq).await.unwrap()) }
    };
    assert_eq!(state(10_000).await.trim(), titles[4].1);
    assert_eq!(state(0).await, "");
}
