//! Reading the files of a folder without following a link, and telling which of them differ from what is recorded.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use muster_detectors::MAX_FILE_BYTES;
use muster_model::{EntryKind, Problem, ProblemKind};

use super::attributes::Asker;
use super::unread;
use crate::content::{blob_id, normalise_line_ends};
use crate::limits::Limits;
use crate::reading::{FileWorker, Look};
use crate::tree::{BlobWorker, Listed, Place};

/// `O_NOFOLLOW | O_NONBLOCK` of Linux, macOS and the BSDs: a link is refused and a pipe does not block.
#[cfg(any(target_os = "linux", target_os = "android"))]
const OPEN_FLAGS: i32 = 0o400_000 | 0o4000;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const OPEN_FLAGS: i32 = 0x0100 | 0x0004;

/// One thread's way to the files of a folder.
pub(crate) struct FolderWorker<'a> {
    root: &'a Path,
    limits: Limits,
    blobs: Option<BlobWorker>,
    hash: gix::hash::Kind,
    /// Git was told that the disk has no links: they stand there as files that hold the target.
    links_are_files: bool,
    converted: Option<Asker>,
    /// The last directory that was seen to be a directory all the way down from the root.
    real: Vec<u8>,
}

impl<'a> FolderWorker<'a> {
    pub(crate) fn new(root: &'a Path, limits: Limits, repository: Option<gix::Repository>) -> Self {
        let hash = repository.as_ref().map_or(gix::hash::Kind::Sha1, gix::Repository::object_hash);
        let links = repository.as_ref().and_then(|it| it.config_snapshot().boolean("core.symlinks"));
        let blobs = repository.map(BlobWorker::new);
        let links_are_files = links == Some(false);
        Self { root, limits, blobs, hash, links_are_files, converted: None, real: Vec::new() }
    }

    /// Has attributes asked for each file, because some file's content on disk is not what is recorded.
    pub(crate) fn asking(mut self, index: &gix::index::File) -> Self {
        self.converted = self.blobs.as_ref().and_then(|blobs| Asker::new(&blobs.repository, index));
        self
    }

    fn on_disk(&self, raw: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(raw))
    }

    /// True where no directory above the file is a link.
    fn is_really_below(&mut self, raw: &[u8]) -> bool {
        let directory = &raw[..memchr::memrchr(b'/', raw).unwrap_or(0)];
        if directory == self.real || directory.is_empty() {
            return true;
        }
        let shared = shared_directory(&self.real, directory);
        let ends = memchr::memchr_iter(b'/', directory).chain([directory.len()]).filter(|end| *end > shared);
        let real = ends.map(|end| self.on_disk(&directory[..end])).all(|path| is_directory(&path));
        if real {
            directory.clone_into(&mut self.real);
        }
        real
    }

    fn look_in_objects(&mut self, listed: &Listed, want: bool, buffer: &mut Vec<u8>) -> Look {
        match &mut self.blobs {
            Some(blobs) => blobs.look(listed, want, buffer),
            None => Look::Missing { problem: None, gone: true },
        }
    }

    fn look_at_link(&self, listed: &Listed) -> Look {
        let path = self.on_disk(listed.raw_path());
        let target = match std::fs::read_link(&path) {
            Ok(target) => target.into_os_string().into_vec(),
            Err(_) => match self.link_as_file(&path) {
                Some(target) => target,
                None => return Look::Missing { problem: None, gone: true },
            },
        };
        let changed = listed.id.is_some_and(|id| blob_id(self.hash, &target) != Some(id));
        Look::Found { size: target.len() as u64, read: false, changed }
    }

    fn link_as_file(&self, path: &Path) -> Option<Vec<u8>> {
        let file = open(path).ok().filter(|_| self.links_are_files)?;
        let mut target = Vec::new();
        file.take(self.limits.path_bytes as u64).read_to_end(&mut target).ok()?;
        Some(target)
    }

    fn look_at_file(&self, listed: &Listed, want: bool, buffer: &mut Vec<u8>) -> Look {
        let path = self.on_disk(listed.raw_path());
        if !want {
            return match std::fs::symlink_metadata(&path) {
                Ok(found) if found.is_file() => {
                    let changed = self.is_changed_unread(listed, &found, &path);
                    Look::Found { size: found.len(), read: false, changed }
                }
                _ => Look::Missing { problem: None, gone: true },
            };
        }
        let opened = open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (found, file) = match opened {
            Ok((found, file)) if found.is_file() => (found, file),
            Ok(_) => return Look::Missing { problem: None, gone: true },
            Err(error) => return unreadable(listed, &path, &error),
        };
        if found.len() > MAX_FILE_BYTES {
            let changed = self.is_changed_unread(listed, &found, &path);
            return Look::Found { size: found.len(), read: false, changed };
        }
        buffer.clear();
        buffer.reserve(found.len() as usize + 1);
        if let Err(error) = file.take(MAX_FILE_BYTES + 1).read_to_end(buffer) {
            return unreadable(listed, &path, &error);
        }
        let content_changed = |id| !is_as_recorded(listed, &found) && !self.has_id(buffer, id);
        let changed = has_other_mode(listed, &found) || listed.id.is_some_and(content_changed);
        Look::Found { size: found.len(), read: true, changed }
    }

    /// Git may have recorded LF where the folder has CRLF, so both readings are tried.
    fn has_id(&self, content: &[u8], id: gix::ObjectId) -> bool {
        if blob_id(self.hash, content) == Some(id) {
            return true;
        }
        let mut normal = content.to_vec();
        normalise_line_ends(&mut normal) && blob_id(self.hash, &normal) == Some(id)
    }

    fn is_changed_unread(&self, listed: &Listed, found: &Metadata, path: &Path) -> bool {
        let (Some(id), Place::Tracked { size, .. }) = (listed.id, listed.place) else { return false };
        if has_other_mode(listed, found) {
            return true;
        }
        if is_as_recorded(listed, found) {
            return false;
        }
        // The index keeps 32 bits of a size, and 0 where the time tells nothing.
        if size != 0 && found.len() as u32 != size {
            return true;
        }
        found.len() <= self.limits.hashed_bytes
            && !unread::has_id(self.hash, || open(path).ok(), found.len(), id)
    }
}

