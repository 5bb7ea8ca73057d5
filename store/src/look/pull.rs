//! The commits of a pull request: what its head reaches and its base does not, settled with the ref that keeps them reachable.

use muster_model::ObjectId;

use super::change::{CommitMarks, RefChange};
use super::settle::{append_change, check_revision, raise_revision, write_marks, write_refs};
use crate::changes::ChangeKind;
use crate::database::{Query, Statement, TenantTransaction, Urgency, statement};
use crate::links::{ResolveLinks, relink_some};
use crate::queue::settle_in;
use crate::tenants::quota;
use crate::words::{column, object_id};
use crate::{CommitId, Lease, RepositoryId, StoreError, TaskId, Tenant, Timestamp};

const GET: Statement = statement!("pull_requests/get");
const DROP: Statement = statement!("pull_requests/drop_commits");
const ADD: Statement = statement!(both "pull_requests/add_commits");
const COMMITS: Statement = statement!("pull_requests/commits");

/// What a pull request was last reported to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Its task.
    pub task: TaskId,
    /// The commit that it asks to be merged.
    pub head: ObjectId,
    /// The commit that it is to be merged into.
    pub base: Option<ObjectId>,
}

/// What fetching a pull request changes, all or nothing.
#[derive(Clone, Debug)]
pub struct PullChange {
    /// Whose.
    pub repository: RepositoryId,
    /// The revision that everything here was computed from.
    pub revision: i64,
    /// Its number.
    pub number: u64,
    /// The ref of its head, where that moved.
    pub head: Option<RefChange>,
    /// Commits that the head alone reaches.
    pub marks: CommitMarks,
    /// Its commits.
    pub commits: Vec<CommitId>,
    /// As [`LookChange::link`](crate::LookChange).
    pub link: Option<ResolveLinks>,
}

impl Tenant {
    /// What a pull request was last reported to ask for; `None` where nobody has reported one of that number.
    pub async fn pull_request(
        &self,
        repository: RepositoryId,
        number: u64,
    ) -> Result<Option<PullRequest>, StoreError> {
        let mut transaction = self.read().await?;
        get(&mut transaction, repository, number).await
    }

    /// The commits of a pull request, those that were stored first first: what it asks to be merged, and of one that is
    /// merged what the merge made and what the default branch says of it.
    pub async fn pull_request_commits(
        &self,
        repository: RepositoryId,
        number: u64,
    ) -> Result<Vec<(CommitId, ObjectId)>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(COMMITS).bind(repository.0).bind(column(number));
        let query = query.bind(format!("#{number}").as_str());
        let rows = transaction.fetch_all(query).await?;
        rows.iter().map(|row| Ok((CommitId(row.int("id")?), object_id(row.bytes("sha")?)?))).collect()
    }

    /// Replaces the commits of a pull request, and settles the lease of the job that found them; false where the lease no
    /// longer held. [`StoreError::StateMoved`] as for [`Tenant::settle_look`]. Nothing is changed in either case.
    pub async fn settle_pull(
        &self,
        change: &PullChange,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        quota::lock_to_work(&mut transaction).await?;
        check_revision(&mut transaction, change.repository, change.revision).await?;
        if let Some(lease) = lease
            && !settle_in(&mut transaction, lease, now).await?
        {
            return Ok(false);
        }
        let refs: Vec<RefChange> = change.head.iter().cloned().collect();
        write_refs(&mut transaction, change.repository, &refs, now).await?;
        write_marks(&mut transaction, &change.marks, now).await?;
        if let Some(pull) = get(&mut transaction, change.repository, change.number).await? {
            let query = transaction.query(DROP).bind(pull.task.0);
            transaction.execute(query).await?;
            let of_task = |query: Query| query.bind(pull.task.0);
            let commits: Vec<i64> = change.commits.iter().map(|id| id.0).collect();
            transaction.write_list(ADD, &commits, of_task).await?;
        }
        if change.head.is_some() || !change.marks.is_empty() {
            raise_revision(&mut transaction, change.repository).await?;
        }
        if let Some(resolve) = change.link {
            relink_some(&mut transaction, resolve, now).await?;
        }
        append_change(&mut transaction, change.repository, ChangeKind::Task, None, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn get(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    number: u64,
) -> Result<Option<PullRequest>, StoreError> {
    let query = transaction.query(GET).bind(repository.0).bind(column(number));
    let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
    Ok(Some(PullRequest {
        task: TaskId(row.int("task_id")?),
        head: object_id(row.bytes("head_sha")?)?,
        base: row.maybe_bytes("base_sha")?.map(object_id).transpose()?,
    }))
}
