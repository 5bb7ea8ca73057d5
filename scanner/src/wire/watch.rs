//! Limits of one fetch, and the parent's watch over them.
//!
//! Memory is read from `/proc` and counts anonymous pages only: the mapped pages of a pack are the system's to drop.
//! (`setrlimit` would need unsafe code and counts address space, which mapping a pack uses up at once.)

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::failure::{Failure, FetchError};
use super::message::Transfer;

/// What one fetch may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nothing moves for so long.
    pub silence: Duration,
    /// Bytes a second that have to come over each [`Limits::window`], unless what came is being worked on: who sends a byte now and
    /// then is never silent, and would hold a slot for as long as the whole may take.
    pub rate: u64,
    /// The time over which that is measured: a server may count its objects for minutes before it sends the first.
    pub window: Duration,
    /// The whole fetch.
    pub total: Duration,
    /// Bytes received, and bytes by which the mirror grows.
    pub received_bytes: u64,
    /// Bytes of anonymous memory of the child (Linux only).
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 60 seconds, 512 bytes a second over 5 minutes, 1 hour, 4 GiB, 2 GiB.
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(60),
            rate: 512,
            window: Duration::from_secs(5 * 60),
            total: Duration::from_secs(60 * 60),
            received_bytes: 4 << 30,
            memory_bytes: 2 << 30,
        }
    }
}

/// The watch over one child.
pub(super) struct Watch {
    limits: Limits,
    host: String,
    process: u32,
    packs: PathBuf,
    size_before: u64,
    started: Instant,
    last_sign: Instant,
    /// When the present window began, and how far the transfer was then and is now.
    window: (Instant, Transfer),
    now: Transfer,
}

impl Watch {
    /// Begins to count. `directory` is the bare repository that is fetched into.
    pub(super) fn new(limits: Limits, host: String, process: u32, directory: &Path) -> Self {
        let packs = directory.join("objects").join("pack");
        let now = Instant::now();
        Self {
            limits,
            host,
            process,
            size_before: size_of(&packs),
            packs,
            started: now,
            last_sign: now,
            window: (now, Transfer::default()),
            now: Transfer::default(),
        }
    }

    /// The child gave a sign that something moved.
    pub(super) fn sign(&mut self, transfer: Transfer) {
        self.last_sign = Instant::now();
        self.now = transfer;
    }

    /// True at the end of a window in which next to nothing came, though nothing was left to work on.
    fn is_slow(&mut self) -> bool {
        let (began, before) = self.window;
        if began.elapsed() < self.limits.window {
            return false;
        }
        self.window = (Instant::now(), self.now);
        let received = self.now.received_bytes.saturating_sub(before.received_bytes);
        let wanted = u128::from(self.limits.rate) * self.limits.window.as_nanos() / 1_000_000_000;
        u128::from(received) < wanted && self.now.indexed_deltas == before.indexed_deltas
    }

    /// The first limit that is exceeded.
    pub(super) fn exceeded(&mut self) -> Option<FetchError> {
        let is_slow = self.is_slow();
        let (limits, host) = (self.limits, || self.host.clone());
        if self.started.elapsed() > limits.total {
            return Some(FetchError::TooLong { host: host(), total: limits.total });
        }
        if self.last_sign.elapsed() > limits.silence {
            return Some(FetchError::Silent { host: host(), silence: limits.silence });
        }
        if is_slow {
            return Some(FetchError::TooSlow { host: host(), rate: limits.rate, window: limits.window });
        }
        if memory_of(self.process) > limits.memory_bytes {
            return Some(FetchError::TooMuchMemory { host: host(), limit: limits.memory_bytes });
        }
        if size_of(&self.packs).saturating_sub(self.size_before) > limits.received_bytes.saturating_mul(2) {
            let failure = Failure::TooLarge { limit: limits.received_bytes };
            return Some(FetchError::Remote { host: host(), failure });
        }
        None
    }
}

/// Bytes in the files of a directory, not below it. A pack's index comes on top of what was received, hence twice
/// the received bytes as the bound above; a child that obeys is stopped by its gate long before.
fn size_of(directory: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(directory) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// Anonymous memory of a process in bytes; 0 where the system does not tell.
fn memory_of(process: u32) -> u64 {
    fs::read_to_string(format!("/proc/{process}/status")).map_or(0, |status| anonymous_bytes(&status))
}

fn anonymous_bytes(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0).saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_where_the_system_tells() {
        assert_eq!(
            anonymous_bytes("Name:\tx\nVmRSS:\t  99 kB\nRssAnon:\t    1234 kB\nRssFile: 7 kB\n"),
            1234 * 1024
        );
        assert_eq!(anonymous_bytes("nothing"), 0);
        assert_eq!(memory_of(u32::MAX), 0);
    }

    #[test]
    fn each_limit_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let packs = directory.path().join("objects/pack");
        fs::create_dir_all(&packs).unwrap();
        fs::write(packs.join("old"), [0; 5000]).unwrap();
        let generous = Limits { received_bytes: 1000, ..Limits::default() };
        let watch = |limits| Watch::new(limits, "host".into(), std::process::id(), directory.path());
        let said = |watch: &mut Watch| watch.exceeded().map(|error| error.to_string()).unwrap_or_default();

        let mut growing = watch(generous);
        assert_eq!(said(&mut growing), "");
        fs::write(packs.join("new"), [0; 2001]).unwrap();
        assert!(said(&mut growing).contains("more than 1000 bytes"));
        let none = Duration::ZERO;
        assert!(said(&mut watch(Limits { silence: none, ..generous })).contains("host was silent"));
        assert!(said(&mut watch(Limits { total: none, ..generous })).contains("not done after 0 seconds"));
        // Each look ends a window here: what came since the last one counts, and so does what was worked on.
        let at = |received_bytes, indexed_deltas| Transfer {
            received_bytes,
            indexed_deltas,
            ..Transfer::default()
        };
        let mut dribbling =
            watch(Limits { window: Duration::from_nanos(1), rate: 1 << 60, ..Limits::default() });
        assert!(said(&mut dribbling).contains("host sent less than"));
        dribbling.sign(at(1 << 30, 0));
        assert!(said(&mut dribbling).contains("host sent less than"));
        dribbling.sign(at(1 << 30, 1));
        assert_eq!(said(&mut dribbling), "");
        dribbling.limits.rate = 1;
        dribbling.sign(at(1 << 31, 1));
        assert_eq!(said(&mut dribbling), "");
        if cfg!(target_os = "linux") {
            assert!(said(&mut watch(Limits { memory_bytes: 1, ..generous })).contains("1 bytes of memory"));
        }
    }
}
