//! Stored rows as JSON: the items of the scan document, with what only the database knows.
//!
//! Ids are text: what they are made of is nobody's concern, and a task has the same fields here as in a scan
//! document, where its `id` is text too. Every item names its repository the same way.

use muster_model::{CommitLine, Project, TaskLine};
use muster_store::{CommitId, HistoryProgress, ProjectRecord, Repository, RepositoryListing, TaskRecord};
use serde::Serialize;

/// The repository of an item.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RepositoryName<'a> {
    id: String,
    name: &'a str,
    source_key: &'a str,
}

impl<'a> From<&'a Repository> for RepositoryName<'a> {
    fn from(repository: &'a Repository) -> Self {
        let facts = &repository.facts;
        Self { id: repository.id.to_string(), name: &facts.name, source_key: &facts.source_key }
    }
}

/// A stored project.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ProjectItem<'a> {
    id: String,
    #[serde(flatten)]
    project: &'a Project,
    repository: Option<RepositoryName<'a>>,
    closed_at: Option<String>,
}

impl<'a> ProjectItem<'a> {
    /// Of a row and its repository.
    pub(crate) fn new(row: &'a ProjectRecord, repository: Option<&'a Repository>) -> Self {
        Self {
            id: row.id.to_string(),
            project: &row.project,
            repository: repository.map(Into::into),
            closed_at: row.closed_at.map(|time| time.to_string()),
        }
    }
}

/// A stored task: `id` and `parent_id` are the stored ones.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TaskItem<'a> {
    #[serde(flatten)]
    task: TaskLine,
    project_id: Option<String>,
    repository: Option<RepositoryName<'a>>,
    closed_at: Option<String>,
}

impl<'a> TaskItem<'a> {
    /// Of a row and its repository.
    pub(crate) fn new(row: &TaskRecord, repository: Option<&'a Repository>) -> Self {
        Self {
            task: task_line(row),
            project_id: row.project.map(|id| id.to_string()),
            repository: repository.map(Into::into),
            closed_at: row.closed_at.map(|time| time.to_string()),
        }
    }
}

/// A stored task as the scan document shows one, with its stored id.
pub(crate) fn task_line(row: &TaskRecord) -> TaskLine {
    let found = &row.found;
    TaskLine {
        id: row.id.to_string(),
        kind: found.kind,
        key: found.key.clone(),
        title: found.title.clone(),
        state: found.state,
        path: row.path.clone(),
        line: found.line,
        parent_id: row.parent.map(|id| id.to_string()),
        section: found.section.clone(),
        tag: found.tag.clone(),
        assignee: found.assignee.clone(),
        references: found.references.clone(),
        project_path: row.project_path.clone().unwrap_or_default(),
    }
}

/// A stored commit.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CommitItem<'a> {
    id: String,
    #[serde(flatten)]
    commit: &'a CommitLine,
    repository: Option<RepositoryName<'a>>,
}

impl<'a> CommitItem<'a> {
    /// Of a commit and its repository.
    pub(crate) fn new(id: CommitId, commit: &'a CommitLine, repository: Option<&'a Repository>) -> Self {
        Self { id: id.to_string(), commit, repository: repository.map(Into::into) }
    }
}

/// A stored repository.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RepositoryItem<'a> {
    #[serde(flatten)]
    name: RepositoryName<'a>,
    clone_url: Option<&'a str>,
    branch: Option<&'a str>,
    head: Option<String>,
    dirty: bool,
    shallow: bool,
    history: HistoryProgress,
    projects: u64,
    tasks: u64,
    commits: u64,
    scanned_at: Option<String>,
}

impl<'a> RepositoryItem<'a> {
    /// Of a row.
    pub(crate) fn new(row: &'a RepositoryListing) -> Self {
        let facts = &row.repository.facts;
        Self {
            name: (&row.repository).into(),
            clone_url: facts.clone_url.as_deref(),
            branch: facts.branch.as_deref(),
            head: facts.head.map(|head| head.to_string()),
            dirty: facts.dirty,
            shallow: facts.shallow,
            history: row.repository.history,
            projects: row.projects,
            tasks: row.tasks,
            commits: row.commits,
            scanned_at: row.scanned_at.map(|time| time.to_string()),
        }
    }
}
