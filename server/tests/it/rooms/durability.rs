//! What "saved" means, and what survives.

use std::sync::atomic::Ordering;

use leitnetz::rooms::{MemoryLog, ParticipantId, RoomError};
use model::{
    doc,
    import::{Draft, DraftGuideline},
    limits,
    wire::ClientMessage,
};
use yrs::{
    ReadTxn, StateVector, Text, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::{
    client::{Client, title_of},
    identity, join,
    log::TestLog,
    quarantine::POISON,
    rooms, steinfurt,
};

#[tokio::test]
async fn saved_is_said_only_after_the_commit_but_relayed_before() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    anna.settle().await;
    let before = anna.saved;

    log.stop();
    anna.type_words("Gut aufwachsen").await;
    bert.until("relayed", |bert| bert.title() == "Gut aufwachsen").await;
    anna.settle().await;
    assert_eq!(anna.saved, before, "acknowledged without a commit");
    assert!(log.memory.rows(&steinfurt()).rows.is_empty());

    log.go_on();
    // Her answer to the first SyncStep1 is number 1, the words are number 2.
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(
        title_of(&log.memory.rows(&steinfurt()).rows[0].update),
        "Gut aufwachsen"
    );
}

#[tokio::test]
async fn what_brings_nothing_new_is_saved_only_with_everything_before_it() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.settle().await;
    let before = bert.saved;

    log.stop();
    let words = anna.write(0, "Vielfalt");
    anna.send_update(&words).await;
    bert.until("relayed", |bert| bert.title() == "Vielfalt").await;
    // Bert sends what the server has, which rests on Anna's uncommitted words.
    bert.send_update(&words).await;
    bert.settle().await;
    assert_eq!(bert.saved, before);

    log.go_on();
    bert.until("saved", |bert| bert.saved == Some(2)).await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(
        log.memory.rows(&steinfurt()).rows.len(),
        1,
        "nothing new was logged again"
    );
}

#[tokio::test]
async fn commits_are_grouped_while_one_is_running() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.stop();
    for _ in 0..20 {
        anna.type_words("x").await;
        anna.settle().await;
    }
    log.go_on();
    anna.until("saved", |anna| anna.saved == Some(21)).await;
    let rows = log.memory.rows(&steinfurt()).rows;
    assert_eq!(rows.len(), 2, "the first letter, then what came during its commit");
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_failing_log_makes_the_room_read_only_until_it_is_back() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.settle().await;
    log.set_failing(true);
    anna.type_words("Teilhabe").await;
    anna.until("read-only", |anna| anna.read_only == Some(true)).await;
    // Somebody who comes in now is told as well, and sees the words.
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.until("read-only", |bert| bert.read_only == Some(true)).await;
    assert_eq!(bert.title(), "Teilhabe");
    assert_ne!(anna.saved, Some(2));

    log.set_failing(false);
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    assert_eq!(anna.read_only, Some(false));
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_only_seemed_to_fail_is_not_written_twice() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.seems_to_fail.store(true, Ordering::Relaxed);
    log.fails_to_rewrite.store(true, Ordering::Relaxed);
    anna.type_words("Teilhabe").await;
    anna.until("read-only", |anna| anna.read_only == Some(true)).await;
    log.seems_to_fail.store(false, Ordering::Relaxed);
    // It is in the log; whether it is on the disk is not known before it was written once more.
    tokio::time::sleep(limits::COMMIT_RETRY_MAX).await;
    anna.settle().await;
    assert!(log.rewrites() > 1, "it is tried again");
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
    assert_ne!(anna.saved, Some(2), "the commit failed");
    assert_eq!(anna.read_only, Some(true));

    log.fails_to_rewrite.store(false, Ordering::Relaxed);
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    anna.until("writable", |anna| anna.read_only == Some(false)).await;
    anna.type_words("Mehr ").await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    let seqs: Vec<u64> = log.memory.rows(&steinfurt()).rows.iter().map(|row| row.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_an_ended_room_left_in_the_log_is_written_again_before_it_counts() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.seems_to_fail.store(true, Ordering::Relaxed);
    log.fails_to_rewrite.store(true, Ordering::Relaxed);
    anna.type_words("Teilhabe").await;
    anna.until("read-only", |anna| anna.read_only == Some(true)).await;
    log.seems_to_fail.store(false, Ordering::Relaxed);
    // The room ends in a panic while it is built again. The next one finds the row, as everybody who reads does.
    log.panics.store(true, Ordering::Relaxed);
    let mallory = Client::start(66, join(&rooms, "mallory").await).await;
    mallory.send_update(&POISON).await;
    anna.until_closed().await;
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
    let refused = rooms.join(&steinfurt(), identity("anna")).await.err();
    assert!(matches!(refused, Some(RoomError::Log(_))), "{refused:?}");

    log.fails_to_rewrite.store(false, Ordering::Relaxed);
    let before = log.rewrites();
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.settle().await;
    assert_eq!(bert.title(), "Teilhabe");
    assert_eq!(log.rewrites(), before + 1);
    // Once is enough.
    drop(bert);
    rooms.document(&steinfurt()).await.unwrap();
    assert_eq!(log.rewrites(), before + 1);
}

