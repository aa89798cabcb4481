//! `cargo xtask test`: everything that must pass, step by step, each with its time.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::call::{run, say};
use crate::failure::{Failure, Result};
use crate::site::Site;
use crate::toolchain::{Toolchain, WASM};
use crate::{cache, npm, prerequisites, site, sizes, toolchain};

/// The native crates, always selected together. Cargo unifies the features of what is selected: this set gives
/// exactly the features of `--package leitnetz` alone (compared with `cargo build --unit-graph`), so that the tests
/// reuse the SurrealDB that the server's build has compiled. Adding `bundle` or `web` would compile it again.
const NATIVE: [&str; 8] = [
    "--package",
    "leitnetz",
    "--package",
    "store",
    "--package",
    "app",
    "--package",
    "model",
];
/// What runs in the browser; `web` switches `app` to hydrating.
const BROWSER: [&str; 6] = ["--package", "web", "--package", "app", "--package", "model"];
/// The project's own tools, and the program for PDFs, which must not be compiled together with the server either.
const TOOLS: [&str; 8] = [
    "--package",
    "xtask",
    "--package",
    "bundle",
    "--package",
    "load",
    "--package",
    "pdf",
];

/// One step: its name for `only`, what it does for the table, and how.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Context) -> Result<()>,
}

const STEPS: [Step; 9] = [
    Step {
        name: "format",
        what: "rustfmt",
        run: format,
    },
    Step {
        name: "build",
        what: "server",
        run: build,
    },
    Step {
        name: "lint",
        what: "clippy, server side",
        run: lint,
    },
    Step {
        name: "lint-web",
        what: "clippy, browser side",
        run: lint_web,
    },
    Step {
        name: "lint-tools",
        what: "clippy, tools and PDF program",
        run: lint_tools,
    },
    Step {
        name: "test",
        what: "unit, property and in-process server tests",
        run: test_native,
    },
    Step {
        name: "test-tools",
        what: "tests of the tools and the PDF program",
        run: test_tools,
    },
    Step {
        name: "bundle",
        what: "wasm, site, byte sizes",
        run: bundle,
    },
    Step {
        name: "end2end",
        what: "in a real browser",
        run: end2end,
    },
];

struct Context {
    toolchain: Toolchain,
    /// Folder of real pages for the import tests.
    seeds: Option<PathBuf>,
}

/// What one step came to.
struct Outcome {
    step: &'static Step,
    took: Duration,
    failure: Option<Failure>,
}

pub(crate) fn test(arguments: &[String]) -> Result<ExitCode> {
    let (seeds, chosen) = read(arguments)?;
    if arguments == ["list"] {
        STEPS
            .iter()
            .for_each(|step| println!("{:<12} {}", step.name, step.what));
        return Ok(ExitCode::SUCCESS);
    }
    prerequisites::check()?;
    let context = Context {
        toolchain: toolchain::prepare()?,
        seeds,
    };

    let mut outcomes = Vec::new();
    for step in STEPS
        .iter()
        .filter(|step| chosen.is_empty() || chosen.contains(&step.name))
    {
        println!("\n### {} ({})", step.name, step.what);
        let start = Instant::now();
        let failure = (step.run)(&context).err();
        let stop = failure.is_some();
        outcomes.push(Outcome {
            step,
            took: start.elapsed(),
            failure,
        });
        // Later steps stand on earlier ones: the first failure is the one to read.
        if stop {
            break;
        }
    }
    Ok(report(&outcomes))
}

/// Runs a script of `end2end` with these arguments against the built server.
pub(crate) fn node_script(site: &Site, script: &str, arguments: &[String], seeds: Option<&Path>) -> Result<()> {
    npm::end2end_packages()?;
    let folder = cache::checkout().join("end2end");
    let mut node = Command::new("node");
    node.arg(folder.join(script))
        .args(arguments)
        .current_dir(&folder)
        .env("LEITNETZ_BIN", &site.server)
        .env("LEITNETZ_SITE_ROOT", &site.root)
        .env("LEITNETZ_CHROMIUM", npm::chromium()?);
    site.describe_to(&mut node);
    if let Some(seeds) = seeds {
        node.env("LEITNETZ_SEEDS", seeds);
    }
    run(&mut node)
}

fn format(context: &Context) -> Result<()> {
    run(context.toolchain.cargo("fmt").args(["--all", "--", "--check"]))
}

fn build(context: &Context) -> Result<()> {
    site::build_server(&context.toolchain).map(drop)
}

