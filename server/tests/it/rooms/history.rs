//! What the log still gives: snapshots, states, and what compaction leaves.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use leitnetz::{
    rooms::{Batch, Claim, Log, LogRow, MemoryLog, ParticipantId, Rooms, Snapshot},
    store_log::StoreLog,
};
use model::{doc, limits};
use proptest::prelude::*;
use store::Store;
use yrs::{StateVector, Text, Transact, Update, updates::decoder::Decode};

use super::{
    TestEntropy,
    client::{Client, title_of},
    join,
    log::TestLog,
    rooms, splitmix, steinfurt,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const NOW_MS: i64 = 1_800_000_000_000;

/// A clock that stands.
struct Fixed(i64);

impl leitnetz::rooms::Clock for Fixed {
    fn now_ms(&self) -> i64 {
        self.0
    }
}

fn rooms_at(log: Arc<impl Log>, now_ms: i64) -> Rooms {
    Rooms::new(log, Arc::new(Fixed(now_ms)), Arc::new(TestEntropy(AtomicU64::new(7))))
}

/// What somebody does, and how long after the step before, in milliseconds.
#[derive(Clone, Debug)]
struct Step {
    who: usize,
    at: u32,
    deletes: bool,
    pause_ms: i64,
    is_named: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let pause = prop_oneof![
        6 => 0..120_000_i64,
        2 => 120_000..1_200_000_i64,
        1 => 1_200_000..DAY_MS,
    ];
    (
        0..3_usize,
        0..200_u32,
        prop::bool::weighted(0.3),
        pause,
        prop::bool::weighted(0.05),
    )
        .prop_map(|(who, at, deletes, pause_ms, is_named)| Step {
            who,
            at,
            deletes,
            pause_ms,
            is_named,
        })
}

/// The rows that these steps leave, the last of them `age_ms` before now.
fn log_of(steps: &[Step], age_ms: i64) -> Vec<LogRow> {
    let docs: Vec<_> = (1..=3).map(doc::new_doc).collect();
    let length: i64 = steps.iter().map(|step| step.pause_ms).sum();
    let mut at_ms = NOW_MS - age_ms - length;
    let mut rows = Vec::new();
    for (seq, step) in (1..).zip(steps) {
        at_ms += step.pause_ms;
        let doc = &docs[step.who];
        let update = {
            let title = doc.get_or_insert_text("title");
            let mut txn = doc.transact_mut();
            let length = title.len(&txn);
            let at = step.at.min(length);
            if step.deletes && at < length {
                title.remove_range(&mut txn, at, 1);
            } else {
                title.insert(&mut txn, at, &format!("{seq} "));
            }
            txn.encode_update_v1()
        };
        for other in &docs {
            let update = Update::decode_v1(&update).unwrap();
            other.transact_mut().apply_update(update).unwrap();
        }
        rows.push(LogRow {
            seq,
            update,
            by: ParticipantId(format!("p{}", step.who)),
            at_ms,
        });
    }
    rows
}

/// The states that must stay, by their numbers: the rule of the specification, told in another way than the code does.
fn kept(rows: &[LogRow], names: &BTreeSet<u64>) -> Vec<u64> {
    let step_ms = i64::try_from(limits::HISTORY_STEP.as_millis()).unwrap();
    let whole_since = NOW_MS - i64::try_from(limits::HISTORY_WHOLE.as_millis()).unwrap();
    let mut kept = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let step_end = (row.at_ms / step_ms + 1) * step_ms;
        let is_last_of_step = rows.get(index + 1).is_none_or(|next| next.at_ms >= step_end);
        // A step that is not over for thirty days is whole.
        if step_end > whole_since || is_last_of_step || names.contains(&row.seq) {
            kept.push(row.seq);
        }
    }
    kept
}

