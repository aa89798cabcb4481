//! CPU time and memory of another process, from `/proc`.

use std::{collections::HashMap, fs, path::PathBuf};

use crate::{Failure, Result};

/// A process whose threads are counted in two groups by their names.
#[derive(Clone, Debug)]
pub struct Process {
    folder: PathBuf,
    /// Threads whose names begin with one of these store; all others sync.
    store_threads: Vec<String>,
}

/// What the threads had used at one moment, in nanoseconds by thread id.
#[derive(Clone, Debug, Default)]
pub struct CpuTimes {
    sync: HashMap<u32, u64>,
    store: HashMap<u32, u64>,
}

/// CPU time between two moments, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CpuUsed {
    pub sync_ms: f64,
    pub store_ms: f64,
}

impl Process {
    #[must_use]
    pub fn new(id: u32, store_threads: Vec<String>) -> Self {
        Self {
            folder: PathBuf::from(format!("/proc/{id}")),
            store_threads,
        }
    }

    /// Does this process tell its store apart?
    #[must_use]
    pub fn tells_store_apart(&self) -> bool {
        !self.store_threads.is_empty()
    }

    /// What its threads have used so far.
    ///
    /// # Errors
    /// When the process is gone, or the kernel keeps no scheduler statistics.
    pub fn cpu_times(&self) -> Result<CpuTimes> {
        let mut times = CpuTimes::default();
        let tasks = self.folder.join("task");
        let entries = fs::read_dir(&tasks).map_err(Failure::because(tasks.display()))?;
        for entry in entries.flatten() {
            // A thread may end between the listing and the reading.
            let (Ok(name), Ok(statistics)) = (
                fs::read_to_string(entry.path().join("comm")),
                fs::read_to_string(entry.path().join("schedstat")),
            ) else {
                continue;
            };
            let (Some(nanos), Some(id)) = (
                statistics.split(' ').next().and_then(|field| field.parse().ok()),
                entry.file_name().to_str().and_then(|name| name.parse().ok()),
            ) else {
                continue;
            };
            let stores = self.store_threads.iter().any(|start| name.starts_with(start));
            let group = if stores { &mut times.store } else { &mut times.sync };
            group.insert(id, nanos);
        }
        if times.sync.is_empty() {
            return Err(Failure(format!("{} has no threads with schedstat", tasks.display())));
        }
        Ok(times)
    }

    /// Resident memory in MB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn resident_mb(&self) -> Result<f64> {
        self.status_mb("VmRSS:")
    }

    /// The most that was resident since it started, in MB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn peak_mb(&self) -> Result<f64> {
        self.status_mb("VmHWM:")
    }

    /// The same threads in another process.
    #[must_use]
    pub fn with_id(&self, id: u32) -> Self {
        Self::new(id, self.store_threads.clone())
    }

    fn status_mb(&self, name: &str) -> Result<f64> {
        let path = self.folder.join("status");
        let status = fs::read_to_string(&path).map_err(Failure::because(path.display()))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse().ok());
        let kilobytes: f64 = kilobytes.ok_or_else(|| Failure(format!("{} names no {name}", path.display())))?;
        Ok(kilobytes * 1_024.0 / 1e6)
    }
}

/// What the kernel keeps for all TCP connections of this machine, in KiB.
///
/// # Errors
/// When the kernel does not say.
pub fn tcp_kib() -> Result<f64> {
    const PAGE_KIB: f64 = 4.0;
    let path = "/proc/net/sockstat";
    let text = fs::read_to_string(path).map_err(Failure::because(path))?;
    let tcp = text.lines().find_map(|line| line.strip_prefix("TCP:"));
    let pages = tcp.and_then(|tcp| tcp.split(" mem ").nth(1)?.trim().parse::<f64>().ok());
    pages
        .map(|pages| pages * PAGE_KIB)
        .ok_or_else(|| Failure(format!("{path} names no memory of TCP")))
}

impl CpuTimes {
    /// What was used since `before`. Threads that ended since then are not counted.
    #[must_use]
    pub fn since(&self, before: &Self) -> CpuUsed {
        let used = |now: &HashMap<u32, u64>, before: &HashMap<u32, u64>| {
            let nanos = |(id, nanos): (&u32, &u64)| nanos.saturating_sub(before.get(id).copied().unwrap_or(0));
            now.iter().map(nanos).sum::<u64>() as f64 / 1e6
        };
        CpuUsed {
            sync_ms: used(&self.sync, &before.sync),
            store_ms: used(&self.store, &before.store),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn threads_are_counted_by_their_names() {
        let process = Process::new(std::process::id(), vec!["busy".to_owned()]);
        let before = process.cpu_times().unwrap();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let (end, has_ended) = std::sync::mpsc::channel::<()>();
        let busy = std::thread::Builder::new()
            .name("busy-1".to_owned())
            .spawn(move || {
                let start = Instant::now();
                while start.elapsed() < Duration::from_millis(30) {}
                ready.send(()).unwrap();
                // It is still there when it is counted.
                let _ = has_ended.recv();
            })
            .unwrap();
        is_ready.recv().unwrap();
        let used = process.cpu_times().unwrap().since(&before);
        drop(end);
        busy.join().unwrap();
        assert!(used.store_ms > 1.0, "{used:?}");
        let resident = process.resident_mb().unwrap();
        assert!(resident > 0.5 && process.peak_mb().unwrap() >= resident);
    }
}
