//! Medians and ratios, as Markdown.

use std::{collections::BTreeMap, fmt};

use super::{
    scenarios::{Measured, Scenario},
    servers::Kind,
};

/// Figures by name, as the load generator prints them.
pub(super) type Figures = BTreeMap<String, f64>;

/// A column: heading, name of the figure, digits behind the point, and whether less is better, so that a ratio says
/// something.
struct Column(&'static str, &'static str, usize, bool);

const TYPING: [Column; 15] = [
    Column("fan-out p50, ms", "fanout_p50_ms", 1, true),
    Column("p99, ms", "fanout_p99_ms", 1, true),
    Column("delivered", "delivered", 0, false),
    Column("expected", "expected", 0, false),
    Column("acknowledged p50, ms", "ack_p50_ms", 1, true),
    Column("p99, ms", "ack_p99_ms", 1, true),
    Column("sync CPU-ms per 1,000 edits", "sync_ms_per_1000_edits", 1, true),
    Column("per 1,000 deliveries", "sync_ms_per_1000_deliveries", 3, true),
    Column("store CPU-ms per 1,000 edits", "store_ms_per_1000_edits", 1, false),
    Column("per 1,000 deliveries", "store_ms_per_1000_deliveries", 3, false),
    Column("RSS idle, MB", "rss_idle_mb", 1, false),
    Column("grown by, MB", "rss_grown_mb", 1, true),
    Column("bytes/s per client", "client_bytes_per_s", 0, true),
    Column("server's core, %", "server_core_percent", 0, false),
    Column("load's core, %", "load_core_percent", 0, false),
];

const JOINING: [Column; 7] = [
    Column("join p50, ms", "join_p50_ms", 1, true),
    Column("longest, ms", "join_max_ms", 1, true),
    Column("bytes", "join_bytes", 0, true),
    Column("sync CPU-ms per join", "sync_ms_per_join", 2, true),
    Column("store CPU-ms per join", "store_ms_per_join", 2, false),
    Column("RSS idle, MB", "rss_idle_mb", 1, false),
    Column("grown by, MB", "rss_grown_mb", 1, true),
];

const RETURNING: [Column; 13] = [
    Column("complete p50, ms", "back_p50_ms", 0, true),
    Column("p99, ms", "back_p99_ms", 0, true),
    Column("complete people", "complete_people", 0, false),
    Column("delivered", "delivered", 0, false),
    Column("expected", "expected", 0, false),
    Column("acknowledged p50, ms", "ack_p50_ms", 0, true),
    Column("p99, ms", "ack_p99_ms", 0, true),
    Column("sync CPU-ms per 1,000 edits", "sync_ms_per_1000_edits", 1, true),
    Column("per 1,000 deliveries", "sync_ms_per_1000_deliveries", 3, true),
    Column("store CPU-ms per 1,000 edits", "store_ms_per_1000_edits", 1, false),
    Column("RSS idle, MB", "rss_idle_mb", 1, false),
    Column("grown by, MB", "rss_grown_mb", 1, true),
    Column("bytes per client", "client_bytes", 0, true),
];

const RESTARTING: [Column; 12] = [
    Column("complete p50, ms", "back_p50_ms", 0, true),
    Column("p99, ms", "back_p99_ms", 0, true),
    Column("complete people", "complete_people", 0, false),
    Column("delivered", "delivered", 0, false),
    Column("expected", "expected", 0, false),
    Column("acknowledged p99, ms", "ack_p99_ms", 0, true),
    Column("server was gone, ms", "down_ms", 0, false),
    Column("RSS idle, MB", "rss_idle_mb", 1, false),
    Column("at rest before, MB", "rss_rest_mb", 1, false),
    Column("most after, MB", "rss_peak_mb", 1, false),
    Column("most ÷ rest", "peak_of_rest", 2, false),
    Column("bytes per client", "client_bytes", 0, true),
];

const STALLING: [Column; 12] = [
    Column("alone: fan-out p50, ms", "fanout_p50_ms", 1, true),
    Column("p99, ms", "fanout_p99_ms", 1, true),
    Column("beside: p50, ms", "beside_fanout_p50_ms", 1, true),
    Column("p99, ms", "beside_fanout_p99_ms", 1, true),
    Column("beside ÷ alone, p50", "beside_p50_ratio", 2, false),
    Column("p99", "beside_p99_ratio", 2, false),
    Column("delivered beside", "beside_delivered", 0, false),
    Column("expected", "beside_expected", 0, false),
    Column("RSS idle, MB", "rss_idle_mb", 1, false),
    Column("RSS per stalled socket, KiB", "stalled_rss_kib", 0, true),
    Column("kernel, KiB", "stalled_kernel_kib", 0, true),
    Column("ended by the server", "ended_stalled", 0, false),
];

/// One scenario's figures.
pub(super) struct Table {
    heading: String,
    columns: &'static [Column],
    rows: BTreeMap<Kind, Figures>,
    notes: Vec<(Kind, String)>,
}

