//! Updates that break a document, and documents that are broken already.

use std::{sync::Arc, time::Duration};

use leitnetz::{
    rooms::{Batch, LogRow, ParticipantId, RoomError, Suggestion},
    store_log::StoreLog,
};
use model::{ags::Ags, limits, wire::close};
use store::Store;

use super::{client::Client, identity, join, log::TestLog, rooms, steinfurt};

/// Client 66: a letter, then a value inside that letter. Only yrs can see that this is no place for a value.
pub(super) const POISON: [u8; 19] = [1, 2, 66, 0, 4, 1, 1, b'r', 1, b'a', 0x28, 0, 66, 0, 1, b'k', 1, 120, 0];

#[tokio::test(start_paused = true)]
async fn what_breaks_a_document_is_kept_for_examination_once() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let anna = Client::start(11, join(&rooms, "anna").await).await;
    for _ in 0..2 {
        let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
        mallory.send_update(&POISON).await;
        assert_eq!(mallory.until_closed().await, close::REFUSED);
        assert_eq!(mallory.refused.unwrap().code, "not_applied");
        tokio::time::sleep(limits::KEPT_OUT_AFTER_BREAKING).await;
    }
    anna.type_words("weiter").await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "weiter");
    drop(anna);
    // The stop waits for what is being written.
    rooms.shutdown().await;
    let kept = log.memory.quarantined(&steinfurt());
    assert_eq!(kept.len(), 1);
    let update = &kept[0];
    assert_eq!(
        (update.update.as_slice(), update.bytes, update.by.0.as_str()),
        (POISON.as_slice(), POISON.len(), "mallory")
    );
    assert_eq!(update.hash.len(), 64);
}

#[tokio::test(start_paused = true)]
async fn who_breaks_a_document_cannot_do_it_again_at_once() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    let mut second = Client::start(67, join(&rooms, "mallory").await).await;
    mallory.send_update(&POISON).await;
    assert_eq!(mallory.until_closed().await, close::REFUSED);
    assert_eq!(second.until_closed().await, close::TRY_AGAIN, "it could send the same");
    let built = log.loads();
    for _ in 0..100 {
        let refused = rooms.join(&steinfurt(), identity("mallory")).await.err();
        assert_eq!(refused, Some(RoomError::KeptOut));
    }
    let suggested = rooms
        .suggestion(
            &steinfurt(),
            POISON.to_vec(),
            identity("mallory").participant,
            Suggestion::Apply,
        )
        .await;
    assert_eq!(suggested, Err(RoomError::KeptOut));
    assert_eq!(log.loads(), built, "the document is not built again");
    // Others notice nothing, and an honest page comes back after a moment.
    anna.type_words("weiter").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    tokio::time::sleep(limits::KEPT_OUT_AFTER_BREAKING).await;
    Client::start(68, join(&rooms, "mallory").await).await.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_the_newest_of_a_room() {
    let store = Store::open("mem://").await.unwrap();
    for number in 0..5_i64 {
        let update = store::QuarantinedUpdate {
            hash: format!("hash {number}"),
            bytes: 7,
            update: vec![1, 2, 3],
            by: "p".to_owned(),
            at_ms: number,
        };
        store.quarantine(&steinfurt(), &update, 3).await.unwrap();
        store.quarantine(&Ags::new("05515").unwrap(), &update, 3).await.unwrap();
    }
    let kept = store.quarantined(&steinfurt()).await.unwrap();
    let hashes: Vec<&str> = kept.iter().map(|update| update.hash.as_str()).collect();
    assert_eq!(hashes, ["hash 4", "hash 3", "hash 2"]);
    assert_eq!((kept[0].update.as_slice(), kept[0].bytes), ([1, 2, 3].as_slice(), 7));
}

/// A log with one row that is no update.
fn broken_row() -> Batch {
    Batch {
        rows: vec![LogRow {
            seq: 1,
            update: vec![9, 9, 9],
            by: ParticipantId("p".to_owned()),
            at_ms: 0,
        }],
        claims: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_stored_document_that_cannot_be_opened_is_isolated() {
    let log = TestLog::new();
    log.memory.append_now(&steinfurt(), &broken_row()).unwrap();
    let rooms = rooms(log.clone());
    for _ in 0..10 {
        let refused = rooms.join(&steinfurt(), identity("anna")).await.err();
        assert_eq!(refused, Some(RoomError::Corrupt(1)));
    }
    assert_eq!(log.loads(), 1, "the log is not read for everybody who comes");
    assert_eq!(rooms.document(&steinfurt()).await, Err(RoomError::Corrupt(1)));
    // Others live.
    let other = Ags::new("05515").unwrap();
    let mut bert = Client::start(12, rooms.join(&other, identity("bert")).await.unwrap()).await;
    bert.type_words("hier geht es").await;
    bert.until("saved", |bert| bert.saved == Some(2)).await;
    // It is looked at again, in case somebody has repaired it.
    tokio::time::sleep(limits::BROKEN_ROOM_PAUSE + Duration::from_secs(1)).await;
    assert!(rooms.join(&steinfurt(), identity("anna")).await.is_err());
    assert_eq!(log.loads(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_document_is_told_with_a_code_of_its_own() {
    let house = super::conversation::House::new(super::conversation::Transport::Events).await;
    let log = Arc::new(StoreLog(house.site.store().clone()));
    leitnetz::rooms::Log::append(&*log, &steinfurt(), &broken_row())
        .await
        .unwrap();
    let secret = house.secret("anna", model::role::Role::Participate).await;
    assert_eq!(house.events(&secret).await.err(), Some(close::BROKEN));
}

#[tokio::test]
async fn a_room_whose_log_broke_meanwhile_ends_and_says_so() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.settle().await;
    log.memory.append_now(&steinfurt(), &broken_row()).unwrap();
    let mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory.send_update(&POISON).await;
    assert_eq!(anna.until_closed().await, close::BROKEN);
    assert_eq!(
        rooms.join(&steinfurt(), identity("anna")).await.err(),
        Some(RoomError::Corrupt(1))
    );
}
