//! Awareness and people.

use model::{
    limits,
    wire::{ClientMessage, awareness, awareness::Entry},
};

use super::{client::Client, join, log::TestLog, rooms};

async fn say(client: &Client, entries: &[(u64, u64, &str)]) {
    let entries: Vec<Entry> = entries
        .iter()
        .map(|(client_id, clock, state)| Entry {
            client_id: *client_id,
            clock: *clock,
            state: (*state).to_owned(),
        })
        .collect();
    client
        .send(&ClientMessage::Awareness(&awareness::encode(&entries)))
        .await;
}

#[tokio::test]
async fn awareness_is_relayed_and_echoed_and_ends_with_the_socket() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    say(&anna, &[(11, 1, r#"{"at":{"field":"title"}}"#)]).await;
    anna.until("echoed", |anna| anna.awareness.contains_key(&11)).await;
    bert.until("relayed", |bert| bert.awareness.contains_key(&11)).await;
    // Who comes later sees it too.
    let mut carla = Client::start(13, join(&rooms, "carla").await).await;
    carla.until("there", |carla| carla.awareness.contains_key(&11)).await;

    drop(anna);
    bert.until("gone", |bert| !bert.awareness.contains_key(&11)).await;
    carla.until("gone", |carla| !carla.awareness.contains_key(&11)).await;
}

#[tokio::test]
async fn what_a_client_says_about_others_is_ignored_not_refused() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    say(&anna, &[(11, 1, r#"{"n":1}"#)]).await;
    bert.until("relayed", |bert| bert.awareness.contains_key(&11)).await;
    // As y-websocket does: its own first, then everybody's, also as gone.
    say(&bert, &[(12, 1, "{}")]).await;
    say(&bert, &[(11, 9, r#"{"n":2}"#), (12, 2, r#"{"n":3}"#)]).await;
    say(&bert, &[(11, 9, "null")]).await;
    anna.until("relayed", |anna| {
        anna.awareness.get(&12).is_some_and(|state| state == r#"{"n":3}"#)
    })
    .await;
    bert.settle().await;
    anna.settle().await;
    assert_eq!(anna.awareness[&11], r#"{"n":1}"#);
    assert_eq!(bert.awareness[&11], r#"{"n":1}"#);
}

#[tokio::test]
async fn an_old_goodbye_does_not_count() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    say(&anna, &[(11, 5, r#"{"n":5}"#)]).await;
    say(&anna, &[(11, 4, "null")]).await;
    anna.settle().await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.until("there", |bert| bert.awareness.contains_key(&11)).await;
    say(&anna, &[(11, 5, "null")]).await;
    bert.until("gone", |bert| !bert.awareness.contains_key(&11)).await;
}

#[tokio::test]
async fn what_is_no_json_is_ignored_and_what_is_too_large_refused() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    say(&anna, &[(11, 1, "{"), (11, 2, "")]).await;
    anna.settle().await;
    assert!(anna.awareness.is_empty());
    let large = format!("\"{}\"", "x".repeat(limits::AWARENESS_STATE_BYTES));
    say(&anna, &[(11, 3, &large)]).await;
    anna.until_closed().await;
    assert_eq!(anna.refused.unwrap().code, "too_long");
}

#[tokio::test]
async fn a_participants_new_socket_takes_its_presence_over() {
    let rooms = rooms(TestLog::new());
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    let anna = Client::start(11, join(&rooms, "anna").await).await;
    say(&anna, &[(11, 1, "{}")]).await;
    bert.until("there", |bert| bert.awareness.contains_key(&11)).await;
    // The new socket is there before the old one is known to be dead.
    let again = Client::start(11, join(&rooms, "anna").await).await;
    say(&again, &[(11, 2, r#"{"again":true}"#)]).await;
    bert.until("again", |bert| bert.awareness[&11].contains("again")).await;
    drop(anna);
    bert.settle().await;
    assert!(
        bert.awareness.contains_key(&11),
        "the old socket took the new one's presence with it"
    );
}

#[tokio::test]
async fn people_are_participants_with_their_client_ids() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let second = Client::start(21, join(&rooms, "anna").await).await;
    let bert = Client::start(12, join(&rooms, "bert").await).await;
    anna.type_words("a").await;
    say(&second, &[(21, 1, "{}")]).await;
    say(&bert, &[(12, 1, "{}")]).await;
    anna.until("three ids", |anna| {
        anna.people.iter().map(|person| person.client_ids.len()).sum::<usize>() == 3
    })
    .await;
    let people: Vec<_> = anna
        .people
        .iter()
        .map(|person| (person.name.as_str(), person.client_ids.clone()))
        .collect();
    assert_eq!(people, [("ANNA", vec![11, 21]), ("BERT", vec![12])]);
    drop(second);
    drop(bert);
    anna.until("alone", |anna| {
        anna.people.len() == 1 && anna.people[0].client_ids == [11]
    })
    .await;
}
