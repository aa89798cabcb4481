//! What is counted while a scenario runs.

use std::{
    cell::{Cell, RefCell},
    time::Instant,
};

use crate::histogram::Histogram;

/// Counters that all browsers share. Edits sent inside the window are followed until they arrive, also after its end.
pub struct Meter {
    start: Instant,
    window: Cell<(u64, u64)>,
    counts: RefCell<Counts>,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Browsers that have the document and, if they write, their block in it.
    pub ready: usize,
    /// Sockets that the server closed.
    pub lost: usize,
    /// Frames that could not be read.
    pub unreadable: usize,
    /// Stalled sockets that the server ended.
    pub ended_stalled: usize,
    /// Edits of the window, to how many browsers they have to go, and how often they arrived so far.
    pub edits: u64,
    pub expected: u64,
    pub delivered: u64,
    pub fanout: Histogram,
    /// Acknowledged edits of the window.
    pub acks: Histogram,
    /// What arrived during the window, whenever it was sent.
    pub deliveries_meanwhile: u64,
    pub bytes_meanwhile: u64,
    pub frames_meanwhile: u64,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            // Empty.
            window: Cell::new((u64::MAX, 0)),
            counts: RefCell::default(),
        }
    }
}

impl Meter {
    /// Nanoseconds since the meter was made.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    /// From when to when edits are measured.
    pub fn set_window(&self, start: u64, end: u64) {
        self.window.set((start, end));
    }

    #[must_use]
    pub fn is_in_window(&self, at: u64) -> bool {
        let (start, end) = self.window.get();
        start <= at && at < end
    }

    /// Changes the counts; not to be nested.
    pub fn count<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        change(&mut self.counts.borrow_mut())
    }

    /// Forgets what was measured, for another window.
    pub fn start_over(&self) {
        self.window.set((u64::MAX, 0));
        let mut counts = self.counts.borrow_mut();
        *counts = Counts {
            ready: counts.ready,
            lost: counts.lost,
            unreadable: counts.unreadable,
            ..Counts::default()
        };
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.borrow().clone()
    }
}
