//! The power goes: of the program's files only what was synced is sure to be there.
//!
//! The program runs under strace, which writes down what it writes and when a sync has come back. After each SIGKILL every
//! file is cut back to its last sync, or somewhere behind it, or keeps its length with nothing but zeros there: file
//! systems do all three. Names of files are taken for durable: folders are not traced. Needs strace, so it is run by hand.

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    fs::OpenOptions,
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::{rig, server::Server};

/// For strace: everything by which the database changes its files.
pub(super) const TRACED: &str =
    "trace=write,writev,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2";

/// Cuts unless `LEITNETZ_POWER_CUTS` says otherwise.
const CUTS: u32 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs strace and takes minutes; see docs/testing.md"]
async fn what_was_called_saved_survives_a_loss_of_power() {
    let cuts = env::var("LEITNETZ_POWER_CUTS").map_or(CUTS, |text| text.parse().unwrap());
    let mut disk = Disk::default();
    let outcome = rig(Server::start_traced().await, cuts, |server| {
        disk.cut(&server.folder().join("data"), &server.trace());
    })
    .await;
    println!(
        "power cuts: {outcome}; {} syncs, {} times something was not synced, {} bytes in all",
        disk.syncs, disk.cuts, disk.bytes
    );
    assert!(disk.syncs > 0, "nothing was seen of what the database does");
}

/// What is known of the files.
#[derive(Default)]
struct Disk {
    /// What is durable after the last cut, by path.
    durable: BTreeMap<PathBuf, u64>,
    syncs: usize,
    cuts: usize,
    bytes: u64,
}

impl Disk {
    /// Takes from the files in `folder` what was not synced when the program ended.
    fn cut(&mut self, folder: &Path, trace: &str) {
        let lengths = Lengths::read(trace, &self.durable);
        self.syncs += lengths.syncs;
        self.durable.clear();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let length = fs::metadata(&path).unwrap().len();
                // What was never written to through a file is not the database's.
                let synced = lengths.synced.get(&path).copied().unwrap_or(length).min(length);
                if synced < length {
                    self.cuts += 1;
                    self.bytes += length - synced;
                    lose(&path, synced, length);
                }
                self.durable.insert(path.clone(), fs::metadata(&path).unwrap().len());
            }
        }
    }
}

/// What becomes of the bytes from `synced` up to `length`.
fn lose(path: &Path, synced: u64, length: u64) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    let unsure = length - synced;
    match getrandom::u64().unwrap() % 3 {
        0 => file.set_len(synced).unwrap(),
        1 => file.set_len(synced + getrandom::u64().unwrap() % unsure).unwrap(),
        _ => {
            file.seek(SeekFrom::Start(synced)).unwrap();
            file.write_all(&vec![0; usize::try_from(unsure).unwrap()]).unwrap();
        }
    }
}

/// How long files were, and how much of them was synced, as a trace tells it.
#[derive(Default)]
struct Lengths {
    written: BTreeMap<PathBuf, u64>,
    synced: BTreeMap<PathBuf, u64>,
    syncs: usize,
}

/// A call that one thread is in.
struct Call {
    name: String,
    path: PathBuf,
    arguments: String,
    /// How long the file was when the call began.
    length: u64,
}

impl Lengths {
    /// Reads a trace of a program that found files of these lengths.
    fn read(trace: &str, before: &BTreeMap<PathBuf, u64>) -> Self {
        let mut lengths = Self {
            written: before.clone(),
            synced: before.clone(),
            syncs: 0,
        };
        let mut calls: HashMap<&str, Call> = HashMap::new();
        for line in trace.lines() {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            let rest = rest.trim_start();
            if let Some(resumed) = rest.strip_prefix("<... ") {
                let result = resumed.rsplit_once(" = ").map(|(_, result)| result);
                if let (Some(mut call), Some(result)) = (calls.remove(thread), result) {
                    call.arguments.push_str(resumed);
                    lengths.returned(&call, result);
                }
                continue;
            }
            let Some((name, arguments)) = rest.split_once('(') else {
                continue;
            };
            let path = between(arguments, '<', '>').map(PathBuf::from).unwrap_or_default();
            let call = Call {
                name: name.to_owned(),
                length: lengths.written.get(&path).copied().unwrap_or(0),
                path,
                arguments: arguments.to_owned(),
            };
            match arguments.rsplit_once(" = ") {
                _ if arguments.contains("<unfinished ...>") => drop(calls.insert(thread, call)),
                Some((_, result)) => lengths.returned(&call, result),
                None => {}
            }
        }
        lengths
    }

    fn returned(&mut self, call: &Call, result: &str) {
        let Some(result) = result.split(' ').next().and_then(|number| number.parse::<u64>().ok()) else {
            // It failed.
            return;
        };
        let last_argument = || {
            let arguments = call.arguments.split(" <unfinished").next()?.split(')').next()?;
            arguments.rsplit(", ").next()?.trim().parse::<u64>().ok()
        };
        let length = self.written.entry(call.path.clone()).or_default();
        match call.name.as_str() {
            "write" | "writev" => *length += result,
            "pwrite64" | "pwritev" => *length = (*length).max(last_argument().unwrap_or(0) + result),
            "ftruncate" => *length = last_argument().unwrap_or(*length),
            "fsync" | "fdatasync" => {
                self.syncs += 1;
                self.synced.insert(call.path.clone(), call.length);
            }
            _ => {
                // Renamed: the second name in quotation marks.
                let names: Vec<&str> = call.arguments.split('"').collect();
                if let [_, old, _, new, ..] = names.as_slice() {
                    for lengths in [&mut self.written, &mut self.synced] {
                        if let Some(length) = lengths.remove(Path::new(old)) {
                            lengths.insert(PathBuf::from(new), length);
                        }
                    }
                }
                return;
            }
        }
        // What was written and never synced is not sure at all.
        self.synced.entry(call.path.clone()).or_insert(0);
    }
}

fn between(text: &str, open: char, close: char) -> Option<&str> {
    let (_, after) = text.split_once(open)?;
    after.split_once(close).map(|(inner, _)| inner)
}

#[test]
fn a_trace_tells_what_is_sure() {
    let trace = "\
7 write(17</d/a.wal>, \"\"..., 100) = 100
7 fsync(18</d/a.wal> <unfinished ...>
8 write(17</d/a.wal>, \"\"..., 50 <unfinished ...>
8 <... write resumed>) = 50
7 <... fsync resumed>) = 0
8 write(17</d/a.wal>, \"\"..., 9) = -1 ENOSPC (No space left on device)
8 pwrite64(4</d/b.sst>, \"\"..., 10, 30) = 10
9 fdatasync(4</d/b.sst>) = 0
9 write(5</d/c.tmp>, \"\"..., 5) = 5
9 rename(\"/d/c.tmp\", \"/d/c\") = 0
";
    let before = BTreeMap::from([(PathBuf::from("/d/a.wal"), 1_000)]);
    let lengths = Lengths::read(trace, &before);
    let synced = |name: &str| lengths.synced.get(Path::new(name)).copied();
    // What was written while the sync was under way may not be part of it.
    assert_eq!(synced("/d/a.wal"), Some(1_100));
    assert_eq!(lengths.written[Path::new("/d/a.wal")], 1_150);
    assert_eq!(synced("/d/b.sst"), Some(40));
    assert_eq!(synced("/d/c"), Some(0));
    assert_eq!(synced("/d/c.tmp"), None);
    assert_eq!(lengths.syncs, 2);
}
