//! Threads of comments and suggestions. What may be done with them is decided by `model::talk`; this only keeps them.

use model::{
    ags::Ags,
    role::Role,
    talk::{Author, Thread, Threads, erase},
};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, retried};

/// A change of a thread that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadChange {
    pub thread: Thread,
    /// False: it had been carried out before, and nothing was changed.
    pub is_new: bool,
}

/// Who asks for a change, and what their browser calls it.
#[derive(Clone, Copy, Debug)]
pub struct ChangeKey<'a> {
    pub by: &'a str,
    pub key: &'a str,
    /// Milliseconds since 1970, UTC.
    pub at_ms: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct ThreadRow {
    version: i64,
    body: String,
}

#[derive(Clone, Debug, SurrealValue)]
struct AuthorRow {
    id: String,
    name: String,
    color: i64,
}

impl Store {
    /// All threads of a place, with the number of the last change that is in them for certain, and everybody's names.
    ///
    /// # Errors
    /// What the database says.
    pub async fn threads(&self, ags: &Ags) -> Result<Threads, StoreError> {
        // The number first: what is changed meanwhile is then in the threads, and told once more.
        let mut answer = self
            .db
            .query(
                "SELECT VALUE number FROM ONLY type::record('talk_count', $ags);
                 SELECT version, body FROM talk_thread WHERE ags = $ags;",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        let number: Option<i64> = answer.take(0)?;
        let rows: Vec<ThreadRow> = answer.take(1)?;
        let threads = rows.into_iter().map(thread).collect::<Result<Vec<_>, _>>()?;
        let mut people: Vec<String> = threads.iter().flat_map(Thread::people).map(str::to_owned).collect();
        people.sort();
        people.dedup();
        Ok(Threads {
            number: number.unwrap_or(0).unsigned_abs(),
            authors: self.people_named(ags, people).await?,
            threads,
        })
    }

    /// One thread.
    ///
    /// # Errors
    /// What the database says.
    pub async fn thread(&self, ags: &Ags, id: &str) -> Result<Option<Thread>, StoreError> {
        let row: Option<ThreadRow> = self
            .db
            .query("SELECT version, body FROM ONLY type::record('talk_thread', [$ags, $id])")
            .bind(("ags", ags.to_string()))
            .bind(("id", id.to_owned()))
            .await?
            .take(0)?;
        row.map(thread).transpose()
    }

    /// How many threads a place has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn thread_count(&self, ags: &Ags) -> Result<usize, StoreError> {
        let ids: Vec<String> = self
            .db
            .query("SELECT VALUE record::id(id)[1] FROM talk_thread WHERE ags = $ags")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        Ok(ids.len())
    }

    /// Was a change with this key carried out? The thread that it was about.
    ///
    /// # Errors
    /// What the database says.
    pub async fn changed_before(&self, ags: &Ags, key: ChangeKey<'_>) -> Result<Option<String>, StoreError> {
        let threads: Vec<String> = self
            .db
            .query("SELECT VALUE thread FROM talk_change WHERE ags = $ags AND by = $by AND key = $key")
            .bind(("ags", ags.to_string()))
            .bind(("by", key.by.to_owned()))
            .bind(("key", key.key.to_owned()))
            .await?
            .take(0)?;
        Ok(threads.into_iter().next())
    }

    /// Changes a thread, or begins one, unless a change with this key was carried out before. `change` may be asked again
    /// when somebody else was quicker.
    ///
    /// # Errors
    /// What the database says; inside, what `change` says.
    pub async fn change_thread<E>(
        &self,
        ags: &Ags,
        id: &str,
        key: ChangeKey<'_>,
        change: impl Fn(Option<Thread>) -> Result<Thread, E>,
    ) -> Result<Result<ThreadChange, E>, StoreError> {
        retried(|| async {
            if let Some(thread) = self.changed_before(ags, key).await?
                && let Some(thread) = self.thread(ags, &thread).await?
            {
                return Ok(Ok(ThreadChange { thread, is_new: false }));
            }
            let changed = match change(self.thread(ags, id).await?) {
                Ok(changed) => changed,
                Err(error) => return Ok(Err(error)),
            };
            let thread = self.put_thread(ags, key, changed).await?;
            Ok(Ok(ThreadChange { thread, is_new: true }))
        })
        .await
    }

