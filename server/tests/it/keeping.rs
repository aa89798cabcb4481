//! What the file store keeps.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use leitnetz::data_dir::DataDir;
use model::ags::Ags;
use store::{Claim, Store, StoreError, StoredUpdate};
use tokio::time::timeout;

fn row(seq: u64) -> StoredUpdate {
    StoredUpdate {
        seq,
        update: vec![0, 0, u8::try_from(seq % 256).unwrap()],
        by: "p".to_owned(),
        at_ms: 7,
    }
}

/// The engine lets go of its files in a task of its own after the last handle is dropped.
async fn reopened(url: &str) -> Store {
    let opened = async {
        loop {
            match Store::open(url).await {
                Ok(store) => return store,
                Err(error) => assert!(error.to_string().contains("locked"), "{error}"),
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), opened).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_log_comes_back_in_order_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let url = DataDir::open(folder.path()).unwrap().store_url();
    let ags = Ags::new("05566").unwrap();
    let neighbour = Ags::new("05566028").unwrap();
    {
        let store = Store::open(&url).await.unwrap();
        let claim = Claim {
            client: (1 << 53) - 1,
            by: "p".to_owned(),
        };
        store
            .append_to_room(&ags, (1..=12).map(row).collect(), vec![claim])
            .await
            .unwrap();
        store
            .append_to_room(&neighbour, vec![row(1)], Vec::new())
            .await
            .unwrap();
    }
    let store = reopened(&url).await;
    let (rows, claims) = store.room_log(&ags).await.unwrap();
    assert_eq!(rows, (1..=12).map(row).collect::<Vec<_>>());
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].client, (1 << 53) - 1);
    assert_eq!(store.room_log(&neighbour).await.unwrap().0.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_writer_cannot_take_the_same_place_in_the_log() {
    let store = Store::open("mem://").await.unwrap();
    let ags = Ags::new("05566").unwrap();
    store.append_to_room(&ags, vec![row(1)], Vec::new()).await.unwrap();
    store
        .append_to_room(&ags, vec![row(2), row(3)], Vec::new())
        .await
        .unwrap();
    // The other one has read the log before the second commit.
    let claim = Claim {
        client: 7,
        by: "p".to_owned(),
    };
    let refused = store.append_to_room(&ags, vec![row(2)], vec![claim]).await;
    assert!(matches!(refused, Err(StoreError::Exists)), "{refused:?}");
    // All or nothing: the claim that came with it is not there either.
    let (rows, claims) = store.room_log(&ags).await.unwrap();
    assert_eq!((rows.len(), claims.len()), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_again_reaches_the_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DataDir::open(folder.path()).unwrap().store_url())
        .await
        .unwrap();
    let ags = Ags::new("05566").unwrap();
    let claim = Claim {
        client: 7,
        by: "who-claims-it".to_owned(),
    };
    store
        .append_to_room(&ags, (1..=3).map(row).collect(), vec![claim.clone()])
        .await
        .unwrap();
    let before = (
        store.room_log(&ags).await.unwrap(),
        occurrences(folder.path(), &claim.by),
    );
    let parts = store.room_parts(&ags, 1, 1).await.unwrap();
    store.rewrite_parts(&ags, &parts).await.unwrap();
    store.rewrite_claims(&ags, vec![claim.clone()]).await.unwrap();
    assert_eq!(store.room_log(&ags).await.unwrap(), before.0);
    let after = occurrences(folder.path(), &claim.by);
    assert!(after > before.1, "{after} times, {} before", before.1);
}

/// How often these words are in the files of a folder.
fn occurrences(folder: &Path, words: &str) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| {
        if path.is_dir() {
            return occurrences(&path, words);
        }
        let bytes = fs::read(path).unwrap();
        bytes
            .windows(words.len())
            .filter(|window| *window == words.as_bytes())
            .count()
    };
    entries.map(of).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_store_without_durable_commits_is_refused() {
    for url in ["surrealkv://x", "surrealkv://x?sync=never"] {
        assert!(matches!(Store::open(url).await, Err(StoreError::NotDurable)), "{url}");
    }
}

#[test]
fn a_data_directory_belongs_to_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let first = DataDir::open(folder.path()).unwrap();
    let second = DataDir::open(folder.path()).unwrap_err().to_string();
    assert!(second.contains("Ein anderer Leitnetz-Prozess") && second.contains("Another Leitnetz process"));
    drop(first);
    DataDir::open(folder.path()).unwrap();
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let failure = DataDir::open(&file.join("data")).unwrap_err().to_string();
    assert!(
        failure.contains("lässt sich nicht beschreiben") && failure.contains("cannot be written"),
        "{failure}"
    );
}
