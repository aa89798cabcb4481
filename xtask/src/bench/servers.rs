//! The servers that are measured: starting and ending them.

use std::{
    fmt, fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    str::FromStr,
    sync::mpsc,
    time::Duration,
};

use super::{SERVER_CORE, fresh_folder, pinned};
use crate::{
    call::find,
    failure::{Failure, Result},
};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Leitnetz,
    Relay,
    Hocuspocus,
    YWebsocket,
}

/// Where the programs lie.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) leitnetz: PathBuf,
    pub(super) load: PathBuf,
    pub(super) relay: PathBuf,
    /// The folder of the servers from npm.
    pub(super) peers: PathBuf,
}

/// A running server; dropping it ends it and removes what it wrote.
pub(super) struct Server {
    kind: Kind,
    child: Child,
    folder: PathBuf,
    pub(super) address: String,
    /// The one-time secret for the coordinator's password.
    pub(super) secret: String,
    /// What a reader of its figures should know.
    pub(super) remark: Option<String>,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Leitnetz, Self::Relay, Self::Hocuspocus, Self::YWebsocket];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Leitnetz => "leitnetz",
            Self::Relay => "relay",
            Self::Hocuspocus => "hocuspocus",
            Self::YWebsocket => "y-websocket",
        }
    }

    pub(super) fn is_from_npm(self) -> bool {
        matches!(self, Self::Hocuspocus | Self::YWebsocket)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Leitnetz => "Leitnetz",
            Self::Relay => "bare relay",
            Self::Hocuspocus => "Hocuspocus 4.7.0",
            Self::YWebsocket => "y-websocket 2.1.0",
        })
    }
}

impl FromStr for Kind {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            Failure::new(format!("there is no server `{text}`; there are {}.", known.join(", ")))
        })
    }
}

/// Starts a server on its core, with nothing stored, and waits until it listens.
pub(super) fn start(kind: Kind, programs: &Programs) -> Result<Server> {
    let folder = fresh_folder()?;
    let address = format!("127.0.0.1:{}", free_port()?);
    let child = spawn(kind, programs, &folder, &address)?;
    let mut server = Server {
        kind,
        child,
        folder,
        address,
        secret: String::new(),
        remark: None,
    };
    server.wait()?;
    Ok(server)
}

fn spawn(kind: Kind, programs: &Programs, folder: &Path, address: &str) -> Result<Child> {
    let port = address.rsplit(':').next().unwrap_or_default();
    let node = || find("node").ok_or_else(|| Failure::new("Node.js is missing."));
    let mut command = match kind {
        Kind::Leitnetz => {
            let mut command = pinned(SERVER_CORE, &programs.leitnetz);
            command
                .args(["serve", "--demo"])
                .env("LEITNETZ_DATA", folder.join("data"))
                .env("LEITNETZ_ADDR", address)
                .env("LEITNETZ_PUBLIC_URL", format!("http://{address}"))
                .env("LEITNETZ_LOG", "warn")
                .env("LEPTOS_OUTPUT_NAME", "leitnetz")
                .env("LEPTOS_SITE_ROOT", folder)
                .env("LEPTOS_SITE_ADDR", address);
            command
        }
        Kind::Relay => {
            let mut command = pinned(SERVER_CORE, &programs.relay);
            command.arg(address);
            command
        }
        Kind::Hocuspocus => {
            let mut command = pinned(SERVER_CORE, &node()?);
            command.arg("hocuspocus.mjs").arg(port).arg(folder);
            command
        }
        Kind::YWebsocket => {
            let mut command = pinned(SERVER_CORE, &node()?);
            command
                .arg("node_modules/y-websocket/bin/server.cjs")
                .env("HOST", "127.0.0.1")
                .env("PORT", port)
                .env("YPERSISTENCE", folder.join("leveldb"));
            command
        }
    };
    let errors = errors_in(folder);
    let log = fs::File::create(&errors).map_err(Failure::because(errors.display()))?;
    command
        .current_dir(&programs.peers)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(Failure::because(format!("{kind} could not be started")))
}

/// Where a server's complaints go.
fn errors_in(folder: &Path) -> PathBuf {
    folder.join("stderr")
}

impl Server {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it and starts it again, on the same address with what it stored; waits until it listens.
    pub(super) fn restart(&mut self, programs: &Programs) -> Result<()> {
        self.end();
        self.child = spawn(self.kind, programs, &self.folder, &self.address)?;
        self.wait()
    }

    fn end(&mut self) {
        // It may have ended by itself; what counts is that it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it says that it listens.
    fn wait(&mut self) -> Result<()> {
        self.listens().map_err(|failure| {
            let said = fs::read_to_string(errors_in(&self.folder)).unwrap_or_default();
            Failure::new(format!("{failure} {}", said.trim()))
        })
    }

    /// Reads what it prints until it says that it listens.
    fn listens(&mut self) -> Result<()> {
        let kind = self.kind;
        let output = self.child.stdout.take();
        let output = output.ok_or_else(|| Failure::new(format!("{kind} has no output.")))?;
        let (sender, lines) = mpsc::channel();
        // It reads to the end: a server whose output nobody takes would stop.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::io::Result::ok) {
                // Nobody listens any more once it runs.
                let _ = sender.send(line);
            }
        });
        loop {
            let line = lines
                .recv_timeout(PATIENCE)
                .map_err(|_| Failure::new(format!("{kind} did not start.")))?;
            if let Some((_, secret)) = line.split_once("/zugang/") {
                self.secret = secret.trim().to_owned();
            }
            if let Some((_, persistence)) = line.split_once("persistence: ")
                && persistence == "none"
            {
                self.remark = Some("SQLite could not be built: it keeps everything in memory only".to_owned());
            }
            let says = ["Leitnetz läuft auf", "listening", "running at"];
            if says.iter().any(|words| line.contains(words)) {
                return Ok(());
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> Result<u16> {
    let failed = || Failure::because("no port is free");
    let probe = TcpListener::bind("127.0.0.1:0").map_err(failed())?;
    Ok(probe.local_addr().map_err(failed())?.port())
}
