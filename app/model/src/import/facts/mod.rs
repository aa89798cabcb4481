//! Tables of facts as CSV, every row with its source and date.
//!
//! The table `ags,key,value,source,date`, one fact a row; column names may be German (`Gemeindeschlüssel`, `Angabe`,
//! `Wert`, `Quelle`, `Stand`), in any order, separated by commas, semicolons or tabs, fields quoted where needed. All or
//! nothing: one error, and none of the facts is handed out, but all errors are.

mod table;
mod value;

use std::collections::HashMap;

use super::{Found, ImportError, Reason, text::clean, text::excerpt};
use crate::{
    ags::Ags,
    fact::{Fact, FactKey},
};
use table::{Column, Row, Table};

pub use value::{check_date, check_value};

/// Reads a table of facts.
///
/// Values come back in the form that [`FactKey`] states: `445.000` as `445000`, `www.…` with `https://` before it. An area of
/// `1.796` is an error, because it may mean the one or the other.
///
/// # Errors
/// Every error of the file by line, at most [`super::MAX_ERRORS`] and then [`Reason::More`]: the file's own
/// ([`Reason::Empty`], [`Reason::NotText`] …), the first line's columns, and per row [`Reason::Ags`],
/// [`Reason::UnknownKey`], [`Reason::MissingValue`], [`Reason::MissingSource`], [`Reason::Date`], what is wrong with the
/// value, and [`Reason::Duplicate`].
pub fn parse(text: &str) -> Result<Vec<Found<Fact>>, Vec<ImportError>> {
    const COLUMNS: [Column; 5] = [
        Column::needed(
            "ags",
            &["gemeindeschlüssel", "gemeindeschluessel", "amtlicher gemeindeschlüssel"],
        ),
        Column::needed("key", &["angabe", "merkmal", "fact", "fakt"]),
        Column::needed("value", &["wert"]),
        Column::needed("source", &["quelle"]),
        Column::needed("date", &["datum", "stand"]),
    ];
    let table = Table::read(text, &COLUMNS, false)?;
    let mut import = Import::new(&table);
    for row in &table.rows {
        let ags = import.ags(row);
        let word = clean(row.field("key"));
        let key = FactKey::parse(&word);
        if key.is_none() {
            import.error(row.line, Reason::UnknownKey(excerpt(&word)));
        }
        let value = key.and_then(|key| import.written_value(row.line, key, row.field("value")));
        let source = import.source(row);
        let date = import.date(row.line, row.field("date"));
        if let (Some(ags), Some(key), Some(value), Some(source), Some(date)) = (ags, key, value, source, date) {
            import.fact(
                row.line,
                Fact {
                    ags,
                    key,
                    value,
                    source,
                    date,
                },
            );
        }
    }
    import.finish()
}

/// Reads a table with one place a row: `ags`, `population` with its year `pop_year`, `area_km2` and `source`; further
/// columns are left alone. Each row gives the facts inhabitants and area, with `pop_year` as their date.
///
/// # Errors
/// As for [`parse`]. An empty `population` or `area_km2` is no error but no fact.
pub fn from_wide_csv(text: &str) -> Result<Vec<Found<Fact>>, Vec<ImportError>> {
    const COLUMNS: [Column; 5] = [
        Column::needed("ags", &[]),
        Column::needed("population", &["inhabitants"]),
        Column::needed("pop_year", &["year", "date"]),
        Column::needed("area_km2", &["area"]),
        Column::needed("source", &[]),
    ];
    let table = Table::read(text, &COLUMNS, true)?;
    let mut import = Import::new(&table);
    for row in &table.rows {
        let (Some(ags), Some(source), Some(date)) = (
            import.ags(row),
            import.source(row),
            import.date(row.line, row.field("pop_year")),
        ) else {
            continue;
        };
        for (key, column) in [(FactKey::Inhabitants, "population"), (FactKey::AreaKm2, "area_km2")] {
            let text = row.field(column);
            if text.trim().is_empty() {
                continue;
            }
            if let Some(value) = import.value(row.line, key, text) {
                let (ags, source, date) = (ags.clone(), source.clone(), date.clone());
                import.fact(
                    row.line,
                    Fact {
                        ags,
                        key,
                        value,
                        source,
                        date,
                    },
                );
            }
        }
    }
    import.finish()
}

/// Facts and errors of a file as they gather.
struct Import {
    facts: Vec<Found<Fact>>,
    errors: Vec<ImportError>,
    /// Where each statement stood first.
    seen: HashMap<(Ags, FactKey, String, String), u32>,
}

impl Import {
    fn new(table: &Table) -> Self {
        Self {
            facts: Vec::new(),
            errors: table.errors.clone(),
            seen: HashMap::new(),
        }
    }

    fn ags(&mut self, row: &Row) -> Option<Ags> {
        let text = row.field("ags");
        // Whatever is wrong with it, the row is told to have no key.
        let ags = Ags::new(text).ok();
        if ags.is_none() {
            self.error(row.line, Reason::Ags(excerpt(text)));
        }
        ags
    }

    fn source(&mut self, row: &Row) -> Option<String> {
        self.checked(row.line, value::one_line(row.field("source"), Reason::MissingSource))
    }

    fn value(&mut self, line: u32, key: FactKey, text: &str) -> Option<String> {
        self.checked(line, check_value(key, text))
    }

    /// A value as people write it, who group digits with points.
    fn written_value(&mut self, line: u32, key: FactKey, text: &str) -> Option<String> {
        if key == FactKey::AreaKm2 && value::may_be_grouped(text) {
            self.error(line, Reason::Decimal(excerpt(text)));
            return None;
        }
        self.value(line, key, text)
    }

    fn date(&mut self, line: u32, text: &str) -> Option<String> {
        self.checked(line, check_date(text))
    }

    fn checked(&mut self, line: u32, result: Result<String, Reason>) -> Option<String> {
        result.map_err(|reason| self.error(line, reason)).ok()
    }

    fn fact(&mut self, line: u32, fact: Fact) {
        let same = (fact.ags.clone(), fact.key, fact.source.clone(), fact.date.clone());
        let first_line = *self.seen.entry(same).or_insert(line);
        if first_line == line {
            self.facts.push(Found::new(line, fact));
        } else {
            self.error(line, Reason::Duplicate { first_line });
        }
    }

    fn error(&mut self, line: u32, reason: Reason) {
        self.errors.push(ImportError::at(line, reason));
    }

    fn finish(self) -> Result<Vec<Found<Fact>>, Vec<ImportError>> {
        if self.errors.is_empty() {
            Ok(self.facts)
        } else {
            Err(table::shortened(self.errors))
        }
    }
}
