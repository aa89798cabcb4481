//! Who wrote in a draft: the participants behind the client ids of its document.

use std::collections::BTreeMap;

use model::{ags::Ags, role::Role, sector::Sector};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError};

/// A participant with the client ids of all their pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAuthor {
    pub participant: String,
    /// Empty once it was erased.
    pub name: String,
    /// Index into the palette.
    pub color: u8,
    pub sector: Option<Sector>,
    /// Of the link by which the person came last.
    pub role: Option<Role>,
    pub clients: Vec<u64>,
}

#[derive(Debug, SurrealValue)]
struct ClientRow {
    client: String,
    by: String,
}

#[derive(Debug, SurrealValue)]
struct AuthorRow {
    id: String,
    name: String,
    color: i64,
    sector: Option<String>,
    link: String,
}

#[derive(Debug, SurrealValue)]
struct RoleRow {
    id: String,
    role: String,
}

impl Store {
    /// Everybody who wrote in the draft of `ags`. Words of an import or of a restored version have no participant and are
    /// nobody's here.
    ///
    /// # Errors
    /// What the database says.
    pub async fn authors(&self, ags: &Ags) -> Result<Vec<StoredAuthor>, StoreError> {
        let mut answer = self
            .db
            .query(
                "SELECT client, by FROM room_client WHERE ags = $ags;
                 SELECT record::id(id) AS id, name, color, sector, link FROM participant WHERE ags = $ags;
                 SELECT record::id(id) AS id, role FROM link WHERE ags = $ags;",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .check()?;
        let clients: Vec<ClientRow> = answer.take(0)?;
        let people: Vec<AuthorRow> = answer.take(1)?;
        let roles: Vec<RoleRow> = answer.take(2)?;
        let roles: BTreeMap<String, Option<Role>> =
            roles.into_iter().map(|row| (row.id, Role::parse(&row.role))).collect();
        let mut of: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for row in clients {
            let client = row.client.parse();
            let client = client.map_err(|_| StoreError::Unreadable(format!("client {}", row.client)))?;
            of.entry(row.by).or_default().push(client);
        }
        Ok(people
            .into_iter()
            .filter_map(|row| {
                Some(StoredAuthor {
                    clients: of.remove(&row.id)?,
                    participant: row.id,
                    name: row.name,
                    color: u8::try_from(row.color).unwrap_or(0),
                    sector: row.sector.as_deref().and_then(Sector::parse),
                    role: roles.get(&row.link).copied().flatten(),
                })
            })
            .collect())
    }
}
