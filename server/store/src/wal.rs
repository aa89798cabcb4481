//! The write-ahead log of the embedded engine: each start begins a segment of its own.
//!
//! After a loss of power the newest segment may end in anything: zeros, half a record, what the disk held there before. It
//! was never called saved, but SurrealKV (0.21) then loses what comes after it. It appends to the newest segment without
//! looking at its end, and the next start stops reading where that end was. Or it finds the end torn while it opens, puts a
//! shortened copy in the segment's place, and goes on writing to the one it had opened before, which has no name any more.
//!
//! A segment that nothing is appended to has neither problem: it is read up to its torn end, or shortened, and both leave
//! everything that was synced. So before the engine opens its files there is an empty segment, numbered one higher, and that
//! is where it writes. Nothing here reads a segment or changes one; the engine removes them once what they hold is in its
//! tables.
//!
//! Layout, from SurrealKV's `wal` module: `wal/` in the database's folder, files `{number:020}.wal`, the highest is written to.

use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

/// The engine's folder of segments, in the folder of the database.
const FOLDER: &str = "wal";
/// Where the engine builds a shortened copy. It appends to what an interrupted attempt left there.
const REPAIR: &str = "repair_temp";
/// Held by the process that has the database open.
const LOCK: &str = "LOCK";

/// Makes sure that the engine will append to a segment that is empty. Leaves a database alone that is open elsewhere: the
/// engine says so in its own words.
///
/// # Errors
/// What the file system says.
pub(crate) fn begin_segment(database: &Path) -> io::Result<()> {
    let folder = database.join(FOLDER);
    let Some((number, length)) = newest_segment(&folder)? else {
        return Ok(());
    };
    let lock = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(database.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    match fs::remove_dir_all(folder.join(REPAIR)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if length > 0 {
        File::create_new(folder.join(format!("{:020}.wal", number + 1)))?.sync_all()?;
        // Its name has to be durable before anything in it is.
        File::open(&folder)?.sync_all()?;
    }
    Ok(())
}

/// Number and length, in bytes, of the segment that the engine would append to.
fn newest_segment(folder: &Path) -> io::Result<Option<(u64, u64)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut newest = None;
    for entry in entries {
        let path = entry?.path();
        let number = path
            .file_stem()
            .and_then(OsStr::to_str)
            .and_then(|name| name.parse::<u64>().ok());
        if let (Some(number), Some("wal")) = (number, path.extension().and_then(OsStr::to_str)) {
            newest = newest.max(Some((number, fs::metadata(&path)?.len())));
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::Store;

    /// Changes the bytes of a segment.
    type Tear = fn(&mut Vec<u8>);

    /// What a loss of power can leave behind what was synced.
    const ENDS: [(&str, Tear); 5] = [
        ("zeros", |segment| segment.extend([0; 3_000])),
        ("part of a header", |segment| segment.extend([7; 3])),
        ("a record without its end", |segment| {
            // Checksum, length, type, and not all of what they speak of.
            segment.extend([1, 2, 3, 4, 0, 200, 1]);
            segment.extend([9; 50]);
        }),
        ("a record that goes on in a block that is not there", |segment| {
            assert!(segment.len() > BLOCK, "no record spans two blocks");
            segment.truncate(segment.len() / BLOCK * BLOCK);
        }),
        ("what the disk held before", |segment| {
            segment.extend((0..9_000_u32).map(|byte| byte.to_le_bytes()[0] | 64))
        }),
    ];
    /// SurrealKV's `BLOCK_SIZE`.
    const BLOCK: usize = 32 * 1024;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_saved_after_a_loss_of_power_survives_the_next() {
        let first = TempDir::new().unwrap();
        let mut store = open(first.path()).await;
        write(&store, "a").await;
        // Never acknowledged in this story: it is long enough for its record to span blocks, and one end cuts it.
        write(&store, &"x".repeat(3 * BLOCK)).await;
        // While it is open: closed in an orderly way, it leaves no segment.
        let first = lose_power(first.path(), |_| ());
        for (end, tear) in ENDS {
            let mut folder = lose_power(first.path(), tear);
            for word in ["b", "c", "d"] {
                store = open(folder.path()).await;
                write(&store, word).await;
                // Nothing is said to the engine, so it writes nothing more.
                folder = lose_power(folder.path(), |segment| segment.extend([0; 10]));
            }
            store = open(folder.path()).await;
            let found: Vec<String> = words(&store).await.into_iter().filter(|word| word.len() == 1).collect();
            assert_eq!(found, ["a", "b", "c", "d"], "{end}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_database_that_is_open_is_left_alone() {
        let folder = TempDir::new().unwrap();
        let store = open(folder.path()).await;
        write(&store, "a").await;
        let before = segments(folder.path());
        assert!(Store::open(&url(folder.path())).await.is_err());
        assert_eq!(segments(folder.path()), before);
    }

    #[test]
    fn a_copy_that_was_begun_is_no_longer_there() {
        let folder = TempDir::new().unwrap();
        let repair = folder.path().join(FOLDER).join(REPAIR);
        fs::create_dir_all(&repair).unwrap();
        fs::write(repair.join("00000000000000000000.wal"), "half").unwrap();
        fs::write(folder.path().join(FOLDER).join("00000000000000000007.wal"), "").unwrap();
        begin_segment(folder.path()).unwrap();
        assert!(!repair.exists());
        assert_eq!(
            segments(folder.path()).len(),
            1,
            "an empty segment is as good as a new one"
        );
    }

    fn url(folder: &Path) -> String {
        format!("surrealkv://{}?sync=every", folder.display())
    }

    async fn open(folder: &Path) -> Store {
        Store::open(&url(folder)).await.unwrap()
    }

    async fn write(store: &Store, word: &str) {
        let made = store
            .db
            .query("CREATE torn SET word = $word")
            .bind(("word", word.to_owned()))
            .await;
        made.unwrap().check().unwrap();
    }

    async fn words(store: &Store) -> Vec<String> {
        let mut found = store
            .db
            .query("SELECT VALUE word FROM torn ORDER BY word")
            .await
            .unwrap();
        found.take(0).unwrap()
    }

    fn segments(folder: &Path) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder.join(FOLDER))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.retain(|path| path.is_file());
        paths.sort();
        paths
    }

    /// The files as they are, in another folder, the newest segment with another end.
    fn lose_power(database: &Path, tear: Tear) -> TempDir {
        let folder = TempDir::new().unwrap();
        copy(database, folder.path());
        let newest = segments(folder.path()).pop().unwrap();
        let mut bytes = fs::read(&newest).unwrap();
        tear(&mut bytes);
        fs::write(newest, bytes).unwrap();
        folder
    }

    fn copy(from: &Path, to: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                fs::create_dir_all(&target).unwrap();
                copy(&path, &target);
            } else {
                fs::copy(path, target).unwrap();
            }
        }
    }
}
