//! What Leitnetz keeps, in SurrealDB. This is the only crate that names `surrealdb`.
//!
//! Every function returns [`StoreError`]; what it says is for the log and the operator, never for the wire.

mod access;
mod authors;
mod error;
mod log;
mod migrate;
mod neighbours;
mod network;
mod packed;
mod publication;
mod quarantine;
mod setting;
mod talk;
mod wal;

use std::path::Path;

use surrealdb::{
    Surreal,
    engine::any::{self, Any},
};
use tokio::runtime::Handle;

pub use access::{Link, Participant, SESSION_S, Session};
pub use authors::StoredAuthor;
pub use error::StoreError;
pub use log::{Claim, StoredLog, StoredPart, StoredSnapshot, StoredUpdate};
pub use neighbours::FoundPoint;
pub use network::FactChange;
pub use publication::NewDecision;
pub use quarantine::QuarantinedUpdate;
pub use talk::{ChangeKey, ThreadChange};

/// A handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Surreal<Any>,
    /// The runtime that [`Self::open`] was called on.
    runtime: Handle,
}

impl Store {
    /// Opens the database at `url` and brings its tables up to date.
    ///
    /// `surrealkv://PATH?sync=every` is one machine's file store, `mem://` is for tests, `ws://HOST` a SurrealDB server.
    /// The engine's background work runs on the runtime that this is called on.
    ///
    /// # Errors
    /// [`StoreError::NotDurable`] for a file store without `sync=every`: the embedded engine reads no environment
    /// variables, so the sync mode stands in the address or commits would not survive a power cut. Otherwise what the
    /// file system or the database says.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("surrealkv:") {
            let path = url
                .strip_prefix("surrealkv://")
                .and_then(|path| path.strip_suffix("?sync=every"));
            wal::begin_segment(Path::new(path.ok_or(StoreError::NotDurable)?))?;
        }
        let db = any::connect(url).await?;
        db.use_ns("leitnetz").use_db("leitnetz").await?;
        migrate::run(&db).await?;
        let store = Self {
            db,
            runtime: Handle::current(),
        };
        store.index_earlier_publications().await?;
        Ok(store)
    }

    /// Does `work` on the runtime that the store was opened on: the engine runs inside the task that asks, so a long
    /// statement would hold up whatever else the caller's thread has to do.
    ///
    /// # Errors
    /// What `work` says, or [`StoreError::Stopped`] when it panics.
    pub async fn on_own_runtime<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.runtime.spawn(work).await.unwrap_or(Err(StoreError::Stopped))
    }
}

/// Runs the body again while the database reports a write-write conflict: isolation is by snapshot, so two
/// transactions on the same rows make one of them fail, and repeating it is the documented remedy. The one place where
/// this is done.
pub(crate) async fn retried<T, F>(mut body: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    const ATTEMPTS: u32 = 8;
    let mut attempt = 0;
    loop {
        attempt += 1;
        match body().await {
            Err(StoreError::Conflict) if attempt < ATTEMPTS => {
                tokio::time::sleep(std::time::Duration::from_millis(u64::from(attempt) * 3)).await;
            }
            other => return other,
        }
    }
}
