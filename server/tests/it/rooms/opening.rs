//! How long opening a room takes; run by hand, see `docs/testing.md`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use leitnetz::{
    data_dir::DataDir,
    rooms::{Batch, Log, LogRow, ParticipantId, Rooms, SystemClock, SystemEntropy},
    store_log::StoreLog,
};
use model::doc;
use store::Store;
use yrs::{Text, Transact};

use super::{splitmix, steinfurt};

const UPDATES: u64 = 260_000;
/// Updates in one commit, as a busy room groups them.
const GROUP: usize = 60;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute and prints figures; see docs/testing.md"]
async fn opening_a_document_of_260000_updates() {
    let folder = tempfile::tempdir().unwrap();
    let url = DataDir::open(folder.path()).unwrap().store_url();
    let log = Arc::new(StoreLog(Store::open(&url).await.unwrap()));
    let rows = typed_letter_by_letter();
    let bytes: usize = rows.iter().map(|row| row.update.len()).sum();
    for rows in rows.chunks(GROUP) {
        let batch = Batch {
            rows: rows.to_vec(),
            claims: Vec::new(),
        };
        log.append(&steinfurt(), &batch).await.unwrap();
    }
    drop(rows);
    println!(
        "{UPDATES} updates, {bytes} bytes, in {} commits",
        UPDATES as usize / GROUP + 1
    );

    let open = async || {
        let rooms = Rooms::new(log.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy)).idle_after(Duration::ZERO);
        let began = Instant::now();
        let length = rooms.leitbild(&steinfurt()).await.unwrap().title.len();
        let took = began.elapsed();
        // Idle at once: it leaves its snapshot and goes.
        while rooms.open_rooms() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        println!("opened in {} ms, {length} letters", took.as_millis());
        took
    };
    println!("without a snapshot, the whole log:");
    open().await;
    let snapshot = log.open(&steinfurt()).await.unwrap().snapshot.expect("no snapshot");
    println!("from a snapshot of {} bytes:", snapshot.update.len());
    for _ in 0..5 {
        open().await;
    }
}

/// A text written and corrected letter by letter: now and then the cursor is set elsewhere, every tenth key deletes.
fn typed_letter_by_letter() -> Vec<LogRow> {
    let doc = doc::new_doc(11);
    let title = doc.get_or_insert_text("title");
    let (mut seed, mut at, mut length) = (1_u64, 0_u32, 0_u32);
    let mut rows = Vec::new();
    for seq in 1..=UPDATES {
        seed = splitmix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
        if seed.is_multiple_of(40) {
            at = (seed >> 16) as u32 % (length + 1);
        }
        let mut txn = doc.transact_mut();
        if (seed >> 8).is_multiple_of(10) && at > 0 {
            title.remove_range(&mut txn, at - 1, 1);
            at -= 1;
            length -= 1;
        } else {
            title.insert(&mut txn, at, "x");
            at += 1;
            length += 1;
        }
        rows.push(LogRow {
            seq,
            update: txn.encode_update_v1(),
            by: ParticipantId("somebody".to_owned()),
            at_ms: 1_700_000_000_000 + seq as i64 * 200,
        });
    }
    rows
}
