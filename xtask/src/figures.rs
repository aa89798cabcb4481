//! `cargo xtask figures`: sizes from the bundle, speeds from a real browser.

use std::process::ExitCode;

use crate::failure::Result;
use crate::{prerequisites, site, sizes, suite, toolchain};

/// All of them, or those of the browser with these names.
pub(crate) fn figures(names: &[String]) -> Result<ExitCode> {
    prerequisites::check()?;
    let toolchain = toolchain::prepare()?;
    let site = site::build(&toolchain)?;
    if names.is_empty() {
        sizes::print(&site)?;
    }
    suite::node_script(&site, "figures.mjs", names, None)?;
    Ok(ExitCode::SUCCESS)
}