#[tokio::test]
async fn another_writers_rows_are_taken_over() {
    let log = TestLog::new();
    // Two servers on one log, which a lease prevents and a room still survives.
    let (one, other) = (rooms(log.clone()), rooms(log.clone()));
    let mut anna = Client::start(11, join(&one, "anna").await).await;
    let mut bert = Client::start(12, join(&other, "bert").await).await;
    anna.type_words("A").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    bert.type_words("B").await;
    bert.until("saved", |bert| bert.saved == Some(2)).await;
    bert.until("taken over", |bert| bert.title().len() == 2).await;
    let rows = log.memory.rows(&steinfurt()).rows;
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_new_server_on_the_same_log_shows_the_same() {
    let log = TestLog::new();
    let first = rooms(log.clone());
    let mut anna = Client::start(11, join(&first, "anna").await).await;
    for (at, words) in [(0, "Kein Kind"), (9, " zurücklassen"), (0, "👧🏽 ")] {
        let update = anna.write(at, words);
        anna.send_update(&update).await;
    }
    anna.until("saved", |anna| anna.saved == Some(4)).await;
    let second = rooms(log);
    let bert = Client::start(12, join(&second, "bert").await).await;
    assert_eq!(bert.view(), anna.view());
    assert_eq!(bert.title(), "👧🏽 Kein Kind zurücklassen");
    assert_eq!(second.leitbild(&steinfurt()).await, first.leitbild(&steinfurt()).await);
}

#[tokio::test]
async fn a_gap_is_neither_relayed_nor_saved_and_is_asked_for() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    anna.settle().await;
    let (asked, before) = (anna.asked, anna.saved);
    anna.answers = false;

    // The first update is lost on its way, the second one builds on it.
    let _lost = anna.write(0, "Kind");
    let second = anna.write(4, "er");
    anna.send_update(&second).await;
    anna.settle().await;
    assert_eq!(anna.asked, asked + 1, "asked once");
    // A third does not make it ask again while the question is open.
    let third = anna.write(6, "!");
    anna.send_update(&third).await;
    anna.settle().await;
    assert_eq!(anna.asked, asked + 1);
    bert.settle().await;
    assert_eq!((bert.title().as_str(), bert.updates), ("", 0));
    assert_eq!(anna.saved, before);

    let nothing = StateVector::default();
    let everything = anna.doc.transact().encode_diff_v1(&nothing);
    anna.send(&ClientMessage::SyncStep2(&everything)).await;
    bert.until("complete", |bert| bert.title() == "Kinder!").await;
    // The third came after the question: the server cannot know that the answer brought it, and asks once more.
    anna.until("asked again", |anna| anna.asked == asked + 2).await;
    assert_eq!(anna.saved, before);
    anna.send(&ClientMessage::SyncStep2(&everything)).await;
    // First answer, two updates that waited, two more answers.
    anna.until("saved", |anna| anna.saved == Some(5)).await;
}

