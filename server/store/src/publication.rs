//! Published texts: frozen copies, the newest of which citizens read, and where each Leitbild stands on its way there.

use model::{
    ags::Ags,
    decision::Decision,
    leitbild::{Adopted, Leitbild, Published},
    stage::Stage,
};
use surrealdb::types::SurrealValue;

use crate::{Store, StoreError, neighbours::points_of, retried};

#[derive(Clone, Debug, SurrealValue)]
struct PublicationRow {
    leitbild: String,
    date: String,
    decision: Option<String>,
}

#[derive(Clone, Debug, SurrealValue)]
struct AdoptedRow {
    number: i64,
    decision: String,
}

/// A version that is decided on.
#[derive(Clone, Debug)]
pub struct NewDecision {
    pub decision: Decision,
    /// The update of the log that the version includes everything up to.
    pub seq: u64,
    /// The name that this state gets in the history.
    pub name: String,
}

impl Store {
    /// Freezes `leitbild` as the newest published text of `ags`. Earlier ones are kept. Answers whether that could be; an
    /// adopted Leitbild stays published as it was decided on, and nothing changes.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publish(&self, ags: &Ags, leitbild: &Leitbild, date: &str) -> Result<bool, StoreError> {
        let text = json(leitbild)?;
        let points = points_of(ags, leitbild, date);
        retried(|| async {
            // CREATE on the counted key: two publishers at once cannot both become the same number.
            let published = self
                .db
                .query(format!(
                    "BEGIN; {NOT_ADOPTED}
                     LET $n = array::len(SELECT VALUE id FROM publication WHERE ags = $ags) + 1;
                     CREATE type::record('publication', [$ags, $n]) CONTENT {{ ags: $ags, leitbild: $text, date: $date }};
                     DELETE published_point WHERE ags = $ags;
                     INSERT INTO published_point $points;
                     COMMIT;"
                ))
                .bind(("ags", ags.to_string()))
                .bind(("adopted", Stage::Adopted.as_str()))
                .bind(("text", text.clone()))
                .bind(("date", date.to_owned()))
                .bind(("points", points.clone()))
                .await?;
            happened(published)
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
            .query("SELECT leitbild, date, decision, id FROM publication WHERE ags = $ags ORDER BY id DESC LIMIT 1")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        rows.into_iter().next().map(|row| published(ags, row)).transpose()
    }

    /// One published text, by its number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn publication(&self, ags: &Ags, number: u64) -> Result<Option<Published>, StoreError> {
        let Ok(number) = i64::try_from(number) else {
            return Ok(None);
        };
        let row: Option<PublicationRow> = self
            .db
            .query("SELECT leitbild, date, decision FROM ONLY type::record('publication', [$ags, $number])")
            .bind(("ags", ags.to_string()))
            .bind(("number", number))
            .await?
            .take(0)?;
        row.map(|row| published(ags, row)).transpose()
    }

    /// The versions that were decided on, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn adopted(&self, ags: &Ags) -> Result<Vec<Adopted>, StoreError> {
        let rows: Vec<AdoptedRow> = self
            .db
            .query(
                "SELECT record::id(id)[1] AS number, decision, id FROM publication
                     WHERE ags = $ags AND decision != NONE ORDER BY id DESC",
            )
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        rows.into_iter()
            .map(|row| {
                Ok(Adopted {
                    number: u64::try_from(row.number).unwrap_or(0),
                    decision: decision(ags, &row.decision)?,
                })
            })
            .collect()
    }

    /// Where a Leitbild stands.
    ///
    /// # Errors
    /// What the database says.
    pub async fn stage(&self, ags: &Ags) -> Result<Stage, StoreError> {
        let stage: Option<String> = self
            .db
            .query("SELECT VALUE stage FROM ONLY type::record('leitbild_stage', $ags)")
            .bind(("ags", ags.to_string()))
            .await?
            .take(0)?;
        let Some(stage) = stage else {
            return Ok(Stage::default());
        };
        Stage::parse(&stage).ok_or_else(|| StoreError::Unreadable(format!("stage of {ags}: {stage}")))
    }

    /// Moves a Leitbild from one stage to another. Answers whether it was still there; otherwise nothing changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_stage(&self, ags: &Ags, from: Stage, to: Stage) -> Result<bool, StoreError> {
        retried(|| async {
            let moved = self
                .db
                .query(format!("BEGIN; {FROM_STAGE} {TO_STAGE} COMMIT;"))
                .bind(("ags", ags.to_string()))
                .bind(("from", from.as_str()))
                .bind(("to", to.as_str()))
                .await?;
            happened(moved)
        })
        .await
    }

    /// Records a decision: the version becomes the newest published text, its state gets a name, and the Leitbild is
    /// adopted; all or nothing. Answers whether it still stood at `from`; otherwise nothing changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn adopt(
        &self,
        ags: &Ags,
        from: Stage,
        leitbild: &Leitbild,
        date: &str,
        new: &NewDecision,
    ) -> Result<bool, StoreError> {
        let (text, decision) = (json(leitbild)?, json(&new.decision)?);
        let points = points_of(ags, leitbild, date);
        let seq = i64::try_from(new.seq).map_err(|_| StoreError::Unreadable(format!("seq {}", new.seq)))?;
        retried(|| async {
            let moved = self
                .db
                .query(format!(
                    "BEGIN; {FROM_STAGE}
                     LET $n = array::len(SELECT VALUE id FROM publication WHERE ags = $ags) + 1;
                     CREATE type::record('publication', [$ags, $n]) CONTENT {{
                         ags: $ags, leitbild: $text, date: $date, decision: $decision, seq: $seq
                     }};
                     DELETE published_point WHERE ags = $ags;
                     INSERT INTO published_point $points;
                     UPSERT type::record('room_name', [$ags, $seq]) CONTENT {{ ags: $ags, seq: $seq, name: $name }};
                     {TO_STAGE} COMMIT;"
                ))
                .bind(("ags", ags.to_string()))
                .bind(("from", from.as_str()))
                .bind(("to", Stage::Adopted.as_str()))
                .bind(("text", text.clone()))
                .bind(("date", date.to_owned()))
                .bind(("decision", decision.clone()))
                .bind(("points", points.clone()))
                .bind(("seq", seq))
                .bind(("name", new.name.clone()))
                .await?;
            happened(moved)
        })
        .await
    }
}

