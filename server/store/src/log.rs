//! The logs of the rooms: every admitted update, in order. Only compaction changes what is there, and it loses no update.

use model::ags::Ags;
use surrealdb::types::{Bytes, SurrealValue};

use crate::{Store, StoreError, packed};

/// One logged update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUpdate {
    /// Position in the room's log, from 1. Where older updates were merged into one, it has the place of the last.
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

/// Updates in order of `seq`, and all claims of their room.
pub type StoredLog = (Vec<StoredUpdate>, Vec<Claim>);

/// Updates of one commit, or what compaction made of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// The first number that this part covers.
    pub first: u64,
    /// By ascending `seq`; the last one ends the part.
    pub updates: Vec<StoredUpdate>,
}

/// A whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The update that it includes everything up to.
    pub seq: u64,
    /// Yjs update, encoding v1.
    pub update: Vec<u8>,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct UpdateRow {
    ags: String,
    seq: i64,
    last: Option<i64>,
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

#[derive(Clone, Debug, SurrealValue)]
struct SnapshotRow {
    ags: String,
    seq: i64,
    payload: Bytes,
    at_ms: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct NameRow {
    ags: String,
    seq: i64,
    name: String,
}

impl Store {
    /// A room's whole log with its claims, updates in order of `seq`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn room_log(&self, ags: &Ags) -> Result<StoredLog, StoreError> {
        let (parts, claims) = self.parts_after(ags, 0).await?;
        Ok((parts.into_iter().flat_map(|part| part.updates).collect(), claims))
    }

    /// The updates after `seq`, where a commit ended, and all claims. None when the next update is not the one after
    /// `seq`, which means that no commit ended there.
    ///
    /// # Errors
    /// What the database says.
    pub async fn room_log_after(&self, ags: &Ags, seq: u64) -> Result<Option<StoredLog>, StoreError> {
        let (parts, claims) = self.parts_after(ags, seq).await?;
        if parts.first().is_some_and(|part| part.first != seq + 1) {
            return Ok(None);
        }
        Ok(Some((
            parts.into_iter().flat_map(|part| part.updates).collect(),
            claims,
        )))
    }

    async fn parts_after(&self, ags: &Ags, seq: u64) -> Result<(Vec<StoredPart>, Vec<Claim>), StoreError> {
        let mut answer = self
            .db
            .query(
                "SELECT ags, seq, last, payload, by, at_ms
                     FROM room_update:[$ags, $from]..[$ags, 9223372036854775807];
                 SELECT ags, client, by FROM room_client WHERE ags = $ags;",
            )
            .bind(("ags", ags.to_string()))
            .bind(("from", number(seq)?.saturating_add(1)))
            .await?
            .check()?;
        let updates: Vec<UpdateRow> = answer.take(0)?;
        let clients: Vec<ClientRow> = answer.take(1)?;
        let parts = updates.into_iter().map(part).collect::<Result<_, StoreError>>()?;
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
        Ok((parts, claims))
    }

    /// Appends to a room's log in one durable commit: when this returns, the rows survive a crash. A client id that is
    /// claimed already stays whose it is.
    ///
    /// Whoever appends has read everything before and goes on right behind it. The commit is one record under the number
    /// of its first update, so two who do so at once cannot both succeed.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when the first `seq` is taken, which means that somebody else writes this room too;
    /// otherwise what the database says. Nothing was written then.
    pub async fn append_to_room(
        &self,
        ags: &Ags,
        updates: Vec<StoredUpdate>,
        claims: Vec<Claim>,
    ) -> Result<(), StoreError> {
        let rows = match updates.first() {
            Some(first) => vec![row(ags, first.seq, &updates)?],
            None => Vec::new(),
        };
        let clients = client_rows(ags, claims);
        self.db
            .query(
                "BEGIN;
                 FOR $row IN $rows { CREATE type::record('room_update', [$row.ags, $row.seq]) CONTENT $row RETURN NONE; };
                 FOR $row IN $clients {
                     INSERT IGNORE INTO room_client {
                         id: [$row.ags, $row.client], ags: $row.ags, client: $row.client, by: $row.by
                     } RETURN NONE;
                 };
                 COMMIT;",
            )
            .bind(("rows", rows))
            .bind(("clients", clients))
            .await?
            .check()?;
        Ok(())
    }

    /// The newest snapshot of a room.
    ///
    /// # Errors
    /// What the database says.
    pub async fn snapshot(&self, ags: &Ags) -> Result<Option<StoredSnapshot>, StoreError> {
        let rows: Vec<SnapshotRow> = self
            .db
            .query(
                "SELECT ags, seq, payload, at_ms FROM room_snapshot:[$ags, 0]..[$ags, 9223372036854775807]
                     ORDER BY seq DESC LIMIT 1",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        let snapshot = rows.into_iter().next().map(|row| {
            Ok(StoredSnapshot {
                seq: place(row.seq)?,
                update: row.payload.into_inner().to_vec(),
                at_ms: row.at_ms,
            })
        });
        snapshot.transpose()
    }

    /// Keeps a snapshot in the place of all earlier ones.
    ///
    /// # Errors
    /// What the database says; then the earlier ones are still there.
    pub async fn put_snapshot(&self, ags: &Ags, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        let row = SnapshotRow {
            ags: ags.to_string(),
            seq: number(snapshot.seq)?,
            payload: Bytes::from(snapshot.update.clone()),
            at_ms: snapshot.at_ms,
        };
        self.db
            .query(
                "BEGIN;
                 DELETE room_snapshot:[$ags, 0]..[$ags, $seq] RETURN NONE;
                 UPSERT type::record('room_snapshot', [$row.ags, $row.seq]) CONTENT $row RETURN NONE;
                 COMMIT;",
            )
            .bind(("ags", ags.to_string()))
            .bind(("seq", row.seq))
            .bind(("row", row))
            .await?
            .check()?;
        Ok(())
    }

    /// Names the state after update `seq`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn name_state(&self, ags: &Ags, seq: u64, name: &str) -> Result<(), StoreError> {
        let row = NameRow {
            ags: ags.to_string(),
            seq: number(seq)?,
            name: name.to_owned(),
        };
        self.db
            .query("UPSERT type::record('room_name', [$row.ags, $row.seq]) CONTENT $row RETURN NONE")
            .bind(("row", row))
            .await?
            .check()?;
        Ok(())
    }

    /// The named states of a room, in order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn state_names(&self, ags: &Ags) -> Result<Vec<(u64, String)>, StoreError> {
        let rows: Vec<NameRow> = self
            .db
            .query("SELECT ags, seq, name FROM room_name:[$ags, 0]..[$ags, 9223372036854775807]")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        rows.into_iter().map(|row| Ok((place(row.seq)?, row.name))).collect()
    }

    /// Parts of a room's log in order, beginning with the one that begins at `from`, up to about `bytes` bytes, one at
    /// least; none when nothing begins there.
    ///
    /// # Errors
    /// What the database says.
    pub async fn room_parts(&self, ags: &Ags, from: u64, bytes: usize) -> Result<Vec<StoredPart>, StoreError> {
        /// Bounds what one answer holds even when every record is large.
        const RECORDS: i64 = 64;
        let rows: Vec<UpdateRow> = self
            .db
            .query(
                "SELECT ags, seq, last, payload, by, at_ms
                     FROM room_update:[$ags, $from]..[$ags, 9223372036854775807] LIMIT $records",
            )
            .bind(("ags", ags.to_string()))
            .bind(("from", number(from)?))
            .bind(("records", RECORDS))
            .await?
            .take(0)?;
        let mut taken = 0;
        rows.into_iter()
            .take_while(|row| {
                let fits = taken < bytes;
                taken += row.payload.len();
                fits
            })
            .map(part)
            .collect()
    }

    /// Puts `parts`, which cover a stretch of the log without gaps, in the place of those that cover it now. Snapshots
    /// within the stretch go: what comes after them no longer begins there.
    ///
    /// # Errors
    /// What the database says; then nothing was changed.
    pub async fn rewrite_parts(&self, ags: &Ags, parts: &[StoredPart]) -> Result<(), StoreError> {
        let rows = parts
            .iter()
            .map(|part| row(ags, part.first, &part.updates))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let (Some(from), Some(last)) = (rows.first().map(|row| row.seq), rows.last().and_then(|row| row.last)) else {
            return Ok(());
        };
        self.db
            .query(
                "BEGIN;
                 DELETE room_update:[$ags, $from]..[$ags, $end] RETURN NONE;
                 DELETE room_snapshot:[$ags, $from]..[$ags, $last] RETURN NONE;
                 FOR $row IN $rows { CREATE type::record('room_update', [$row.ags, $row.seq]) CONTENT $row RETURN NONE; };
                 COMMIT;",
            )
            .bind(("ags", ags.to_string()))
            .bind(("from", from))
            .bind(("last", last))
            .bind(("end", last.saturating_add(1)))
            .bind(("rows", rows))
            .await?
            .check()?;
        Ok(())
    }

    /// Writes claims that are there already once more.
    ///
    /// # Errors
    /// What the database says; then nothing was changed.
    pub async fn rewrite_claims(&self, ags: &Ags, claims: Vec<Claim>) -> Result<(), StoreError> {
        self.db
            .query(
                "BEGIN;
                 FOR $row IN $clients {
                     UPSERT type::record('room_client', [$row.ags, $row.client]) CONTENT $row RETURN NONE;
                 };
                 COMMIT;",
            )
            .bind(("clients", client_rows(ags, claims)))
            .await?
            .check()?;
        Ok(())
    }
}

