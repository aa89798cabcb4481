//! `cargo xtask run`: from a checkout to the running app.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use crate::cache;
use crate::call::say;
use crate::failure::{Failure, Result};
use crate::{prerequisites, site, toolchain};

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let arguments = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    prerequisites::check()?;
    let toolchain = toolchain::prepare()?;
    let site = site::build(&toolchain)?;

    let mut server = Command::new(&site.server);
    server.args(["serve", "--demo"]).args(arguments);
    site.describe_to(&mut server);
    if std::env::var_os("LEITNETZ_DATA").is_none() {
        server.env("LEITNETZ_DATA", cache::checkout().join("data"));
    }
    say("Starting Leitnetz; Ctrl-C stops it");
    // The server takes this process over, so Ctrl-C and other signals reach it and nothing in between.
    let error = server.exec();
    Err(Failure::new(format!(
        "the server {} could not be started: {error}",
        site.server.display()
    )))
}
