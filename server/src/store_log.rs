//! The rooms' log, kept in the store.

use model::ags::Ags;
use store::{Store, StoreError, StoredUpdate};

use crate::rooms::{Batch, Claim, Log, LogError, LogRow, ParticipantId, log::BoxFuture};

/// The log of all rooms over the database.
#[derive(Clone, Debug)]
pub struct StoreLog(pub Store);

impl Log for StoreLog {
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        Box::pin(async move {
            let (updates, claims) = self.0.room_log(ags).await.map_err(log_error)?;
            let rows = updates
                .into_iter()
                .map(|row| LogRow {
                    seq: row.seq,
                    update: row.update,
                    by: ParticipantId(row.by),
                    at_ms: row.at_ms,
                })
                .collect();
            let claims = claims
                .into_iter()
                .map(|claim| Claim {
                    client_id: claim.client,
                    participant: ParticipantId(claim.by),
                })
                .collect();
            Ok(Batch { rows, claims })
        })
    }

    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        let updates = batch
            .rows
            .iter()
            .map(|row| StoredUpdate {
                seq: row.seq,
                update: row.update.clone(),
                by: row.by.0.clone(),
                at_ms: row.at_ms,
            })
            .collect();
        let claims = batch
            .claims
            .iter()
            .map(|claim| store::Claim {
                client: claim.client_id,
                by: claim.participant.0.clone(),
            })
            .collect();
        let (store, ags) = (self.0.clone(), ags.clone());
        let append = async move { store.append_to_room(&ags, updates, claims).await };
        Box::pin(async move { self.0.on_own_runtime(append).await.map_err(log_error) })
    }
}

fn log_error(error: StoreError) -> LogError {
    match error {
        StoreError::Exists | StoreError::Conflict => LogError::Conflict,
        other => LogError::Unavailable(other.to_string()),
    }
}
