//! The command line.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Parser, Subcommand};
use leptos::prelude::{LeptosOptions, get_configuration};
use model::{ags::Ags, import};
use store::Store;
use tokio::runtime::Handle;

use crate::{
    config::Config,
    data_dir::DataDir,
    demo,
    failure::Failure,
    housekeeping,
    imports::{self, Refused},
    rooms::{Rooms, SystemClock, SystemEntropy},
    secrets, serve,
    site::Site,
    store_log::StoreLog,
};

/// How long a one-time link for the coordinator's password is valid, in seconds: a week, because the person who
/// installs is often not the one who coordinates.
const ONE_TIME_VALID_S: i64 = 7 * 24 * 60 * 60;

/// Where a network of municipalities writes and shows what it stands for.
#[derive(Debug, Parser)]
#[command(name = "leitnetz", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server.
    Serve {
        /// Load the demonstration network into an empty database.
        #[arg(long)]
        demo: bool,
    },
    /// Print a new one-time link for setting the coordinator's password (the server must be stopped).
    PasswordLink,
    /// Take over data from files (the server must be stopped; while it runs, use the coordinator's page).
    Import {
        #[command(subcommand)]
        what: Import,
    },
}

#[derive(Debug, Subcommand)]
enum Import {
    /// A municipality's profile page as text: facts with their source, the Leitbild as a draft.
    Profile {
        file: PathBuf,
        /// Amtlicher Gemeindeschlüssel: five digits, eight for a town inside a Kreis.
        #[arg(long)]
        ags: Ags,
        /// Who published the page.
        #[arg(long)]
        source: String,
        /// When: YYYY, YYYY-MM or YYYY-MM-DD.
        #[arg(long)]
        date: String,
    },
    /// A CSV of facts with the columns ags, key, value, source, date.
    Facts { file: PathBuf },
}

/// Does what the command line asks for. The database works on `store_runtime`.
///
/// # Errors
/// [`Failure`] with a sentence for the operator.
pub async fn run(arguments: Arguments, store_runtime: Handle) -> Result<(), Failure> {
    let config = Config::from_env()?;
    match arguments.command {
        Command::Serve { demo } => start(&config, &store_runtime, demo).await,
        Command::PasswordLink => {
            let (_lock, store) = open(&config, &store_runtime).await?;
            let link = one_time_link(&store, &config).await?;
            say(&link)
        }
        Command::Import {
            what:
                Import::Profile {
                    file,
                    ags,
                    source,
                    date,
                },
        } => {
            let text = read(&file)?;
            let (_lock, store) = open(&config, &store_runtime).await?;
            let rooms = rooms_over(&store);
            let report = imports::profile(&store, &rooms, &ags, &text, &source, &date).await;
            rooms.shutdown().await;
            report_import(&report.map_err(failure)?)
        }
        Command::Import {
            what: Import::Facts { file },
        } => {
            let text = read(&file)?;
            let (_lock, store) = open(&config, &store_runtime).await?;
            report_import(&imports::facts(&store, &text).await.map_err(failure)?)
        }
    }
}

async fn start(config: &Config, store_runtime: &Handle, load_demo: bool) -> Result<(), Failure> {
    // The address first: a busy port should be said before anything is written.
    let listener = serve::listen(config.addr).await?;
    let (_lock, store) = open(config, store_runtime).await?;
    let site = Site::new(store.clone(), config.public_url.clone(), leptos_options(config)?)?;
    if load_demo && demo::load(&store, site.rooms()).await? {
        say("Das Beispielnetzwerk wurde geladen.")?;
    }
    if store.password_hash().await?.is_none() {
        let link = one_time_link(&store, config).await?;
        say(&format!(
            "Passwort der Koordination festlegen (Link gilt einmal, eine Woche lang):\n  {link}"
        ))?;
    }
    if !config.public_url.secure && !config.addr.ip().is_loopback() {
        tracing::warn!(
            "Serving plain HTTP beyond this machine: put a TLS proxy before it and set LEITNETZ_PUBLIC_URL."
        );
    }
    say(&format!("Leitnetz läuft auf {}", config.public_url.origin))?;
    let house = tokio::spawn(housekeeping::keep_house(site.clone()));
    let served = serve::serve(listener, site.router(), site.rooms()).await;
    house.abort();
    served
}

/// Where the browser's files lie: from the `LEPTOS_*` variables that `cargo xtask run` and `cargo leptos` set.
fn leptos_options(config: &Config) -> Result<LeptosOptions, Failure> {
    let mut options = get_configuration(None)
        .map_err(|error| Failure::Other(error.to_string()))?
        .leptos_options;
    options.site_addr = config.addr;
    Ok(options)
}

async fn open(config: &Config, store_runtime: &Handle) -> Result<(DataDir, Store), Failure> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let url = data_dir.store_url();
    let store = store_runtime
        .spawn(async move { Store::open(&url).await })
        .await
        .map_err(|error| Failure::Other(error.to_string()))??;
    Ok((data_dir, store))
}

fn rooms_over(store: &Store) -> Rooms {
    use std::sync::Arc;

    Rooms::new(
        Arc::new(StoreLog(store.clone())),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    )
}

async fn one_time_link(store: &Store, config: &Config) -> Result<String, Failure> {
    let secret = secrets::fresh()?;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    store
        .put_one_time(&secrets::hash(&secret), now + ONE_TIME_VALID_S)
        .await?;
    Ok(format!("{}/zugang/{secret}", config.public_url.origin))
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|reason| Failure::Unreadable {
        path: path.to_owned(),
        reason,
    })?;
    Ok(import::decode(&bytes)
        .map_err(|error| Failure::Import(vec![error]))?
        .to_owned())
}

fn report_import(report: &app::views::ImportReport) -> Result<(), Failure> {
    say(&format!(
        "Übernommen: {} neue Angaben, {} schon bekannt, {} Punkte im Entwurf.",
        report.added, report.unchanged, report.points
    ))?;
    report.notes.iter().try_for_each(|note| say(&note.de))
}

fn failure(refused: Refused) -> Failure {
    match refused {
        Refused::Mistakes(errors) => Failure::Import(errors),
        Refused::Unknown(ags) => Failure::UnknownMunicipality(ags.to_string()),
        Refused::Store(error) => Failure::Store(error),
        Refused::Room(error) => Failure::Other(error.to_string()),
    }
}

/// Speaks to the operator: a line on standard output, at once.
fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Other(error.to_string()))
}
