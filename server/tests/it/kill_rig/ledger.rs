//! What clients were told is saved. Nothing that the server does can change it.

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use yrs::Doc;

use crate::content::Content;

pub(super) struct Ledger {
    noted: Mutex<Noted>,
    count: watch::Sender<u64>,
}

struct Noted {
    promised: Content,
    /// The same for whoever has to find out what was lost: client, number of the edit, its bytes.
    file: File,
}

impl Ledger {
    pub(super) fn new(folder: &Path) -> Self {
        let file = File::create(folder.join("acknowledged.txt")).unwrap();
        Self {
            noted: Mutex::new(Noted {
                promised: Content::default(),
                file,
            }),
            count: watch::Sender::new(0),
        }
    }

    /// A client was told that its edits are saved.
    pub(super) fn note(&self, client: usize, edits: &[(u64, Vec<u8>)]) {
        let mut noted = self.noted();
        for (number, update) in edits {
            noted.promised.add(&Content::of_update(update));
            writeln!(noted.file, "{client} {number} {update:?}").unwrap();
        }
        noted.file.flush().unwrap();
        self.count.send_modify(|count| *count += edits.len() as u64);
    }

    pub(super) fn acknowledged(&self) -> u64 {
        *self.count.borrow()
    }

    /// Waits until so many edits were acknowledged.
    pub(super) async fn until(&self, count: u64) {
        let mut counted = self.count.subscribe();
        counted.wait_for(|now| *now >= count).await.unwrap();
    }

    /// How many letters and deletions that were called saved are not in this document.
    pub(super) fn missing(&self, document: &Doc) -> u64 {
        self.noted().promised.missing_in(&Content::of_doc(document))
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
