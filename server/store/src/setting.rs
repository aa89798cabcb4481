//! What the coordinator set for the whole network.

use model::phase::{self, Phase};

use crate::{Store, StoreError, retried};

const PHASES: &str = "phases";

impl Store {
    /// The life phases of the Präventionskette, in order: the usual ones until somebody set others.
    ///
    /// # Errors
    /// What the database says.
    pub async fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        let values: Vec<String> = self
            .db
            .query("SELECT VALUE value FROM type::record('setting', $key)")
            .bind(("key", PHASES))
            .await?
            .take(0)?;
        match values.first() {
            Some(value) => serde_json::from_str(value)
                .map_err(|error| StoreError::Unreadable(format!("the setting {PHASES}: {error}"))),
            None => Ok(phase::usual()),
        }
    }

    /// Sets them, all at once.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_phases(&self, phases: &[Phase]) -> Result<(), StoreError> {
        let value = serde_json::to_string(phases).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        retried(|| async {
            self.db
                .query("UPSERT type::record('setting', $key) CONTENT { value: $value }")
                .bind(("key", PHASES))
                .bind(("value", value.clone()))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }
}