fn client_rows(ags: &Ags, claims: Vec<Claim>) -> Vec<ClientRow> {
    claims
        .into_iter()
        .map(|claim| ClientRow {
            ags: ags.to_string(),
            client: claim.client.to_string(),
            by: claim.by,
        })
        .collect()
}

/// The record of some updates.
fn row(ags: &Ags, first: u64, updates: &[StoredUpdate]) -> Result<UpdateRow, StoreError> {
    let last = updates
        .last()
        .ok_or_else(|| StoreError::Unreadable("a commit without updates".to_owned()))?;
    Ok(UpdateRow {
        ags: ags.to_string(),
        seq: number(first)?,
        last: Some(number(last.seq)?),
        payload: Bytes::from(packed::pack(updates)),
        by: String::new(),
        at_ms: last.at_ms,
    })
}

/// The updates of a record.
fn part(row: UpdateRow) -> Result<StoredPart, StoreError> {
    let first = place(row.seq)?;
    let payload = row.payload.into_inner();
    let updates = match row.last {
        Some(_) => packed::unpack(&payload)?,
        None => vec![StoredUpdate {
            seq: first,
            update: payload.to_vec(),
            by: row.by,
            at_ms: row.at_ms,
        }],
    };
    Ok(StoredPart { first, updates })
}

fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::Unreadable(format!("seq {seq}")))
}

fn place(seq: i64) -> Result<u64, StoreError> {
    u64::try_from(seq).map_err(|_| StoreError::Unreadable(format!("seq {seq}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn records_from_before_there_were_parts_are_read() {
        let store = Store::open("mem://").await.unwrap();
        let ags = Ags::new("05566").unwrap();
        for seq in 1..=3_i64 {
            store
                .db
                .query(
                    "CREATE type::record('room_update', [$ags, $seq])
                         CONTENT { ags: $ags, seq: $seq, payload: $payload, by: 'p', at_ms: 7 }",
                )
                .bind(("ags", ags.to_string()))
                .bind(("seq", seq))
                .bind(("payload", Bytes::from(vec![0, 0])))
                .await
                .unwrap()
                .check()
                .unwrap();
        }
        let (updates, _) = store.room_log(&ags).await.unwrap();
        let old = |seq| StoredUpdate {
            seq,
            update: vec![0, 0],
            by: "p".to_owned(),
            at_ms: 7,
        };
        assert_eq!(updates, (1..=3).map(old).collect::<Vec<_>>());
        // The log goes on in the new form.
        store
            .append_to_room(&ags, vec![old(4), old(5)], Vec::new())
            .await
            .unwrap();
        assert_eq!(store.room_log(&ags).await.unwrap().0.len(), 5);
        let (rest, _) = store.room_log_after(&ags, 3).await.unwrap().unwrap();
        assert_eq!(rest, [old(4), old(5)]);
    }
}
