//! Where build outputs and tools are kept: outside the checkout, so that a fresh clone starts warm.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// `$LEITNETZ_CACHE`, else `$XDG_CACHE_HOME/leitnetz`, else `~/.cache/leitnetz`.
pub(crate) fn folder() -> Result<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let folder = set("LEITNETZ_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("leitnetz")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/leitnetz")))
        .ok_or_else(|| Failure::new("neither HOME nor LEITNETZ_CACHE is set: set LEITNETZ_CACHE to a folder."))?;
    // Cargo reads a relative target folder against its own working folder.
    std::path::absolute(folder).map_err(Failure::because("the cache folder's path could not be read"))
}

/// The checkout this command was compiled from.
pub(crate) fn checkout() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}