#[tokio::test]
async fn a_piece_that_could_not_be_taken_is_not_saved_by_the_answer_behind_it() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::silent(11, join(&rooms, "anna").await);
    anna.answers = false;
    anna.hello().await;
    anna.sync().await;
    anna.until("asked", |anna| anna.asked == 1).await;
    // Of a long absence: the first piece builds on a letter of somebody else that a crash cost, the answer behind the pieces
    // leaves out what they held.
    let lost = doc::new_doc(99);
    lost.get_or_insert_text("title")
        .insert(&mut lost.transact_mut(), 0, "K");
    anna.change(|doc| {
        let lost = lost.transact().encode_state_as_update_v1(&StateVector::default());
        doc.transact_mut()
            .apply_update(Update::decode_v1(&lost).unwrap())
            .unwrap();
    });
    let piece = anna.write(1, "ind");
    anna.send_update(&piece).await;
    anna.send(&ClientMessage::SyncStep2(&[0, 0])).await;
    anna.until("asked again", |anna| anna.asked == 2).await;
    assert_eq!(anna.saved, None, "the server has nothing of it");
    anna.answer(&StateVector::default().encode_v1()).await;
    anna.until("saved", |anna| anna.saved == Some(3)).await;
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().title, "Kind");
}

#[tokio::test]
async fn deletions_of_unknown_words_are_asked_for_too() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.settle().await;
    let asked = anna.asked;
    anna.answers = false;
    // Deletes clock 0 to 3 of client 99, which nobody has.
    anna.send_update(&[0, 1, 99, 1, 0, 3]).await;
    anna.settle().await;
    assert_eq!(anna.asked, asked + 1);
    assert_eq!(anna.closed, None);
}

#[tokio::test]
async fn who_never_brings_what_is_missing_is_refused() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.answers = false;
    anna.settle().await;
    anna.send_update(&[0, 1, 99, 1, 0, 3]).await;
    for _ in 0..3 {
        anna.send(&ClientMessage::SyncStep2(&[0, 1, 99, 1, 0, 3])).await;
    }
    let code = anna.until_closed().await;
    assert_eq!(code, 4409);
    assert_eq!(anna.refused.unwrap().code, "incomplete");
}

#[tokio::test]
async fn a_draft_fills_an_empty_document_once() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let draft = Draft {
        title: "Leitbild Musterkreis".to_owned(),
        guidelines: vec![DraftGuideline {
            title: "Früh anfangen".to_owned(),
            points: vec!["Von Geburt an".to_owned()],
        }],
        ..Draft::default()
    };
    let by = ParticipantId("import".to_owned());
    rooms.fill(&steinfurt(), draft.clone(), by.clone()).await.unwrap();
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1, "committed when it returns");
    anna.until("filled", |anna| anna.title() == "Leitbild Musterkreis")
        .await;
    assert_eq!(anna.view().guidelines[0].points[0].text, "Von Geburt an");
    assert_eq!(rooms.fill(&steinfurt(), draft, by).await, Err(RoomError::NotEmpty));
    assert_eq!(rooms.leitbild(&steinfurt()).await.unwrap().guidelines.len(), 1);
}

#[test]
fn the_memory_log_refuses_a_number_twice() {
    use leitnetz::rooms::{Batch, LogError, LogRow};
    let log = MemoryLog::new();
    let row = LogRow {
        seq: 1,
        update: vec![0, 0],
        by: ParticipantId("a".to_owned()),
        at_ms: 0,
    };
    let batch = Batch {
        rows: vec![row],
        claims: Vec::new(),
    };
    assert_eq!(log.append_now(&steinfurt(), &batch), Ok(()));
    assert_eq!(log.append_now(&steinfurt(), &batch), Err(LogError::Conflict));
}
