//! What both transports do with what they read: slow a flood down, notice a silence, hand frames to the room.

use std::time::Duration;

use axum::body::Bytes;
use model::{
    limits,
    wire::{ClientMessage, admission::Refusal},
};
use tokio::time::{Instant, sleep_until};

use super::seat::Incoming;

/// The reading half of one connection. Dropping it leaves the room.
pub struct Reader {
    incoming: Incoming,
    rate: Rate,
    silence: Duration,
}

impl Reader {
    #[must_use]
    pub fn new(incoming: Incoming) -> Self {
        Self {
            incoming,
            rate: Rate::new(Instant::now()),
            silence: limits::SILENCE_WITHOUT_HELLO,
        }
    }

    /// How long the other side may stay silent.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.silence
    }

    /// Hands a frame to the room, as soon as the rate allows. An empty one only costs its place in the rate.
    pub async fn take(&mut self, frame: Bytes) {
        sleep_until(self.rate.take(Instant::now(), frame.len())).await;
        if frame.is_empty() {
            return;
        }
        if matches!(ClientMessage::decode(&frame), Ok(ClientMessage::Hello { .. })) {
            self.silence = limits::SILENCE_AFTER_HELLO;
        }
        self.incoming.send(frame).await;
    }

    /// Ends the connection because of what was read, which was no message at all.
    pub fn refuse(&self, refusal: Refusal) {
        self.incoming.refuse(refusal);
    }
}

/// Two buckets, of messages and of bytes, kept as the moment until which they are empty: reading waits, nothing is
/// refused.
struct Rate {
    messages: Instant,
    bytes: Instant,
}

impl Rate {
    fn new(now: Instant) -> Self {
        Self {
            messages: now,
            bytes: now,
        }
    }

    /// Takes a message out of both buckets; when it may go on.
    fn take(&mut self, now: Instant, bytes: usize) -> Instant {
        let message_cost = Duration::from_secs(1) / limits::READ_MESSAGES_PER_SECOND;
        let bytes_cost = Duration::from_secs_f64(bytes as f64 / f64::from(limits::READ_BYTES_PER_SECOND));
        let message_burst = message_cost * limits::READ_MESSAGES_BURST;
        let bytes_burst = Duration::from_secs(u64::from(limits::READ_BYTES_BURST / limits::READ_BYTES_PER_SECOND));
        self.messages = self.messages.max(now) + message_cost;
        self.bytes = self.bytes.max(now) + bytes_cost;
        // An empty bucket lies a whole burst in the future.
        let messages_at = self.messages.checked_sub(message_burst).unwrap_or(now);
        let bytes_at = self.bytes.checked_sub(bytes_burst).unwrap_or(now);
        messages_at.max(bytes_at).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_waits() {
        let now = Instant::now() + Duration::from_secs(3600);
        let mut rate = Rate::new(now);
        for _ in 0..limits::READ_MESSAGES_BURST {
            assert_eq!(rate.take(now, 10), now);
        }
        let next = rate.take(now, 10);
        assert_eq!(next - now, Duration::from_secs(1) / limits::READ_MESSAGES_PER_SECOND);
        // A second later the bucket holds a second's worth again.
        let later = now + Duration::from_secs(1);
        assert_eq!(rate.take(later, 10), later);
    }

    #[test]
    fn large_messages_wait_for_their_bytes() {
        let now = Instant::now() + Duration::from_secs(3600);
        let mut rate = Rate::new(now);
        assert_eq!(rate.take(now, limits::READ_BYTES_BURST as usize), now);
        let next = rate.take(now, limits::READ_BYTES_PER_SECOND as usize);
        assert_eq!(next - now, Duration::from_secs(1));
    }
}
