//! The line that a measurement ends with.

use std::fmt;

/// Figures by name, in the order in which they were noted. What was not measured is missing.
#[derive(Debug, Default)]
pub struct Report(Vec<(&'static str, f64)>);

impl Report {
    pub fn note(&mut self, name: &'static str, figure: impl Into<Option<f64>>) {
        if let Some(figure) = figure.into().filter(|figure| figure.is_finite()) {
            self.0.push((name, figure));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("result")?;
        self.0
            .iter()
            .try_for_each(|(name, figure)| write!(formatter, " {name}={figure:.4}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn what_was_not_measured_is_missing() {
        let mut report = Report::default();
        report.note("p50", 1.5);
        report.note("ack", None);
        report.note("per_edit", 1.0 / 0.0);
        assert_eq!(report.to_string(), "result p50=1.5000");
    }
}
