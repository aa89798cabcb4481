//! Answers to `SyncStep1`, encoded once for all who ask the same: after a restart everybody comes back at once.

use std::collections::BTreeMap;

use axum::body::Bytes;
use model::wire::{ServerMessage, admission::Refusal};

use super::replica::Replica;

/// How many different questions are remembered.
const REMEMBERED: usize = 4;

/// The answers to the last questions, as long as the document does not change.
#[derive(Debug, Default)]
pub(super) struct Answers {
    version: u64,
    /// Clocks asked with, and the frame that answers.
    known: Vec<(BTreeMap<u64, u32>, Bytes)>,
}

impl Answers {
    /// The frame with what somebody with these clocks lacks.
    ///
    /// # Errors
    /// When the clocks are no place to go on from.
    pub(super) fn get(&mut self, replica: &Replica, clocks: BTreeMap<u64, u32>) -> Result<Bytes, Refusal> {
        if self.version != replica.version() {
            self.version = replica.version();
            self.known.clear();
        }
        if let Some((_, frame)) = self.known.iter().find(|(known, _)| *known == clocks) {
            return Ok(frame.clone());
        }
        let frame = Bytes::from(ServerMessage::SyncStep2(&replica.diff(&clocks)?).encode());
        if self.known.len() >= REMEMBERED {
            self.known.remove(0);
        }
        self.known.push((clocks, frame.clone()));
        Ok(frame)
    }

    /// Forgets everything: the document was built anew.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }
}
