//! A log that a test can stop and break.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use leitnetz::rooms::{
    Batch, Claim, Log, LogError, MemoryLog, Quarantined, Snapshot,
    log::{BoxFuture, Opening, Part},
};
use model::{ags::Ags, stage::Stage};
use tokio::{sync::watch, time::Instant};

/// A [`MemoryLog`] behind a gate.
pub(super) struct TestLog {
    pub(super) memory: MemoryLog,
    open: watch::Sender<bool>,
    /// Every append fails.
    pub(super) fails: AtomicBool,
    /// Every append does its work and then reports a failure.
    pub(super) seems_to_fail: AtomicBool,
    /// Every rewrite fails.
    pub(super) fails_to_rewrite: AtomicBool,
    rewrites: AtomicUsize,
    pub(super) loads: AtomicUsize,
    /// When each append was begun.
    pub(super) appends: Mutex<Vec<Instant>>,
    /// The next load panics.
    pub(super) panics: AtomicBool,
}

impl TestLog {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            memory: MemoryLog::new(),
            open: watch::Sender::new(true),
            fails: AtomicBool::new(false),
            seems_to_fail: AtomicBool::new(false),
            fails_to_rewrite: AtomicBool::new(false),
            rewrites: AtomicUsize::new(0),
            loads: AtomicUsize::new(0),
            appends: Mutex::default(),
            panics: AtomicBool::new(false),
        })
    }

    /// Commits wait from now on.
    pub(super) fn stop(&self) {
        self.open.send_replace(false);
    }

    /// Commits go on.
    pub(super) fn go_on(&self) {
        self.open.send_replace(true);
    }

    pub(super) fn set_failing(&self, fails: bool) {
        self.fails.store(fails, Ordering::Relaxed);
    }

    /// How often something was to be written again.
    pub(super) fn rewrites(&self) -> usize {
        self.rewrites.load(Ordering::Relaxed)
    }

    pub(super) fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }
}

impl Log for TestLog {
    fn load<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Batch, LogError>> {
        self.memory.load(ags)
    }

    fn append<'a>(&'a self, ags: &'a Ags, batch: &'a Batch) -> BoxFuture<'a, Result<(), LogError>> {
        self.appends.lock().unwrap().push(Instant::now());
        Box::pin(async move {
            let mut open = self.open.subscribe();
            open.wait_for(|open| *open)
                .await
                .expect("the gate lives as long as the log");
            if self.fails.load(Ordering::Relaxed) {
                return Err(LogError::Unavailable("out of order".to_owned()));
            }
            self.memory.append_now(ags, batch)?;
            if self.seems_to_fail.load(Ordering::Relaxed) {
                return Err(LogError::Unavailable("no answer".to_owned()));
            }
            Ok(())
        })
    }

    fn open<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Opening, LogError>> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        assert!(
            !self.panics.swap(false, Ordering::Relaxed),
            "a panic that the test asked for"
        );
        self.memory.open(ags)
    }

    fn keep_snapshot<'a>(&'a self, ags: &'a Ags, snapshot: &'a Snapshot) -> BoxFuture<'a, Result<(), LogError>> {
        self.memory.keep_snapshot(ags, snapshot)
    }

    fn stage<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Stage, LogError>> {
        self.memory.stage(ags)
    }

    fn name_state<'a>(&'a self, ags: &'a Ags, seq: u64, name: &'a str) -> BoxFuture<'a, Result<(), LogError>> {
        self.memory.name_state(ags, seq, name)
    }

    fn names<'a>(&'a self, ags: &'a Ags) -> BoxFuture<'a, Result<Vec<(u64, String)>, LogError>> {
        self.memory.names(ags)
    }

    fn parts<'a>(&'a self, ags: &'a Ags, from: u64) -> BoxFuture<'a, Result<Vec<Part>, LogError>> {
        self.memory.parts(ags, from)
    }

    fn rewrite<'a>(&'a self, ags: &'a Ags, parts: &'a [Part]) -> BoxFuture<'a, Result<(), LogError>> {
        self.rewrites.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            if self.fails_to_rewrite.load(Ordering::Relaxed) {
                return Err(LogError::Unavailable("out of order".to_owned()));
            }
            self.memory.rewrite(ags, parts).await
        })
    }

    fn rewrite_claims<'a>(&'a self, ags: &'a Ags, claims: &'a [Claim]) -> BoxFuture<'a, Result<(), LogError>> {
        self.memory.rewrite_claims(ags, claims)
    }

    fn quarantine<'a>(&'a self, ags: &'a Ags, update: &'a Quarantined) -> BoxFuture<'a, Result<(), LogError>> {
        self.memory.quarantine(ags, update)
    }
}
