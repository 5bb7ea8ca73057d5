//! Links, read back: one by one, and beside the tasks and commits that they join.

use muster_model::{ObjectId, Relation, TaskKind};

use super::question::SourceId;
use super::relink::AMBIGUOUS;
use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::lists::asked;
use crate::words::{object_id, word};
use crate::{CommitId, LinkId, Page, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const LIST: Statement = statement!("links/list");
const LIST_OF_TASK: Statement = statement!(both "links/list_of_task");
const CLAIMS: Statement = statement!(both "links/claims");
const WITH_COMMITS: Statement = statement!(both "links/with_commits");

/// Which links to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkFilter {
    /// Those that commits or pull requests of one repository make.
    pub repository: Option<RepositoryId>,
    /// Those to one task.
    pub task: Option<TaskId>,
    /// Those of one commit.
    pub commit: Option<CommitId>,
    /// Those of one pull request.
    pub pull_request: Option<TaskId>,
    /// Also those that hold no longer, or whose commit no ref reaches.
    pub withdrawn: bool,
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<LinkId>,
}

/// The task at one end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedTask {
    /// The task.
    pub id: TaskId,
    /// Its repository: not always that of the commit.
    pub repository: RepositoryId,
    /// What it is.
    pub kind: TaskKind,
    /// What it is called by; `#12` for an issue or a pull request.
    pub key: Option<String>,
    /// How it is spoken of.
    pub relation: Relation,
    /// Several tasks may be meant, and this is one of them: it makes no claim.
    pub ambiguous: bool,
}

/// A stored link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// Its id.
    pub id: LinkId,
    /// What it leads to, and how.
    pub task: LinkedTask,
    /// What makes it.
    pub source: SourceId,
    /// The repository of what makes it.
    pub repository: RepositoryId,
    /// The commit's name, where a commit makes it.
    pub sha: Option<ObjectId>,
    /// That commit is on the default branch.
    pub on_default: bool,
    /// The rule that found the reference; ends in `.ambiguous` where several tasks may be meant.
    pub rule: String,
    /// The text that the rule matched.
    pub matched: String,
    /// When it was first made.
    pub made_at: Timestamp,
    /// Since when it holds no longer.
    pub withdrawn_at: Option<Timestamp>,
}

impl Tenant {
    /// The tenant's links, oldest first.
    pub async fn list_links(&self, filter: &LinkFilter) -> Result<Page<LinkRecord, LinkId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let statement = if filter.task.is_some() { LIST_OF_TASK } else { LIST };
        let query = transaction
            .query(statement)
            .bind(filter.after.map_or(0, |id| id.0))
            .bind(filter.repository.map(|id| id.0))
            .bind(filter.commit.map(|id| id.0))
            .bind(filter.pull_request.map(|id| id.0))
            .bind(filter.withdrawn)
            .bind(limit);
        let query = match filter.task {
            Some(task) => query.bind(task.0),
            None => query,
        };
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(record).collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |record: &LinkRecord| record.id))
    }
}

fn record(row: &Row) -> Result<LinkRecord, StoreError> {
    let source = match (row.maybe_int("commit_id")?, row.maybe_int("pull_request_id")?) {
        (Some(commit), _) => SourceId::Commit(CommitId(commit)),
        (None, Some(task)) => SourceId::PullRequest(TaskId(task)),
        (None, None) => return Err(StoreError::Damaged("a link has no source")),
    };
    Ok(LinkRecord {
        id: LinkId(row.int("id")?),
        task: linked(row)?,
        source,
        repository: RepositoryId(row.int("repository_id")?),
        sha: row.maybe_bytes("sha")?.map(object_id).transpose()?,
        on_default: row.maybe_int("on_default_since")?.is_some(),
        rule: row.text("rule")?,
        matched: row.text("matched")?,
        made_at: Timestamp(row.int("made_at")?),
        withdrawn_at: row.maybe_int("withdrawn_at")?.map(Timestamp),
    })
}

fn linked(row: &Row) -> Result<LinkedTask, StoreError> {
    Ok(LinkedTask {
        id: TaskId(row.int("task_id")?),
        repository: RepositoryId(row.int("task_repository")?),
        kind: word(row.word("kind")?)?,
        key: row.maybe_text("key")?,
        relation: word(row.word("relation")?)?,
        ambiguous: row.text("rule")?.ends_with(AMBIGUOUS),
    })
}

/// What claims that open tasks are done: for each its commit on the default branch, and the relation.
pub(crate) async fn claims_of(
    transaction: &mut TenantTransaction,
    tasks: &[i64],
) -> Result<Vec<(i64, ObjectId, Relation)>, StoreError> {
    let query = transaction.query(CLAIMS).bind(tasks);
    let rows = transaction.fetch_all(query).await?;
    rows.iter()
        .map(|row| Ok((row.int("task_id")?, object_id(row.bytes("sha")?)?, word(row.word("relation")?)?)))
        .collect()
}

/// The tasks that commits are joined to, by commit.
pub(crate) async fn links_of(
    transaction: &mut TenantTransaction,
    commits: &[i64],
) -> Result<Vec<(i64, LinkedTask)>, StoreError> {
    let query = transaction.query(WITH_COMMITS).bind(commits);
    let rows = transaction.fetch_all(query).await?;
    rows.iter().map(|row| Ok((row.int("commit_id")?, linked(row)?))).collect()
}
