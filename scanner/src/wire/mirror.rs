//! Where mirrors live on this machine, and how one appears: whole, or not at all.
//!
//! `<cache>/mirrors/<host>/<path>-<8 hex>.git`, the hex digits from the source key so that two addresses never share
//! a mirror. A new mirror grows in a sibling, `<name>.partial-<pid>`, and is renamed into place when it is complete.
//! One file lock a mirror lets one fetch at a time touch it; the system drops the lock of a process that dies, so
//! whatever partial directory the holder of the lock finds is a dead one's and goes. A second lock is shared by those who
//! read; when it was last taken tells which mirror has gone unused for longest (`room.rs`).

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::address::RemoteAddress;
use super::refs::replace;

/// Why the cache is not usable.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The disk refuses.
    #[error("the cache at {} cannot be used ({source}); check its permissions or name another directory", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody asked to stop while another fetch was waited for.
    #[error("the fetch was cancelled")]
    Cancelled,
}

impl CacheError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Disk { path: path.to_owned(), source }
    }
}

/// A directory of bare mirrors.
#[derive(Clone, Debug)]
pub struct MirrorCache {
    root: PathBuf,
    /// Bytes that all mirrors together may take.
    pub(super) most_bytes: u64,
}

/// Bytes that the mirrors may take unless something else is said: 20 GiB.
pub const MIRROR_BYTES: u64 = 20 << 30;

/// The file in a mirror that says whose it is.
const MARKER: &str = "muster-mirror.json";
/// Raised when a mirror's layout changes; older mirrors are fetched anew.
const LAYOUT: u32 = 1;
/// How often the lock of another fetch is tried.
const LOCK_INTERVAL: Duration = Duration::from_millis(100);

#[derive(PartialEq, Serialize, Deserialize)]
struct Marker {
    layout: u32,
    source_key: String,
    /// The remote's default branch at the last fetch.
    head_branch: Option<String>,
}

impl MirrorCache {
    /// A cache in this directory, which need not exist yet. A relative path is meant from where we are now: the child
    /// works in a directory of its own.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { root: std::path::absolute(&root).unwrap_or(root), most_bytes: MIRROR_BYTES }
    }

    /// The same cache with another bound. Mirrors that are in use stay, whatever the bound.
    pub fn with_most_bytes(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// Where the mirror of an address is, or would be.
    pub fn path_of(&self, address: &RemoteAddress) -> PathBuf {
        let digest = Sha256::digest(address.source_key().as_bytes());
        let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        self.mirrors()
            .join(readable(&address.authority()))
            .join(format!("{}-{hex}.git", readable(address.path())))
    }

    pub(super) fn mirrors(&self) -> PathBuf {
        self.root.join("mirrors")
    }

    /// An empty directory that stands for the child's home.
    pub(super) fn empty_home(&self) -> Result<PathBuf, CacheError> {
        let home = self.mirrors().join(".home");
        make_private(&home).map_err(CacheError::at(&home))?;
        Ok(home)
    }

    /// Takes the mirror of an address for one fetch, waiting for another that has it; `waiting` is told once.
    /// What a dead process left behind is removed.
    pub(super) fn claim(
        &self,
        address: &RemoteAddress,
        waiting: &mut dyn FnMut(),
        cancelled: &AtomicBool,
    ) -> Result<Claim, CacheError> {
        let path = self.path_of(address);
        let parent = path.parent().unwrap_or(&self.root);
        make_private(parent).map_err(CacheError::at(parent))?;
        let name = path.with_extension("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&name);
        let lock = lock.map_err(CacheError::at(&name))?;
        let mut told = false;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(CacheError::at(&name)(error)),
                Err(TryLockError::WouldBlock) if cancelled.load(Ordering::Relaxed) => {
                    return Err(CacheError::Cancelled);
                }
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        waiting();
                        told = true;
                    }
                    thread::sleep(LOCK_INTERVAL);
                }
            }
        }
        let claim = Claim { path, source_key: address.source_key(), _lock: lock };
        claim.remove_leftovers()?;
        Ok(claim)
    }
}

/// A reader's hold on a mirror: it is not removed while one is there.
#[derive(Clone, Debug)]
pub(super) struct Hold {
    /// Dropping the last handle drops the lock.
    _lock: Arc<File>,
}

