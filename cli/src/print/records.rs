//! Stored rows as JSON: the items of the scan document, with what only the database knows.
//!
//! Ids are text: what they are made of is nobody's concern, and a task has the same fields here as in a scan
//! document, where its `id` is text too. Every item names its repository the same way.

use muster_model::{CommitLine, Project, TaskLine};
use muster_store::{
    CommitRecord, HistoryProgress, LinkedTask, ProjectRecord, Repository, RepositoryListing, TaskRecord,
};
use serde::Serialize;

use super::freshness::FreshnessItem;

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
    /// Of an issue or a pull request.
    number: Option<u64>,
    url: Option<&'a str>,
    /// Commits on the default branch that say that it is done, while it is open.
    claimed_by: Vec<ClaimItem>,
}

/// A commit that says that a task is done.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClaimItem {
    sha: String,
    relation: &'static str,
}

impl<'a> TaskItem<'a> {
    /// Of a row and its repository.
    pub(crate) fn new(row: &'a TaskRecord, repository: Option<&'a Repository>) -> Self {
        Self {
            task: task_line(row),
            project_id: row.project.map(|id| id.to_string()),
            repository: repository.map(Into::into),
            closed_at: row.closed_at.map(|time| time.to_string()),
            number: row.provided.as_ref().map(|provided| provided.number),
            url: row.provided.as_ref().and_then(|provided| provided.url.as_deref()),
            claimed_by: row
                .claimed_by
                .iter()
                .map(|claim| ClaimItem { sha: claim.sha.to_string(), relation: claim.relation.as_str() })
                .collect(),
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
    /// The tasks that it is joined to.
    links: Vec<LinkItem<'a>>,
    /// Since when no ref reaches it, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreachable_since: Option<String>,
}

/// A task that a commit is joined to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LinkItem<'a> {
    task_id: String,
    kind: &'static str,
    key: Option<&'a str>,
    relation: &'static str,
    /// One of several that may be meant.
    ambiguous: bool,
}

impl<'a> CommitItem<'a> {
    /// Of a row, the commit as it is shown, and its repository.
    pub(crate) fn new(
        row: &'a CommitRecord,
        commit: &'a CommitLine,
        repository: Option<&'a Repository>,
    ) -> Self {
        let link = |link: &'a LinkedTask| LinkItem {
            task_id: link.id.to_string(),
            kind: link.kind.as_str(),
            key: link.key.as_deref(),
            relation: link.relation.as_str(),
            ambiguous: link.ambiguous,
        };
        let links = row.links.iter().map(link).collect();
        let unreachable_since = row.unreachable_since.map(|since| since.to_string());
        let repository = repository.map(Into::into);
        Self { id: row.id.to_string(), commit, repository, links, unreachable_since }
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
    freshness: FreshnessItem,
}

impl<'a> RepositoryItem<'a> {
    /// Of a row.
    pub(crate) fn new(row: &'a RepositoryListing, waits: &[i64]) -> Self {
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
            freshness: FreshnessItem::new(&row.freshness, waits),
        }
    }
}
