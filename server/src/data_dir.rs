//! The folder with everything that is kept, held by one process at a time.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// A locked data directory; the lock ends with the process, also when it is killed.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be and takes its lock.
    ///
    /// # Errors
    /// [`Failure::DataDirNotWritable`] or [`Failure::DataDirInUse`].
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let not_writable = |reason| Failure::DataDirNotWritable {
            path: path.to_owned(),
            reason,
        };
        fs::create_dir_all(path).map_err(not_writable)?;
        let path = path.canonicalize().map_err(not_writable)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(|reason| Failure::DataDirNotWritable {
                path: path.clone(),
                reason,
            })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::DataDirInUse { path }),
            Err(TryLockError::Error(reason)) => Err(Failure::DataDirNotWritable { path, reason }),
        }
    }

    /// Address of the embedded database inside, with durable commits.
    #[must_use]
    pub fn store_url(&self) -> String {
        format!("surrealkv://{}?sync=every", self.path.join("store").display())
    }
}