async fn check(log: Arc<impl Log>, steps: &[Step], age_ms: i64) {
    let rows = log_of(steps, age_ms);
    let names: BTreeSet<u64> = (1..)
        .zip(steps)
        .filter(|(_, step)| step.is_named)
        .map(|(seq, _)| seq)
        .collect();
    for row in &rows {
        let claims = vec![Claim {
            client_id: 1,
            participant: ParticipantId("p0".to_owned()),
        }];
        let rows = vec![row.clone()];
        log.append(&steinfurt(), &Batch { rows, claims }).await.unwrap();
    }
    let rooms = rooms_at(log.clone(), NOW_MS);
    for seq in &names {
        rooms
            .name_state(&steinfurt(), *seq, &format!("Stand {seq}"))
            .await
            .unwrap();
    }
    let kept = kept(&rows, &names);
    let mut before = Vec::new();
    for seq in &kept {
        before.push(rooms.state_at(&steinfurt(), *seq).await.unwrap());
    }
    let last = rooms.document(&steinfurt()).await.unwrap();

    rooms.compact(&steinfurt()).await.unwrap();
    let history = rooms.history(&steinfurt()).await.unwrap();
    let seqs: Vec<u64> = history.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, kept, "compaction keeps exactly what it should");
    for (entry, before) in history.iter().zip(&before) {
        let row = &rows[usize::try_from(entry.seq).unwrap() - 1];
        assert_eq!((entry.at_ms, &entry.by), (row.at_ms, &row.by));
        assert_eq!(entry.name.is_some(), names.contains(&entry.seq));
        let after = rooms.state_at(&steinfurt(), entry.seq).await.unwrap();
        assert_eq!(state(&after), state(before), "the state after row {}", entry.seq);
    }
    let reopened = rooms_at(log.clone(), NOW_MS);
    assert_eq!(state(&reopened.document(&steinfurt()).await.unwrap()), state(&last));
    assert_eq!(
        log.load(&steinfurt()).await.unwrap().claims.len(),
        usize::from(!rows.is_empty())
    );
    // Nothing is left to do, and the log goes on where it was.
    let again = reopened.compact(&steinfurt()).await.unwrap();
    assert_eq!(again.before, again.after);
    assert_eq!(
        log.load(&steinfurt()).await.unwrap().rows.last().map(|row| row.seq),
        rows.last().map(|row| row.seq)
    );
}

/// The text and the state vector that an update makes.
fn state(update: &[u8]) -> (String, StateVector) {
    let vector = Update::decode_v1(update).unwrap().state_vector();
    (title_of(update), vector)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn compaction_keeps_exactly_what_it_should(
        steps in prop::collection::vec(step(), 0..120),
        age_ms in 0..60 * DAY_MS,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(Arc::new(MemoryLog::new()), &steps, age_ms));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn and_so_it_does_in_the_database(
        steps in prop::collection::vec(step(), 100..160),
        age_ms in 0..40 * DAY_MS,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(10 * 1024 * 1024)
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = Store::open("mem://").await.unwrap();
            check(Arc::new(StoreLog(store)), &steps, age_ms).await;
        });
    }
}

/// Types `letters` letters into the title, by two people in turn, so that each becomes a row.
async fn type_letters(rooms: &Rooms, letters: usize) {
    let mut anna = Client::start(11, join(rooms, "anna").await).await;
    let mut bert = Client::start(12, join(rooms, "bert").await).await;
    for number in 0..letters {
        if number % 2 == 0 {
            anna.type_words("a").await;
        } else {
            bert.type_words("b").await;
        }
        if number % 100 == 0 {
            anna.settle().await;
            bert.settle().await;
        }
    }
    let half = letters as u64 / 2;
    anna.until("saved", |anna| anna.saved == Some(1 + half)).await;
    bert.until("saved", |bert| bert.saved == Some(1 + half)).await;
}

