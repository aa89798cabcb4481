//! The rooms in a simulated world: five people in their browsers, a network, a disk, and everything that goes wrong
//! with them, from one seed.
//!
//! The rooms are the real ones, and so are the document, the diff rule, undo, and what a page counts as saved; the page
//! around them ([`page`]), the browser's own store ([`device`]), sockets ([`run`]) and the disk ([`store`]) are
//! simulated on tokio's paused clock, in one thread. Servers crash and forget what was not synced, or stop gently; the
//! disk refuses, waits, reports failures that were none, shows what it has not synced; browsers crash with what they had not stored; connections
//! break, are slow, end on one side long before the other notices; the wall clock jumps. Meanwhile history is thinned out,
//! the text is frozen and freed, and rooms that nobody is in go and come back from their snapshots.
//!
//! A connection is what TCP makes of a network: frames keep their order, none is left out, none comes twice; it ends
//! with some of them lost. Loss, reordering and repetition are therefore between connections: an old one may still
//! deliver when the new one has begun, and what was on its way comes again.
//!
//! What must hold ([`ledger`]): whatever the server called saved was on the disk at that moment and is in the document
//! ever after; at the end all documents are the same, and the same as every surviving update gives when applied once;
//! letters are neither lost nor there twice; every block is shown exactly once; nobody's undo takes others' words; no
//! honest page is ever refused but in a frozen text, and then it is asked later; what a device had written down is in the end
//! saved; nothing comes into a frozen text; a snapshot is what its rows give, and thinning out leaves nothing out.
//!
//! A seed is replayed by `LEITNETZ_SIM_SEED`. One thing differs from replay to replay: yrs numbers the letters that an
//! undo brings back in the order of a hash set. Nothing else rests on these numbers.

mod device;
mod ledger;
mod outcome;
mod page;
mod person;
mod random;
mod run;
mod store;
mod world;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use outcome::Outcome;
use run::Run;

/// People in one document.
const PEOPLE: usize = 5;
/// What they do together in one run; `LEITNETZ_SIM_OPERATIONS` asks for more.
const OPERATIONS: usize = 200;
/// Runs of the short form; `LEITNETZ_SIM_SEEDS` asks for more.
const SEEDS: u64 = 200;
/// Lines that a failure shows of what happened last.
const TRACE_LINES: usize = 40;

/// What happened, for whoever has to understand a failure.
struct Trace {
    lines: RefCell<VecDeque<String>>,
    /// Over all lines: two runs with one digest went alike.
    digest: Cell<u64>,
    prints: bool,
}

impl Trace {
    fn new(prints: bool) -> Self {
        Self {
            lines: RefCell::default(),
            digest: Cell::new(0xcbf2_9ce4_8422_2325),
            prints,
        }
    }

    fn note(&self, at: Duration, what: &str) {
        let line = format!("{:>9.3} s  {what}", at.as_secs_f64());
        let digest = line.bytes().fold(self.digest.get(), |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        self.digest.set(digest);
        if self.prints {
            println!("{line}");
        }
        let mut lines = self.lines.borrow_mut();
        if lines.len() == TRACE_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn last_lines(&self) -> String {
        let lines: Vec<String> = self.lines.borrow().iter().cloned().collect();
        lines.join("\n")
    }
}

thread_local! {
    /// Panics on this thread, also those that tokio catches with a room's task.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

fn count_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            print(info);
        }));
    });
}

/// One run in a runtime of its own.
fn simulate(seed: u64, operations: usize, trace: &Trace) -> Result<Outcome, String> {
    count_panics();
    let before = PANICS.get();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async { Run::new(seed, operations, trace).run().await })
    }));
    let outcome = outcome.unwrap_or_else(|_| Err("something panicked, see above".to_owned()))?;
    if PANICS.get() > before {
        return Err("a task of the server panicked, see above".to_owned());
    }
    Ok(outcome)
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

#[test]
fn nothing_saved_is_ever_lost_and_everybody_agrees() {
    let operations = number("LEITNETZ_SIM_OPERATIONS").map_or(OPERATIONS, |number| number as usize);
    if let Some(seed) = number("LEITNETZ_SIM_SEED") {
        let outcome = simulate(seed, operations, &Trace::new(true));
        println!("seed {seed}: {outcome:?}");
        assert!(outcome.is_ok());
        return;
    }
    let seeds = number("LEITNETZ_SIM_SEEDS").unwrap_or(SEEDS);
    let first = number("LEITNETZ_SIM_FIRST").unwrap_or(1);
    let started = Instant::now();
    let next = AtomicU64::new(first);
    let total = Mutex::new(Outcome::default());
    let failed = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds || !failed.lock().unwrap().is_empty() {
                return;
            }
            let trace = Trace::new(false);
            match simulate(seed, operations, &trace) {
                Ok(outcome) => total.lock().unwrap().add(&outcome),
                Err(what) => failed.lock().unwrap().push((seed, what, trace.last_lines())),
            }
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    for (seed, what, lines) in failed.lock().unwrap().iter() {
        println!("{lines}\n\nLEITNETZ_SIM_SEED={seed} failed: {what}");
    }
    assert!(failed.lock().unwrap().is_empty());
    let total = total.lock().unwrap();
    crate::report(&format!(
        "simulation: {} in {:.0} s",
        total.describe(),
        started.elapsed().as_secs_f64()
    ));
    assert_eq!(total.runs, seeds);
    // Whatever is to be survived has happened.
    if seeds >= SEEDS && operations >= OPERATIONS {
        let happened = [
            total.server_crashes,
            total.snapshots,
            total.merged,
            total.freezes,
            total.frozen_out,
        ];
        assert!(happened.iter().all(|times| *times > 0), "{total:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let operations = 300;
    for seed in [1, 2, 3] {
        let runs = [(); 2].map(|()| {
            let trace = Trace::new(false);
            let outcome = simulate(seed, operations, &trace);
            (outcome, trace.digest.get())
        });
        assert_eq!(runs[0], runs[1], "seed {seed}");
        assert!(runs[0].0.is_ok(), "{:?}", runs[0]);
    }
}
