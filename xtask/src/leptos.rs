//! What `[[workspace.metadata.leptos]]` says. The names stand there and only there, so that
//! `cargo leptos watch` builds the same thing as these commands.

use crate::cache;
use crate::failure::{Failure, Result};

/// The keys these commands need.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// Stem of the script, wasm and style files, and of `LEPTOS_OUTPUT_NAME`.
    pub(crate) name: String,
    pub(crate) bin_package: String,
    pub(crate) bin_target: String,
    pub(crate) lib_package: String,
    pub(crate) lib_profile_release: String,
    /// Folder of the hashed files below the site's root.
    pub(crate) site_pkg_dir: String,
    /// Relative to the checkout.
    pub(crate) assets_dir: String,
    pub(crate) site_addr: String,
}

impl Metadata {
    pub(crate) fn read() -> Result<Self> {
        let file = cache::checkout().join("Cargo.toml");
        let text = std::fs::read_to_string(&file)
            .map_err(Failure::because(format!("{} could not be read", file.display())))?;
        Self::parse(&text)
    }

    fn parse(manifest: &str) -> Result<Self> {
        let value = |key: &str| string_value(manifest, key);
        Ok(Self {
            name: value("name")?,
            bin_package: value("bin-package")?,
            bin_target: value("bin-target")?,
            lib_package: value("lib-package")?,
            lib_profile_release: value("lib-profile-release")?,
            site_pkg_dir: value("site-pkg-dir")?,
            assets_dir: value("assets-dir")?,
            site_addr: value("site-addr")?,
        })
    }
}

/// Reads `key = "value"` of the section; enough of TOML for the lines that stand there.
fn string_value(manifest: &str, key: &str) -> Result<String> {
    manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[[workspace.metadata.leptos]]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)
        .and_then(|(_, value)| value.trim().strip_prefix('"')?.split('"').next().map(str::to_owned))
        .ok_or_else(|| Failure::new(format!("Cargo.toml lacks `{key}` under [[workspace.metadata.leptos]].")))
}

#[cfg(test)]
mod tests {
    use super::string_value;

    const MANIFEST: &str = "[package]\nname = \"other\"\n[[workspace.metadata.leptos]]\nname = \"a\" # b\nport = 1\n\n[next]\nlate = \"x\"\n";

    #[test]
    fn reads_only_its_own_section() {
        assert_eq!(string_value(MANIFEST, "name").unwrap(), "a");
        assert!(string_value(MANIFEST, "late").is_err());
        assert!(string_value(MANIFEST, "port").is_err());
    }
}
