//! Debian packages, for what neither cargo nor npm brings.

use crate::call::{as_root, find, run, say};
use crate::failure::{Failure, Result};

/// Installs packages with apt-get, as root or through sudo, and says so.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    if find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "{purpose} is missing and this is no Debian system: install what Debian calls `{names}`."
        )));
    }
    say(format!("Installing Debian packages for {purpose}: {names}"));
    let install = || -> Result<()> {
        run(as_root("env")?
            .args([
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "install",
                "--yes",
                "--no-install-recommends",
            ])
            .args(packages))
    };
    if install().is_ok() {
        return Ok(());
    }
    // The usual reason is an old list of packages.
    run(as_root("apt-get")?.arg("update"))?;
    install().map_err(Failure::because(format!(
        "{purpose} could not be installed from Debian's packages"
    )))
}
