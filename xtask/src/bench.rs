//! `cargo xtask bench sync`: the sync server beside two from npm and beside a bare relay, in one run.
//!
//! Each server runs alone on core 0, the load generator (the crate `load`) on core 1. Servers take turns inside a
//! scenario, so that a machine that changes its mood changes it for all of them.

mod scenarios;
mod servers;
mod table;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    str::FromStr,
};

use crate::{
    cache,
    call::{capture, find, run, say},
    failure::{Failure, Result},
    npm, prerequisites, site,
    toolchain::{self, Toolchain},
};
use scenarios::Scenario;
use servers::{Kind, Programs};
use table::{Figures, Table};

/// Runs of each scenario, unless something else is asked for.
const RUNS: usize = 3;
/// Seconds that are measured in each run of a scenario in which people type.
const SECONDS: u32 = 8;
/// Seconds that everybody is offline in the scenario in which everybody comes back.
const OFFLINE_SECONDS: u32 = 60;
/// The same for `--quick`.
const QUICK_SECONDS: u32 = 3;

/// The core of the servers, and the one of the load generator.
const SERVER_CORE: &str = "0";
const LOAD_CORE: &str = "1";
/// Open files of either; a thousand sockets are more than the usual limit.
const OPEN_FILES: &str = "--nofile=16384:16384";

#[derive(Debug, PartialEq)]
struct Options {
    runs: usize,
    seconds: u32,
    offline: u32,
    profile: String,
    scenarios: Vec<&'static Scenario>,
    servers: Vec<Kind>,
}

pub(crate) fn bench(arguments: &[String]) -> Result<ExitCode> {
    let options = match arguments.split_first() {
        Some((what, rest)) if what == "sync" => read(rest)?,
        _ => return Err(Failure::new("`cargo xtask bench sync` is the only one.")),
    };
    prerequisites::check()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 {
        return Err(Failure::new(
            "two cores are needed: one for the server, one for the load.",
        ));
    }
    for program in ["taskset", "prlimit"] {
        if find(program).is_none() {
            return Err(Failure::new(format!(
                "`{program}` is missing: `apt-get install util-linux`."
            )));
        }
    }
    let toolchain = toolchain::prepare()?;
    let programs = build(&toolchain, &options.profile)?;
    if options.servers.iter().any(|server| server.is_from_npm()) {
        npm::peers_packages()?;
    }
    println!("{}\n", machine(&options)?);

    let mut broken = BTreeMap::new();
    for scenario in &options.scenarios {
        let table = measure(scenario, &options, &programs, &mut broken)?;
        println!("{table}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The server and the tools, with the sync path optimised.
fn build(toolchain: &Toolchain, profile: &str) -> Result<Programs> {
    let server = site::build_server_as(toolchain, profile)?;
    say("Building the load generator and the relay");
    run(toolchain
        .cargo("build")
        .args(["--package", "load", "--bins", "--profile", profile]))?;
    let beside = |name: &str| server.with_file_name(name);
    Ok(Programs {
        load: beside("load"),
        relay: beside("relay"),
        leitnetz: server,
        peers: cache::checkout().join("xtask/peers"),
    })
}

/// Runs a scenario against every server. `broken` remembers from which size on a server is not asked any more.
fn measure(
    scenario: &Scenario,
    options: &Options,
    programs: &Programs,
    broken: &mut BTreeMap<Kind, &'static str>,
) -> Result<Table> {
    let mut table = Table::new(scenario);
    for server in options.servers.iter().filter(|server| !scenario.suits(**server)) {
        table.note(*server, "keeps no document, so it is not measured here");
    }
    let mut figures: BTreeMap<Kind, Vec<Figures>> = BTreeMap::new();
    for number in 1..=options.runs {
        for server in options.servers.iter().filter(|server| scenario.suits(**server)) {
            if let Some(earlier) = broken.get(server).filter(|_| scenario.grows) {
                table.note(*server, format!("broke down at {earlier} already"));
                continue;
            }
            say(format!("{}, run {number} of {}: {server}", scenario.name, options.runs));
            match once(scenario, options, programs, *server, &mut table) {
                Ok(found) => figures.entry(*server).or_default().push(found),
                Err(failure) => table.note(*server, failure.to_string()),
            }
        }
        for server in &options.servers {
            let delivers = |found: &Figures| {
                scenarios::delivered_share(found).is_none_or(|share| share >= scenarios::BROKEN_BELOW)
            };
            let is_well = figures
                .get(server)
                .is_some_and(|runs| runs.len() == number && runs.iter().all(delivers));
            if scenario.grows && scenario.suits(*server) && !is_well {
                broken.entry(*server).or_insert(scenario.name);
            }
        }
    }
    for (server, runs) in figures {
        table.add(server, &runs);
    }
    Ok(table)
}

/// One run: a fresh server, the load generator, and the server's end.
fn once(scenario: &Scenario, options: &Options, programs: &Programs, kind: Kind, table: &mut Table) -> Result<Figures> {
    let mut server = servers::start(kind, programs)?;
    if let Some(remark) = &server.remark {
        table.note(kind, remark.clone());
    }
    let mut load = pinned(LOAD_CORE, &programs.load);
    load.args(["--server", kind.as_str(), "--address", &server.address])
        .args(["--pid", &server.id().to_string()])
        .args(["--scenario", scenario.load])
        .args(["--seconds", &options.seconds.to_string()])
        .args(["--offline", &options.offline.to_string()]);
    if kind == Kind::Leitnetz {
        // The server's own runtime for the database, and the engine's committing threads.
        load.args(["--store-threads", "store,surrealkv", "--secret", &server.secret])
            .args(["--places", &places()?.join(",")]);
    }
    let result = drive(&mut load, || {
        server.restart(programs)?;
        Ok(server.id())
    })?;
    Ok(table::figures(&result))
}

/// Runs the load generator; answers with its result. When it asks for a restart, `restart` answers with the new process id.
fn drive(load: &mut Command, mut restart: impl FnMut() -> Result<u32>) -> Result<String> {
    let failed = || Failure::because("the load generator could not be run");
    let mut child = load
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed())?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Failure::new("the load generator has no input and output."));
    };
    let mut result = None;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(failed())?;
        if line == "restart" {
            match restart() {
                Ok(id) => writeln!(input, "{id}").map_err(failed())?,
                Err(failure) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(failure);
                }
            }
        } else if let Some(line) = line.strip_prefix("result ") {
            result = Some(line.to_owned());
        }
    }
    let ended = child.wait_with_output().map_err(failed())?;
    let said = String::from_utf8_lossy(&ended.stderr);
    result.ok_or_else(|| Failure::new(format!("the load generator printed no result: {}", said.trim())))
}

