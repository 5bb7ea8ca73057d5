//! One commit as read from Git.

use crate::{Moment, ObjectId};

/// Who wrote or committed, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// As recorded; may be empty.
    pub name: String,
    /// As recorded, without the angle brackets; may be empty.
    pub email: String,
    /// When, with the recorded offset.
    pub time: Moment,
}

/// A commit with the paths that it changed against its first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The commit's name.
    pub id: ObjectId,
    /// In recorded order; the first is what `paths` is measured against.
    pub parents: Vec<ObjectId>,
    /// Who wrote the change.
    pub author: Person,
    /// Who recorded it.
    pub committer: Person,
    /// The whole message; bytes that are not text in the commit's encoding are replaced by U+FFFD.
    pub message: String,
    /// The changed paths, sorted by bytes, gitlinks included, renames as two paths.
    pub paths: Vec<String>,
    /// False where a tree was missing, so that `paths` is not known.
    pub paths_complete: bool,
}