fn lint(context: &Context) -> Result<()> {
    run(context
        .toolchain
        .cargo("clippy")
        .args(NATIVE)
        .args(["--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn lint_web(context: &Context) -> Result<()> {
    // `--lib`: the tests are native, their libraries do not compile for wasm.
    let arguments = ["--lib", "--target", WASM, "--locked", "--", "-D", "warnings"];
    run(context.toolchain.cargo("clippy").args(BROWSER).args(arguments))
}

fn lint_tools(context: &Context) -> Result<()> {
    run(context
        .toolchain
        .cargo("clippy")
        .args(TOOLS)
        .args(["--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn test_native(context: &Context) -> Result<()> {
    let mut cargo = context.toolchain.cargo("test");
    cargo.args(NATIVE).arg("--locked");
    if let Some(seeds) = &context.seeds {
        cargo.env("LEITNETZ_SEEDS", seeds);
    }
    run(&mut cargo)
}

fn test_tools(context: &Context) -> Result<()> {
    run(context.toolchain.cargo("test").args(TOOLS).arg("--locked"))?;
    // The map step itself needs large packages and is run by hand; its tests need none.
    run(Command::new("node")
        .arg("--test")
        .arg(cache::checkout().join("xtask/map/paths.test.mjs")))
}

fn bundle(context: &Context) -> Result<()> {
    sizes::check(&site::build_bundle(&context.toolchain)?)
}

fn end2end(context: &Context) -> Result<()> {
    // Takes a second when the steps before have built it, and makes `only end2end` test what is there now.
    let site = site::build(&context.toolchain)?;
    node_script(&site, "run.mjs", &[], context.seeds.as_deref())
}

/// Reads `[--seeds DIR] [only STEP...]`.
fn read(arguments: &[String]) -> Result<(Option<PathBuf>, Vec<&'static str>)> {
    let mut seeds = None;
    let mut chosen = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "list" => {}
            "--seeds" => {
                let folder = rest.next().ok_or_else(|| Failure::new("--seeds needs a folder."))?;
                let folder = fs_folder(folder)?;
                seeds = Some(folder);
            }
            "only" => {
                for name in rest.by_ref() {
                    let step = STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
                        Failure::new(format!(
                            "there is no step `{name}`; `cargo xtask test list` names them."
                        ))
                    })?;
                    chosen.push(step.name);
                }
            }
            other => {
                return Err(Failure::new(format!(
                    "`{other}` is neither `--seeds DIR` nor `only STEP...`."
                )));
            }
        }
    }
    Ok((seeds, chosen))
}

/// An absolute folder: the tests run in other working folders than this command.
fn fs_folder(path: &str) -> Result<PathBuf> {
    std::fs::canonicalize(path)
        .ok()
        .filter(|folder| folder.is_dir())
        .ok_or_else(|| Failure::new(format!("--seeds: {path} is not a folder.")))
}

/// Prints the table, what failed, and the line of counts, which stands last and alone.
fn report(outcomes: &[Outcome]) -> ExitCode {
    println!("\n{:<12} {:>8}  Step", "Name", "Time");
    for outcome in outcomes {
        let mark = if outcome.failure.is_some() { "FAILED" } else { "" };
        println!(
            "{:<12} {:>8}  {} {mark}",
            outcome.step.name,
            time(outcome.took),
            outcome.step.what
        );
    }
    println!(
        "{:<12} {:>8}",
        "together",
        time(outcomes.iter().map(|outcome| outcome.took).sum())
    );
    let failed: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome.step, outcome.failure.as_ref()?)))
        .collect();
    for (step, failure) in &failed {
        println!("\nThe step {} failed: {failure}", step.name);
    }
    let left = STEPS.len() - outcomes.len();
    if !failed.is_empty() && left > 0 {
        say("The steps after it were not run");
    }
    println!("\n{} passed, {} failed", outcomes.len() - failed.len(), failed.len());
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// 754 s → "12:34".
fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{read, time};
    use std::time::Duration;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn reads_arguments() {
        let (seeds, chosen) = read(&words("--seeds / only lint test")).unwrap();
        assert_eq!(seeds.unwrap().to_str(), Some("/"));
        assert_eq!(chosen, ["lint", "test"]);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(read(&words("only lnit")).is_err());
        assert!(read(&words("--seeds")).is_err());
        assert!(read(&words("--seeds /no/such/folder")).is_err());
        assert!(read(&words("lint")).is_err());
    }

    #[test]
    fn writes_minutes_and_seconds() {
        assert_eq!(time(Duration::from_secs(754)), "12:34");
        assert_eq!(time(Duration::from_millis(9_900)), "0:09");
    }
}
