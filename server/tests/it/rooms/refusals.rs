//! Hostile and broken clients: each costs itself its socket, and nobody else anything.

use model::{
    doc, limits,
    wire::{ClientMessage, close, lib0::put_var_uint},
};
use yrs::{ReadTxn, StateVector, Text, Transact};

use super::{client::Client, join, log::TestLog, rooms, steinfurt};

/// Sends `update`, and checks that it ends with this code while somebody else writes on.
async fn is_refused(update: &[u8], code: &str) {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("vorher").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;

    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory.send_update(update).await;
    assert_eq!(mallory.until_closed().await, close::REFUSED);
    let refused = mallory.refused.expect("a reason comes before the close");
    assert_eq!((refused.code.as_str(), refused.fatal), (code, true));

    anna.type_words("nachher ").await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "nachher vorher");
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 2, "nothing of it was logged");
}

#[tokio::test]
async fn arrays_nested_ten_thousand_deep() {
    let mut update = vec![1, 1];
    put_var_uint(&mut update, 66);
    // Clock 0; a value under key "k" of root "r"; one value.
    update.extend([0, 0x28, 1, 1, b'r', 1, b'k', 1]);
    for _ in 0..10_000 {
        update.extend([117, 1]);
    }
    update.extend([126, 0]);
    is_refused(&update, "too_deep").await;
}

#[tokio::test]
async fn bytes_that_are_no_update() {
    is_refused(&[7, 200, 1, 3, 99], "malformed").await;
}

#[tokio::test]
async fn a_value_inside_a_letter() {
    // Client 66: the letter "a" in the text "r", then a value whose parent is that letter. Only yrs can see that it is
    // none: the document breaks and is built again.
    is_refused(
        &[1, 2, 66, 0, 4, 1, 1, b'r', 1, b'a', 0x28, 0, 66, 0, 1, b'k', 1, 120, 0],
        "not_applied",
    )
    .await;
}

#[tokio::test]
async fn structs_that_wait_for_each_other() {
    // Client 66 builds on client 67, which builds on client 66.
    let update = [2, 1, 67, 0, 0x84, 66, 0, 1, b'b', 1, 66, 0, 0x84, 67, 0, 1, b'a', 0];
    is_refused(&update, "not_applied").await;
}

#[tokio::test]
async fn a_rebuilt_document_keeps_what_was_not_committed_yet() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("sicher").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    log.stop();
    anna.type_words("un").await;
    anna.settle().await;
    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory
        .send_update(&[1, 2, 66, 0, 4, 1, 1, b'r', 1, b'a', 0x28, 0, 66, 0, 1, b'k', 1, 120, 0])
        .await;
    mallory.until_closed().await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "unsicher");
    log.go_on();
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    anna.type_words("ganz ").await;
    anna.until("saved", |anna| anna.saved == Some(4)).await;
}

#[tokio::test]
async fn texts_in_texts_do_not_nest() {
    // A map under "blocks", a text in it, a text in that text.
    let first = [1, 2, 66, 0, 0x27, 1, 1, b'r', 1, b'k', 1, 0x27, 0, 66, 0, 1, b't', 2, 0];
    let second = [1, 1, 66, 2, 0x27, 0, 66, 1, 1, b'u', 2, 0];
    let rooms = rooms(TestLog::new());
    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory.send_update(&first).await;
    mallory.until("saved", |mallory| mallory.saved == Some(2)).await;
    mallory.send_update(&second).await;
    assert_eq!(mallory.until_closed().await, close::REFUSED);
    assert_eq!(mallory.refused.unwrap().code, "too_deep");
}

#[tokio::test]
async fn client_ids_without_end() {
    // One letter under each of so many, as no page writes.
    let ids = u64::try_from(limits::PARTICIPANT_CLIENT_IDS).unwrap() + 1;
    let letters: Vec<Vec<u8>> = (1_000..1_000 + ids)
        .map(|client_id| {
            let doc = doc::new_doc(client_id);
            let title = doc.get_or_insert_text("title");
            title.insert(&mut doc.transact_mut(), 0, "x");
            doc.transact().encode_state_as_update_v1(&StateVector::default())
        })
        .collect();
    is_refused(&yrs::merge_updates_v1(&letters).unwrap(), "too_many").await;
}

#[tokio::test]
async fn a_message_that_is_too_large() {
    let rooms = rooms(TestLog::new());
    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory.send_update(&vec![0; limits::MESSAGE_MAX_BYTES]).await;
    assert_eq!(mallory.until_closed().await, close::REFUSED);
    assert_eq!(mallory.refused.unwrap().code, "too_large");
}

#[tokio::test]
async fn a_state_vector_that_lies_about_its_length() {
    let rooms = rooms(TestLog::new());
    let mut mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory
        .send(&ClientMessage::SyncStep1(&[0xff, 0xff, 0xff, 0xff, 0x0f]))
        .await;
    assert_eq!(mallory.until_closed().await, close::REFUSED);
}

#[tokio::test]
async fn a_state_vector_that_tears_a_character() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("👧").await;
    anna.settle().await;
    let mut other = Client::silent(12, join(&rooms, "bert").await);
    other
        .connection
        .send(ClientMessage::SyncStep1(&[1, 11, 1]).encode())
        .await;
    anna.type_words("ein ").await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    let _ = other.connection.recv().await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "ein 👧");
}

#[tokio::test]
async fn unknown_messages_are_skipped() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    for frame in [&[5][..], &[100, 99], &[0, 9], &[2, 0]] {
        anna.connection.send(frame.to_vec()).await;
    }
    anna.settle().await;
}

#[tokio::test]
async fn a_plain_yjs_client_is_told_nothing_of_ours() {
    let rooms = rooms(TestLog::new());
    let mut plain = Client::silent(66, join(&rooms, "mallory").await);
    plain.sync().await;
    plain.type_words("Wort").await;
    plain.send_update(&[7]).await;
    assert_eq!(plain.until_closed().await, close::REFUSED);
    assert_eq!((plain.saved, plain.refused, plain.people.len()), (None, None, 0));
}
