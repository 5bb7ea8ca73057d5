//! What could not be read, and why: a scan reports it and goes on.

use serde::{Deserialize, Serialize};

/// The kinds of problem that a scan reports. Part of the scan document: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A manifest that does not parse, is empty, or is not of the expected shape.
    BrokenManifest,
    /// The repository's `.muster.toml` says something that it may not, or does not parse.
    Configuration,
    /// An object that should be in the object database is not (partial copy, shallow clone, damage).
    MissingObject,
    /// A file or directory that could not be read (permissions, disappeared, input/output error).
    Unreadable,
    /// A path that is not UTF-8; it is shown percent-encoded.
    PathNotUtf8,
    /// A bound was reached (entries, depth, size) and something was left out.
    LimitReached,
    /// A submodule that could not be entered or whose declaration is broken.
    Submodule,
    /// A Git repository inside a folder that is no submodule; it is left out.
    NestedRepository,
    /// The repository belongs to another user of this machine.
    Ownership,
    /// History is cut off (shallow clone) or a commit could not be read.
    History,
    /// A time that RFC 3339 cannot write; the nearest that it can is shown.
    AbsurdTime,
    /// HEAD is missing, unborn or points at nothing.
    Head,
}

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Where, inside the repository; `None` where it concerns the whole.
    pub path: Option<String>,
    /// Which kind.
    pub kind: ProblemKind,
    /// One sentence for a person: what happened and, where one can do something, what.
    pub message: String,
}

impl Problem {
    /// A problem at a path.
    pub fn at(path: impl Into<String>, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { path: Some(path.into()), kind, message: message.into() }
    }

    /// A problem of the whole repository.
    pub fn whole(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { path: None, kind, message: message.into() }
    }
}
