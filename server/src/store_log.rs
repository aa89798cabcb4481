//! The rooms' log, kept in the store.

use model::{ags::Ags, limits, stage::Stage};
use store::{QuarantinedUpdate, Store, StoreError, StoredLog, StoredPart, StoredSnapshot, StoredUpdate};

use crate::rooms::{
    Batch, Claim, Log, LogError, LogRow, ParticipantId, Quarantined, Snapshot,
    log::{BoxFuture, Opening, Part},
};

/// The log of all rooms over the database.
#[derive(Clone, Debug)]
pub struct StoreLog(pub Store);

impl Log for StoreLog {
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move { Ok(batch(self.0.room_log(ags).await.map_err(log_error)?)) })
    }

    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        let updates = batch.rows.iter().map(stored).collect();
        let claims = batch.claims.iter().map(stored_claim).collect();
        let (store, ags) = (self.0.clone(), ags.clone());
        let append = async move { store.append_to_room(&ags, updates, claims).await };
        Box::pin(async move { self.0.on_own_runtime(append).await.map_err(log_error) })
    }

    fn open<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Opening, LogError>> {
        Box::pin(async move {
            if let Some(snapshot) = self.0.snapshot(ags).await.map_err(log_error)? {
                if let Some(rest) = self.0.room_log_after(ags, snapshot.seq).await.map_err(log_error)? {
                    return Ok(Opening {
                        snapshot: Some(self::snapshot(snapshot)),
                        log: batch(rest),
                    });
                }
                tracing::error!(room.ags = %ags, "A snapshot does not fit its log; the whole log is replayed.");
            }
            let log = self.load(ags).await?;
            Ok(Opening { snapshot: None, log })
        })
    }

    fn load_after<'a>(&'a self, ags: &'a Ags, seq: u64) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move {
            match self.0.room_log_after(ags, seq).await.map_err(log_error)? {
                Some(rest) => Ok(batch(rest)),
                None => self.load(ags).await,
            }
        })
    }

    fn keep_snapshot<'a>(&'a self, ags: &'a Ags, snapshot: &'a Snapshot) -> BoxFuture<'a, Result<(), LogError>> {
        let snapshot = StoredSnapshot {
            seq: snapshot.seq,
            update: snapshot.update.clone(),
            at_ms: snapshot.at_ms,
        };
        let (store, ags) = (self.0.clone(), ags.clone());
        let put = async move { store.put_snapshot(&ags, &snapshot).await };
        Box::pin(async move { self.0.on_own_runtime(put).await.map_err(log_error) })
    }

    fn name_state<'a>(&'a self, ags: &'a Ags, seq: u64, name: &'a str) -> BoxFuture<'a, Result<(), LogError>> {
        Box::pin(async move { self.0.name_state(ags, seq, name).await.map_err(log_error) })
    }

    fn names<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Vec<(u64, String)>, LogError>> {
        Box::pin(async move { self.0.state_names(ags).await.map_err(log_error) })
    }

    fn stage<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Stage, LogError>> {
        Box::pin(async move { self.0.stage(ags).await.map_err(log_error) })
    }

    fn snapshot<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Option<Snapshot>, LogError>> {
        Box::pin(async move { Ok(self.0.snapshot(ags).await.map_err(log_error)?.map(snapshot)) })
    }

    fn parts<'a>(&'a self, ags: &'a Ags, from: u64) -> BoxFuture<'a, Result<Vec<Part>, LogError>> {
        Box::pin(async move {
            let parts = self.0.room_parts(ags, from, limits::COMPACT_BYTES).await;
            let part = |part: StoredPart| Part {
                first: part.first,
                rows: part.updates.into_iter().map(row).collect(),
            };
            Ok(parts.map_err(log_error)?.into_iter().map(part).collect())
        })
    }

    fn rewrite<'a>(&'a self, ags: &'a Ags, parts: &'a [Part]) -> BoxFuture<'a, Result<(), LogError>> {
        let part = |part: &Part| StoredPart {
            first: part.first,
            updates: part.rows.iter().map(stored).collect(),
        };
        let parts: Vec<StoredPart> = parts.iter().map(part).collect();
        let (store, ags) = (self.0.clone(), ags.clone());
        let rewrite = async move { store.rewrite_parts(&ags, &parts).await };
        Box::pin(async move { self.0.on_own_runtime(rewrite).await.map_err(log_error) })
    }

    fn rewrite_claims<'a>(&'a self, ags: &'a Ags, claims: &'a [Claim]) -> BoxFuture<'a, Result<(), LogError>> {
        let claims = claims.iter().map(stored_claim).collect();
        let (store, ags) = (self.0.clone(), ags.clone());
        let rewrite = async move { store.rewrite_claims(&ags, claims).await };
        Box::pin(async move { self.0.on_own_runtime(rewrite).await.map_err(log_error) })
    }

    fn quarantine<'a>(&'a self, ags: &'a Ags, update: &'a Quarantined) -> BoxFuture<'a, Result<(), LogError>> {
        let update = QuarantinedUpdate {
            hash: update.hash.clone(),
            bytes: update.bytes as u64,
            update: update.update.clone(),
            by: update.by.0.clone(),
            at_ms: update.at_ms,
        };
        Box::pin(async move {
            let kept = self.0.quarantine(ags, &update, limits::QUARANTINE_UPDATES).await;
            kept.map_err(log_error)
        })
    }
}

fn snapshot(stored: StoredSnapshot) -> Snapshot {
    Snapshot {
        seq: stored.seq,
        update: stored.update,
        at_ms: stored.at_ms,
    }
}

fn stored_claim(claim: &Claim) -> store::Claim {
    store::Claim {
        client: claim.client_id,
        by: claim.participant.0.clone(),
    }
}

fn batch((updates, claims): StoredLog) -> Batch {
    let claim = |claim: store::Claim| Claim {
        client_id: claim.client,
        participant: ParticipantId(claim.by),
    };
    Batch {
        rows: updates.into_iter().map(row).collect(),
        claims: claims.into_iter().map(claim).collect(),
    }
}

fn row(update: StoredUpdate) -> LogRow {
    LogRow {
        seq: update.seq,
        update: update.update,
        by: ParticipantId(update.by),
        at_ms: update.at_ms,
    }
}

fn stored(row: &LogRow) -> StoredUpdate {
    StoredUpdate {
        seq: row.seq,
        update: row.update.clone(),
        by: row.by.0.clone(),
        at_ms: row.at_ms,
    }
}

fn log_error(error: StoreError) -> LogError {
    match error {
        StoreError::Exists | StoreError::Conflict => LogError::Conflict,
        other => LogError::Unavailable(other.to_string()),
    }
}