    /// Erases what a participant said in a place's threads, their name and their sector. Answers with the threads that changed.
    ///
    /// # Errors
    /// What the database says. Done again, it does what is left.
    pub async fn erase_participant(&self, ags: &Ags, participant: &str, at_ms: i64) -> Result<Vec<Thread>, StoreError> {
        let ids: Vec<String> = self
            .db
            .query("SELECT VALUE record::id(id)[1] FROM talk_thread WHERE ags = $ags AND $by IN people")
            .bind(("ags", ags.to_string()))
            .bind(("by", participant.to_owned()))
            .await?
            .take(0)?;
        let mut erased = Vec::new();
        for id in ids {
            let thread = retried(|| async {
                let Some(mut thread) = self.thread(ags, &id).await? else {
                    return Ok(None);
                };
                if !erase(&mut thread, participant) {
                    return Ok(None);
                }
                let key = ChangeKey { by: "", key: "", at_ms };
                self.put_thread(ags, key, thread).await.map(Some)
            })
            .await?;
            erased.extend(thread);
        }
        // Last: while there is a name, the person can still be chosen to do what is left.
        self.db
            .query("UPDATE type::record('participant', $id) SET name = '', sector = NONE WHERE ags = $ags")
            .bind(("id", participant.to_owned()))
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        Ok(erased)
    }

    /// Sets what a participant may do, whatever their link says. Answers whether there is such a participant.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_participant_role(&self, ags: &Ags, participant: &str, role: Role) -> Result<bool, StoreError> {
        let changed: Vec<String> = self
            .db
            .query(
                "SELECT VALUE record::id(id) FROM
                     (UPDATE type::record('participant', $id) SET role = $role WHERE ags = $ags)",
            )
            .bind(("id", participant.to_owned()))
            .bind(("ags", ags.to_string()))
            .bind(("role", role.as_str().to_owned()))
            .await?
            .take(0)?;
        Ok(!changed.is_empty())
    }

    /// The names of these participants of a place; none for those who are unknown.
    ///
    /// # Errors
    /// What the database says.
    pub async fn people_named(&self, ags: &Ags, participants: Vec<String>) -> Result<Vec<Author>, StoreError> {
        if participants.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<AuthorRow> = self
            .db
            .query(
                "SELECT record::id(id) AS id, name, color FROM participant WHERE ags = $ags AND record::id(id) IN $ids",
            )
            .bind(("ags", ags.to_string()))
            .bind(("ids", participants))
            .await?
            .take(0)?;
        Ok(rows
            .into_iter()
            .map(|row| Author {
                participant: row.id,
                name: row.name,
                color: u8::try_from(row.color).unwrap_or(0),
            })
            .collect())
    }

    /// Writes a thread as the next change. A change without a key is called by its number.
    async fn put_thread(&self, ags: &Ags, key: ChangeKey<'_>, mut thread: Thread) -> Result<Thread, StoreError> {
        let last: Option<i64> = self
            .db
            .query("SELECT VALUE number FROM ONLY type::record('talk_count', $ags)")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        let number = last.unwrap_or(0) + 1;
        thread.version = number.unsigned_abs();
        let body = serde_json::to_string(&thread).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let mut people: Vec<String> = thread.people().map(str::to_owned).collect();
        people.sort();
        people.dedup();
        let name = if key.key.is_empty() {
            number.to_string()
        } else {
            key.key.to_owned()
        };
        let written = self
            .db
            .query(
                "BEGIN;
                 CREATE type::record('talk_change', [$ags, $number]) CONTENT {
                     ags: $ags, by: $by, key: $key, thread: $id, at_ms: $at
                 } RETURN NONE;
                 UPSERT type::record('talk_count', $ags) SET number = $number RETURN NONE;
                 UPSERT type::record('talk_thread', [$ags, $id]) CONTENT {
                     ags: $ags, version: $number, body: $body, people: $people
                 } RETURN NONE;
                 COMMIT;",
            )
            .bind(("ags", ags.to_string()))
            .bind(("number", number))
            .bind(("by", key.by.to_owned()))
            .bind(("key", name))
            .bind(("id", thread.id.clone()))
            .bind(("at", key.at_ms))
            .bind(("body", body))
            .bind(("people", people))
            .await
            .and_then(surrealdb::IndexedResults::check);
        match written.map_err(StoreError::from) {
            Ok(_) => Ok(thread),
            // Somebody else made this change, or sent the same one at the same time: look again.
            Err(StoreError::Exists) => Err(StoreError::Conflict),
            Err(error) => Err(error),
        }
    }
}

fn thread(row: ThreadRow) -> Result<Thread, StoreError> {
    let thread: Thread =
        serde_json::from_str(&row.body).map_err(|error| StoreError::Unreadable(format!("a thread: {error}")))?;
    Ok(Thread {
        version: row.version.unsigned_abs(),
        ..thread
    })
}
