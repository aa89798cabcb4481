//! Who gets in: the coordinator's account, sessions, links and participants. Secrets arrive here already hashed.

use model::{ags::Ags, role::Role, sector::Sector};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, retried};

/// How long a browser is known, in seconds: a workshop's follow-up takes weeks. Its cookie is kept as long.
pub const SESSION_S: i64 = 180 * 24 * 60 * 60;

/// A browser that was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Signed in as the coordinator.
    pub coordinator: bool,
}

/// A link that lets people in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: String,
    pub ags: Ags,
    pub role: Role,
    pub label: String,
    /// SHA-256 of the secret, hexadecimal.
    pub secret_hash: String,
    /// Day it was made, `YYYY-MM-DD`.
    pub created: String,
    pub withdrawn: bool,
    /// Made by the coordinator for their own browser: it counts for as long as that is signed in.
    pub own: bool,
}

/// A person in one municipality's draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: String,
    /// Id of the link by which the person came last.
    pub link: String,
    pub name: String,
    /// Index into the palette.
    pub color: u8,
    /// What a facilitator set this person to, if somebody did.
    pub role: Option<Role>,
}

impl Participant {
    /// What this person may do, having come by `link`. Only writing and suggesting are set for a person; what else a link
    /// allows counts.
    #[must_use]
    pub fn role_by(&self, link: &Link) -> Role {
        self.role.filter(|_| link.role.can_be_set()).unwrap_or(link.role)
    }
}

#[derive(Clone, Debug, SurrealValue)]
struct PersonRow {
    id: String,
    name: String,
}

#[derive(Clone, Debug, SurrealValue)]
struct LinkRow {
    id: String,
    ags: String,
    role: String,
    label: String,
    secret_hash: String,
    created: String,
    withdrawn: bool,
    own: Option<bool>,
}

#[derive(Clone, Debug, SurrealValue)]
struct SessionRow {
    coordinator: bool,
    created_s: i64,
}

#[derive(Clone, Debug, SurrealValue)]
struct ParticipantRow {
    id: String,
    link: String,
    name: String,
    color: i64,
    role: Option<String>,
}

const LINK_FIELDS: &str = "record::id(id) AS id, ags, role, label, secret_hash, created, withdrawn, own";

impl Store {
    /// The coordinator's password hash, if one was set.
    ///
    /// # Errors
    /// What the database says.
    pub async fn password_hash(&self) -> Result<Option<String>, StoreError> {
        Ok(self
            .db
            .query("SELECT VALUE password_hash FROM ONLY account:coordinator")
            .await?
            .take(0)?)
    }

