//! Room on the disks that mirrors and a database that is a file are kept on.

use std::io;
use std::path::Path;

/// Bytes that may still be written at a path. One that is not there yet counts as the folder that it would be made in.
pub(super) fn free(path: &Path) -> io::Result<u64> {
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let found = rustix::fs::statvfs(there)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_yet_is_on_the_disk_of_what_is() {
        let folder = tempfile::tempdir().unwrap();
        let (here, below) = (free(folder.path()).unwrap(), free(&folder.path().join("a/b")).unwrap());
        assert!(here > 0 && below > 0);
    }
}
