//! The program as an operator starts it, and the few pages that are needed to get links.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::timeout,
};

use super::{PATIENCE, power};

pub(super) struct Server {
    folder: TempDir,
    address: String,
    child: Child,
    one_time_secret: Option<String>,
    /// Where it is written down what the program writes and syncs, if it is.
    trace: Option<PathBuf>,
}

/// Somebody who may make links.
pub(super) struct Coordinator {
    address: String,
    cookie: String,
}

impl Server {
    /// With the demonstration network, on a port that was free a moment ago.
    pub(super) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), None).await
    }

    /// The same under strace, so that one can tell what was synced.
    pub(super) async fn start_traced() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace.txt");
        Self::start_in(folder, Some(trace)).await
    }

    async fn start_in(folder: TempDir, trace: Option<PathBuf>) -> Self {
        let probe = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = probe.local_addr().unwrap().to_string();
        drop(probe);
        let (child, one_time_secret) = spawn(folder.path(), &address, trace.as_deref()).await;
        Self {
            folder,
            address,
            child,
            one_time_secret,
            trace,
        }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What strace wrote down since the last start.
    pub(super) fn trace(&self) -> String {
        let file = self.trace.as_ref().expect("it is not traced");
        String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()
    }

    /// The address of a Leitbild's socket for the holder of a link.
    pub(super) fn socket(&self, ags: &str, token: &str) -> String {
        format!("ws://{}/sync/{ags}?token={token}", self.address)
    }

    /// SIGKILL: it can neither finish nor tidy up anything.
    pub(super) async fn kill(&mut self) {
        if self.trace.is_none() {
            return self.child.kill().await.unwrap();
        }
        // The program is strace's child; strace ends with it, when everything is written down.
        let strace = self.child.id().unwrap();
        let children = std::fs::read_to_string(format!("/proc/{strace}/task/{strace}/children")).unwrap();
        let killed = Command::new("kill").arg("-KILL").arg(children.trim()).status().await;
        assert!(killed.unwrap().success());
        timeout(PATIENCE, self.child.wait())
            .await
            .expect("strace stays")
            .unwrap();
    }

    /// The same again on what the killed one left.
    pub(super) async fn restart(&mut self) {
        (self.child, _) = spawn(self.folder.path(), &self.address, self.trace.as_deref()).await;
    }

    pub(super) async fn coordinator(&self) -> Coordinator {
        let secret = self
            .one_time_secret
            .as_ref()
            .expect("a new server prints a one-time link");
        let mut coordinator = Coordinator {
            address: self.address.clone(),
            cookie: String::new(),
        };
        let password = format!("secret={secret}&password=ein+langer+Probesatz");
        let (head, _) = coordinator.post("/api/set_password", &password).await;
        let cookie = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .starts_with("set-cookie:")
                    .then(|| line[11..].trim())
            })
            .expect("whoever sets the password is signed in");
        coordinator.cookie = cookie.split(';').next().unwrap().to_owned();
        coordinator
    }
}

impl Coordinator {
    /// The secret of a new link with which one can write.
    pub(super) async fn link(&self, ags: &str) -> String {
        let form = format!("ags={ags}&role=participate&label=Probe");
        let (_, body) = self.post("/api/make_link", &form).await;
        let link: app::views::NewLink = serde_json::from_str(&body).unwrap();
        link.url.rsplit('/').next().unwrap().to_owned()
    }

    /// A form, as our own pages send it; head and body of the answer.
    async fn post(&self, path: &str, form: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        // HTTP/1.0: the answer comes in one piece and ends with the connection.
        let request = format!(
            "POST {path} HTTP/1.0\r\nHost: {address}\r\nOrigin: http://{address}\r\nAccept: application/json\r\nCookie: \
             {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}",
            address = self.address,
            cookie = self.cookie,
            length = form.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{path}: {answer}");
        (head.to_owned(), body.to_owned())
    }
}

/// Starts the program and waits until it serves; with the secret of the one-time link, if it prints one.
async fn spawn(folder: &Path, address: &str, trace: Option<&Path>) -> (Child, Option<String>) {
    let program = env!("CARGO_BIN_EXE_leitnetz");
    let mut command = match trace {
        None => Command::new(program),
        Some(trace) => {
            let mut command = Command::new("strace");
            command
                .args([
                    "-f",
                    "-y",
                    "-qq",
                    "-s",
                    "0",
                    "-e",
                    "signal=none",
                    "-e",
                    power::TRACED,
                    "-o",
                ])
                .arg(trace)
                .arg(program);
            command
        }
    };
    let mut child = command
        .args(["serve", "--demo"])
        .env("LEITNETZ_DATA", folder.join("data"))
        .env("LEITNETZ_ADDR", address)
        .env("LEITNETZ_PUBLIC_URL", format!("http://{address}"))
        .env("LEITNETZ_LOG", "error")
        .env("LEPTOS_OUTPUT_NAME", "leitnetz")
        .env("LEPTOS_SITE_ROOT", folder)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut secret = None;
    let until_it_serves = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, found)) = line.split_once("/zugang/") {
                secret = Some(found.trim().to_owned());
            }
            if line.starts_with("Leitnetz läuft auf") {
                return;
            }
        }
        panic!("the server ended instead of serving");
    };
    timeout(PATIENCE, until_it_serves)
        .await
        .expect("the server does not start");
    // It says nothing more; should it, nobody may make it wait.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, secret)
}
