//! Commits that fail, hang, and come back, in paused time.

use std::time::Duration;

use leitnetz::rooms::{ParticipantId, Rooms, Suggestion};
use model::limits;
use tokio::time::Instant;

use super::{client::Client, join, log::TestLog, rooms, steinfurt};

#[tokio::test(start_paused = true)]
async fn a_refusing_log_is_tried_again_with_bounded_pauses_and_heals() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.type_words("vorher").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    log.set_failing(true);
    anna.type_words("nicht ").await;
    anna.until("read-only", |anna| anna.read_only == Some(true)).await;

    // Three minutes on a full disk; people go on typing, as far as their pages let them.
    for _ in 0..180 {
        anna.type_words("x").await;
        anna.settle().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(anna.saved, Some(2), "acknowledged without a commit");
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
    let attempts = log.appends.lock().unwrap().clone();
    let pauses: Vec<Duration> = attempts[1..].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        pauses
            .iter()
            .all(|pause| *pause <= limits::COMMIT_RETRY_MAX + Duration::from_millis(10))
    );
    assert!(
        pauses.iter().skip(8).all(|pause| *pause > limits::COMMIT_RETRY_MAX / 2),
        "it does not hammer: {pauses:?}"
    );

    // There is space again.
    let healed = Instant::now();
    log.set_failing(false);
    anna.until("saved", |anna| anna.saved == Some(2 + 181)).await;
    anna.until("writable", |anna| anna.read_only == Some(false)).await;
    assert!(
        healed.elapsed() <= limits::COMMIT_RETRY_MAX + Duration::from_secs(1),
        "{:?}",
        healed.elapsed()
    );
    let again = super::rooms(log.clone()).leitbild(&steinfurt()).await.unwrap().title;
    assert_eq!(again, format!("{}nicht vorher", "x".repeat(180)));
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_hangs_is_told_and_heals() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    anna.settle().await;
    log.stop();
    anna.type_words("hängt").await;
    let began = Instant::now();
    anna.until("read-only", |anna| anna.read_only == Some(true)).await;
    assert!(began.elapsed() >= limits::COMMIT_STALLED_AFTER && began.elapsed() < limits::COMMIT_STALLED_AFTER * 2);
    assert_eq!(
        log.appends.lock().unwrap().len(),
        1,
        "what became of it is not known, so it is not tried again"
    );
    let mut bert = Client::start(12, join(&rooms, "bert").await).await;
    bert.until("told too", |bert| bert.read_only == Some(true)).await;
    log.go_on();
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    anna.until("writable", |anna| anna.read_only == Some(false)).await;
    assert_eq!(log.memory.rows(&steinfurt()).rows.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn commits_are_grouped_by_a_short_pause() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    for _ in 0..100 {
        anna.type_words("x").await;
        anna.settle().await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    anna.until("saved", |anna| anna.saved == Some(101)).await;
    let attempts = log.appends.lock().unwrap().clone();
    assert!(
        attempts
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= limits::COMMIT_PAUSE)
    );
    assert!(
        (10..30).contains(&attempts.len()),
        "{} commits for half a second",
        attempts.len()
    );
    // Alone, nothing waits.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let typed = Instant::now();
    anna.type_words("y").await;
    anna.until("saved", |anna| anna.saved == Some(102)).await;
    assert!(typed.elapsed() < limits::COMMIT_PAUSE, "{:?}", typed.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_log_is_bounded_and_asked_for_later() {
    const PIECE: usize = 400 * 1024;
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.set_failing(true);
    // Writes and deletes, so that the document itself stays small.
    let rounds = limits::UNCOMMITTED_MAX_BYTES / PIECE + 20;
    for round in 0..rounds {
        let letter = char::from(b'a' + (round % 26) as u8).to_string();
        let update = anna.write(0, &letter.repeat(PIECE));
        anna.send_update(&update).await;
        let update = anna.change(|doc| {
            use yrs::{Text, Transact};
            let title = doc.get_or_insert_text("title");
            title.remove_range(&mut doc.transact_mut(), 0, PIECE as u32 - 1);
        });
        anna.send_update(&update).await;
        anna.settle().await;
    }
    assert_ne!(
        title(&rooms).await,
        last_letters(rounds),
        "everything was kept in memory"
    );

    log.set_failing(false);
    anna.until("saved", |anna| {
        anna.saved.is_some_and(|count| count > 2 * rounds as u64)
    })
    .await;
    assert_eq!(anna.refused, None);
    assert_eq!(title(&rooms).await, last_letters(rounds));
    assert_eq!(title(&super::rooms(log)).await, last_letters(rounds));
}

#[tokio::test(start_paused = true)]
async fn a_suggestion_that_changes_nothing_any_more_is_answered_all_the_same() {
    let rooms = rooms(TestLog::new());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    let update = anna.write(0, "Kind");
    let place = steinfurt();
    for _ in 0..2 {
        let by = ParticipantId("anna".to_owned());
        let accepted = rooms.suggestion(&place, update.clone(), by, Suggestion::Apply);
        let answer = tokio::time::timeout(limits::COMMIT_STALLED_AFTER, accepted).await;
        assert_eq!(
            answer,
            Ok(Ok(())),
            "nobody else writes, so no commit comes that would answer it"
        );
    }
    anna.until("applied", |anna| anna.title() == "Kind").await;
}

async fn title(rooms: &Rooms) -> String {
    rooms.leitbild(&steinfurt()).await.unwrap().title
}

fn last_letters(rounds: usize) -> String {
    (0..rounds)
        .rev()
        .map(|round| char::from(b'a' + (round % 26) as u8))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_log_that_hangs() {
    let log = TestLog::new();
    let rooms = rooms(log.clone());
    let mut anna = Client::start(11, join(&rooms, "anna").await).await;
    log.stop();
    anna.type_words("hängt").await;
    anna.settle().await;
    let began = Instant::now();
    let stopping = tokio::spawn(async move { rooms.shutdown().await });
    assert_eq!(anna.until_closed().await, model::wire::close::GOING_AWAY);
    assert_ne!(anna.saved, Some(2));
    drop(anna);
    stopping.await.unwrap();
    assert!(began.elapsed() < limits::STOP_WITHIN, "{:?}", began.elapsed());
}