/// A command on one core, with room for many sockets. Both helpers become the program, so its process id is the child's.
fn pinned(core: &str, program: &Path) -> Command {
    let mut command = Command::new("prlimit");
    command
        .args([OPEN_FILES, "taskset", "--cpu-list", core])
        .arg(program)
        .stdin(Stdio::null());
    command
}

/// The network's places: each can have a document.
fn places() -> Result<Vec<String>> {
    let path = cache::checkout().join("server/data/network.csv");
    let text = fs::read_to_string(&path).map_err(Failure::because(path.display()))?;
    let mut places: Vec<_> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next().map(str::to_owned))
        .collect();
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// What the figures come from, in one line.
fn machine(options: &Options) -> Result<String> {
    let text = |path: &str| fs::read_to_string(path).map_err(Failure::because(path));
    let processors = text("/proc/cpuinfo")?;
    let processor = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(':').nth(1))
        .map_or("unknown processor", str::trim)
        .to_owned();
    let kernel = text("/proc/sys/kernel/osrelease")?;
    let commit = capture(
        Command::new("git")
            .args(["rev-parse", "--short", "HEAD"])
            .current_dir(cache::checkout()),
    );
    Ok(format!(
        "Machine: {processor}, {} cores; Linux {}; Node.js {}; {}; profile {}; commit {}; medians of {} runs of {} s.",
        std::thread::available_parallelism().map_or(1, usize::from),
        kernel.trim(),
        capture(Command::new("node").arg("--version"))?,
        capture(Command::new("rustc").arg("--version"))?,
        options.profile,
        commit.unwrap_or_else(|_| "unknown".to_owned()),
        options.runs,
        options.seconds,
    ))
}

/// Reads `[--runs N] [--seconds N] [--only SCENARIO,…] [--servers SERVER,…] [--profile NAME] [--quick]`.
fn read(arguments: &[String]) -> Result<Options> {
    let mut options = Options {
        runs: RUNS,
        seconds: SECONDS,
        offline: OFFLINE_SECONDS,
        profile: "bench-sync".to_owned(),
        scenarios: scenarios::all().iter().collect(),
        servers: Kind::ALL.to_vec(),
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        if name == "--quick" {
            options.runs = 1;
            options.seconds = QUICK_SECONDS;
            options.offline = QUICK_SECONDS;
            continue;
        }
        let value = rest
            .next()
            .ok_or_else(|| Failure::new(format!("{name} needs a value.")))?;
        match name.as_str() {
            "--runs" => options.runs = number(name, value)?,
            "--seconds" => options.seconds = number(name, value)?,
            "--offline" => options.offline = number(name, value)?,
            "--profile" => options.profile.clone_from(value),
            "--only" => options.scenarios = scenarios::chosen(value)?,
            "--servers" => options.servers = value.split(',').map(Kind::from_str).collect::<Result<_>>()?,
            _ => return Err(Failure::new(format!("there is no option {name}."))),
        }
    }
    Ok(options)
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T> {
    value
        .parse()
        .map_err(|_| Failure::new(format!("{name} needs a whole number, not {value}.")))
}

/// Where a program of this run keeps what it writes; removed with the server.
fn fresh_folder() -> Result<PathBuf> {
    let name = format!("leitnetz-bench-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let failed = || Failure::because(format!("{} could not be made fresh", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed())?;
    }
    fs::create_dir_all(&folder).map_err(failed())?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn reads_arguments() {
        let options = read(&words("--quick --only a,d5000 --servers leitnetz,relay --runs 2")).unwrap();
        assert_eq!((options.runs, options.seconds), (2, QUICK_SECONDS));
        let names: Vec<_> = options.scenarios.iter().map(|scenario| scenario.name).collect();
        assert_eq!(names, ["a10", "a50", "a100", "a200", "a400", "a1000", "d5000"]);
        assert_eq!(options.servers, [Kind::Leitnetz, Kind::Relay]);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in ["--only z", "--servers etherpad", "--runs x", "--runs", "--fast 1"] {
            assert!(read(&words(line)).is_err(), "{line}");
        }
    }
}
