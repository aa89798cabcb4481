//! How often one participant may do what costs the server more than a keystroke: say something, suggest, search, have a
//! text read; and how often people may join by one link, for each of them has fresh rates. The numbers stand in
//! [`model::limits`]. What came too often is refused in words (`AppError::TooManyAttempts`), and nothing is lost by it:
//! the outbox sends again, forms come back as they were filled in.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use model::limits;

/// What is counted, each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Anything done with a thread but suggesting.
    Comment,
    Suggestion,
    Search,
    /// A text or a file that is read to be taken over.
    Import,
    /// Somebody who joins, counted for the link.
    Redemption,
}

/// Buckets (token buckets) by participant, or by link.
#[derive(Debug, Default)]
pub struct Rates(Mutex<HashMap<(String, Counted), Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Counted {
    /// How many may come at once, and how many a minute in the long run.
    fn limits(self) -> (u32, u32) {
        match self {
            Self::Comment => (limits::COMMENTS_BURST, limits::COMMENTS_PER_MINUTE),
            Self::Suggestion => (limits::SUGGESTIONS_BURST, limits::SUGGESTIONS_PER_MINUTE),
            Self::Search => (limits::SEARCHES_BURST, limits::SEARCHES_PER_MINUTE),
            Self::Import => (limits::IMPORTS_BURST, limits::IMPORTS_PER_MINUTE),
            Self::Redemption => (limits::REDEMPTIONS_BURST, limits::REDEMPTIONS_PER_MINUTE),
        }
    }
}

impl Bucket {
    fn filled(self, counted: Counted, now: Instant) -> f64 {
        let (burst, per_minute) = counted.limits();
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + since * f64::from(per_minute) / 60.0).min(f64::from(burst))
    }
}

impl Rates {
    /// Counts one, unless this participant (or link) did too many of them just before.
    #[must_use]
    pub fn allow(&self, whose: &str, counted: Counted, now: Instant) -> bool {
        let (burst, _) = counted.limits();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= limits::RATES_KEPT {
            // Who is not counted is as one whose bucket is full.
            buckets.retain(|(_, counted), bucket| bucket.filled(*counted, now) < f64::from(counted.limits().0));
        }
        let bucket = buckets.entry((whose.to_owned(), counted)).or_insert(Bucket {
            left: f64::from(burst),
            at: now,
        });
        let left = bucket.filled(counted, now);
        let is_allowed = left >= 1.0;
        *bucket = Bucket {
            left: if is_allowed { left - 1.0 } else { left },
            at: now,
        };
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_then_as_many_as_a_minute_allows_and_nobody_pays_for_others() {
        let rates = Rates::default();
        let begin = Instant::now();
        let all = [
            Counted::Comment,
            Counted::Suggestion,
            Counted::Search,
            Counted::Import,
            Counted::Redemption,
        ];
        for counted in all {
            let (burst, per_minute) = counted.limits();
            let passed = |who: &str, at: Instant| (0..1_000).take_while(|_| rates.allow(who, counted, at)).count();
            assert_eq!(passed("ada", begin), burst as usize, "{counted:?}");
            assert_eq!(passed("bo", begin), burst as usize, "{counted:?}");
            assert_eq!(passed("ada", begin), 0);
            let later = begin + Duration::from_secs(60);
            assert_eq!(passed("ada", later), per_minute.min(burst) as usize, "{counted:?}");
            let much_later = later + Duration::from_secs(3_600);
            assert_eq!(passed("ada", much_later), burst as usize, "{counted:?}");
        }
    }

    #[test]
    fn those_who_rest_are_forgotten() {
        let rates = Rates::default();
        let begin = Instant::now();
        for number in 0..limits::RATES_KEPT {
            assert!(rates.allow(&number.to_string(), Counted::Search, begin));
        }
        let later = begin + Duration::from_secs(3_600);
        assert!(rates.allow("ada", Counted::Search, later));
        assert_eq!(rates.0.lock().unwrap().len(), 1);
    }
}
