//! Submodules that are populated: repositories of their own inside the folder of another.

use std::path::Path;

use super::Source;
use crate::repository::{self, OpenError};

/// Why a submodule's folder is not entered.
#[derive(Debug, thiserror::Error)]
pub enum SubmoduleError {
    /// Its `.git` leads out of the repository that it is part of.
    #[error("its .git leads out of this repository; scan it by itself if you trust it")]
    Outside,
    /// Its `.git` leads back to the repository that it is part of.
    #[error("its .git is that of this repository")]
    Own,
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Source {
    /// Opens the submodule at `path`. `None` where nothing is populated there, or where a commit is read.
    ///
    /// Its Git directory must lie in its own folder or below this repository's: a `.git` file may name any place.
    pub fn open_submodule(&self, path: &str) -> Option<Result<Self, SubmoduleError>> {
        let (root, own) = (self.folder.as_ref()?, self.repository.as_ref()?);
        let folder = root.join(path);
        if folder.canonicalize().ok()? != folder {
            return None;
        }
        let marker = folder.join(".git");
        marker.symlink_metadata().ok()?;
        Some(self.open_populated(&folder, &marker, own))
    }

    fn open_populated(
        &self,
        folder: &Path,
        marker: &Path,
        own: &gix::Repository,
    ) -> Result<Self, SubmoduleError> {
        if marker.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
            return Err(SubmoduleError::Outside);
        }
        let found = repository::discover(folder)?.ok_or(SubmoduleError::Outside)?;
        let git_dir = found.git_dir().canonicalize().map_err(|_| SubmoduleError::Outside)?;
        let common = repository::common_dir(&found);
        let home = repository::common_dir(own);
        let inside = |path: &Path| path.starts_with(folder) || path.starts_with(&home);
        if found.workdir() != Some(folder) || !inside(&git_dir) || !inside(&common) {
            return Err(SubmoduleError::Outside);
        }
        if common == home {
            return Err(SubmoduleError::Own);
        }
        let shown = folder.display().to_string();
        Ok(Self::of_repository(found, Some(folder), None, &shown, self.limits)?)
    }
}
