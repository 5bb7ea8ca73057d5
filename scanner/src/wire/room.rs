//! Room for mirrors: when they take more than the cache may, those unused for longest go.
//!
//! A mirror that somebody fetches into or reads is left alone, even where that means too many bytes: both locks are tried,
//! never waited for. Locks stay behind as empty files; to remove a lock that another process is about to take would give two
//! of them the right to one mirror.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::mirror::{CacheError, MirrorCache, remove, use_lock};

/// A mirror on the disk.
#[derive(Debug)]
struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

impl MirrorCache {
    /// Removes mirrors, those unused for longest first, until the rest is within the bound.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn make_room(&self) -> Result<(), CacheError> {
        let mut kept = self.kept();
        let mut bytes: u64 = kept.iter().map(|mirror| mirror.bytes).sum();
        kept.sort_by(|one, other| (one.used, &one.path).cmp(&(other.used, &other.path)));
        for mirror in kept {
            if bytes <= self.most_bytes {
                break;
            }
            if remove_unused(&mirror.path).map_err(CacheError::at(&mirror.path))? {
                bytes -= mirror.bytes;
            }
        }
        Ok(())
    }

    /// Every mirror. What cannot be looked at is somebody else's and takes no room.
    fn kept(&self) -> Vec<Kept> {
        let list = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
        let hosts = list(&self.mirrors()).map(|host| host.path());
        let mirrors = hosts.flat_map(|host| list(&host).collect::<Vec<_>>()).map(|entry| entry.path());
        let mirrors = mirrors.filter(|path| path.extension().is_some_and(|extension| extension == "git"));
        mirrors
            .map(|path| {
                let used = fs::metadata(path.with_extension("use")).and_then(|found| found.modified());
                Kept { bytes: size_of(&path), used: used.unwrap_or(SystemTime::UNIX_EPOCH), path }
            })
            .collect()
    }
}

/// Removes a mirror unless it is in use; true where it is gone.
fn remove_unused(path: &Path) -> std::io::Result<bool> {
    let claim = File::options().create(true).truncate(false).write(true).open(path.with_extension("lock"))?;
    let readers = use_lock(path)?;
    if claim.try_lock().is_err() || readers.try_lock().is_err() {
        return Ok(false);
    }
    // Under a name that the next fetch takes for a dead one's, so that no half mirror is ever found under its own.
    let leaving = path.with_extension(format!("partial-{}-leaving", std::process::id()));
    fs::rename(path, &leaving)?;
    remove(&leaving)?;
    Ok(true)
}

/// Bytes in the files of a directory and of those below it. Mirrors hold no symbolic links.
fn size_of(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size_of(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A mirror of so many bytes, used so many seconds ago.
    fn mirror(cache: &MirrorCache, name: &str, bytes: usize, age: u64) -> PathBuf {
        let path = cache.mirrors().join("host").join(format!("{name}.git"));
        fs::create_dir_all(path.join("objects/pack")).unwrap();
        fs::write(path.join("objects/pack/one.pack"), vec![0; bytes]).unwrap();
        use_lock(&path).unwrap().set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        path
    }

    #[test]
    fn the_unused_go_first_and_none_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let cache = MirrorCache::new(folder.path()).with_most_bytes(2500);
        let [oldest, older, old, young] =
            [("a", 400), ("d", 300), ("c", 200), ("b", 100)].map(|(n, age)| mirror(&cache, n, 1000, age));
        let held = use_lock(&oldest).unwrap();
        held.lock_shared().unwrap();
        cache.make_room().unwrap();
        let there = |path: &PathBuf| path.join("objects/pack/one.pack").exists();
        assert_eq!([&oldest, &older, &old, &young].map(there), [true, false, false, true]);
        cache.make_room().unwrap();
        drop(held);
        assert_eq!([&oldest, &young].map(there), [true, true], "within the bound nothing goes");
        MirrorCache::new(folder.path()).with_most_bytes(0).make_room().unwrap();
        assert_eq!([&oldest, &young].map(there), [false, false]);
        assert!(fs::read_dir(cache.mirrors().join("host")).unwrap().flatten().all(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().ends_with(".lock") || name.to_string_lossy().ends_with(".use")
        }));
    }
}
