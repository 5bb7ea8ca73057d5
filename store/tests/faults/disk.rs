//! A disk that is full: nothing is half-written, and when there is room again the same open store goes on.

use std::path::{Path, PathBuf};
use std::process::Command;

use muster_store::{DatabaseUrl, Standing, Store, StoreError};

use crate::examples::{NOW, commit, first_change, tenant};
use crate::{PATIENT, is_root, not_run};

/// A file system of a few mebibytes in memory, which goes with the value.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    pub(crate) path: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    /// Mounts it; `None` where this process may not.
    pub(crate) fn mount(mebibytes: u32) -> Option<Self> {
        if !is_root() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let size = format!("size={mebibytes}m,mode=0777");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).output();
        mount.is_ok_and(|mount| mount.status.success()).then_some(Self { path, _folder: folder })
    }

    /// Takes up all the room that is left.
    pub(crate) fn fill(&self) {
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        let page = [0; 4096];
        while std::io::Write::write_all(&mut file, &page).is_ok() {}
    }

    /// Gives it back.
    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server may still be about to close its files.
        _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

async fn commits(store: &Store, path: &Path) -> u64 {
    let listings = tenant(store).await.list_repositories(&Default::default()).await;
    listings.unwrap_or_else(|error| panic!("{}: {error}", path.display())).items[0].commits
}

#[tokio::test]
async fn a_full_disk_is_said_on_sqlite_and_nothing_is_lost() {
    let Some(disk) = SmallDisk::mount(8) else {
        not_run("a full disk under SQLite: mounting a small one takes root");
        return;
    };
    let path = disk.path.join("store.db");
    let url = DatabaseUrl::Sqlite(path.clone());
    let store = Store::open_with(&url, PATIENT).await.unwrap();
    let writing = tenant(&store).await;
    let repository = writing.apply_state(&first_change("k"), NOW).await.unwrap().repository;
    let rows = |first: u32| -> Vec<_> { (first..first + 500).map(|n| commit(n, &["a/x", "b/y"])).collect() };
    writing.append_commits(repository, &rows(0), Standing::default()).await.unwrap();
    disk.fill();
    let mut first = 500;
    let failed = loop {
        match writing.append_commits(repository, &rows(first), Standing::default()).await {
            Ok(_) => first += 500,
            Err(error) => break error,
        }
    };
    assert!(matches!(failed, StoreError::DiskFull), "{failed:?}");
    assert_eq!(
        failed.to_string(),
        "write to the database: the disk is full; free some space and try again, nothing was lost"
    );
    assert_eq!(commits(&store, &path).await, u64::from(first));
    disk.make_room();
    writing.append_commits(repository, &rows(first), Standing::default()).await.unwrap();
    assert_eq!(commits(&store, &path).await, u64::from(first) + 500);
    store.close().await;
    Store::open(&url).await.unwrap().close().await;
}
