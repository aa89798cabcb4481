//! Numbered migrations, append-only: a released file is never changed, a new one is added.

use surrealdb::{Surreal, engine::any::Any};

use crate::StoreError;

/// Every migration in order; the number is its position, from 1.
const MIGRATIONS: [&str; 9] = [
    include_str!("../migrations/0001_start.surql"),
    include_str!("../migrations/0002_quarantine.surql"),
    include_str!("../migrations/0003_history.surql"),
    include_str!("../migrations/0004_setting.surql"),
    include_str!("../migrations/0005_sector.surql"),
    include_str!("../migrations/0006_talk.surql"),
    include_str!("../migrations/0007_published_point.surql"),
    include_str!("../migrations/0008_versions.surql"),
    include_str!("../migrations/0009_own_link.surql"),
];

/// Runs what has not been run on this database yet, each migration in one transaction with its mark.
pub(crate) async fn run(db: &Surreal<Any>) -> Result<(), StoreError> {
    db.query(
        "DEFINE TABLE IF NOT EXISTS migration SCHEMAFULL; DEFINE FIELD IF NOT EXISTS number ON migration TYPE int;",
    )
    .await?
    .check()?;
    let found: Vec<i64> = db
        .query("SELECT VALUE number FROM migration ORDER BY number DESC LIMIT 1")
        .await?
        .take(0)?;
    let found = found.first().copied().unwrap_or(0);
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (number, migration) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
        db.query(format!(
            "BEGIN; {migration} CREATE migration SET number = $number; COMMIT;"
        ))
        .bind(("number", number))
        .await?
        .check()?;
        tracing::info!(migration = number, "The database's tables were brought up to date.");
    }
    Ok(())
}
