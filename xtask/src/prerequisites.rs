//! What must be on the machine before anything is built. Each thing that is missing gets one sentence.

use std::process::Command;

use crate::call::{capture, find};
use crate::failure::{Failure, Result};
use crate::packages;

/// Same as `rust-version` in Cargo.toml.
const RUST: (u32, u32) = (1, 95);
/// wasm-opt and the browser tests run on it.
const NODE_MAJOR: u32 = 20;

/// Checks everything; installs a C compiler where apt-get can.
pub(crate) fn check() -> Result<()> {
    rust()?;
    node()?;
    if find("cc").is_none() {
        packages::install(&["gcc", "libc6-dev"], "the C compiler (cryptography, linking)")?;
    }
    Ok(())
}

fn rust() -> Result<()> {
    let remedy = format!(
        "Rust {}.{} or newer is needed: install it from https://rustup.rs, or call `rustup update stable`.",
        RUST.0, RUST.1
    );
    let Ok(line) = capture(Command::new("rustc").arg("--version")) else {
        return Err(Failure::new(remedy));
    };
    let found = line.split(' ').nth(1).and_then(numbers);
    if found.is_some_and(|(major, minor)| (major, minor) >= RUST) {
        return Ok(());
    }
    Err(Failure::new(format!("{remedy} Found: {line}.")))
}

fn node() -> Result<()> {
    let remedy = format!("Node.js {NODE_MAJOR} or newer is needed: install it from https://nodejs.org.");
    let Ok(line) = capture(Command::new("node").arg("--version")) else {
        return Err(Failure::new(remedy));
    };
    if numbers(line.trim_start_matches('v')).is_none_or(|(major, _)| major < NODE_MAJOR) {
        return Err(Failure::new(format!("{remedy} Found: {line}.")));
    }
    if find("npm").is_none() {
        return Err(Failure::new(
            "npm is missing beside Node.js: `apt-get install npm`, or take Node.js from https://nodejs.org.",
        ));
    }
    Ok(())
}

/// "1.95.0-nightly" → (1, 95).
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn reads_versions() {
        assert_eq!(numbers("1.95.0-nightly"), Some((1, 95)));
        assert_eq!(numbers("20.20.2"), Some((20, 20)));
        assert_eq!(numbers("next"), None);
    }
}
