//! Measures one scenario against one running server and prints a line of figures.
//!
//! ```text
//! load --server KIND --address HOST:PORT --pid PID --scenario SCENARIO [--seconds N] [--offline N]
//!      [--store-threads NAME,NAME,…] [--secret ONE-TIME-SECRET --places AGS,AGS,…]
//! ```

use std::{collections::HashMap, process::ExitCode, rc::Rc, time::Duration};

use load::{
    Failure, Result, links,
    process::Process,
    report::Report,
    scenario::{Scenario, Times},
    target::{Kind, Room, Target},
};

fn main() -> ExitCode {
    match measure() {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<Report> {
    let options = options(std::env::args().skip(1))?;
    let given = |name: &str| options.get(name).map(String::as_str);
    let needed = |name: &str| given(name).ok_or_else(|| Failure(format!("--{name} is missing")));
    let seconds = |name: &str, default: f64| match given(name).map(str::parse) {
        Some(Ok(seconds)) => Ok(Duration::from_secs_f64(seconds)),
        Some(Err(_)) => Err(Failure(format!("--{name} is a number of seconds"))),
        None => Ok(Duration::from_secs_f64(default)),
    };
    let kind: Kind = needed("server")?.parse()?;
    let scenario: Scenario = needed("scenario")?.parse()?;
    let address = needed("address")?.to_owned();
    let id = needed("pid")?.parse().map_err(Failure::because("--pid is a number"))?;
    let store_threads = given("store-threads").map(|names| names.split(',').map(str::to_owned).collect());
    let server = Process::new(id, store_threads.unwrap_or_default());
    let times = Times {
        warm_up: seconds("warm-up", 2.0)?,
        window: seconds("seconds", 8.0)?,
        offline: seconds("offline", 60.0)?,
    };
    let documents = scenario.documents();
    let rooms = if kind == Kind::Leitnetz {
        let places: Vec<_> = needed("places")?
            .split(',')
            .take(documents)
            .map(str::to_owned)
            .collect();
        if places.len() < documents {
            return Err(Failure(format!("{documents} documents need as many places")));
        }
        links::make(&address, needed("secret")?, &places, scenario.people())?
    } else {
        let room = |number| Room {
            name: format!("{:05}", 10_000 + number),
            tokens: Vec::new(),
        };
        (0..documents).map(room).collect()
    };
    let target = Rc::new(Target { kind, address, rooms });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::because("no runtime"))?;
    tokio::task::LocalSet::new().block_on(&runtime, scenario.run(&target, &server, times))
}

/// `--name value` pairs.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<HashMap<String, String>> {
    let mut options = HashMap::new();
    while let Some(argument) = arguments.next() {
        let name = argument
            .strip_prefix("--")
            .ok_or_else(|| Failure(format!("`{argument}` is no option")))?;
        let value = arguments
            .next()
            .ok_or_else(|| Failure(format!("--{name} needs a value")))?;
        options.insert(name.to_owned(), value);
    }
    Ok(options)
}