/// What ends a transaction whose Leitbild does not stand where it is believed to.
const ELSEWHERE: &str = "it stands elsewhere";
const FROM_STAGE: &str = "LET $stands = (SELECT VALUE stage FROM ONLY type::record('leitbild_stage', $ags)) ?? 'draft';
     IF $stands != $from { THROW 'it stands elsewhere' };";
const NOT_ADOPTED: &str =
    "LET $stands = (SELECT VALUE stage FROM ONLY type::record('leitbild_stage', $ags)) ?? 'draft';
     IF $stands = $adopted { THROW 'it stands elsewhere' };";
const TO_STAGE: &str = "UPSERT type::record('leitbild_stage', $ags) CONTENT { stage: $to };";

/// Was a transaction with [`FROM_STAGE`] or [`NOT_ADOPTED`] committed?
fn happened(mut answer: surrealdb::IndexedResults) -> Result<bool, StoreError> {
    let errors = answer.take_errors();
    if errors.is_empty() {
        return Ok(true);
    }
    // One says why, the others that the transaction failed.
    if errors.values().any(|error| error.to_string().contains(ELSEWHERE)) {
        return Ok(false);
    }
    let mut errors: Vec<StoreError> = errors.into_values().map(StoreError::from).collect();
    let conflict = errors.iter().position(|error| matches!(error, StoreError::Conflict));
    Err(errors.swap_remove(conflict.unwrap_or(0)))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable(error.to_string()))
}

fn published(ags: &Ags, row: PublicationRow) -> Result<Published, StoreError> {
    let leitbild = serde_json::from_str(&row.leitbild)
        .map_err(|error| StoreError::Unreadable(format!("published text of {ags}: {error}")))?;
    Ok(Published {
        leitbild,
        date: row.date,
        decision: row.decision.map(|text| decision(ags, &text)).transpose()?,
    })
}

fn decision(ags: &Ags, text: &str) -> Result<Decision, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable(format!("decision of {ags}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision_of(day: &str) -> NewDecision {
        NewDecision {
            decision: Decision {
                body: "Rat".to_owned(),
                paper: "V/41".to_owned(),
                date: day.to_owned(),
                votes: model::decision::Votes::default(),
            },
            seq: 7,
            name: "Beschluss".to_owned(),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_decision_is_recorded_once_and_earlier_ones_stay() {
        let store = Store::open("mem://").await.unwrap();
        let ags = Ags::new("05566").unwrap();
        let other = Ags::new("05515").unwrap();
        assert_eq!(store.stage(&ags).await.unwrap(), Stage::Draft);
        assert!(store.set_stage(&ags, Stage::Draft, Stage::Committee).await.unwrap());
        // Somebody else was quicker.
        assert!(!store.set_stage(&ags, Stage::Draft, Stage::Workshop).await.unwrap());
        assert_eq!(store.stage(&ags).await.unwrap(), Stage::Committee);

        let mut text = Leitbild {
            title: "Erste Fassung".to_owned(),
            ..Leitbild::default()
        };
        let first = decision_of("2026-03-10");
        assert!(
            store
                .adopt(&ags, Stage::Committee, &text, "2026-03-12", &first)
                .await
                .unwrap()
        );
        assert!(
            !store
                .adopt(&ags, Stage::Committee, &text, "2026-03-12", &first)
                .await
                .unwrap()
        );
        assert_eq!(store.stage(&ags).await.unwrap(), Stage::Adopted);
        assert_eq!(store.adopted(&ags).await.unwrap().len(), 1);
        // A draft whose publication was under way meanwhile does not take its place.
        let draft = Leitbild {
            title: "Ein Entwurf".to_owned(),
            ..Leitbild::default()
        };
        assert!(!store.publish(&ags, &draft, "2026-03-12").await.unwrap());
        let shown = store.published(&ags).await.unwrap().unwrap();
        assert_eq!(shown.leitbild.title, "Erste Fassung");
        assert!(store.publish(&other, &draft, "2026-03-12").await.unwrap());
        assert_eq!(store.state_names(&ags).await.unwrap(), [(7, "Beschluss".to_owned())]);

        assert!(store.set_stage(&ags, Stage::Adopted, Stage::Draft).await.unwrap());
        text.title = "Zweite Fassung".to_owned();
        let second = decision_of("2026-09-01");
        assert!(
            store
                .adopt(&ags, Stage::Draft, &text, "2026-09-02", &second)
                .await
                .unwrap()
        );
        let adopted = store.adopted(&ags).await.unwrap();
        let numbers: Vec<u64> = adopted.iter().map(|adopted| adopted.number).collect();
        assert_eq!(numbers, [2, 1]);
        let now = store.published(&ags).await.unwrap().unwrap();
        assert_eq!(
            (now.leitbild.title.as_str(), now.decision),
            ("Zweite Fassung", Some(second.decision))
        );
        let before = store.publication(&ags, 1).await.unwrap().unwrap();
        assert_eq!(before.leitbild.title, "Erste Fassung");
        assert_eq!(store.publication(&ags, 3).await.unwrap(), None);
        assert!(store.adopted(&other).await.unwrap().is_empty());
    }
}
