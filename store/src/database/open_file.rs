//! Whether the file that is open is still the one at its path.
//!
//! A file that is moved away or replaced while it is open can be written on as if nothing were: what is written is lost with the last
//! process that has it open, and nobody is told. So whoever begins to write looks first.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file and what it was when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct OpenFile(Arc<(PathBuf, Identity)>);

/// What tells two files apart; on systems that do not say it, nothing does.
type Identity = Option<(u64, u64)>;

impl OpenFile {
    /// Of the file at this path.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self(Arc::new((path.to_owned(), identity(path)?))))
    }

    /// It is still there, and no other one.
    pub(crate) fn is_there(&self) -> bool {
        let (path, opened) = &*self.0;
        identity(path).is_ok_and(|found| found == *opened)
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().map(|found| Some((found.dev(), found.ino())))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    path.metadata().map(|_| None)
}
