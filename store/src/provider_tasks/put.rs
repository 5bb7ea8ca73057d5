//! Writing what the provider says of an issue or a pull request, as a whole, where it is later than what is stored.

use muster_model::{ObjectId, ProviderTask, Version};

use super::row::{TaskReference, bind, makes_links, named, reference_columns};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::links::{ResolveLinks, note_number, relink_pull_request, relink_some};
use crate::queue::{enqueue_in, settle_in};
use crate::report::{holds, version_of};
use crate::repository::find_by_provider;
use crate::words::{column, object_id};
use crate::{Lease, NewJob, Provider, Reported, Repository, StoreError, TaskId, Tenant, Timestamp};

const FIND: Statement = statement!("provider_tasks/find");
const LAST_TASK: Statement = statement!("tasks/last_id");
const PUT_TASK: Statement = statement!("provider_tasks/put_task");
const PUT: Statement = statement!("provider_tasks/put");
const DROP_REFERENCES: Statement = statement!("task_references/drop");
const ADD_REFERENCES: Statement = statement!(both "task_references/add");

/// What is stored of a task: its id, which report of it holds, and between which commits it stands.
struct Known {
    id: i64,
    version: Option<Version>,
    ends: Ends,
}

type Ends = (Option<ObjectId>, Option<ObjectId>);

impl Tenant {
    /// Writes a report of an issue or pull request, its references and what follows for links, and ends the lease.
    ///
    /// Where head or base of a pull request moved and its repository is connected, the fetch of its commits is
    /// enqueued. [`StoreError::NoSuchRepository`] where the tenant has no such repository: nothing is changed then.
    pub async fn put_provider_task(
        &self,
        provider: Provider,
        task: &ProviderTask,
        references: &[TaskReference],
        link: ResolveLinks,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<Reported, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        if let Some(lease) = lease
            && !settle_in(&mut transaction, lease, now).await?
        {
            return Ok(Reported::LeaseLost);
        }
        let repository = find_by_provider(&mut transaction, provider, task.repository.get()).await?;
        let repository = repository.ok_or(StoreError::NoSuchRepository)?;
        let known = find(&mut transaction, &repository, task).await?;
        if !holds(&task.version, known.as_ref().and_then(|known| known.version.as_ref())) {
            transaction.commit().await?;
            return Ok(Reported::Outdated);
        }
        let id = put(&mut transaction, &repository, known.as_ref(), task, references, now).await?;
        if makes_links(task) {
            let rows: Vec<_> = references.iter().enumerate().collect();
            let query = transaction.query(DROP_REFERENCES).bind(id);
            transaction.execute(query).await?;
            let of_task = |query: crate::database::Query| query.bind(id);
            transaction.write_rows(ADD_REFERENCES, &rows, of_task, reference_columns).await?;
            relink_pull_request(&mut transaction, TaskId(id), link, now).await?;
        }
        if known.is_none() {
            let name = repository.provided.full_name.as_deref();
            note_number(&mut transaction, name, column(task.number)).await?;
            relink_some(&mut transaction, link, now).await?;
        }
        fetch(&mut transaction, &repository, known.as_ref(), task, now).await?;
        changes::append(&mut transaction, &NewChange::seen(ChangeKind::Task, Some(repository.id), now))
            .await?;
        transaction.commit().await?;
        Ok(Reported::Taken)
    }
}

async fn find(
    transaction: &mut TenantTransaction,
    repository: &Repository,
    task: &ProviderTask,
) -> Result<Option<Known>, StoreError> {
    let query = transaction.query(FIND).bind(repository.id.0).bind(column(task.number));
    let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
    let sha = |name| row.maybe_bytes(name)?.map(object_id).transpose();
    Ok(Some(Known {
        id: row.int("task_id")?,
        version: version_of(&row)?,
        ends: (sha("head_sha")?, sha("base_sha")?),
    }))
}

/// The two rows; gives their id.
async fn put(
    transaction: &mut TenantTransaction,
    repository: &Repository,
    known: Option<&Known>,
    task: &ProviderTask,
    references: &[TaskReference],
    now: Timestamp,
) -> Result<i64, StoreError> {
    let id = match known {
        Some(known) => known.id,
        None => transaction.last_id(LAST_TASK).await? + 1,
    };
    let number = column(task.number);
    let query = transaction
        .query(PUT_TASK)
        .bind(id)
        .bind(repository.id.0)
        .bind(task.kind().as_str())
        .bind(format!("#{number}").as_str())
        .bind(&task.title)
        .bind(task.state.as_str())
        .bind(number)
        .bind(task.assignees.first().map(String::as_str))
        .bind(named(references)?.as_str())
        .bind(task.gone.is_some().then_some(now.0));
    transaction.execute(query).await?;
    let query = transaction.query(PUT).bind(id).bind(repository.id.0);
    let query = bind(query, number, task)?;
    transaction.execute(query).await?;
    Ok(id)
}

/// Enqueues the fetch of a pull request's commits, where they may be others now and can be had.
async fn fetch(
    transaction: &mut TenantTransaction,
    repository: &Repository,
    known: Option<&Known>,
    task: &ProviderTask,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(pull_request) = &task.pull_request else { return Ok(()) };
    let moved = known.map(|known| known.ends) != Some((pull_request.head_sha, pull_request.base_sha));
    let can_fetch = repository.is_active
        && repository.provided.connected_at.is_some()
        && repository.facts.clone_url.is_some();
    if !moved || !can_fetch || task.gone.is_some() {
        return Ok(());
    }
    let job = NewJob::pull(repository.id, column(task.number), now);
    let installation = repository.provided.installation;
    enqueue_in(transaction, &[NewJob { installation, ..job }], now).await.map(drop)
}