    /// Sets the coordinator's password and ends all of the coordinator's sessions.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_password_hash(&self, hash: &str) -> Result<(), StoreError> {
        self.db
            .query(
                "BEGIN;
                 UPSERT account:coordinator SET password_hash = $hash;
                 UPDATE session SET coordinator = false WHERE coordinator = true;
                 COMMIT;",
            )
            .bind(("hash", hash.to_owned()))
            .await?
            .check()?;
        Ok(())
    }

    /// Keeps a one-time secret until `expires_s` (seconds since 1970). Earlier ones stop being valid.
    ///
    /// # Errors
    /// What the database says.
    pub async fn put_one_time(&self, secret_hash: &str, expires_s: i64) -> Result<(), StoreError> {
        self.db
            .query(
                "BEGIN;
                 DELETE one_time;
                 CREATE type::record('one_time', $hash) SET expires_s = $expires;
                 COMMIT;",
            )
            .bind(("hash", secret_hash.to_owned()))
            .bind(("expires", expires_s))
            .await?
            .check()?;
        Ok(())
    }

    /// Uses a one-time secret up. Answers whether it was valid.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take_one_time(&self, secret_hash: &str, now_s: i64) -> Result<bool, StoreError> {
        let taken: Vec<i64> = self
            .db
            .query("SELECT VALUE expires_s FROM (DELETE type::record('one_time', $hash) RETURN BEFORE)")
            .bind(("hash", secret_hash.to_owned()))
            .await?
            .take(0)?;
        Ok(taken.iter().any(|expires| *expires > now_s))
    }

    /// Adds a session, or brings an existing one up to date.
    ///
    /// # Errors
    /// What the database says.
    pub async fn put_session(&self, secret_hash: &str, session: Session, now_s: i64) -> Result<(), StoreError> {
        self.db
            .query("UPSERT type::record('session', $hash) SET coordinator = $coordinator, created_s = $now")
            .bind(("hash", secret_hash.to_owned()))
            .bind(("coordinator", session.coordinator))
            .bind(("now", now_s))
            .await?
            .check()?;
        Ok(())
    }

    /// The session of that secret, as long as it lasts ([`SESSION_S`]).
    ///
    /// # Errors
    /// What the database says.
    pub async fn session(&self, secret_hash: &str, now_s: i64) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = self
            .db
            .query("SELECT coordinator, created_s FROM ONLY type::record('session', $hash)")
            .bind(("hash", secret_hash.to_owned()))
            .await?
            .take(0)?;
        Ok(row
            .filter(|row| now_s < row.created_s.saturating_add(SESSION_S))
            .map(|row| Session {
                coordinator: row.coordinator,
            }))
    }

    /// Adds a link.
    ///
    /// # Errors
    /// What the database says.
    pub async fn add_link(&self, link: &Link) -> Result<(), StoreError> {
        self.db
            .query(
                "CREATE type::record('link', $id) CONTENT {
                     ags: $ags, role: $role, label: $label, secret_hash: $secret_hash, created: $created,
                     withdrawn: $withdrawn, own: $own
                 }",
            )
            .bind(LinkRow::from(link))
            .await?
            .check()?;
        Ok(())
    }

    /// All links of a municipality with how many people came by each, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn links(&self, ags: &Ags) -> Result<Vec<(Link, u32)>, StoreError> {
        let mut answer = self
            .db
            .query(format!(
                "SELECT {LINK_FIELDS} FROM link WHERE ags = $ags ORDER BY created DESC, id;
                 SELECT VALUE link FROM participant WHERE ags = $ags;"
            ))
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        let links: Vec<LinkRow> = answer.take(0)?;
        let joined: Vec<String> = answer.take(1)?;
        links
            .into_iter()
            .map(|row| {
                let people = joined.iter().filter(|link| **link == row.id).count();
                Ok((row.try_into()?, u32::try_from(people).unwrap_or(u32::MAX)))
            })
            .collect()
    }

    /// How many links of each municipality are valid.
    ///
    /// # Errors
    /// What the database says.
    pub async fn valid_links(&self) -> Result<Vec<String>, StoreError> {
        Ok(self
            .db
            .query("SELECT VALUE ags FROM link WHERE withdrawn = false")
            .await?
            .take(0)?)
    }

    /// The link of that secret, withdrawn or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn link_by_secret(&self, secret_hash: &str) -> Result<Option<Link>, StoreError> {
        let rows: Vec<LinkRow> = self
            .db
            .query(format!("SELECT {LINK_FIELDS} FROM link WHERE secret_hash = $hash"))
            .bind(("hash", secret_hash.to_owned()))
            .await?
            .take(0)?;
        rows.into_iter().next().map(TryInto::try_into).transpose()
    }

    /// Marks a link as withdrawn. Answers whether there was one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn withdraw_link(&self, ags: &Ags, id: &str) -> Result<bool, StoreError> {
        let changed: Vec<String> = self
            .db
            .query(
                "SELECT VALUE record::id(id) FROM
                     (UPDATE type::record('link', $id) SET withdrawn = true WHERE ags = $ags)",
            )
            .bind(("id", id.to_owned()))
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        Ok(!changed.is_empty())
    }

    /// The valid links that the coordinator made for browsers of their own which are no longer signed in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lapsed_links(&self, now_s: i64) -> Result<Vec<Link>, StoreError> {
        let rows: Vec<LinkRow> = self
            .db
            .query(format!(
                "SELECT {LINK_FIELDS} FROM link WHERE own = true AND withdrawn = false"
            ))
            .await?
            .take(0)?;
        let mut lapsed = Vec::new();
        for row in rows {
            let sessions: Vec<String> = self
                .db
                .query("SELECT VALUE session FROM participant WHERE link = $link")
                .bind(("link", row.id.clone()))
                .await?
                .take(0)?;
            // Without anybody it was made this very moment, or its browser came by another one since.
            let mut counts = sessions.is_empty();
            for session in sessions {
                let session = self.session(&session, now_s).await?;
                counts |= session.is_some_and(|session| session.coordinator);
            }
            if !counts {
                lapsed.push(Link::try_from(row)?);
            }
        }
        Ok(lapsed)
    }

    /// Who this browser is in a municipality, with the link it came by.
    ///
    /// # Errors
    /// What the database says.
    pub async fn participant(&self, session_hash: &str, ags: &Ags) -> Result<Option<(Participant, Link)>, StoreError> {
        let mut answer = self
            .db
            .query(format!(
                "LET $who = (SELECT record::id(id) AS id, link, name, color, role FROM participant
                     WHERE session = $browser AND ags = $ags);
                 RETURN $who;
                 SELECT {LINK_FIELDS} FROM link WHERE record::id(id) IN $who.link;"
            ))
            .bind(("browser", session_hash.to_owned()))
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        let participants: Vec<ParticipantRow> = answer.take(1)?;
        let links: Vec<LinkRow> = answer.take(2)?;
        match (participants.into_iter().next(), links.into_iter().next()) {
            (Some(participant), Some(link)) => Ok(Some((participant.into(), link.try_into()?))),
            _ => Ok(None),
        }
    }

    /// Whoever came by the one session is there by the other from now on.
    ///
    /// # Errors
    /// What the database says.
    pub async fn move_participants(&self, from_hash: &str, to_hash: &str) -> Result<(), StoreError> {
        retried(|| async {
            self.db
                .query("UPDATE participant SET session = $to WHERE session = $from")
                .bind(("from", from_hash.to_owned()))
                .bind(("to", to_hash.to_owned()))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }

    /// Adds a person, or brings name, link and sector of the same browser up to date; id and colour then stay.
    ///
    /// # Errors
    /// What the database says.
    pub async fn put_participant(
        &self,
        session_hash: &str,
        ags: &Ags,
        participant: &Participant,
        sector: Option<Sector>,
    ) -> Result<(), StoreError> {
        retried(|| async {
            self.db
                .query(
                    "BEGIN;
                     LET $known = SELECT VALUE id FROM participant WHERE session = $browser AND ags = $ags;
                     IF array::is_empty($known) {
                         CREATE type::record('participant', $id) CONTENT {
                             session: $browser, ags: $ags, link: $link, name: $name, color: $color,
                             sector: $sector
                         };
                     } ELSE {
                         UPDATE $known SET link = $link, name = $name, sector = $sector;
                     };
                     COMMIT;",
                )
                .bind(ParticipantRow::from(participant))
                .bind(("sector", sector.map(|sector| sector.as_str().to_owned())))
                .bind(("browser", session_hash.to_owned()))
                .bind(("ags", ags.to_string()))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }

    /// Id and name of those who have joined a municipality's draft, by name; without those who were erased.
    ///
    /// # Errors
    /// What the database says.
    pub async fn people(&self, ags: &Ags) -> Result<Vec<(String, String)>, StoreError> {
        let rows: Vec<PersonRow> = self
            .db
            .query(
                "SELECT record::id(id) AS id, name FROM participant WHERE ags = $ags AND name != '' ORDER BY name, id",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// How many people have joined a municipality's draft.
    ///
    /// # Errors
    /// What the database says.
    pub async fn participants(&self, ags: &Ags) -> Result<usize, StoreError> {
        let ids: Vec<String> = self
            .db
            .query("SELECT VALUE record::id(id) FROM participant WHERE ags = $ags")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        Ok(ids.len())
    }
}

impl From<&Link> for LinkRow {
    fn from(link: &Link) -> Self {
        Self {
            id: link.id.clone(),
            ags: link.ags.to_string(),
            role: link.role.as_str().to_owned(),
            label: link.label.clone(),
            secret_hash: link.secret_hash.clone(),
            created: link.created.clone(),
            withdrawn: link.withdrawn,
            own: Some(link.own),
        }
    }
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        let unreadable = |what: &str| StoreError::Unreadable(format!("{what} of link {}", row.id));
        Ok(Self {
            ags: Ags::new(&row.ags).map_err(|_| unreadable("place"))?,
            role: Role::parse(&row.role).ok_or_else(|| unreadable("role"))?,
            id: row.id,
            label: row.label,
            secret_hash: row.secret_hash,
            created: row.created,
            withdrawn: row.withdrawn,
            own: row.own.unwrap_or(false),
        })
    }
}

impl From<&Participant> for ParticipantRow {
    fn from(participant: &Participant) -> Self {
        Self {
            id: participant.id.clone(),
            link: participant.link.clone(),
            name: participant.name.clone(),
            color: i64::from(participant.color),
            role: participant.role.map(|role| role.as_str().to_owned()),
        }
    }
}

impl From<ParticipantRow> for Participant {
    fn from(row: ParticipantRow) -> Self {
        Self {
            id: row.id,
            link: row.link,
            name: row.name,
            color: u8::try_from(row.color).unwrap_or(0),
            role: row
                .role
                .as_deref()
                .and_then(Role::parse)
                .filter(|role| role.can_be_set()),
        }
    }
}

#[cfg(test)]
mod tests;
