//! The compiler for the server and for the browser's wasm: one for both, so that both speak one std.
//!
//! On an ordinary machine that is the rustup toolchain in use, with its wasm target added. Where rustup's server
//! cannot be reached, Debian's packages and a std built from their sources take its place ([`debian`]).

mod debian;

use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use crate::call::{capture, find, run_within, say};
use crate::failure::{Failure, Result};
use crate::{cache, outputs};

/// The browser's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// An unreachable server must not hold up the fallback: how long to wait for a connection, name look-up included.
const REACH_LIMIT: Duration = Duration::from_secs(5);
/// How long `rustup target add` (some 30 MB) may take.
const ADD_LIMIT: Duration = Duration::from_secs(240);

/// A compiler that has the wasm target, and the folder its outputs go to.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// `None`: what `cargo` means here already.
    rustup_name: Option<&'static str>,
    target_dir: PathBuf,
}

impl Toolchain {
    /// `cargo COMMAND` in the checkout, its outputs in the cache folder.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = clean("cargo");
        cargo
            .arg(command)
            .current_dir(cache::checkout())
            .env("CARGO_TARGET_DIR", &self.target_dir);
        if let Some(name) = self.rustup_name {
            cargo.env("RUSTUP_TOOLCHAIN", name);
        }
        cargo
    }

    pub(crate) fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    pub(crate) fn rustup_name(&self) -> Option<&'static str> {
        self.rustup_name
    }

    fn new(rustup_name: Option<&'static str>) -> Result<Self> {
        let suffix = if rustup_name.is_some() {
            debian::CACHE_SUFFIX
        } else {
            ""
        };
        let target_dir = cache::folder()?.join(format!("build-{}{suffix}", identity(&mut rustc(rustup_name))?));
        outputs::belong_to_checkout(&target_dir)?;
        Ok(Self {
            rustup_name,
            target_dir,
        })
    }
}

/// Finds or sets up a toolchain. `LEITNETZ_TOOLCHAIN` (`rustup` or `debian`) takes the choice away from it.
pub(crate) fn prepare() -> Result<Toolchain> {
    match std::env::var("LEITNETZ_TOOLCHAIN").as_deref() {
        Ok("rustup") => {
            if has_wasm(None) || add_target() {
                return Toolchain::new(None);
            }
            return Err(Failure::new(format!(
                "the target {WASM} could not be added: call `rustup target add {WASM}`, or unset LEITNETZ_TOOLCHAIN."
            )));
        }
        Ok("debian") => {}
        Ok(other) if !other.is_empty() => {
            return Err(Failure::new(format!(
                "LEITNETZ_TOOLCHAIN is `rustup` or `debian`, not `{other}`."
            )));
        }
        // What is there already decides, without the network; only then is something fetched.
        _ if has_wasm(None) => return Toolchain::new(None),
        _ if debian::is_set_up() => {}
        _ if add_target() => return Toolchain::new(None),
        _ => {}
    }
    if !debian::is_set_up() {
        debian::set_up()?;
    }
    Toolchain::new(Some(debian::NAME))
}

/// Whether the toolchain has a std for wasm; looks at files only.
fn has_wasm(rustup_name: Option<&str>) -> bool {
    let Ok(sysroot) = capture(rustc(rustup_name).args(["--print", "sysroot"])) else {
        return false;
    };
    contains_std(&Path::new(&sysroot).join("lib/rustlib").join(WASM).join("lib"))
}

fn contains_std(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

/// `rustup target add`, unless its server cannot be reached. Says what happened; the caller has a fallback.
fn add_target() -> bool {
    if find("rustup").is_none() {
        say(format!("There is no rustup to add the target {WASM} with"));
        return false;
    }
    let server = std::env::var("RUSTUP_DIST_SERVER").unwrap_or_else(|_| "https://static.rust-lang.org".to_owned());
    if !reachable(&server) {
        say(format!(
            "rustup's server {server} cannot be reached, so it cannot add the target {WASM}"
        ));
        return false;
    }
    say(format!("Adding the target {WASM} with rustup"));
    match run_within(clean("rustup").args(["target", "add", WASM]), ADD_LIMIT) {
        Ok(()) => has_wasm(None),
        Err(failure) => {
            say(failure);
            false
        }
    }
}

/// Whether a connection to the server opens. Behind a proxy only rustup itself can tell, so the answer is yes.
fn reachable(server: &str) -> bool {
    if ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return true;
    }
    let (scheme, rest) = server.split_once("://").unwrap_or(("https", server));
    let host = rest.split('/').next().unwrap_or(rest);
    let address = match (host.contains(':'), scheme) {
        (true, _) => host.to_owned(),
        (false, "http") => format!("{host}:80"),
        (false, _) => format!("{host}:443"),
    };
    // Looking up a name has no time limit of its own, so it happens on a thread that may be left behind.
    let (answer, answers) = mpsc::channel();
    std::thread::spawn(move || {
        let open = address
            .to_socket_addrs()
            .is_ok_and(|mut found| found.any(|one| TcpStream::connect_timeout(&one, REACH_LIMIT).is_ok()));
        // Nobody listens any more when the limit has passed.
        let _ = answer.send(open);
    });
    answers.recv_timeout(REACH_LIMIT).unwrap_or(false)
}

fn rustc(rustup_name: Option<&str>) -> Command {
    let mut command = clean("rustc");
    if let Some(name) = rustup_name {
        command.env("RUSTUP_TOOLCHAIN", name);
    }
    command
}

/// "1.95.0-59807616e": a cache folder belongs to exactly one compiler.
fn identity(rustc: &mut Command) -> Result<String> {
    let text = capture(rustc.arg("-vV"))?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let release = field("release:").ok_or_else(|| Failure::new("`rustc -vV` names no release."))?;
    let commit = field("commit-hash:").unwrap_or("unknown");
    Ok(format!("{release}-{}", commit.get(..9).unwrap_or(commit)))
}

/// A command without what `cargo run` and a shell may have put into the environment and what would make cargo
/// compile things again: rustflags replace those in `.cargo/config.toml`, Leptos compiles `LEPTOS_*` in, and
/// build scripts watch the variables of the package that runs them.
fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, value) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let leftover = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "LEPTOS_"]
            .iter()
            .any(|start| text.starts_with(start));
        let single = [
            "CARGO",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_CRATE_NAME",
            "CARGO_PRIMARY_PACKAGE",
            "OUT_DIR",
        ];
        if leftover || single.contains(&text.as_ref()) {
            command.env_remove(&name);
        } else if text == "LD_LIBRARY_PATH" {
            // `cargo run` puts its own compiler's libraries first; another compiler must not find them.
            let kept = std::env::split_paths(&value)
                .filter(|folder| {
                    !folder
                        .components()
                        .any(|part| part.as_os_str() == "toolchains" || part.as_os_str() == "deps")
                })
                .filter(|folder| !folder.ends_with("target/debug"));
            match std::env::join_paths(kept) {
                Ok(paths) if !paths.is_empty() => command.env(&name, paths),
                _ => command.env_remove(&name),
            };
        }
    }
    command
}
