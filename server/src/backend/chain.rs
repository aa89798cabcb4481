//! The Präventionskette: which life phases a Leitbild can speak of.

use std::collections::BTreeSet;

use app::{
    backend::{Answer, Chain, Visitor},
    error::{AppError, Mistake},
    views::PhaseRow,
};
use model::phase::{NAME_MAX_CHARS, PHASES_MAX, Phase, PhaseId};

use super::{SiteBackend, access::require_coordinator, unavailable};

impl Chain for SiteBackend {
    fn phases<'a>(&'a self, visitor: &'a Visitor) -> Answer<'a, Vec<Phase>> {
        Box::pin(async move {
            require_coordinator(&self.site, visitor).await?;
            self.site.store().phases().await.map_err(|error| unavailable(&error))
        })
    }

    fn set_phases<'a>(&'a self, visitor: &'a Visitor, rows: &'a [PhaseRow]) -> Answer<'a, Vec<Phase>> {
        Box::pin(async move {
            require_coordinator(&self.site, visitor).await?;
            let phases = read(rows)?;
            let store = self.site.store();
            store.set_phases(&phases).await.map_err(|error| unavailable(&error))?;
            Ok(phases)
        })
    }
}

/// The phases that the rows of a form name. One that has an id keeps it, whatever it is called now.
fn read(rows: &[PhaseRow]) -> Result<Vec<Phase>, AppError> {
    let mut mistakes = Vec::new();
    let mut phases: Vec<Phase> = Vec::new();
    let mut ids: BTreeSet<PhaseId> = rows.iter().filter_map(|row| PhaseId::parse(&row.id)).collect();
    let mut taken = BTreeSet::new();
    for (row, number) in rows.iter().zip(1_usize..) {
        let [de, en] = [&row.de, &row.en].map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        if de.is_empty() && en.is_empty() {
            continue;
        }
        let mut wrong = |de: &str, en: &str| {
            mistakes.push(Mistake {
                de: format!("Zeile {number}: {de}"),
                en: format!("Row {number}: {en}"),
            });
        };
        if de.is_empty() {
            wrong("Der deutsche Name fehlt.", "The German name is missing.");
            continue;
        }
        if de.chars().count().max(en.chars().count()) > NAME_MAX_CHARS {
            wrong(
                &format!("Ein Name hat höchstens {NAME_MAX_CHARS} Zeichen."),
                &format!("A name has at most {NAME_MAX_CHARS} characters."),
            );
            continue;
        }
        if phases.iter().any(|other| other.de == de) {
            wrong("Diesen Namen gibt es schon.", "This name is there already.");
            continue;
        }
        let known = PhaseId::parse(&row.id).filter(|id| !taken.contains(id));
        let Some(id) = known.or_else(|| fresh(&de, &ids)) else {
            wrong("Der Name hat keine Buchstaben.", "The name has no letters.");
            continue;
        };
        ids.insert(id.clone());
        taken.insert(id.clone());
        phases.push(Phase { id, de, en });
    }
    if phases.len() > PHASES_MAX {
        mistakes.push(Mistake {
            de: format!("Es sind höchstens {PHASES_MAX} Lebensphasen möglich."),
            en: format!("At most {PHASES_MAX} life phases are possible."),
        });
    }
    if mistakes.is_empty() {
        Ok(phases)
    } else {
        Err(AppError::Invalid { mistakes })
    }
}

/// An id of the name that is not in use.
fn fresh(name: &str, ids: &BTreeSet<PhaseId>) -> Option<PhaseId> {
    let id = PhaseId::from_name(name)?;
    if !ids.contains(&id) {
        return Some(id);
    }
    (2..=PHASES_MAX + 1).find_map(|number| {
        let base: String = id.as_str().chars().take(PhaseId::MAX_LEN - 3).collect();
        PhaseId::parse(&format!("{base}-{number}")).filter(|id| !ids.contains(id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, de: &str) -> PhaseRow {
        PhaseRow {
            id: id.to_owned(),
            de: de.to_owned(),
            en: String::new(),
        }
    }

    fn ids(rows: &[PhaseRow]) -> Vec<String> {
        let phases = read(rows).unwrap();
        phases.into_iter().map(|phase| phase.id.into()).collect()
    }

    #[test]
    fn a_renamed_phase_keeps_its_id_and_a_new_one_gets_a_free_one() {
        let rows = [
            row("kita", "Tagespflege"),
            row("", " "),
            row("", "Kita"),
            row("kita", "Hort"),
        ];
        assert_eq!(ids(&rows), ["kita", "kita-2", "hort"]);
    }

    #[test]
    fn a_row_that_cannot_be_taken_is_named() {
        let long = "x".repeat(NAME_MAX_CHARS + 1);
        let english_only = PhaseRow {
            en: "Day care".to_owned(),
            ..PhaseRow::default()
        };
        let rows = [
            row("", "Kita"),
            row("", "Kita"),
            row("", &long),
            row("", "…"),
            english_only,
        ];
        let Err(AppError::Invalid { mistakes }) = read(&rows) else {
            panic!("these rows have mistakes");
        };
        let lines: Vec<&str> = mistakes.iter().map(|mistake| &mistake.en[..6]).collect();
        assert_eq!(lines, ["Row 2:", "Row 3:", "Row 4:", "Row 5:"]);
        let many: Vec<PhaseRow> = (0..=PHASES_MAX)
            .map(|number| row("", &format!("Phase {number}")))
            .collect();
        assert!(read(&many).is_err());
    }
}
