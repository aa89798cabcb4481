//! What a room takes from outside besides its log, so that it can be simulated: wall time and randomness. Intervals
//! are tokio's, which a test can pause.

use std::time::{SystemTime, UNIX_EPOCH};

use model::limits::CLIENT_ID_MAX;

/// Wall time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970, UTC.
    fn now_ms(&self) -> i64;
}

/// Randomness.
pub trait Entropy: Send + Sync + 'static {
    /// 64 random bits.
    fn random(&self) -> u64;

    /// A fresh Yjs client id: 53 bits.
    fn client_id(&self) -> u64 {
        self.random() & CLIENT_ID_MAX
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
    }
}

impl Entropy for SystemEntropy {
    fn random(&self) -> u64 {
        // Without the operating system's randomness the hasher's per-process keys still give distinct numbers.
        getrandom::u64().unwrap_or_else(|_| {
            use std::hash::{BuildHasher, Hasher};
            std::collections::hash_map::RandomState::new().build_hasher().finish()
        })
    }
}
