//! Municipalities and facts.

use std::collections::HashMap;

use model::{
    ags::Ags,
    fact::{Fact, FactKey, YearFact},
    municipality::{Kind, MemberSummary, Municipality, Regierungsbezirk},
};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, retried};

/// What storing facts changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactChange {
    /// Rows that are new, or whose value differs from what the same source said under the same date before.
    pub added: u32,
    /// Rows that were there already.
    pub unchanged: u32,
}

#[derive(Clone, Debug, SurrealValue)]
struct PlaceRow {
    ags: String,
    name: String,
    kind: String,
    regierungsbezirk: String,
}

#[derive(Clone, Debug, SurrealValue)]
struct FactRow {
    ags: String,
    key: String,
    value: String,
    source: String,
    date: String,
}

impl Store {
    /// Adds places or brings their names up to date.
    ///
    /// # Errors
    /// What the database says; then nothing was changed.
    pub async fn put_municipalities(&self, places: &[Municipality]) -> Result<(), StoreError> {
        let rows: Vec<PlaceRow> = places.iter().map(PlaceRow::from).collect();
        retried(|| async {
            self.db
                .query(
                    "BEGIN;
                     FOR $row IN $rows {
                         UPSERT type::record('municipality', $row.ags) CONTENT {
                             name: $row.name, kind: $row.kind, regierungsbezirk: $row.regierungsbezirk
                         };
                     };
                     COMMIT;",
                )
                .bind(("rows", rows.clone()))
                .await?
                .check()?;
            Ok(())
        })
        .await
    }

    /// Adds facts. A source that says something else under the same date than before is taken at its newer word.
    ///
    /// # Errors
    /// What the database says; then nothing was changed.
    pub async fn put_facts(&self, facts: &[Fact]) -> Result<FactChange, StoreError> {
        let rows: Vec<FactRow> = facts.iter().map(FactRow::from).collect();
        retried(|| async {
            let mut answer = self
                .db
                .query(
                    "BEGIN;
                     LET $before = SELECT ags, key, value, source, date FROM fact WHERE ags IN $places;
                     FOR $row IN $rows {
                         UPSERT type::record('fact', [$row.ags, $row.key, $row.source, $row.date]) CONTENT $row;
                     };
                     RETURN $before;
                     COMMIT;",
                )
                .bind(("places", rows.iter().map(|row| row.ags.clone()).collect::<Vec<_>>()))
                .bind(("rows", rows.clone()))
                .await?
                .check()?;
            let before: Vec<FactRow> = answer.take(answer.num_statements().saturating_sub(2))?;
            let known: HashMap<_, _> = before
                .into_iter()
                .map(|row| ((row.ags, row.key, row.source, row.date), row.value))
                .collect();
            let mut change = FactChange::default();
            for row in &rows {
                let key = (row.ags.clone(), row.key.clone(), row.source.clone(), row.date.clone());
                if known.get(&key) == Some(&row.value) {
                    change.unchanged += 1;
                } else {
                    change.added += 1;
                }
            }
            Ok(change)
        })
        .await
    }

    /// All members, by AGS, so that each Kreis is followed by its towns.
    ///
    /// # Errors
    /// What the database says.
    pub async fn members(&self) -> Result<Vec<MemberSummary>, StoreError> {
        let mut answer = self
            .db
            .query(
                "SELECT record::id(id) AS ags, name, kind, regierungsbezirk FROM municipality ORDER BY ags;
                 SELECT ags, key, value, source, date FROM fact WHERE key = 'joined' ORDER BY value;
                 SELECT VALUE ags FROM publication;",
            )
            .await?
            .check()?;
        let places: Vec<PlaceRow> = answer.take(0)?;
        let joined: Vec<FactRow> = answer.take(1)?;
        let published: Vec<String> = answer.take(2)?;
        let mut years: HashMap<String, Vec<YearFact>> = HashMap::new();
        for row in joined {
            let year = row
                .value
                .parse()
                .map_err(|_| StoreError::Unreadable(format!("year {:?}", row.value)))?;
            years.entry(row.ags).or_default().push(YearFact {
                year,
                source: row.source,
            });
        }
        places
            .into_iter()
            .map(|row| {
                let joined = years.remove(&row.ags).unwrap_or_default();
                let published = published.contains(&row.ags);
                Ok(MemberSummary {
                    municipality: row.try_into()?,
                    joined,
                    published,
                })
            })
            .collect()
    }

    /// One place.
    ///
    /// # Errors
    /// What the database says.
    pub async fn municipality(&self, ags: &Ags) -> Result<Option<Municipality>, StoreError> {
        let row: Option<PlaceRow> = self
            .db
            .query("SELECT record::id(id) AS ags, name, kind, regierungsbezirk FROM type::record('municipality', $ags)")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        row.map(TryInto::try_into).transpose()
    }

    /// Everything said about a place: in the order of [`FactKey::ALL`], within a key the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn facts(&self, ags: &Ags) -> Result<Vec<Fact>, StoreError> {
        let rows: Vec<FactRow> = self
            .db
            .query("SELECT ags, key, value, source, date FROM fact WHERE ags = $ags ORDER BY date DESC, source")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        let mut facts = rows
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<Vec<Fact>, StoreError>>()?;
        facts.sort_by_key(|fact| fact.key);
        Ok(facts)
    }
}

impl From<&Municipality> for PlaceRow {
    fn from(place: &Municipality) -> Self {
        Self {
            ags: place.ags.to_string(),
            name: place.name.clone(),
            kind: place.kind.slug().to_owned(),
            regierungsbezirk: place.regierungsbezirk.slug().to_owned(),
        }
    }
}

impl TryFrom<PlaceRow> for Municipality {
    type Error = StoreError;

    fn try_from(row: PlaceRow) -> Result<Self, StoreError> {
        let unreadable = |what: &str| StoreError::Unreadable(format!("{what} of municipality {}", row.ags));
        Ok(Self {
            ags: Ags::new(&row.ags).map_err(|_| unreadable("key"))?,
            kind: Kind::parse(&row.kind).ok_or_else(|| unreadable("kind"))?,
            regierungsbezirk: Regierungsbezirk::parse(&row.regierungsbezirk).ok_or_else(|| unreadable("region"))?,
            name: row.name,
        })
    }
}

impl From<&Fact> for FactRow {
    fn from(fact: &Fact) -> Self {
        Self {
            ags: fact.ags.to_string(),
            key: fact.key.as_str().to_owned(),
            value: fact.value.clone(),
            source: fact.source.clone(),
            date: fact.date.clone(),
        }
    }
}

impl TryFrom<FactRow> for Fact {
    type Error = StoreError;

    fn try_from(row: FactRow) -> Result<Self, StoreError> {
        let unreadable = |what: &str| StoreError::Unreadable(format!("{what} of a fact about {}", row.ags));
        Ok(Self {
            ags: Ags::new(&row.ags).map_err(|_| unreadable("place"))?,
            key: FactKey::parse(&row.key).ok_or_else(|| unreadable("key"))?,
            value: row.value,
            source: row.source,
            date: row.date,
        })
    }
}