impl Table {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self {
            heading: format!("{}: {}", scenario.name, scenario.title),
            columns: match scenario.kind {
                Measured::Typing => &TYPING,
                Measured::Joining => &JOINING,
                Measured::Returning => &RETURNING,
                Measured::Restarting => &RESTARTING,
                Measured::Stalling => &STALLING,
            },
            rows: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Notes something about a server's figures, once.
    pub(super) fn note(&mut self, server: Kind, text: impl Into<String>) {
        let note = (server, text.into());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Adds a server's runs as their medians.
    pub(super) fn add(&mut self, server: Kind, runs: &[Figures]) {
        let mut medians = Figures::new();
        for name in runs.iter().flat_map(BTreeMap::keys) {
            let mut values: Vec<f64> = runs.iter().filter_map(|run| run.get(name)).copied().collect();
            medians.insert(name.clone(), median(&mut values));
        }
        for (name, what) in [
            ("lost_sockets", "sockets were closed by the server"),
            ("unreadable", "frames could not be read"),
        ] {
            if let Some(count) = medians.get(name).filter(|count| **count > 0.0) {
                self.notes.push((server, format!("{count:.0} {what}")));
            }
        }
        self.rows.insert(server, medians);
    }

    fn row(&self, name: &str, cell: impl Fn(&Column) -> Option<String>) -> String {
        let cells: Vec<_> = self
            .columns
            .iter()
            .map(|column| cell(column).unwrap_or_else(|| "–".to_owned()))
            .collect();
        format!("| {name} | {} |", cells.join(" | "))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "### {}\n", self.heading)?;
        writeln!(
            formatter,
            "{}",
            self.row("", |Column(heading, ..)| Some((*heading).to_owned()))
        )?;
        writeln!(formatter, "{}", self.row("---", |_| Some("---".to_owned())))?;
        for (server, figures) in &self.rows {
            let cell = |Column(_, name, digits, _): &Column| Some(grouped(*figures.get(*name)?, *digits));
            writeln!(formatter, "{}", self.row(&server.to_string(), cell))?;
        }
        let Some(ours) = self.rows.get(&Kind::Leitnetz) else {
            return self.write_notes(formatter);
        };
        for (server, theirs) in self.rows.iter().filter(|(server, _)| **server != Kind::Leitnetz) {
            let cell = |Column(_, name, _, is_cost): &Column| {
                let ratio = is_cost
                    .then_some(())
                    .and_then(|()| Some(ours.get(*name)? / theirs.get(*name)?))
                    .filter(|ratio| ratio.is_finite());
                ratio.map(|ratio| format!("{ratio:.2}"))
            };
            writeln!(formatter, "{}", self.row(&format!("Leitnetz ÷ {server}"), cell))?;
        }
        self.write_notes(formatter)
    }
}

impl Table {
    fn write_notes(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (server, note)) in self.notes.iter().enumerate() {
            let before = if number == 0 { "\n" } else { "" };
            writeln!(formatter, "{before}- {server}: {note}.")?;
        }
        Ok(())
    }
}

/// Reads `name=value` pairs.
pub(super) fn figures(line: &str) -> Figures {
    let pairs = line.split_whitespace().filter_map(|pair| pair.split_once('='));
    let mut figures: Figures = pairs
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect();
    if let (Some(idle), Some(load)) = (figures.get("rss_idle_mb"), figures.get("rss_load_mb")) {
        let grown = load - idle;
        figures.insert("rss_grown_mb".to_owned(), grown);
    }
    if let (Some(rest), Some(peak)) = (figures.get("rss_rest_mb"), figures.get("rss_peak_mb")) {
        let ratio = peak / rest;
        figures.insert("peak_of_rest".to_owned(), ratio);
    }
    figures
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values {
        [] => f64::NAN,
        _ if values.len() % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

/// 1234567.89 → "1,234,567.9".
fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.find('.').map_or((text.as_str(), ""), |point| text.split_at(point));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut out = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_ratios_are_printed() {
        let mut table = Table::new(&super::super::scenarios::all()[0]);
        let runs = |values: [f64; 3]| {
            values.map(|value| figures(&format!("fanout_p99_ms={value} rss_idle_mb=3 rss_load_mb=5")))
        };
        table.add(Kind::Leitnetz, &runs([9.0, 1.0, 2.0]));
        table.add(Kind::Relay, &runs([4.0, 4.0, 5.0]));
        table.note(Kind::Relay, "is small");
        let text = table.to_string();
        let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
        assert!(line("| Leitnetz |").starts_with("| Leitnetz | – | 2.0 |"), "{text}");
        assert!(
            line("| Leitnetz ÷ bare relay").starts_with("| Leitnetz ÷ bare relay | – | 0.50 |"),
            "{text}"
        );
        assert!(text.ends_with("- bare relay: is small.\n"), "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(1_234_567.89, 1), "1,234,567.9");
        assert_eq!(grouped(123.0, 0), "123");
        assert_eq!(grouped(-1_234.5, 0), "-1,234");
    }

    #[test]
    fn the_middle_of_two_is_their_mean() {
        assert!((median(&mut [1.0, 3.0]) - 2.0).abs() < 1e-9);
    }
}
