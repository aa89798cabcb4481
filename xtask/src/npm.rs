//! Tools from npm and from Debian that the build and the tests call.

use std::path::PathBuf;
use std::process::Command;

use crate::cache;
use crate::call::{find, make_folder, run, say};
use crate::failure::{Failure, Result};
use crate::packages;

/// wasm-opt comes in npm's `binaryen`; Debian's is too old for the features current Rust switches on.
const BINARYEN: &str = "132.0.0";

/// Makes scripts shorter. MIT, maintained, a single program without dependencies.
const ESBUILD: &str = "0.28.2";

/// wasm-opt, installed into the cache folder when it is not there yet.
pub(crate) fn wasm_opt() -> Result<PathBuf> {
    tool("binaryen", BINARYEN, "wasm-opt")
}

/// esbuild, likewise.
pub(crate) fn esbuild() -> Result<PathBuf> {
    tool("esbuild", ESBUILD, "esbuild")
}

/// A program of a package of npm's.
fn tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let folder = cache::folder()?.join(format!("tools/{package}-{version}"));
    let found = folder.join("node_modules/.bin").join(program);
    if found.exists() {
        return Ok(found);
    }
    say(format!(
        "Getting {program} (npm's {package} {version}) into {}",
        folder.display()
    ));
    make_folder(&folder)?;
    run(Command::new("npm")
        .args([
            "install",
            "--no-save",
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefix",
        ])
        .arg(&folder)
        .arg(format!("{package}@{version}")))?;
    if found.exists() {
        Ok(found)
    } else {
        Err(Failure::new(format!("npm's {package} brought no {program}.")))
    }
}

/// The packages of `end2end`, exactly as its lock file says; nothing is done when they are there already.
pub(crate) fn end2end_packages() -> Result<()> {
    // Chromium comes from Debian, see below; Playwright need not bring its own.
    locked_packages(
        "end2end",
        "the browser tests' packages",
        &[("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")],
    )
}

/// The servers that `cargo xtask bench` compares with. Their databases are compiled where npm has no binary for this
/// machine, which takes some minutes.
pub(crate) fn peers_packages() -> Result<()> {
    locked_packages("xtask/peers", "the other servers", &[])
}

fn locked_packages(folder: &str, what: &str, environment: &[(&str, &str)]) -> Result<()> {
    let folder = cache::checkout().join(folder);
    let lock = folder.join("package-lock.json");
    let text = std::fs::read(&lock).map_err(Failure::because(format!("{} could not be read", lock.display())))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&installed).is_ok_and(|before| before == text) {
        return Ok(());
    }
    say(format!("Getting {what} with npm"));
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&folder)
        .envs(environment.iter().copied()))?;
    std::fs::write(&installed, text).map_err(Failure::because(format!(
        "{} could not be written",
        installed.display()
    )))
}

/// The browser for the tests: `LEITNETZ_CHROMIUM`, else a Chromium on the search path, else Debian's.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("LEITNETZ_CHROMIUM").map(PathBuf::from) {
        return if given.is_file() {
            Ok(given)
        } else {
            Err(Failure::new(format!(
                "LEITNETZ_CHROMIUM names no file: {}.",
                given.display()
            )))
        };
    }
    let installed = || {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(find)
    };
    if let Some(found) = installed() {
        return Ok(found);
    }
    packages::install(&["chromium"], "the browser tests")?;
    installed().ok_or_else(|| Failure::new("no Chromium was found: set LEITNETZ_CHROMIUM to one."))
}
