//! Build outputs that several checkouts share.
//!
//! Cargo names the outputs of a workspace's own crates by their paths inside the workspace, and judges by time stamps
//! whether they are fresh. With one output folder for two checkouts, what one of them has compiled from other sources
//! would pass as the other's. So the folder remembers whose it is, and a change of checkout makes the project's own
//! crates compile again; the dependencies, which take the time, stay.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::cache;
use crate::failure::{Failure, Result};

/// Names of the workspace's crates, as cargo's fingerprint folders carry them.
const OWN: [&str; 8] = ["app", "bundle", "leitnetz", "load", "model", "store", "web", "xtask"];
/// Length of the hash behind the name.
const HASH_LEN: usize = 16;

/// Makes the outputs in `target_dir` those of this checkout.
pub(crate) fn belong_to_checkout(target_dir: &Path) -> Result<()> {
    let mark = target_dir.join("checkout");
    let own = cache::checkout().to_string_lossy();
    let failed = || Failure::because(format!("{} could not be prepared", target_dir.display()));
    match fs::read_to_string(&mark) {
        Ok(before) if before == own => return Ok(()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed()(error)),
    }
    fs::create_dir_all(target_dir).map_err(failed())?;
    // `PROFILE/.fingerprint` for the machine, `TARGET/PROFILE/.fingerprint` for wasm.
    let profiles = folders(target_dir)
        .into_iter()
        .flat_map(|folder| folders(&folder).into_iter().chain([folder]));
    for fingerprint in profiles.flat_map(|profile| folders(&profile.join(".fingerprint"))) {
        if is_own(&fingerprint) {
            fs::remove_dir_all(&fingerprint).map_err(failed())?;
        }
    }
    fs::write(&mark, own.as_bytes()).map_err(failed())
}

fn is_own(fingerprint: &Path) -> bool {
    fingerprint
        .file_name()
        .and_then(|name| name.to_str()?.rsplit_once('-'))
        .is_some_and(|(name, hash)| OWN.contains(&name) && hash.len() == HASH_LEN)
}

/// The folders in a folder; none where it does not exist.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use std::path::Path;

    #[test]
    fn only_the_projects_own_crates_are_meant() {
        assert!(is_own(Path::new("x/.fingerprint/app-0123456789abcdef")));
        assert!(!is_own(Path::new("x/.fingerprint/app-macros-0123456789abcdef")));
        assert!(!is_own(Path::new("x/.fingerprint/store")));
    }
}
