//! Updates that broke a document, kept for whoever examines them.

use model::ags::Ags;
use surrealdb::types::{Bytes, SurrealValue};

use crate::{Store, StoreError, retried};

/// An update that broke a document while it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedUpdate {
    /// SHA-256 of the whole update, hexadecimal.
    pub hash: String,
    /// How long the whole update is, in bytes.
    pub bytes: u64,
    /// Its beginning.
    pub update: Vec<u8>,
    /// Participant who sent it.
    pub by: String,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct Row {
    ags: String,
    hash: String,
    size: i64,
    payload: Bytes,
    by: String,
    at_ms: i64,
}

impl Store {
    /// Keeps an update, and of each room at most the newest `most`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn quarantine(&self, ags: &Ags, update: &QuarantinedUpdate, most: usize) -> Result<(), StoreError> {
        let row = Row {
            ags: ags.to_string(),
            hash: update.hash.clone(),
            size: i64::try_from(update.bytes).unwrap_or(i64::MAX),
            payload: Bytes::from(update.update.clone()),
            by: update.by.clone(),
            at_ms: update.at_ms,
        };
        retried(|| async {
            self.db
                .query(
                    "BEGIN;
                     UPSERT type::record('room_quarantine', [$row.ags, $row.hash]) CONTENT $row RETURN NONE;
                     LET $old = SELECT id, at_ms FROM room_quarantine WHERE ags = $row.ags
                         ORDER BY at_ms DESC START $most;
                     FOR $gone IN $old { DELETE $gone.id RETURN NONE; };
                     COMMIT;",
                )
                .bind(("row", row.clone()))
                .bind(("most", i64::try_from(most).unwrap_or(i64::MAX)))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }

    /// A room's updates in quarantine, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn quarantined(&self, ags: &Ags) -> Result<Vec<QuarantinedUpdate>, StoreError> {
        let rows: Vec<Row> = self
            .db
            .query(
                "SELECT ags, hash, size, payload, by, at_ms FROM room_quarantine WHERE ags = $ags ORDER BY at_ms DESC",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        Ok(rows
            .into_iter()
            .map(|row| QuarantinedUpdate {
                hash: row.hash,
                bytes: row.size.unsigned_abs(),
                update: row.payload.into_inner().to_vec(),
                by: row.by,
                at_ms: row.at_ms,
            })
            .collect())
    }
}
