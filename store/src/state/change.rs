//! What one scan changes in the current state of a repository: only what differs from what is stored.

use muster_model::{FoundTask, Problem, Project, SubmoduleLine};

use super::StoredExtract;
use crate::{ProjectId, RepositoryFacts, RepositoryId, ScanId, TaskId};

/// A project that has an id, or gets one with this change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProjectRef {
    /// It has one.
    Known(ProjectId),
    /// The n-th of the change's projects that have none, from 0.
    New(usize),
}

/// A task that has an id, or gets one with this change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskRef {
    /// It has one.
    Known(TaskId),
    /// The n-th of the change's tasks that have none, from 0.
    New(usize),
}

/// A project that is new, differs from its row, or is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectChange {
    /// Its row; `None` for a new one.
    pub id: Option<ProjectId>,
    /// What it is now. It is open from here on.
    pub project: Project,
    /// The path that it left, where it moved.
    pub left: Option<String>,
    /// It was closed before.
    pub reopened: bool,
}

/// A task that is new, differs from its row, or is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskChange {
    /// Its row; `None` for a new one.
    pub id: Option<TaskId>,
    /// What the file says; its `parent` is not looked at.
    pub found: FoundTask,
    /// The file.
    pub path: String,
    /// Its place among the tasks of its line, from 0.
    pub place: usize,
    /// The project that counts it.
    pub project: Option<ProjectRef>,
    /// The enclosing item.
    pub parent: Option<TaskRef>,
}

/// What one scan changes. With empty lists only the scan is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// What the scan says about the repository.
    pub facts: RepositoryFacts,
    /// The row and the revision that the change was computed from; `None` makes the repository.
    pub base: Option<(RepositoryId, i64)>,
    /// Projects to write.
    pub projects: Vec<ProjectChange>,
    /// Projects that are gone.
    pub closed_projects: Vec<ProjectId>,
    /// Tasks to write.
    pub tasks: Vec<TaskChange>,
    /// Tasks that are gone.
    pub closed_tasks: Vec<TaskId>,
    /// The whole list, where it differs.
    pub submodules: Option<Vec<SubmoduleLine>>,
    /// Extracts to write.
    pub extracts: Vec<StoredExtract>,
    /// Files whose extracts are gone.
    pub dropped_extracts: Vec<String>,
    /// What the scan could not read.
    pub problems: Vec<Problem>,
    /// Projects of the scan.
    pub project_count: usize,
    /// Tasks of the scan.
    pub task_count: usize,
}

impl StateChange {
    /// True where nothing but the scan record (and perhaps the repository's own facts) would be written.
    pub fn is_empty(&self) -> bool {
        self.projects.is_empty()
            && self.closed_projects.is_empty()
            && self.tasks.is_empty()
            && self.closed_tasks.is_empty()
            && self.submodules.is_none()
            && self.extracts.is_empty()
            && self.dropped_extracts.is_empty()
    }

    /// True where other projects may be listed than before.
    pub(crate) fn touches_projects(&self) -> bool {
        !self.projects.is_empty() || !self.closed_projects.is_empty()
    }

    /// True where the set of project paths changes, so that commits may touch other projects than before.
    pub fn moves_paths(&self) -> bool {
        let moves = |change: &ProjectChange| change.id.is_none() || change.left.is_some() || change.reopened;
        !self.closed_projects.is_empty() || self.projects.iter().any(moves)
    }
}

/// What a change left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The repository.
    pub repository: RepositoryId,
    /// The record of the scan.
    pub scan: ScanId,
    /// Current state is another than before.
    pub changed: bool,
    /// The repository's revision now.
    pub revision: i64,
    /// The cache of the projects that commits touch has to be rebuilt.
    pub commit_projects_stale: bool,
}
