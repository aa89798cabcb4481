//! What runs came to.

use super::PEOPLE;

/// What one run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) runs: u64,
    pub(super) operations: u64,
    pub(super) updates: u64,
    pub(super) acknowledged: u64,
    /// Updates that died with a page before the browser or the server had them.
    pub(super) lost: u64,
    /// Updates on a device that rest on words which nobody has any more.
    pub(super) stranded: u64,
    pub(super) server_crashes: u64,
    pub(super) server_stops: u64,
    pub(super) browser_crashes: u64,
    pub(super) connections: u64,
    /// Runs whose room left a snapshot of everything.
    pub(super) snapshots: u64,
    /// Rows that compaction merged into others while people wrote.
    pub(super) merged: u64,
    pub(super) freezes: u64,
    /// Messages that came when the text was frozen, and were taken later.
    pub(super) frozen_out: u64,
}

impl Outcome {
    pub(super) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.operations += other.operations;
        self.updates += other.updates;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.stranded += other.stranded;
        self.server_crashes += other.server_crashes;
        self.server_stops += other.server_stops;
        self.browser_crashes += other.browser_crashes;
        self.connections += other.connections;
        self.snapshots += other.snapshots;
        self.merged += other.merged;
        self.freezes += other.freezes;
        self.frozen_out += other.frozen_out;
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "{} runs, {} operations of {PEOPLE} people, {} updates, {} acknowledged, 0 of them lost; {} lost unsaved with \
             their page, {} stranded on a device; {} server crashes, {} stops, {} browser crashes, {} connections, {} snapshots at the end, {} rows merged by \
             compaction, {} freezes with {} messages that had to wait",
            self.runs,
            self.operations,
            self.updates,
            self.acknowledged,
            self.lost,
            self.stranded,
            self.server_crashes,
            self.server_stops,
            self.browser_crashes,
            self.connections,
            self.snapshots,
            self.merged,
            self.freezes,
            self.frozen_out
        )
    }
}
