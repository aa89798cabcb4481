//! Opening a room after a long history: what it reads, and, by hand (see `docs/testing.md`), how long that takes.

use std::{
    slice::SliceIndex,
    sync::Arc,
    time::{Duration, Instant},
};

use leitnetz::{
    data_dir::DataDir,
    rooms::{Batch, Claim, Log, LogRow, ParticipantId, Rooms, Snapshot, SystemClock, SystemEntropy},
    store_log::StoreLog,
};
use model::{
    doc::{self, BlockId, BlockKind, Parent},
    limits,
};
use store::Store;
use yrs::{Doc, Map, MapRef, Out, ReadTxn, Text, TextRef, Transact, Update, updates::decoder::Decode};

use super::{splitmix, steinfurt};

const UPDATES: usize = 260_000;
/// Updates in one commit, as a busy room groups them.
const GROUP: usize = 60;
/// What opening may take, as it is wished for; printed beside what it took.
const WANTED: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute and prints figures; see docs/testing.md"]
async fn opening_a_document_of_260000_updates() {
    let folder = tempfile::tempdir().unwrap();
    let url = DataDir::open(folder.path()).unwrap().store_url();
    let log = Arc::new(StoreLog(Store::open(&url).await.unwrap()));
    let began = Instant::now();
    let history = History::written(UPDATES);
    let before_snapshot = history.rows.len() - history.most_after_snapshot(UPDATES);
    history.append(&*log, ..before_snapshot, limits::COMMIT_ROWS).await;
    history.append(&*log, before_snapshot.., GROUP).await;
    println!(
        "{UPDATES} updates of {SESSIONS_AT_ONCE} people at a time, {} bytes, {} client ids, written in {} ms",
        history.bytes(..),
        history.claims.len(),
        began.elapsed().as_millis(),
    );

    let open = async |what: &str| {
        // What one opening keeps in memory must not help the next one.
        let rooms = rooms(&log);
        let began = Instant::now();
        let bytes = rooms.document(&steinfurt()).await.unwrap().len();
        let took = began.elapsed();
        let outcome = if took <= WANTED { "" } else { ", MISSED" };
        println!(
            "{what}: {} ms for {bytes} bytes (wanted: {}{outcome})",
            took.as_millis(),
            WANTED.as_millis(),
        );
        rooms.shutdown().await;
    };
    open("the whole log, no snapshot").await;
    let seq = history.rows[before_snapshot - 1].seq;
    log.keep_snapshot(&steinfurt(), &history.snapshot(seq)).await.unwrap();
    for _ in 0..5 {
        let most = history.rows.len() - before_snapshot;
        open(&format!("a snapshot and {most} updates, the most that come after one")).await;
    }
    let last = history.rows.last().unwrap().seq;
    log.keep_snapshot(&steinfurt(), &history.snapshot(last)).await.unwrap();
    for _ in 0..5 {
        open("a snapshot alone, as a room leaves it that was idle").await;
    }
    let began = Instant::now();
    let compacted = rooms(&log).compact(&steinfurt()).await.unwrap();
    println!("{compacted:?} in {} ms", began.elapsed().as_millis());
    open("the same, thinned out to steps of ten minutes").await;
}

/// The rule of the long test in small: a room reads its snapshot and what came after it, nothing else, and shows all.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_opened_from_its_snapshot_and_the_rest() {
    let history = History::written(9_000);
    let log = Arc::new(StoreLog(Store::open("mem://").await.unwrap()));
    history.append(&*log, .., GROUP).await;
    // What a room reads when it opens, and what it shows then, to somebody who came for the first time.
    let open = async || {
        let read = log.open(&steinfurt()).await.unwrap();
        let shown = blocks(&rooms(&log).document(&steinfurt()).await.unwrap());
        (
            read.snapshot.map(|snapshot| snapshot.seq),
            read.log.rows.len(),
            read.log.claims.len(),
            shown,
        )
    };
    let clients = history.claims.len();
    let (snapshot, rows, claims, whole) = open().await;
    assert_eq!((snapshot, rows, claims), (None, 9_000, clients));
    assert_eq!(whole.len(), SESSIONS_AT_ONCE * BLOCKS_EACH);

    // A commit ended here.
    let seq = (GROUP * 130) as u64;
    log.keep_snapshot(&steinfurt(), &history.snapshot(seq)).await.unwrap();
    assert_eq!(open().await, (Some(seq), 9_000 - GROUP * 130, clients, whole.clone()));

    // Thinning out what is old leaves no update out, and little to read.
    let compacted = rooms(&log).compact(&steinfurt()).await.unwrap();
    assert_eq!(compacted.before, 9_000);
    let (_, rows, claims, shown) = open().await;
    assert!(rows <= compacted.after && rows < 10, "{rows} rows, {compacted:?}");
    assert_eq!((claims, shown), (clients, whole));
}

fn rooms(log: &Arc<StoreLog>) -> Rooms {
    Rooms::new(log.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy))
}

/// The texts of all blocks, by id.
fn blocks(update: &[u8]) -> Vec<(String, String)> {
    let doc = doc::new_doc(1);
    doc.transact_mut()
        .apply_update(Update::decode_v1(update).unwrap())
        .unwrap();
    let view = doc::view(&doc.transact());
    let mut blocks: Vec<_> = view
        .blocks()
        .map(|block| (block.id.as_str().to_owned(), block.text.clone()))
        .collect();
    blocks.sort_unstable();
    blocks
}

/// People who write at the same time.
const SESSIONS_AT_ONCE: usize = 20;
/// Points that each of them works at.
const BLOCKS_EACH: usize = 10;
/// Letters until somebody comes back with a new client id, as after a reload.
const SESSION_LETTERS: usize = 500;

