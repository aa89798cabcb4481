//! The logs of the rooms: every admitted update, in order, never changed afterwards.

use model::ags::Ags;
use surrealdb::types::{Bytes, SurrealValue};

use crate::{Store, StoreError};

/// One logged update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUpdate {
    /// Position in the room's log, from 1, without gaps.
    pub seq: u64,
    /// Yjs update, encoding v1.
    pub update: Vec<u8>,
    /// Participant who brought it.
    pub by: String,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
}

/// A client id and the participant it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub client: u64,
    pub by: String,
}

#[derive(Clone, Debug, SurrealValue)]
struct UpdateRow {
    ags: String,
    seq: i64,
    payload: Bytes,
    by: String,
    at_ms: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct ClientRow {
    ags: String,
    client: String,
    by: String,
}

impl Store {
    /// A room's whole log with its claims, updates in order of `seq`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn room_log(&self, ags: &Ags) -> Result<(Vec<StoredUpdate>, Vec<Claim>), StoreError> {
        let mut answer = self
            .db
            .query(
                "SELECT ags, seq, payload, by, at_ms FROM room_update:[$ags, 0]..[$ags, 9223372036854775807];
                 SELECT ags, client, by FROM room_client WHERE ags = $ags;",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        let updates: Vec<UpdateRow> = answer.take(0)?;
        let clients: Vec<ClientRow> = answer.take(1)?;
        let updates = updates
            .into_iter()
            .map(|row| {
                let seq = u64::try_from(row.seq).map_err(|_| StoreError::Unreadable(format!("seq {}", row.seq)))?;
                Ok(StoredUpdate {
                    seq,
                    update: row.payload.into_inner().to_vec(),
                    by: row.by,
                    at_ms: row.at_ms,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let claims = clients
            .into_iter()
            .map(|row| {
                let client = row
                    .client
                    .parse()
                    .map_err(|_| StoreError::Unreadable(format!("client {}", row.client)))?;
                Ok(Claim { client, by: row.by })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok((updates, claims))
    }

    /// Appends to a room's log in one durable commit: when this returns, the rows survive a crash.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when a `seq` is taken, which means that somebody else writes this room too; otherwise what
    /// the database says. Nothing was written then.
    pub async fn append_to_room(
        &self,
        ags: &Ags,
        updates: Vec<StoredUpdate>,
        claims: Vec<Claim>,
    ) -> Result<(), StoreError> {
        let updates = updates
            .into_iter()
            .map(|row| {
                let seq = i64::try_from(row.seq).map_err(|_| StoreError::Unreadable(format!("seq {}", row.seq)))?;
                Ok(UpdateRow {
                    ags: ags.to_string(),
                    seq,
                    payload: Bytes::from(row.update),
                    by: row.by,
                    at_ms: row.at_ms,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let clients: Vec<_> = claims
            .into_iter()
            .map(|claim| ClientRow {
                ags: ags.to_string(),
                client: claim.client.to_string(),
                by: claim.by,
            })
            .collect();
        self.db
            .query(
                "BEGIN;
                 FOR $row IN $updates { CREATE type::record('room_update', [$row.ags, $row.seq]) CONTENT $row; };
                 FOR $row IN $clients { CREATE type::record('room_client', [$row.ags, $row.client]) CONTENT $row; };
                 COMMIT;",
            )
            .bind(("updates", updates))
            .bind(("clients", clients))
            .await?
            .check()?;
        Ok(())
    }
}
