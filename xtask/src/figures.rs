//! `cargo xtask figures`: sizes from the bundle, speeds from a real browser.

use std::process::ExitCode;

use crate::failure::Result;
use crate::{prerequisites, site, sizes, suite, toolchain};

pub(crate) fn figures() -> Result<ExitCode> {
    prerequisites::check()?;
    let toolchain = toolchain::prepare()?;
    let site = site::build(&toolchain)?;
    sizes::print(&site)?;
    suite::node_script(&site, "figures.mjs", None)?;
    Ok(ExitCode::SUCCESS)
}
