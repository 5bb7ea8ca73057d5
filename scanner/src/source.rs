//! Where a scan reads from: a folder, or a commit of a repository. Both give the same kind of tree.

mod populated;
mod refs;
mod trees;

pub use populated::SubmoduleError;
pub use refs::{Refs, RefsError};

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use muster_model::{EntryKind, ObjectId};

use crate::content::{normalise_line_ends, to_gix, to_model};
use crate::folder::{self, FolderWorker};
use crate::history::{History, HistoryError};
use crate::limits::Limits;
use crate::path_text::to_text;
use crate::progress::Progress;
use crate::reading::{FileWorker, Look};
use crate::repository::{self, OpenError, RepositoryFacts};
use crate::tree::{self, BlobWorker, Listed, Listing, Place};

/// Something that can be scanned.
#[derive(Debug)]
pub struct Source {
    repository: Option<gix::Repository>,
    /// The folder; `None` where a commit is read.
    folder: Option<PathBuf>,
    limits: Limits,
    /// What is known of the repository.
    pub facts: RepositoryFacts,
    /// How a folder or bare repository is known: a canonical path.
    pub key: String,
    /// The last segment of its path.
    pub name: String,
    /// The part of the tree that was asked for; `.` for all of it.
    pub narrowed: String,
}

impl Source {
    /// Opens what lies at a path of this machine: a folder inside or outside of a repository, or a bare repository.
    /// With a revision, the commit that it names is read instead of the folder.
    pub fn open(path: &Path, revision: Option<&str>, limits: Limits) -> Result<Self, OpenError> {
        let shown = path.display().to_string();
        let found = std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => OpenError::NoSuchPath(shown.clone()),
            _ => OpenError::Unreadable { path: shown.clone(), reason: error.to_string() },
        })?;
        if !found.is_dir() {
            return Err(OpenError::NotAFolder(shown));
        }
        let canonical = path
            .canonicalize()
            .map_err(|error| OpenError::Unreadable { path: shown.clone(), reason: error.to_string() })?;
        std::fs::read_dir(&canonical)
            .map_err(|error| OpenError::Unreadable { path: shown.clone(), reason: error.to_string() })?;
        match repository::discover(&canonical)? {
            Some(repository) => Self::of_repository(repository, Some(&canonical), revision, &shown, limits),
            None if revision.is_some() => Err(OpenError::NotARepository(shown)),
            None => Ok(Self {
                repository: None,
                limits,
                facts: RepositoryFacts::default(),
                key: canonical.display().to_string(),
                name: last_segment(&canonical),
                narrowed: ".".to_owned(),
                folder: Some(canonical),
            }),
        }
    }

    /// Opens a bare mirror by its exact Git directory.
    pub fn open_mirror(git_dir: &Path, revision: Option<&str>, limits: Limits) -> Result<Self, OpenError> {
        let opened = repository::open(git_dir)?;
        Self::of_repository(opened, None, revision, &git_dir.display().to_string(), limits)
    }

    fn of_repository(
        repository: gix::Repository,
        asked: Option<&Path>,
        revision: Option<&str>,
        shown: &str,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let facts = repository::facts(&repository, revision, shown)?;
        let key = repository::common_dir(&repository);
        let root = repository.workdir().and_then(|root| root.canonicalize().ok());
        let linked = repository.git_dir().canonicalize().is_ok_and(|git_dir| git_dir != key);
        let name = repository_name(&key, root.as_deref().filter(|_| !linked));
        let narrowed = match (&root, asked) {
            (Some(root), Some(asked)) => asked.strip_prefix(root).ok().map(Path::to_path_buf),
            _ => None,
        };
        let narrowed = narrowed.map(|path| to_text(path.as_os_str().as_bytes()).0.into_owned());
        // Inside `.git` itself there is no folder to scan; the commit is read.
        let inside_git = asked.is_some_and(|asked| asked.starts_with(&key));
        Ok(Self {
            folder: root.filter(|_| revision.is_none() && !inside_git),
            repository: Some(repository),
            limits,
            facts,
            key: key.display().to_string(),
            name,
            narrowed: narrowed
                .filter(|path| !path.is_empty() && !inside_git)
                .unwrap_or_else(|| ".".to_owned()),
        })
    }

    /// True where a folder is read, and not a commit.
    pub fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// The content of a small file at the root, LF line ends; `None` where there is no regular file of at most
    /// `most` bytes (with `Some(Err)` where it is larger).
    pub fn read_small(&self, name: &str, most: u64) -> Option<Result<Vec<u8>, u64>> {
        let mut buffer = Vec::new();
        let listed = |id, place| {
            let path = name.to_owned();
            Listed { path, raw: None, kind: EntryKind::File, id, place }
        };
        let look = match (&self.folder, self.recorded(name)) {
            (_, Some((repository, id))) => {
                BlobWorker::new(repository.clone()).look(&listed(Some(id), Place::Objects), true, &mut buffer)
            }
            (Some(root), None) => FolderWorker::new(root, self.limits, None).look(
                &listed(None, Place::Untracked),
                true,
                &mut buffer,
            ),
            (None, None) => return None,
        };
        match look {
            Look::Found { size, read: false, .. } => Some(Err(size)),
            Look::Found { .. } => {
                normalise_line_ends(&mut buffer);
                let size = buffer.len() as u64;
                Some(if size > most { Err(size) } else { Ok(buffer) })
            }
            Look::Missing { .. } => None,
        }
    }

    /// The blob of a file at the root that is read from the object database: a commit's, or in a folder one that a
    /// sparse checkout leaves out.
    fn recorded(&self, name: &str) -> Option<(&gix::Repository, gix::ObjectId)> {
        let repository = self.repository.as_ref()?;
        if self.folder.is_some() {
            let index = repository.index_or_empty().ok()?;
            return Some((repository, folder::skipped(&index, name.as_bytes())?));
        }
        let tree = repository.find_tree(self.tree_id(self.facts.head.as_ref()?)?).ok()?;
        let entry = tree.find_entry(name)?;
        entry.mode().is_blob().then(|| (repository, entry.object_id()))
    }

    /// Every file of a commit with its blob, to compare a later tree with.
    pub fn blobs_of(&self, commit: &ObjectId) -> Option<Vec<(String, ObjectId)>> {
        let repository = self.repository.as_ref()?;
        let tree = self.tree_id(commit)?;
        let mut listing = Listing::new(self.limits);
        tree::list(&repository.objects, repository.object_hash(), tree, b"", &mut listing);
        let (entries, problems) = listing.finish();
        let files = entries.into_iter().filter(|entry| entry.kind == EntryKind::File);
        let files = files.filter_map(|entry| Some((entry.path, to_model(&entry.id?))));
        problems.is_empty().then(|| files.collect())
    }

    /// The commits that are reachable from the scanned one; `None` without one.
    pub fn history(
        &self,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
    ) -> Option<Result<History, HistoryError>> {
        let (repository, head) = (self.repository.as_ref()?, self.facts.head.as_ref()?);
        Some(History::walk(repository, head, self.limits, progress, cancelled))
    }

    /// The tree of a commit, where the commit is here.
    pub(crate) fn tree_id(&self, commit: &ObjectId) -> Option<gix::ObjectId> {
        let commit = self.repository.as_ref()?.find_commit(to_gix(commit)).ok()?;
        Some(commit.tree_id().ok()?.detach())
    }
}

/// All work trees of a repository give it one name: that of the folder around `.git`, or of a bare repository
/// without its ending. A folder whose Git directory is kept elsewhere (a submodule's is) gives its own.
fn repository_name(key: &Path, root: Option<&Path>) -> String {
    let around = key.parent().filter(|_| key.file_name().is_some_and(|name| name == ".git"));
    let home = around.or(root).unwrap_or(key);
    let name = last_segment(home);
    name.strip_suffix(".git").unwrap_or(&name).to_owned()
}

fn last_segment(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
