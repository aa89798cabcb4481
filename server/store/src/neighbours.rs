//! How others put it: the points of published texts, found by their words.
//!
//! Full text of the database: German words by their stems, ranked by BM25.

use model::{ags::Ags, leitbild::Leitbild};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, retried};

/// A point of another place's published text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPoint {
    pub ags: Ags,
    pub block: String,
    /// Title of its Leitlinie.
    pub guideline: String,
    pub text: String,
    /// Day of the publication, `YYYY-MM-DD`.
    pub date: String,
}

#[derive(Clone, Debug, SurrealValue)]
pub(crate) struct PointRow {
    ags: String,
    block: String,
    guideline: String,
    text: String,
    date: String,
}

/// The rows of one publication.
pub(crate) fn points_of(ags: &Ags, leitbild: &Leitbild, date: &str) -> Vec<PointRow> {
    let row = |guideline: &str, block: &str, text: &str| PointRow {
        ags: ags.to_string(),
        block: block.to_owned(),
        guideline: guideline.to_owned(),
        text: text.to_owned(),
        date: date.to_owned(),
    };
    let points = leitbild.guidelines.iter().flat_map(|guideline| {
        guideline
            .points
            .iter()
            .map(|point| row(&guideline.title, &point.id, &point.text))
    });
    points.collect()
}

impl Store {
    /// Up to `limit` points of other places than `ags` that share words with `words`, the best first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn points_like(&self, ags: &Ags, words: &str, limit: usize) -> Result<Vec<FoundPoint>, StoreError> {
        let rows: Vec<PointRow> = self
            .db
            .query(
                "SELECT ags, block, guideline, text, date, search::score(1) AS score FROM published_point
                 WHERE text @1,OR@ $words AND ags != $ags ORDER BY score DESC LIMIT $limit",
            )
            .bind(("words", words.to_owned()))
            .bind(("ags", ags.to_string()))
            .bind(("limit", limit))
            .await?
            .take(0)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Adds the points of texts that were published before there was an index of them.
    pub(crate) async fn index_earlier_publications(&self) -> Result<(), StoreError> {
        let mut answer = self
            .db
            .query(
                "SELECT VALUE ags FROM publication;
                 SELECT VALUE ags FROM published_point;",
            )
            .await?
            .check()?;
        let mut published: Vec<String> = answer.take(0)?;
        let indexed: Vec<String> = answer.take(1)?;
        published.sort();
        published.dedup();
        for place in published.into_iter().filter(|place| !indexed.contains(place)) {
            let Ok(ags) = Ags::new(&place) else { continue };
            let Some(text) = self.published(&ags).await? else {
                continue;
            };
            let points = points_of(&ags, &text.leitbild, &text.date);
            retried(|| async {
                self.db
                    .query("INSERT INTO published_point $points")
                    .bind(("points", points.clone()))
                    .await?
                    .check()?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}

impl TryFrom<PointRow> for FoundPoint {
    type Error = StoreError;

    fn try_from(row: PointRow) -> Result<Self, StoreError> {
        Ok(Self {
            ags: Ags::new(&row.ags)
                .map_err(|_| StoreError::Unreadable(format!("place of the published point {}", row.block)))?,
            block: row.block,
            guideline: row.guideline,
            text: row.text,
            date: row.date,
        })
    }
}
