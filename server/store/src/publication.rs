//! Published texts: frozen copies, the newest of which citizens read.

use model::{
    ags::Ags,
    leitbild::{Leitbild, Published},
};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, neighbours::points_of, retried};

#[derive(Clone, Debug, SurrealValue)]
struct PublicationRow {
    leitbild: String,
    date: String,
}

impl Store {
    /// Freezes `leitbild` as the newest published text of `ags`. Earlier ones are kept.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publish(&self, ags: &Ags, leitbild: &Leitbild, date: &str) -> Result<(), StoreError> {
        let text = serde_json::to_string(leitbild).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let points = points_of(ags, leitbild, date);
        retried(|| async {
            // CREATE on the counted key: two publishers at once cannot both become the same number.
            self.db
                .query(
                    "BEGIN;
                     LET $n = array::len(SELECT VALUE id FROM publication WHERE ags = $ags) + 1;
                     CREATE type::record('publication', [$ags, $n]) CONTENT { ags: $ags, leitbild: $text, date: $date };
                     DELETE published_point WHERE ags = $ags;
                     INSERT INTO published_point $points;
                     COMMIT;",
                )
                .bind(("ags", ags.to_string()))
                .bind(("text", text.clone()))
                .bind(("date", date.to_owned()))
                .bind(("points", points.clone()))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }

    /// The text that citizens read.
    ///
    /// # Errors
    /// What the database says.
    pub async fn published(&self, ags: &Ags) -> Result<Option<Published>, StoreError> {
        let rows: Vec<PublicationRow> = self
            .db
            .query("SELECT leitbild, date, id FROM publication WHERE ags = $ags ORDER BY id DESC LIMIT 1")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        rows.into_iter()
            .next()
            .map(|row| {
                let leitbild = serde_json::from_str(&row.leitbild)
                    .map_err(|error| StoreError::Unreadable(format!("published text of {ags}: {error}")))?;
                Ok(Published {
                    leitbild,
                    date: row.date,
                })
            })
            .transpose()
    }
}
