//! Durations, counted in buckets.

/// Buckets to each power of two: a value is known to 3 %.
const STEPS: u64 = 32;
const STEP_BITS: u32 = STEPS.ilog2();

/// Counts microseconds. Small values exactly, large ones to 3 %; costs one addition to record.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub fn record(&mut self, micros: u64) {
        let bucket = bucket(micros);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.total += 1;
    }

    /// How many values were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The value below which this share of all values lies, in milliseconds; `None` without values.
    #[must_use]
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let wanted = ((self.total as f64 * share).ceil() as u64).clamp(1, self.total.max(1));
        let mut seen = 0;
        self.counts
            .iter()
            .position(|count| {
                seen += count;
                seen >= wanted && self.total > 0
            })
            .map(|bucket| middle(bucket) / 1_000.0)
    }
}

fn bucket(value: u64) -> usize {
    if value < STEPS {
        return value as usize;
    }
    let power = value.ilog2() - STEP_BITS;
    // The highest STEP_BITS + 1 bits; the first of them is always set.
    let step = (value >> power) - STEPS;
    (STEPS * u64::from(power + 1) + step) as usize
}

/// The middle of a bucket.
fn middle(bucket: usize) -> f64 {
    let bucket = bucket as u64;
    if bucket < STEPS {
        return bucket as f64;
    }
    let power = bucket / STEPS - 1;
    let low = (STEPS + bucket % STEPS) << power;
    low as f64 + ((1_u64 << power) - 1) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_near_the_middle_of_its_bucket() {
        for value in (0..2_000).chain([4_095, 4_096, 123_456, 60_000_000]) {
            let found = middle(bucket(value));
            let error = (found - value as f64).abs();
            assert!(error <= value as f64 * 0.032, "{value} became {found}");
        }
    }

    #[test]
    fn buckets_ascend_without_holes() {
        let mut last = 0;
        for value in 0..100_000 {
            let next = bucket(value);
            assert!(next == last || next == last + 1, "{value}");
            last = next;
        }
    }

    #[test]
    fn quantiles_are_those_of_the_values() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile_ms(0.5), None);
        for value in 1..=100 {
            histogram.record(value * 1_000);
        }
        let near = |share: f64, wanted: f64| {
            let found = histogram.quantile_ms(share).unwrap();
            assert!((found - wanted).abs() <= wanted * 0.04, "{share}: {found}");
        };
        near(0.5, 50.0);
        near(0.99, 99.0);
        near(1.0, 100.0);
    }
}
