//! Rooms open, idle, overflow and end.

use std::{sync::atomic::Ordering, time::Duration};

use leitnetz::rooms::{Outgoing, RoomError};
use model::{
    limits,
    wire::{ClientMessage, ServerMessage, close},
};

use yrs::{Text, Transact};

use super::{
    client::{Client, title_of},
    identity, join,
    log::TestLog,
    rooms, steinfurt,
};

#[tokio::test]
async fn an_idle_room_is_dropped_and_comes_back_from_its_log() {
    let log = TestLog::new();
    let rooms = rooms(log.clone()).idle_after(Duration::ZERO);
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("bleibt").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let other = join(&rooms, "anna").await;
    assert_eq!((log.loads(), rooms.open_rooms()), (1, 1), "one room for both sockets");
    drop((anna, other));
    let gone = async {
        while rooms.open_rooms() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone)
        .await
        .expect("the room stays for ever");
    let bert = Client::start(12, join(&rooms, "bert").await).await;
    assert_eq!(log.loads(), 2);
    assert_eq!(bert.title(), "bleibt");
}

#[tokio::test]
async fn a_room_with_uncommitted_rows_does_not_go() {
    let log = TestLog::new();
    let rooms = rooms(log.clone()).idle_after(Duration::ZERO);
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.stop();
    anna.type_words("noch nicht").await;
    anna.settle().await;
    drop(anna);
    for _ in 0..3 {
        assert_eq!(title_of(&rooms.document(&steinfurt()).await.unwrap()), "noch nicht");
    }
    assert_eq!((log.loads(), rooms.open_rooms()), (1, 1));
}

#[tokio::test]
async fn who_does_not_read_is_closed_and_nobody_else_waits() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut slow = join(&rooms, "slow").await;
    slow.send(ClientMessage::SyncStep1(&[0]).encode()).await;
    anna.until("both there", |anna| anna.people.len() == 2).await;
    // Relays may hold several letters, so it takes some more of them than the queue is long.
    for _ in 0..limits::SOCKET_QUEUE_MESSAGES * 20 {
        anna.type_words("x").await;
        anna.settle().await;
        if anna.people.len() == 1 {
            break;
        }
    }
    assert_eq!(slow.recv().await, Outgoing::Close(close::TRY_AGAIN));
    // It comes back and has everything.
    let back = Client::start(12, join(&rooms, "slow").await).await;
    assert_eq!(back.title(), anna.title());
}

#[tokio::test]
async fn a_stalled_socket_holds_little_before_it_is_closed() {
    const PIECE: usize = 64 * 1024;
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    // The document itself is not counted.
    let update = anna.change(|doc| {
        let motto = doc.get_or_insert_text("motto");
        motto.insert(&mut doc.transact_mut(), 0, &"d".repeat(limits::SOCKET_QUEUE_BYTES));
    });
    anna.send_update(&update).await;
    let mut stalled = Vec::new();
    for _ in 0..limits::PARTICIPANT_SOCKETS {
        let connection = join(&rooms, "slow").await;
        connection.send(ClientMessage::SyncStep1(&[0]).encode()).await;
        stalled.push(connection);
    }
    anna.until("all there", |anna| anna.people.len() == 2).await;
    let mut relayed = 0;
    while anna.people.len() > 1 {
        let update = anna.write(0, &"x".repeat(PIECE));
        anna.send_update(&update).await;
        anna.settle().await;
        relayed += PIECE;
        assert!(
            relayed <= limits::SOCKET_QUEUE_BYTES + 4 * PIECE,
            "{relayed} bytes wait for each"
        );
        // The list of people is some milliseconds behind.
        tokio::time::sleep(limits::PEOPLE_PAUSE + limits::PEOPLE_PAUSE_PER_SOCKET * 60).await;
        anna.settle().await;
    }
    for connection in &mut stalled {
        assert_eq!(connection.recv().await, Outgoing::Close(close::TRY_AGAIN));
    }
}

