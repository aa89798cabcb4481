//! Wall time and randomness of a simulated server.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use leitnetz::rooms::{Clock, Entropy};
use tokio::time::Instant;

use super::random::Random;

/// A wall clock over tokio's paused time, which can be set wrong.
pub(super) struct WallClock {
    started: Instant,
    /// What was added to the true time, in milliseconds.
    wrong_by_ms: AtomicI64,
}

impl WallClock {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            wrong_by_ms: AtomicI64::new(0),
        }
    }

    pub(super) fn jump(&self, by_ms: i64) {
        self.wrong_by_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl Clock for WallClock {
    fn now_ms(&self) -> i64 {
        const START_MS: i64 = 1_767_225_600_000;
        let since = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        START_MS + since + self.wrong_by_ms.load(Ordering::Relaxed)
    }
}

/// Randomness from the seed of the run.
pub(super) struct SeededEntropy(Mutex<Random>);

impl SeededEntropy {
    pub(super) fn new(random: Random) -> Self {
        Self(Mutex::new(random))
    }
}

impl Entropy for SeededEntropy {
    fn random(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}
