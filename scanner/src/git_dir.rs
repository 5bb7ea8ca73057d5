//! A look at a Git directory before anything in it is opened: only plain files of a sane size may stand where the
//! library will read.
//!
//! A repository that came as an archive may hold a pipe named `HEAD`; whoever opens it waits for ever. The library
//! opens files by name without asking what they are, so we ask first. Names are looked at, nothing is read but
//! the two small files that lead on to another directory.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// `O_NONBLOCK` of Linux, and of macOS and the BSDs: opening a pipe does not wait for a writer.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NONBLOCK: i32 = 0o4000;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const NONBLOCK: i32 = 0x0004;

/// Bytes of a file that is read whole into memory: configuration, rules, lists. The index, packs and packed refs may
/// be of any size.
const MOST_BYTES: u64 = 16 << 20;
/// Files of a Git directory that are read whole.
const READ_WHOLE: [&str; 8] = [
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "info/attributes",
    "info/exclude",
    "objects/info/alternates",
    "shallow",
];
/// Directories whose files are opened by name, with the directories below that are looked into.
const LOOKED_INTO: [(&str, usize); 5] = [("", 0), ("info", 0), ("objects", 2), ("refs", 32), ("reftable", 0)];

/// What stands in the way of opening the repository that `directory` lies in; `None` where nothing does, or where
/// there is none.
pub(crate) fn obstacle(directory: &Path) -> Option<String> {
    let (marker, git_dir) = directory.ancestors().find_map(candidate)?;
    let common = leads_to(&git_dir.join("commondir"), b"").map(|path| git_dir.join(path));
    let found = [Some(git_dir), common].into_iter().flatten().find_map(|place| {
        let (path, why) = obstacle_in(&place)?;
        Some((path.strip_prefix(&place).map_or_else(|_| path.clone(), Path::to_owned), why))
    });
    let (path, why) = found?;
    let shown = marker.join(path);
    let shown = shown.strip_prefix(directory).unwrap_or(&shown);
    Some(format!("{} {why}", shown.display()))
}

/// A Git directory at this place, with what it is called there.
fn candidate(place: &Path) -> Option<(PathBuf, PathBuf)> {
    let marker = place.join(".git");
    if let Ok(found) = std::fs::metadata(&marker) {
        if found.is_dir() {
            return Some((marker.clone(), marker));
        }
        let git_dir = leads_to(&marker, b"gitdir:").map(|path| place.join(path))?;
        return Some((marker, git_dir));
    }
    let is_bare = ["HEAD", "objects", "refs"].iter().all(|name| place.join(name).symlink_metadata().is_ok());
    is_bare.then(|| (place.to_owned(), place.to_owned()))
}

/// The path that a small file holds behind a prefix.
fn leads_to(file: &Path, prefix: &[u8]) -> Option<PathBuf> {
    let mut content = Vec::new();
    open_plain(file)?.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    let path = content.strip_prefix(prefix)?.trim_ascii();
    (!path.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(path)))
}

/// Opens a file that is really one, without waiting.
pub(crate) fn open_plain(path: &Path) -> Option<File> {
    let file = OpenOptions::new().read(true).custom_flags(NONBLOCK).open(path).ok()?;
    file.metadata().ok()?.is_file().then_some(file)
}

fn obstacle_in(git_dir: &Path) -> Option<(PathBuf, String)> {
    let inside = |(name, depth): (&str, usize)| special_below(&git_dir.join(name), depth);
    if let Some(special) = LOOKED_INTO.into_iter().find_map(inside) {
        return Some((special, "is a pipe or a device, not a file".to_owned()));
    }
    let large = READ_WHOLE.iter().map(|name| git_dir.join(name)).find(|path| !is_small(path))?;
    Some((large, format!("is larger than {} MiB", MOST_BYTES >> 20)))
}

fn is_small(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |found| !found.is_file() || found.len() <= MOST_BYTES)
}

/// The first name that is neither a file nor a directory, links followed as the library follows them.
fn special_below(directory: &Path, depth: usize) -> Option<PathBuf> {
    for entry in std::fs::read_dir(directory).ok()?.flatten() {
        let Ok(mut kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            let Ok(target) = std::fs::metadata(entry.path()) else { continue };
            kind = target.file_type();
        } else if kind.is_dir() && depth > 0 {
            if let Some(found) = special_below(&entry.path(), depth - 1) {
                return Some(found);
            }
            continue;
        }
        if !kind.is_file() && !kind.is_dir() {
            return Some(entry.path());
        }
    }
    None
}

/// True where a file of rules in a work tree can be read whole: it is a small file, a link (which is not
/// followed), or not there.
pub(crate) fn can_be_rules(path: &Path) -> bool {
    std::fs::symlink_metadata(path)
        .map_or(true, |found| found.is_symlink() || (found.is_file() && found.len() <= MOST_BYTES))
}
