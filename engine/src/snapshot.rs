//! What one scan found in one repository, before it is shown or saved: never narrowed, never filtered by a flag.

use muster_model::{FileExtract, ObjectId, Problem, Project, SubmoduleLine, Task};

/// One file's extract, kept so that an unchanged file need not be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractRow {
    /// The file.
    pub path: String,
    /// Its content's name.
    pub blob: ObjectId,
    /// What it yielded.
    pub extract: FileExtract,
}

/// The current state of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// How the repository is known: `https://host/path`, or the canonical path of a folder's common Git directory
    /// (of the folder itself where there is no Git).
    pub source_key: String,
    /// Its short name: the last segment of its address or folder.
    pub name: String,
    /// Its address, without user info, where it has one.
    pub clone_url: Option<String>,
    /// The branch that HEAD is on (a folder) or the remote's default branch.
    pub branch: Option<String>,
    /// The scanned commit; `None` before the first.
    pub head: Option<ObjectId>,
    /// The folder differs from its commit.
    pub dirty: bool,
    /// History is cut off.
    pub shallow: bool,
    /// Every project outside vendored directories, sorted by path. Gitlinks are `generic`, `populated: false`,
    /// whatever the folder holds.
    pub projects: Vec<Project>,
    /// Every task, sorted by path, line, order in the file.
    pub tasks: Vec<Task>,
    /// Gitlinks and declared submodules, sorted by path.
    pub submodules: Vec<SubmoduleLine>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The extracts of unchanged tracked files, sorted by path.
    pub extracts: Vec<ExtractRow>,
    /// The version of the extraction rules.
    pub extractor_version: u32,
}
