//! A real disk that is full, and has space again; run by hand, see `docs/testing.md`.

use std::{
    fs::File,
    io::Write as _,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use leitnetz::{
    data_dir::DataDir,
    rooms::{Rooms, SystemClock, SystemEntropy},
    store_log::StoreLog,
};
use store::Store;

use super::{client::Client, join, steinfurt};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a small file system of its own; see docs/testing.md"]
async fn a_room_heals_when_the_disk_has_space_again() {
    let folder = PathBuf::from(std::env::var("LEITNETZ_SMALL_DISK").expect("set LEITNETZ_SMALL_DISK"));
    let url = DataDir::open(&folder.join("data")).unwrap().store_url();
    let rooms = || async {
        let log = Arc::new(StoreLog(Store::open(&url).await.unwrap()));
        Rooms::new(log, Arc::new(SystemClock), Arc::new(SystemEntropy))
    };
    let first = rooms().await;
    let mut anna = Client::start(11, join(&first, "anna").await).await;
    anna.type_words("vorher ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;

    let ballast = folder.join("ballast");
    let mut file = File::create(&ballast).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    let mut letters = 0_u64;
    let began = Instant::now();
    while anna.read_only != Some(true) {
        assert!(began.elapsed() < Duration::from_secs(60), "the disk never got full");
        anna.type_words(&"x".repeat(2_000)).await;
        letters += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
        anna.settle().await;
    }
    println!(
        "read-only after {letters} messages, {} of them saved",
        anna.saved.unwrap_or(0)
    );
    tokio::time::sleep(Duration::from_secs(20)).await;
    anna.type_words("zuletzt ").await;
    anna.settle().await;
    let on_full_disk = anna.saved;
    assert!(on_full_disk < Some(3 + letters));

    drop(file);
    std::fs::remove_file(&ballast).unwrap();
    let healed = Instant::now();
    // Far longer than it may take, so that the figure is printed.
    while anna.saved != Some(3 + letters) {
        assert!(
            healed.elapsed() < Duration::from_secs(60),
            "not healed within a minute: {:?}",
            anna.saved
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
        anna.settle().await;
    }
    println!("saved again after {} ms", healed.elapsed().as_millis());
    anna.settle().await;
    assert_eq!(anna.read_only, Some(false));
    let title = anna.title();
    first.shutdown().await;
    drop((anna, first));
    let again = loop {
        match Store::open(&url).await {
            Ok(store) => break store,
            Err(error) => assert!(error.to_string().contains("locked"), "{error}"),
        }
        tokio::task::yield_now().await;
    };
    let again = Rooms::new(
        Arc::new(StoreLog(again)),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    assert_eq!(
        again.leitbild(&steinfurt()).await.unwrap().title.trim_end(),
        title.trim_end()
    );
}