#[tokio::test]
async fn one_participant_takes_only_so_many_seats_and_leaves_the_others_to_others() {
    let rooms = rooms(TestLog::new());
    let mut tabs = Vec::new();
    for _ in 0..limits::PARTICIPANT_SOCKETS {
        tabs.push(join(&rooms, "anna").await);
    }
    let refused = rooms.join(&steinfurt(), identity("anna")).await.err();
    assert_eq!(refused, Some(RoomError::TooManySockets));
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.settle().await;
    // Those that she had stay open, and one that goes makes room for another.
    let mut last = Client::start(11, tabs.pop().unwrap()).await;
    last.settle().await;
    drop(last);
    Client::start(13, join(&rooms, "anna").await).await.settle().await;
}

#[tokio::test]
async fn who_asks_the_same_shares_one_answer() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("für alle").await;
    anna.settle().await;
    let ask = async || {
        let mut connection = join(&rooms, "back").await;
        connection.send(ClientMessage::SyncStep1(&[0]).encode()).await;
        loop {
            if let Outgoing::Frame(frame) = connection.recv().await
                && matches!(ServerMessage::decode(&frame), Ok(ServerMessage::SyncStep2(_)))
            {
                return frame;
            }
        }
    };
    let (one, other) = (ask().await, ask().await);
    assert_eq!(one.as_ptr(), other.as_ptr(), "encoded twice");
    anna.type_words("neu ").await;
    anna.settle().await;
    let newer = ask().await;
    assert_ne!(newer, one);
    let Ok(ServerMessage::SyncStep2(update)) = ServerMessage::decode(&newer) else {
        panic!("no answer")
    };
    assert_eq!(title_of(update), "neu für alle");
}

#[tokio::test(start_paused = true)]
async fn five_hundred_come_back_at_once_and_are_current() {
    let log = TestLog::new();
    let before = rooms(log.clone());
    let mut clients = Vec::new();
    for number in 0..500_u64 {
        clients.push(Client::start(100 + number, join(&before, &format!("p{number}")).await).await);
    }
    clients[0].type_words("vor dem Neustart").await;
    clients[0].until("saved", |client| client.saved == Some(2)).await;
    // Each has something that it has not sent when the server goes.
    for client in &clients {
        client.write(0, "x");
    }
    let after = rooms(log.clone());
    let began = tokio::time::Instant::now();
    let mut back = Vec::new();
    for (number, client) in clients.into_iter().enumerate() {
        back.push(client.reconnect(join(&after, &format!("p{number}")).await).await);
    }
    for client in &mut back {
        client
            .until("everything", |client| client.title().len() == 500 + 16)
            .await;
        client.until("saved", |client| client.saved.is_some()).await;
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_stop_commits_first_and_then_says_goodbye() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.stop();
    anna.type_words("zuletzt").await;
    anna.settle().await;
    let stopping = tokio::spawn({
        let rooms = rooms.clone();
        async move { rooms.shutdown().await }
    });
    tokio::task::yield_now().await;
    log.go_on();
    assert_eq!(anna.until_closed().await, close::GOING_AWAY);
    assert_eq!(anna.saved, Some(2), "saved is said before the goodbye");
    drop(anna);
    stopping.await.unwrap();
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
    assert_eq!(
        rooms.join(&steinfurt(), identity("bert")).await.err(),
        Some(RoomError::Closing)
    );
}

#[tokio::test]
async fn a_room_that_ended_in_a_panic_is_opened_again() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    log.panics.store(true, Ordering::Relaxed);
    assert!(rooms.join(&steinfurt(), identity("anna")).await.is_err());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("wieder da").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
}

#[tokio::test]
async fn publishing_is_told_to_everybody_here() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    rooms.published(&steinfurt(), "2026-03-01");
    anna.until("told", |anna| anna.published.as_deref() == Some("2026-03-01"))
        .await;
}
