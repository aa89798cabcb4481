//! The binary `leitnetz`: sets up the runtime and logging, the rest is the library.

use std::{io::IsTerminal as _, process::ExitCode, time::Duration};

use clap::Parser as _;
use leitnetz::cli::{self, Arguments};
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

/// Stack of each worker thread, in bytes: SurrealDB's parser and executor recurse, and unoptimised frames are large.
const THREAD_STACK_BYTES: usize = 10 * 1024 * 1024;

/// How long tasks may take to end when everything is done.
const TASKS_TIMEOUT: Duration = Duration::from_millis(500);

/// Name of the threads of the database, by which its CPU time can be told from that of the rooms.
const STORE_THREADS: &str = "store";

/// Warnings of others, information of ours. The database's background tasks call every orderly end an error.
const DEFAULT_LOG: &str =
    "warn,leitnetz=info,store=info,surrealdb_core::kvs::tasks=off,surrealkv::task=off,surrealkv::lsm=off";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("LEITNETZ_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    // The database has threads of its own: its statements are long, and relaying must not wait for one.
    let outcome = match (runtime("leitnetz"), runtime(STORE_THREADS)) {
        (Ok(rooms), Ok(store)) => {
            let store_runtime = store.handle().clone();
            // Spawned, so that also the first future has a worker's stack.
            let outcome = rooms.block_on(async { tokio::spawn(cli::run(arguments, store_runtime)).await });
            // What still runs may hang in a write to a disk that is gone. What it would write was not promised to anybody.
            rooms.shutdown_timeout(TASKS_TIMEOUT);
            store.shutdown_timeout(TASKS_TIMEOUT);
            outcome
        }
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
        Err(panic) => {
            eprintln!("{panic}");
            ExitCode::FAILURE
        }
    }
}

fn runtime(thread_name: &str) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name(thread_name)
        .thread_stack_size(THREAD_STACK_BYTES)
        .build()
}
