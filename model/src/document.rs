//! The scan document: what `muster scan --format json` prints, `schema_version` 1.
//!
//! Others script against it. Fields are added, never renamed or removed. `commits` is not a field here: commits
//! are streamed between `tasks` and `submodules` by whoever prints the document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Problem, Project, Relation, TaskKind, TaskState};

/// The version of the scan document's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// Who made the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `muster`.
    pub name: String,
    /// The version of the program.
    pub version: String,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryLine {
    /// The path or address that was given, without user info.
    pub source: String,
    /// The revision that was asked for, if one was.
    pub revision: Option<String>,
    /// The commit that HEAD or the revision names; null without one.
    pub head: Option<String>,
    /// The branch that HEAD is on; null where it is detached or another revision was asked for.
    pub branch: Option<String>,
    /// The address of the remote `origin`, without user info.
    pub remote_url: Option<String>,
    /// True where the folder differs from its commit.
    pub dirty: bool,
    /// True where history is cut off.
    pub shallow: bool,
    /// `sha1` or `sha256`; null without a repository.
    pub object_format: Option<String>,
    /// Commits reachable from `head`; null unless history was read.
    pub commit_count: Option<u64>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// Its place in the unnarrowed sorted list: `t1`, `t2`, ...
    pub id: String,
    /// Where it comes from.
    pub kind: TaskKind,
    /// The identifier at its start.
    pub key: Option<String>,
    /// The text.
    pub title: String,
    /// What the box says.
    pub state: TaskState,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The enclosing item.
    pub parent_id: Option<String>,
    /// The nearest heading above.
    pub section: Option<String>,
    /// `TODO`, `FIXME`, ...
    pub tag: Option<String>,
    /// Who is named.
    pub assignee: Option<String>,
    /// What it names.
    pub references: Vec<String>,
    /// The project that counts it.
    pub project_path: String,
}

/// Who and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    /// As recorded.
    pub name: String,
    /// As recorded.
    pub email: String,
    /// RFC 3339 with the recorded offset.
    pub time: String,
}

/// A reference of a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReferenceLine {
    /// What is named.
    pub target: String,
    /// How.
    pub relation: Relation,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitLine {
    /// Its name.
    pub sha: String,
    /// Its parents' names.
    pub parents: Vec<String>,
    /// Who wrote it.
    pub author: PersonLine,
    /// Who recorded it.
    pub committer: PersonLine,
    /// The whole message.
    pub message: String,
    /// Changed paths against the first parent.
    pub paths: Vec<String>,
    /// Their number.
    pub path_count: u64,
    /// The projects of this scan that they touch.
    pub projects: Vec<String>,
    /// The strongest reference for each target.
    pub references: Vec<ReferenceLine>,
}

/// A submodule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmoduleLine {
    /// Where it hangs.
    pub path: String,
    /// The declared address without user info; null where none is declared.
    pub url: Option<String>,
    /// The recorded commit; null where the path is declared but has no gitlink.
    pub commit: Option<String>,
    /// True where its content is here and was read.
    pub populated: bool,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Files and symlinks outside vendored directories (with `--all`: everywhere).
    pub files: u64,
    /// Directories that hold them, the root included.
    pub directories: u64,
    /// Their size as Git records it.
    pub bytes: u64,
    /// Files that would have been read but were not (large, binary, minified, generated, lock files).
    pub skipped_files: u64,
    /// Projects left out because of their role; of a narrowed scan, those below where it is narrowed to.
    pub hidden_projects: u64,
    /// All projects, shown or not, counted by role; of a narrowed scan as above.
    pub by_role: BTreeMap<String, u64>,
    /// How long the scan took.
    pub elapsed_ms: u64,
}

/// The scan document, its commits aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// `SCHEMA_VERSION`.
    pub schema_version: u32,
    /// Who made it.
    pub tool: Tool,
    /// What was scanned.
    pub repository: RepositoryLine,
    /// Sorted by path.
    pub projects: Vec<Project>,
    /// Sorted by path, line.
    pub tasks: Vec<TaskLine>,
    /// Sorted by path.
    pub submodules: Vec<SubmoduleLine>,
    /// Sorted.
    pub problems: Vec<Problem>,
    /// What was looked at.
    pub stats: Stats,
}