/// What a busy Leitbild's log looks like: twenty people write and correct letter by letter, each in ten points; now and then the
/// cursor is set elsewhere, every tenth key deletes. Each letter is a row: people take turns, so none are joined. Everybody
/// reloads after five hundred letters and is another client then.
struct History {
    rows: Vec<LogRow>,
    claims: Vec<Claim>,
}

/// Somebody at work, with a document that holds only their own points: what others write elsewhere changes nothing in
/// the updates.
struct Session {
    by: ParticipantId,
    doc: Doc,
    blocks: Vec<BlockId>,
    text: Option<TextRef>,
    at: u32,
    letters: usize,
}

impl History {
    fn written(updates: usize) -> Self {
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            splitmix(seed)
        };
        let mut claims: Vec<Claim> = Vec::new();
        let mut next_client = |by: &ParticipantId| {
            let client_id = 1_000 + claims.len() as u64 * 7_919;
            claims.push(Claim {
                client_id,
                participant: by.clone(),
            });
            client_id
        };
        let mut sessions: Vec<Session> = (0..SESSIONS_AT_ONCE)
            .map(|number| {
                let by = ParticipantId(format!("person {number}"));
                Session {
                    doc: doc::new_doc(next_client(&by)),
                    by,
                    blocks: Vec::new(),
                    text: None,
                    at: 0,
                    letters: 0,
                }
            })
            .collect();
        let mut rows = Vec::with_capacity(updates);
        for seq in 1..=updates as u64 {
            let session = &mut sessions[seq as usize % SESSIONS_AT_ONCE];
            if session.letters == SESSION_LETTERS {
                session.reload(next_client(&session.by));
            }
            rows.push(LogRow {
                seq,
                update: session.write(&mut random),
                by: session.by.clone(),
                at_ms: 1_700_000_000_000 + seq as i64 * 50,
            });
        }
        Self { rows, claims }
    }

    async fn append(&self, log: &dyn Log, rows: impl SliceIndex<[LogRow], Output = [LogRow]>, group: usize) {
        let mut claims = self.claims.clone();
        for rows in self.rows[rows].chunks(group) {
            let batch = Batch {
                rows: rows.to_vec(),
                claims: std::mem::take(&mut claims),
            };
            log.append(&steinfurt(), &batch).await.unwrap();
        }
    }

    fn bytes(&self, rows: impl SliceIndex<[LogRow], Output = [LogRow]>) -> usize {
        self.rows[rows].iter().map(|row| row.update.len()).sum()
    }

    fn snapshot(&self, seq: u64) -> Snapshot {
        let doc = doc::new_doc(1);
        {
            let mut txn = doc.transact_mut();
            for row in self.rows.iter().take_while(|row| row.seq <= seq) {
                txn.apply_update(Update::decode_v1(&row.update).unwrap()).unwrap();
            }
        }
        Snapshot {
            seq,
            update: doc.transact().encode_diff_v1(&yrs::StateVector::default()),
            at_ms: 0,
        }
    }

    /// How many of the first `updates` rows can come after a snapshot before the next one is written.
    fn most_after_snapshot(&self, updates: usize) -> usize {
        let snapshot_bytes = self.snapshot(updates as u64).update.len();
        let mut rest = limits::SNAPSHOT_AFTER_ROWS;
        while self.bytes(updates - rest..updates) * 8 < snapshot_bytes {
            rest += GROUP;
        }
        // One commit may come beyond it.
        rest + GROUP
    }
}

impl Session {
    /// The next key: the update that it makes.
    fn write(&mut self, random: &mut impl FnMut() -> u64) -> Vec<u8> {
        self.letters += 1;
        if self.blocks.len() < BLOCKS_EACH {
            let before = self.doc.transact().state_vector();
            let id = doc::add_block(&self.doc, &BlockKind::Paragraph, &Parent::Root, 0, "Punkt", random).unwrap();
            self.blocks.push(id);
            return self.doc.transact().encode_diff_v1(&before);
        }
        let what = random();
        let blocks: MapRef = self.doc.get_or_insert_map("blocks");
        let mut txn = self.doc.transact_mut();
        let text = match self.text.take().filter(|_| !what.is_multiple_of(40)) {
            Some(text) => text,
            None => {
                // The cursor is set elsewhere.
                let id = &self.blocks[(what >> 8) as usize % BLOCKS_EACH];
                let Some(Out::YMap(block)) = blocks.get(&txn, id.as_str()) else {
                    panic!("no block {}", id.as_str());
                };
                let Some(Out::YText(text)) = block.get(&txn, "text") else {
                    panic!("no text in {}", id.as_str());
                };
                self.at = (what >> 16) as u32 % (text.len(&txn) + 1);
                text
            }
        };
        if (what >> 40).is_multiple_of(10) && self.at > 0 {
            self.at -= 1;
            text.remove_range(&mut txn, self.at, 1);
        } else {
            let letter = char::from(b'a' + ((what >> 48) % 26) as u8);
            text.insert(&mut txn, self.at, &letter.to_string());
            self.at += 1;
        }
        self.text = Some(text);
        txn.encode_update_v1()
    }

    fn reload(&mut self, client_id: u64) {
        let state = self.doc.transact().encode_diff_v1(&yrs::StateVector::default());
        self.doc = doc::new_doc(client_id);
        let update = Update::decode_v1(&state).unwrap();
        self.doc.transact_mut().apply_update(update).unwrap();
        self.text = None;
        self.letters = 0;
    }
}