impl PartialEq for Hold {
    /// A mirror is the same whoever reads it.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Hold {}

/// The file whose lock readers of a mirror share.
pub(super) fn use_lock(mirror: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(mirror.with_extension("use"))
}

/// One fetch's hold on one mirror.
pub(super) struct Claim {
    path: PathBuf,
    source_key: String,
    /// Dropping the file drops the lock.
    _lock: File,
}

impl Claim {
    /// The mirror, present or not.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Lets the mirror be read after the claim is gone, and notes that it was used now.
    pub(super) fn hold(&self) -> Result<Hold, CacheError> {
        let lock = use_lock(&self.path).and_then(|lock| {
            lock.lock_shared()?;
            lock.set_modified(SystemTime::now())?;
            Ok(lock)
        });
        Ok(Hold { _lock: Arc::new(lock.map_err(CacheError::at(&self.path))?) })
    }

    /// True where a finished mirror of this very address stands.
    pub(super) fn is_present(&self) -> bool {
        let marker = fs::read(self.path.join(MARKER)).ok();
        let marker = marker.and_then(|bytes| serde_json::from_slice::<Marker>(&bytes).ok());
        marker.is_some_and(|marker| marker.layout == LAYOUT && marker.source_key == self.source_key)
    }

    /// Where a new mirror grows.
    pub(super) fn partial(&self) -> PathBuf {
        self.path.with_extension(format!("partial-{}", std::process::id()))
    }

    /// Marks the mirror in `directory` as complete.
    pub(super) fn mark(&self, directory: &Path, head_branch: Option<&str>) -> Result<(), CacheError> {
        let marker = Marker {
            layout: LAYOUT,
            source_key: self.source_key.clone(),
            head_branch: head_branch.map(str::to_owned),
        };
        let text = serde_json::to_vec(&marker).expect("a marker holds only numbers and texts");
        replace(&directory.join(MARKER), &text).map_err(CacheError::at(directory))
    }

    /// Puts a complete partial mirror in place of whatever stands there.
    pub(super) fn publish(&self) -> Result<(), CacheError> {
        let old = self.path.with_extension(format!("partial-{}-old", std::process::id()));
        if self.path.symlink_metadata().is_ok() {
            fs::rename(&self.path, &old).map_err(CacheError::at(&self.path))?;
        }
        fs::rename(self.partial(), &self.path).map_err(CacheError::at(&self.path))?;
        remove(&old).map_err(CacheError::at(&old))
    }

    /// Removes the partial directory of this process, if there is one.
    pub(super) fn discard(&self) -> Result<(), CacheError> {
        let partial = self.partial();
        remove(&partial).map_err(CacheError::at(&partial))
    }

    /// Removes partial mirrors, and half-received packs inside the mirror.
    pub(super) fn remove_leftovers(&self) -> Result<(), CacheError> {
        let partial = self.path.with_extension("partial-");
        let packs = self.path.join("objects").join("pack");
        for (directory, prefix) in [
            (
                self.path.parent().unwrap_or(&self.path),
                partial.file_name().unwrap_or_default().to_string_lossy(),
            ),
            (packs.as_path(), "pack_git2_".into()),
        ] {
            let Ok(entries) = fs::read_dir(directory) else { continue };
            for entry in entries.flatten() {
                if entry.file_name().to_string_lossy().starts_with(&*prefix) {
                    remove(&entry.path()).map_err(CacheError::at(&entry.path()))?;
                }
            }
        }
        Ok(())
    }
}

/// Removes a directory or file; what is not there is removed already. A process that is just dying may still add a
/// file, so a directory is emptied more than once.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let mut attempts = 0;
    loop {
        let kind = match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        let removed = if kind.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        attempts += 1;
        match removed {
            Err(error) if attempts > 20 => return Err(error),
            _ => {}
        }
    }
}

/// Makes a directory that only this user can enter: mirrors may be of private repositories.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A file name that a person recognises: everything but letters, digits and `-_.` becomes `-`, at most 80 bytes.
fn readable(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = text.chars().map(plain).take(80).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "unnamed".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests;
