//! A CSV file with known columns.

use crate::import::{ImportError, MAX_ERRORS, Reason, text};

/// A column by its name in data files and further names.
#[derive(Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    aliases: &'static [&'static str],
}

/// The rows below the first line, as text.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// Rows of a wrong length; these are not among `rows`.
    pub(super) errors: Vec<ImportError>,
}

/// The fields of the known columns.
pub(super) struct Row {
    /// Number of the line it begins in, from 1.
    pub(super) line: u32,
    fields: Vec<(&'static str, String)>,
}

impl Column {
    pub(super) const fn needed(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases }
    }

    fn is_named(&self, head: &str) -> bool {
        self.name == head || self.aliases.contains(&head)
    }
}

impl Row {
    /// The field of that column, empty when there is no such column.
    pub(super) fn field(&self, column: &str) -> &str {
        self.fields
            .iter()
            .find(|(name, _)| *name == column)
            .map_or("", |(_, field)| field)
    }
}

impl Table {
    /// Reads `csv`. `others_allowed`: columns of unknown meaning are left alone instead of being an error.
    pub(super) fn read(csv: &str, columns: &[Column], others_allowed: bool) -> Result<Self, Vec<ImportError>> {
        let csv = text::prepare(csv).map_err(|error| vec![error])?;
        let mut records = records(&csv, separator(&csv, columns)).into_iter();
        let (line, head) = records.next().ok_or_else(|| vec![ImportError::file(Reason::Empty)])?;
        let head: Vec<_> = head.iter().map(|name| text::clean(name).to_lowercase()).collect();
        check_head(line, &head, columns, others_allowed)?;
        let places: Vec<_> = columns
            .iter()
            .filter_map(|column| Some((column.name, head.iter().position(|name| column.is_named(name))?)))
            .collect();
        let mut table = Self {
            rows: Vec::new(),
            errors: Vec::new(),
        };
        for (line, fields) in records {
            if fields.len() != head.len() {
                let reason = Reason::FieldCount {
                    expected: head.len(),
                    found: fields.len(),
                };
                table.errors.push(ImportError::at(line, reason));
                continue;
            }
            let field = |(name, place): &(&'static str, usize)| Some((*name, fields.get(*place)?.clone()));
            table.rows.push(Row {
                line,
                fields: places.iter().filter_map(field).collect(),
            });
        }
        Ok(table)
    }
}

/// By line, and no more than [`MAX_ERRORS`] of them.
pub(super) fn shortened(mut errors: Vec<ImportError>) -> Vec<ImportError> {
    errors.sort_by_key(|error| error.line);
    let more = errors.len().saturating_sub(MAX_ERRORS);
    errors.truncate(MAX_ERRORS);
    if more > 0 {
        errors.push(ImportError::file(Reason::More { count: more }));
    }
    errors
}

fn check_head(line: u32, head: &[String], columns: &[Column], others_allowed: bool) -> Result<(), Vec<ImportError>> {
    let mut reasons = Vec::new();
    for column in columns {
        match head.iter().filter(|name| column.is_named(name)).count() {
            0 => reasons.push(Reason::MissingColumn(column.name)),
            1 => {}
            _ => reasons.push(Reason::RepeatedColumn(column.name.to_owned())),
        }
    }
    let unknown = head
        .iter()
        .filter(|name| !columns.iter().any(|column| column.is_named(name)));
    if !others_allowed {
        reasons.extend(unknown.map(|name| Reason::UnknownColumn(text::excerpt(name))));
    }
    if reasons.is_empty() {
        return Ok(());
    }
    Err(shortened(
        reasons
            .into_iter()
            .map(|reason| ImportError::at(line, reason))
            .collect(),
    ))
}

/// The separator under which the first line names most of the columns.
fn separator(csv: &str, columns: &[Column]) -> u8 {
    let named = |separator: u8| {
        let first = csv.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let head = records(first, separator)
            .into_iter()
            .next()
            .map(|(_, head)| head)
            .unwrap_or_default();
        let is_known = |name: &&String| {
            columns
                .iter()
                .any(|column| column.is_named(&text::clean(name).to_lowercase()))
        };
        head.iter().filter(is_known).count()
    };
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|separator| named(*separator))
        .unwrap_or(b',')
}

/// Every record with the line it begins in; blank lines are none.
fn records(csv: &str, separator: u8) -> Vec<(u32, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(csv.as_bytes());
    let mut records = Vec::new();
    // Reading a string that is UTF-8 cannot fail; should it, the missing rows would be an error of the reader.
    for record in reader.records().map_while(Result::ok) {
        let Some(position) = record.position() else { continue };
        // The position is where the last record ended: blank lines may come before this one.
        let rest = usize::try_from(position.byte())
            .ok()
            .and_then(|byte| csv.as_bytes().get(byte..))
            .unwrap_or_default();
        let blank = rest.iter().take_while(|byte| **byte == b'\n').count() as u64;
        let line = position.line() + blank;
        let fields: Vec<_> = record.iter().map(ToOwned::to_owned).collect();
        if fields.iter().any(|field| !field.trim().is_empty()) {
            records.push((u32::try_from(line).unwrap_or(u32::MAX), fields));
        }
    }
    records
}
