//! A file that is there whole or not at all.
//!
//! It is written beside its place as `NAME.partial`, brought to the disk and renamed. What a killed run leaves is
//! overwritten by the next; two that write the same file at once are told apart by a lock.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file being written.
#[derive(Debug)]
pub(crate) struct WholeFile {
    out: BufWriter<File>,
    partial: PathBuf,
    path: PathBuf,
}

impl WholeFile {
    /// Begins it, for its owner's eyes alone.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut partial: OsString = path.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_owned();
        partial.push(".partial");
        let partial = path.with_file_name(partial);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(&partial)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let reason = format!("{} is being written by another process", partial.display());
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, reason));
            }
            // Some file systems know no locks.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        file.set_len(0)?;
        let out = BufWriter::with_capacity(256 * 1024, file);
        Ok(Self { out, partial, path: path.to_owned() })
    }

    /// Puts it in its place, when it is on the disk. Gives its size.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        let file = self.out.get_ref();
        file.sync_all()?;
        let size = file.metadata()?.len();
        fs::rename(&self.partial, &self.path)?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // The name is in the folder, and reaches the disk with it.
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())?;
        Ok(size)
    }

    /// Takes back what was written.
    pub(crate) fn abandon(self) {
        _ = fs::remove_file(&self.partial);
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_there_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export");
        fs::write(&path, "old").unwrap();
        fs::write(folder.path().join("export.partial"), "what a killed run left, which is longer").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        let other = WholeFile::create(&path).unwrap_err();
        assert_eq!(other.kind(), io::ErrorKind::ResourceBusy);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(file.finish().unwrap(), 3);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        WholeFile::create(&path).unwrap().abandon();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(WholeFile::create(Path::new("/")).is_err());
    }
}
