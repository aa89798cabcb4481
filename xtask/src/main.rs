//! The README's commands: `cargo xtask run`, `cargo xtask test`, `cargo xtask figures`, `cargo xtask bench`.
//!
//! No dependencies, so that a first call compiles in seconds; what needs libraries is the crate `bundle`.
//! Failures are [`Failure`]s: one sentence for the person at the terminal, with the remedy where there is one.

mod bench;
mod cache;
mod call;
mod failure;
mod figures;
mod leptos;
mod npm;
mod outputs;
mod packages;
mod prerequisites;
mod run;
mod site;
mod sizes;
mod suite;
mod toolchain;

use std::process::ExitCode;

use failure::{Failure, Result};

const USAGE: &str = "\
cargo xtask run [-- ARGS]     build everything and serve it on http://127.0.0.1:3000 with the demo network
cargo xtask test [--seeds DIR] [only STEP...]
                              everything that must pass; `only` picks steps by name, `list` names them
cargo xtask figures [NAME...] sizes and speeds, as kept in docs/performance.md; or only some of the browser's
cargo xtask bench sync [--quick] [--runs N] [--seconds N] [--only SCENARIO,...] [--servers SERVER,...]
                              the sync server beside two others and a bare relay, as in docs/performance.md
cargo xtask env               the environment in which the commands above call cargo, for a shell's `eval`";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    match arguments.split_first().map(|(name, rest)| (name.as_str(), rest)) {
        Some(("run", rest)) => run::run(rest),
        Some(("test", rest)) => suite::test(rest),
        Some(("figures", rest)) => figures::figures(rest),
        Some(("bench", rest)) => bench::bench(rest),
        Some(("env", [])) => print_environment(),
        Some(("help" | "--help" | "-h", _)) => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Failure::new(format!("that is not one of the commands.\n\n{USAGE}"))),
    }
}

/// For developers: cargo called by hand then shares the commands' outputs instead of compiling SurrealDB again.
fn print_environment() -> Result<ExitCode> {
    let toolchain = toolchain::prepare()?;
    println!("export CARGO_TARGET_DIR='{}'", toolchain.target_dir().display());
    if let Some(name) = toolchain.rustup_name() {
        println!("export RUSTUP_TOOLCHAIN='{name}'");
    }
    Ok(ExitCode::SUCCESS)
}