#[tokio::test]
async fn an_idle_room_leaves_a_snapshot_and_opens_from_it() {
    let log = TestLog::new();
    let first = rooms(log.clone()).idle_after(Duration::ZERO);
    type_letters(&first, limits::SNAPSHOT_IDLE_ROWS + 20).await;
    let title = first.leitbild(&steinfurt()).await.unwrap().title;
    while first.open_rooms() > 0 {
        tokio::task::yield_now().await;
    }
    let snapshot = log.memory.snapshot(&steinfurt()).expect("no snapshot");
    let rows = log.memory.rows(&steinfurt()).rows;
    assert_eq!(Some(snapshot.seq), rows.last().map(|row| row.seq));
    assert_eq!(title_of(&snapshot.update), title);

    // The rows are not needed to open: a log that has lost them shows the same.
    let only = MemoryLog::new();
    only.keep_snapshot(&steinfurt(), &snapshot).await.unwrap();
    let second = rooms(Arc::new(only));
    assert_eq!(second.leitbild(&steinfurt()).await.unwrap().title, title);

    // People go on behind it.
    let third = rooms(log.clone());
    let mut anna = Client::start(13, join(&third, "carla").await).await;
    anna.type_words("danach ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;
    let fourth = rooms(log.clone());
    assert_eq!(
        fourth.leitbild(&steinfurt()).await.unwrap().title,
        format!("danach {title}")
    );
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_read_costs_nothing_but_time() {
    let log = TestLog::new();
    type_letters(&rooms(log.clone()), 20).await;
    let title = rooms(log.clone()).leitbild(&steinfurt()).await.unwrap().title;
    let broken = Snapshot {
        seq: 3,
        update: vec![9, 9, 9],
        at_ms: 0,
    };
    log.memory.keep_snapshot(&steinfurt(), &broken).await.unwrap();
    assert_eq!(rooms(log).leitbild(&steinfurt()).await.unwrap().title, title);
}

#[tokio::test]
async fn a_room_that_never_rests_writes_snapshots_too() {
    let log = TestLog::new();
    let busy = rooms(log.clone());
    type_letters(&busy, limits::SNAPSHOT_AFTER_ROWS + 2_000).await;
    let snapshot = async {
        loop {
            if let Some(snapshot) = log.memory.snapshot(&steinfurt()) {
                return snapshot;
            }
            tokio::task::yield_now().await;
        }
    };
    let snapshot = tokio::time::timeout(Duration::from_secs(20), snapshot)
        .await
        .expect("no snapshot");
    // It is exactly the state after its row.
    let state = busy.state_at(&steinfurt(), snapshot.seq).await.unwrap();
    assert_eq!(title_of(&state), title_of(&snapshot.update));
    assert_eq!(busy.open_rooms(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_opens_a_room_from_its_snapshot() {
    let store = Store::open("mem://").await.unwrap();
    let log = Arc::new(StoreLog(store));
    let steps: Vec<Step> = (0..40)
        .map(|number| Step {
            who: 0,
            at: splitmix(number) as u32 % 20,
            deletes: false,
            pause_ms: 1000,
            is_named: false,
        })
        .collect();
    let rows = log_of(&steps, 0);
    for rows in rows.chunks(8) {
        let batch = Batch {
            rows: rows.to_vec(),
            claims: Vec::new(),
        };
        log.append(&steinfurt(), &batch).await.unwrap();
    }
    let whole = rooms_at(log.clone(), NOW_MS);
    let title = whole.leitbild(&steinfurt()).await.unwrap().title;
    for seq in [16, 24] {
        let update = whole.state_at(&steinfurt(), seq).await.unwrap();
        let snapshot = Snapshot { seq, update, at_ms: 0 };
        log.keep_snapshot(&steinfurt(), &snapshot).await.unwrap();
    }
    let opening = log.open(&steinfurt()).await.unwrap();
    assert_eq!(opening.snapshot.as_ref().map(|snapshot| snapshot.seq), Some(24));
    let seqs: Vec<u64> = opening.log.rows.iter().map(|row| row.seq).collect();
    assert_eq!(seqs, (25..=40).collect::<Vec<_>>());
    let reopened = rooms_at(log.clone(), NOW_MS);
    assert_eq!(reopened.leitbild(&steinfurt()).await.unwrap().title, title);

    // One that stands inside a commit does not fit: the whole log is read.
    let snapshot = Snapshot {
        seq: 27,
        update: whole.state_at(&steinfurt(), 27).await.unwrap(),
        at_ms: 0,
    };
    log.keep_snapshot(&steinfurt(), &snapshot).await.unwrap();
    let opening = log.open(&steinfurt()).await.unwrap();
    assert_eq!((opening.snapshot, opening.log.rows.len()), (None, 40));
}