impl FileWorker for FolderWorker<'_> {
    fn look(&mut self, listed: &Listed, want: bool, buffer: &mut Vec<u8>) -> Look {
        if listed.place == Place::Objects {
            return self.look_in_objects(listed, want, buffer);
        }
        if !self.is_really_below(listed.raw_path()) {
            return Look::Missing { problem: None, gone: true };
        }
        if listed.kind == EntryKind::Symlink {
            return self.look_at_link(listed);
        }
        let converted = match (&mut self.converted, &self.blobs) {
            (Some(asker), Some(blobs)) => asker.is_converted(&blobs.repository, listed),
            _ => false,
        };
        if !converted || listed.id.is_none() {
            let look = self.look_at_file(listed, want, buffer);
            return self.with_recorded_size(listed, look, want, buffer);
        }
        // What a filter made of the file cannot be compared; another size says that somebody changed it since.
        match std::fs::symlink_metadata(self.on_disk(listed.raw_path())) {
            Ok(found) if found.is_file() => {
                let resized = !is_as_recorded(listed, &found) && size_differs(listed, &found);
                let touched = resized || has_other_mode(listed, &found);
                match self.look_in_objects(listed, want, buffer) {
                    Look::Found { size, read, .. } => Look::Found { size, read, changed: touched },
                    missing => missing,
                }
            }
            _ => Look::Missing { problem: None, gone: true },
        }
    }

    fn recorded_size(&mut self, listed: &Listed) -> Option<u64> {
        self.blobs.as_ref()?.size(listed)
    }
}

impl FolderWorker<'_> {
    /// Above the limit the recorded size decides, since line ends may have been added on the way to the disk; what
    /// is small enough as recorded is read from there.
    fn with_recorded_size(&mut self, listed: &Listed, look: Look, want: bool, buffer: &mut Vec<u8>) -> Look {
        match look {
            Look::Found { size, read: false, changed: false } if size > MAX_FILE_BYTES => {
                let recorded = self.recorded_size(listed).unwrap_or(size);
                if want && recorded <= MAX_FILE_BYTES {
                    return self.look_in_objects(listed, want, buffer);
                }
                Look::Found { size: recorded, read: false, changed: false }
            }
            other => other,
        }
    }
}

fn size_differs(listed: &Listed, found: &Metadata) -> bool {
    matches!(listed.place, Place::Tracked { size, .. } if size != found.len() as u32)
}

fn has_other_mode(listed: &Listed, found: &Metadata) -> bool {
    let Place::Tracked { executable: Some(executable), .. } = listed.place else { return false };
    executable != (found.mode() & 0o100 != 0)
}

fn is_as_recorded(listed: &Listed, found: &Metadata) -> bool {
    let Place::Tracked { modified, size, racy, .. } = listed.place else { return false };
    // Some writers of an index leave out the nanoseconds.
    let nanoseconds_agree = modified.1 == 0 || i64::from(modified.1) == found.mtime_nsec();
    !racy && found.mtime() as u32 == modified.0 && nanoseconds_agree && found.len() as u32 == size
}

fn is_directory(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// The length of the longest directory that both share, by whole segments.
fn shared_directory(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let ends = |path: &[u8]| path.len() == same || path.get(same) == Some(&b'/');
    if ends(one) && ends(other) { same } else { memchr::memrchr(b'/', &one[..same]).unwrap_or(0) }
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).custom_flags(OPEN_FLAGS).open(path)
}

fn unreadable(listed: &Listed, path: &Path, error: &std::io::Error) -> Look {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    let became_link = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    if became_link || matches!(error.kind(), NotFound | NotADirectory) {
        return Look::Missing { problem: None, gone: true };
    }
    let message = format!("cannot be read: {error}");
    Look::Missing {
        problem: Some(Problem::at(listed.path.clone(), ProblemKind::Unreadable, message)),
        gone: false,
    }
}
