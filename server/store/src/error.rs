//! What can go wrong in the store.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Two writers met; the caller may repeat.
    #[error("another writer changed the same rows at the same time")]
    Conflict,
    /// A row that must be new is there already: for the log of a room, a second writer.
    #[error("a row with this key exists already")]
    Exists,
    /// A file store was asked for without durable commits.
    #[error("the address of a file store must end in ?sync=every")]
    NotDurable,
    /// A stored row does not have the form it was written in.
    #[error("stored row cannot be read: {0}")]
    Unreadable(String),
    /// The tables are of a newer version of the program.
    #[error("the database was written by a newer version (migration {found}, this program knows {known})")]
    TooNew { found: i64, known: i64 },
    /// The engine panicked over the work, or its runtime ended.
    #[error("the database stopped working on this")]
    Stopped,
    /// The files of the database could not be made ready.
    #[error("the files of the database: {0}")]
    Files(#[from] std::io::Error),
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(surrealdb::Error),
}

impl From<surrealdb::Error> for StoreError {
    fn from(error: surrealdb::Error) -> Self {
        // Conflicts at COMMIT arrive as text in some paths and as details in others.
        let text = error.to_string();
        if text.contains("conflict") {
            Self::Conflict
        } else if text.contains("already exists") {
            Self::Exists
        } else {
            Self::Database(error)
        }
    }
}
