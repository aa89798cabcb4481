//! Whose client ids are whose, and who may write.

use std::sync::Arc;

use leitnetz::rooms::{Claim, Identity, LinkId, MemoryLog, ParticipantId, RoomError, Suggestion, Whose};
use model::{
    doc,
    role::Role,
    wire::{ClientMessage, admission::Refusal, awareness, close},
};
use yrs::{ReadTxn, StateVector, Text, Transact};

use super::{client::Client, identity, join, log::TestLog, rooms, steinfurt};

fn reader(participant: &str) -> Identity {
    Identity {
        role: Role::Read,
        ..identity(participant)
    }
}

#[tokio::test]
async fn another_participants_client_id_is_refused_in_an_update() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("Haus").await;
    anna.settle().await;
    // Bert's page pretends to be Anna's and goes on where she stopped.
    let mut bert = Client::start(11, join(&rooms, "bert").await).await;
    bert.type_words("Baum").await;
    assert_eq!(bert.until_closed().await, close::REFUSED);
    let refused = bert.refused.unwrap();
    assert_eq!(
        (refused.code.as_str(), refused.client_id, refused.fatal),
        ("foreign_client_id", Some(11), true)
    );

    anna.type_words("Ein ").await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "Ein Haus");
}

#[tokio::test]
async fn a_client_id_stays_its_participants_on_a_new_socket_and_a_new_server() {
    let log = TestLog::new();
    let first = rooms(log.clone());
    let mut anna = Client::start(11, join(&first, "anna").await).await;
    anna.type_words("eins ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let mut anna = anna.reconnect(join(&first, "anna").await).await;
    anna.type_words("zwei ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(
        log.memory.rows(&steinfurt()).claims,
        [Claim {
            client_id: 11,
            participant: ParticipantId("anna".to_owned())
        }]
    );

    let second = rooms(log);
    let mut bert = Client::start(11, join(&second, "bert").await).await;
    bert.type_words("drei ").await;
    assert_eq!(
        bert.until_closed().await,
        close::REFUSED,
        "the claim came back from the log"
    );
    let mut anna = anna.reconnect(join(&second, "anna").await).await;
    anna.type_words("drei ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(second.leitbild(&steinfurt()).await.unwrap().title, "drei zwei eins");
}

#[tokio::test]
async fn a_neighbour_brings_back_what_a_crash_cost() {
    let log = TestLog::new();
    let crashed = rooms(log.clone());
    let mut anna = Client::start(11, join(&crashed, "anna").await).await;
    let mut bert = Client::start(12, join(&crashed, "bert").await).await;
    anna.type_words("gespeichert").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    log.stop();
    anna.type_words("nicht ").await;
    bert.until("relayed", |bert| bert.title() == "nicht gespeichert").await;

    // The server is gone before it could commit; Bert meets the next one first.
    let restarted = rooms(Arc::new(copy(&log)));
    let mut bert = bert.reconnect(join(&restarted, "bert").await).await;
    bert.until("saved", |bert| bert.saved == Some(1)).await;
    assert_eq!(
        restarted.leitbild(&steinfurt()).await.unwrap().title,
        "nicht gespeichert"
    );

    // Anna comes back and goes on under her own client id.
    let mut anna = anna.reconnect(join(&restarted, "anna").await).await;
    anna.type_words("noch ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    bert.until("relayed", |bert| bert.title() == "noch nicht gespeichert")
        .await;
}

#[tokio::test]
async fn what_a_neighbour_brings_back_does_not_become_the_neighbours() {
    let log = TestLog::new();
    let crashed = rooms(log.clone());
    log.stop();
    // Anna's very first words, and her claim with them, are lost.
    let anna = Client::start(11, join(&crashed, "anna").await).await;
    let mut bert = Client::start(12, join(&crashed, "bert").await).await;
    anna.type_words("Anfang").await;
    bert.until("relayed", |bert| bert.title() == "Anfang").await;

    let after = TestLog::new();
    let restarted = rooms(after.clone());
    let mut bert = bert.reconnect(join(&restarted, "bert").await).await;
    bert.until("saved", |bert| bert.saved == Some(1)).await;
    let row = after.memory.rows(&steinfurt());
    assert_eq!(
        (row.rows[0].by.0.as_str(), row.claims.len()),
        ("bert", 0),
        "logged with who brought it, claimed by nobody"
    );
    let mut anna = anna.reconnect(join(&restarted, "anna").await).await;
    anna.type_words("Am ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(after.memory.rows(&steinfurt()).claims[0].participant.0, "anna");
}

#[tokio::test]
async fn a_read_only_link_sees_everything_and_changes_nothing() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let carla = rooms.join(&steinfurt(), reader("carla")).await.unwrap();
    let mut carla = Client::start(13, carla).await;
    assert_eq!(carla.role, Some(Role::Read));
    anna.type_words("Lesbar").await;
    carla.until("seen", |carla| carla.title() == "Lesbar").await;

    carla.type_words("Un").await;
    carla.until("refused", |carla| carla.refused.is_some()).await;
    let refused = carla.refused.take().unwrap();
    assert_eq!((refused.code.as_str(), refused.fatal), ("read_only_link", false));
    carla.settle().await;
    anna.settle().await;
    assert_eq!(anna.title(), "Lesbar");
    assert_eq!(
        carla.saved,
        Some(1),
        "only the empty answer to the first SyncStep1 counts"
    );

    // Promoted with their link (a person by themselves is not), what was refused is asked for and taken.
    rooms.set_role(&Whose::Link(LinkId("link of carla".to_owned())), Role::Participate);
    carla
        .until("promoted", |carla| carla.role == Some(Role::Participate))
        .await;
    carla.until("saved", |carla| carla.saved == Some(3)).await;
    anna.until("written", |anna| anna.title() == "UnLesbar").await;
}

/// Says where this client is, under an id.
async fn show(client: &Client, client_id: u64) {
    let entry = awareness::Entry {
        client_id,
        clock: 1,
        state: "{}".to_owned(),
    };
    client
        .send(&ClientMessage::Awareness(&awareness::encode([&entry])))
        .await;
}

#[tokio::test]
async fn a_reader_takes_nobodys_client_id() {
    let rooms = rooms(TestLog::new());
    let carla = rooms.join(&steinfurt(), reader("carla")).await.unwrap();
    let mut carla = Client::start(13, carla).await;
    show(&carla, 11).await;
    carla.until("shown", |carla| carla.awareness.contains_key(&11)).await;
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("Haus").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    // Now that it is hers for certain, her place is shown, and the reader's goes.
    show(&anna, 11).await;
    anna.settle().await;
    drop(carla);
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.until("there", |bert| bert.awareness.contains_key(&11)).await;
}

#[tokio::test]
async fn an_open_suggestion_keeps_its_client_id_over_a_restart() {
    let log = TestLog::new();
    let first = rooms(log.clone());
    let mut anna = Client::start(11, join(&first, "anna").await).await;
    anna.type_words("Haus").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let (ags, update) = (steinfurt(), title_under(77));
    let by = || identity("carla").participant;
    let checked = first.suggestion(&ags, update.clone(), by(), Suggestion::Check).await;
    checked.unwrap();

    let second = rooms(log);
    let mut mallory = Client::start(77, join(&second, "mallory").await).await;
    show(&mallory, 77).await;
    mallory
        .until("shown", |mallory| mallory.awareness.contains_key(&77))
        .await;
    let applied = second.suggestion(&ags, update, by(), Suggestion::Apply).await;
    applied.unwrap();
    assert_eq!(second.leitbild(&ags).await.unwrap().title.len(), "Haus".len() + 1);
    // Whoever has written under an id keeps it.
    let taken = second.suggestion(&ags, title_under(11), by(), Suggestion::Apply).await;
    assert_eq!(taken, Err(RoomError::Suggestion(Refusal::ForeignClientId(11))));
}

/// A letter in the title, under this client id.
fn title_under(client_id: u64) -> Vec<u8> {
    let doc = doc::new_doc(client_id);
    let title = doc.get_or_insert_text("title");
    title.insert(&mut doc.transact_mut(), 0, "x");
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

#[tokio::test]
async fn an_answer_with_known_deletions_from_a_reader_is_no_offence() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("abc").await;
    let deletion = {
        use yrs::{
            Text, Transact, Update,
            updates::{decoder::Decode, encoder::Encode},
        };
        let title = anna.doc.get_or_insert_text("title");
        let mut txn = anna.doc.transact_mut();
        title.remove_range(&mut txn, 0, 2);
        let _: Update = Update::decode_v1(&txn.encode_update_v1()).unwrap();
        Update::decode_v1(&txn.encode_update_v1()).unwrap().encode_v1()
    };
    anna.send_update(&deletion).await;
    anna.settle().await;
    let carla = rooms.join(&steinfurt(), reader("carla")).await.unwrap();
    let carla = Client::start(13, carla).await;
    assert_eq!(carla.title(), "c");
    // Her page comes back with everything, deletions included.
    let carla = carla
        .reconnect(rooms.join(&steinfurt(), reader("carla")).await.unwrap())
        .await;
    let mut carla = carla;
    carla.settle().await;
    assert_eq!((carla.refused, carla.closed), (None, None));
}

#[tokio::test]
async fn a_demotion_holds_from_the_next_message_on() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    rooms.set_role(&Whose::Link(LinkId("link of anna".to_owned())), Role::Read);
    anna.type_words("zu spät").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    assert_eq!(anna.role, Some(Role::Read));
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "");
}

#[tokio::test]
async fn a_withdrawn_link_closes_its_sockets_and_lets_nobody_in() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    rooms.revoke_link(&LinkId("link of anna".to_owned()));
    assert_eq!(anna.until_closed().await, close::NOT_ALLOWED);
    let again = rooms.join(&steinfurt(), identity("anna")).await;
    assert_eq!(again.err(), Some(RoomError::Revoked));
    bert.until("alone", |bert| bert.people.len() == 1).await;
    bert.type_words("weiter").await;
    bert.until("saved", |bert| bert.saved == Some(2)).await;
}

/// What a machine finds on its disk after a crash.
fn copy(log: &TestLog) -> MemoryLog {
    let copy = MemoryLog::new();
    copy.append_now(&steinfurt(), &log.memory.rows(&steinfurt())).unwrap();
    copy
}
