//! One entry of a tree: what a commit records at a path, or what a folder holds there.

use serde::{Deserialize, Serialize};

use crate::ObjectId;

/// What stands at a path. Directories are not entries: they are implied by the paths below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A regular file, executable or not.
    File,
    /// A symbolic link: itself, never what it points at.
    Symlink,
    /// A commit of another repository (a submodule), populated or not.
    Gitlink,
}

/// A path and what stands at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Inside the repository, `/` between segments, never empty.
    pub path: String,
    /// What stands there.
    pub kind: EntryKind,
    /// The object: known for a commit's entries and for a folder's unchanged tracked files, else `None`. For a
    /// gitlink the commit that is recorded.
    pub id: Option<ObjectId>,
}
