//! Writing what one scan changed, in one short transaction.

use muster_model::SubmoduleLine;

use super::project_row::{manifest_columns, project_columns};
use super::task_row::{NumberedTask, task_columns};
use super::{Applied, ProjectChange, ProjectRef, StateChange, StoredExtract, TaskRef};
use crate::database::{Query, Rows, Statement, TenantTransaction, Urgency, statement};
use crate::links::{note_keys, note_tasks};
use crate::tenants::quota;
use crate::words::column;
use crate::{Repository, RepositoryFacts, RepositoryId, ScanId, StoreError, Tenant, TenantLimits, Timestamp};

const GET: Statement = statement!("repositories/get");
const CREATE: Statement = statement!("repositories/create");
const CHANGE: Statement = statement!("repositories/change");
const LAST_PROJECT: Statement = statement!("projects/last_id");
const CLOSE_PROJECTS: Statement = statement!(both "projects/close");
const LEAVE_PATHS: Statement = statement!(both "projects/leave_paths");
const PUT_PROJECTS: Statement = statement!(both "projects/put");
const DROP_MANIFESTS: Statement = statement!(both "projects/drop_manifests");
const PUT_MANIFESTS: Statement = statement!(both "projects/put_manifests");
const LAST_TASK: Statement = statement!("tasks/last_id");
const CLOSE_TASKS: Statement = statement!(both "tasks/close");
const PUT_TASKS: Statement = statement!(both "tasks/put");
const DROP_SUBMODULES: Statement = statement!("submodules/drop");
const PUT_SUBMODULES: Statement = statement!(both "submodules/put");
const DROP_EXTRACTS: Statement = statement!(both "extracts/drop");
const PUT_EXTRACTS: Statement = statement!(both "extracts/put");
const RECORD: Statement = statement!("scans/record");

impl Tenant {
    /// Writes what a scan changed and records the scan.
    ///
    /// [`StoreError::StateMoved`] where the repository is no longer at the revision that the change is based on (or
    /// is there although the change would make it), [`StoreError::QuotaReached`] where it would be one repository too
    /// many: nothing is written then. Projects beyond the tenant's quota are written, and left out of lists.
    pub async fn apply_state(&self, change: &StateChange, now: Timestamp) -> Result<Applied, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        let limits = quota::lock_to_work(&mut transaction).await?;
        let applied = write_state(&mut transaction, change, limits, false, now).await?;
        transaction.commit().await?;
        Ok(applied)
    }
}

/// Writes what a scan changed in a transaction that has locked the tenant. `keeps_names`: the repository's name and address
/// stay as they are, whatever the scan calls it.
pub(crate) async fn write_state(
    transaction: &mut TenantTransaction,
    change: &StateChange,
    limits: TenantLimits,
    keeps_names: bool,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    let (repository, changed) = move_repository(transaction, change, keeps_names, now).await?;
    if change.base.is_none() {
        quota::check_repositories(transaction, limits).await?;
    }
    note_tasks(transaction, change).await?;
    let projects = write_projects(transaction, repository.id, change, now).await?;
    // Without a limit none is marked: whoever lifts it takes the marks away.
    if limits.max_projects.is_some() && change.touches_projects() {
        quota::mark_projects(transaction, limits).await?;
    }
    write_tasks(transaction, repository.id, change, &projects, now).await?;
    write_files(transaction, repository.id, change).await?;
    if change.moves_paths() {
        note_keys(transaction, repository.id).await?;
    }
    let query = transaction
        .query(RECORD)
        .bind(repository.id.0)
        .bind(change.facts.head.as_ref().map(|head| head.as_bytes()))
        .bind(change.facts.branch.as_deref())
        .bind(change.facts.dirty)
        .bind(changed)
        .bind(column(change.project_count))
        .bind(column(change.task_count))
        .bind(serde_json::to_string(&change.problems)?.as_str())
        .bind(now.0);
    let scan = transaction.fetch_one(query).await?.int("id")?;
    Ok(Applied {
        repository: repository.id,
        scan: ScanId(scan),
        changed,
        revision: repository.revision,
        commit_projects_stale: repository.commit_projects_stale,
    })
}

/// Makes the repository's row or checks and moves it; gives it as it is afterwards.
async fn move_repository(
    transaction: &mut TenantTransaction,
    change: &StateChange,
    keeps_names: bool,
    now: Timestamp,
) -> Result<(Repository, bool), StoreError> {
    let facts = &change.facts;
    let head = facts.head.as_ref().map(|head| head.as_bytes());
    let Some((id, revision)) = change.base else {
        let query = transaction
            .query(CREATE)
            .bind(&facts.source_key)
            .bind(&facts.name)
            .bind(facts.clone_url.as_deref())
            .bind(facts.branch.as_deref())
            .bind(head)
            .bind(facts.dirty)
            .bind(facts.shallow)
            .bind(i64::from(facts.extractor_version))
            .bind(now.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::StateMoved)?;
        return Ok((Repository::from_row(&row)?, true));
    };
    let query = transaction.query(GET).bind(id.0);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
    let before = Repository::from_row(&row)?;
    if before.revision != revision {
        return Err(StoreError::StateMoved);
    }
    let named = RepositoryFacts {
        source_key: before.facts.source_key.clone(),
        name: before.facts.name.clone(),
        clone_url: before.facts.clone_url.clone(),
        ..facts.clone()
    };
    let facts = if keeps_names { &named } else { facts };
    if change.is_empty() && before.facts == *facts {
        return Ok((before, false));
    }
    let query = transaction
        .query(CHANGE)
        .bind(id.0)
        .bind(&facts.name)
        .bind(facts.clone_url.as_deref())
        .bind(facts.branch.as_deref())
        .bind(head)
        .bind(facts.dirty)
        .bind(facts.shallow)
        .bind(i64::from(facts.extractor_version))
        .bind(change.moves_paths());
    let row = transaction.fetch_one(query).await?;
    Ok((Repository::from_row(&row)?, true))
}

/// Closes, moves and writes projects; gives the ids of the new ones in order.
async fn write_projects(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    change: &StateChange,
    now: Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let last = transaction.last_id(LAST_PROJECT).await?;
    let mut new = Vec::new();
    let (mut rows, mut manifests, mut ids, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // Two projects may change places, and no two open ones may share a path even for a moment: those that move
    // are closed with those that are gone, and written as open afterwards.
    let mut closed: Vec<i64> = change.closed_projects.iter().map(|id| id.0).collect();
    for ProjectChange { id, project, left: path, .. } in &change.projects {
        let id = id.map_or_else(
            || {
                new.push(last + 1 + column(new.len()));
                new[new.len() - 1]
            },
            |id| id.0,
        );
        if let Some(path) = path {
            closed.push(id);
            left.push((id, path));
        }
        ids.push(id);
        rows.push((id, project));
        manifests.extend(project.manifests.iter().enumerate().map(|(n, m)| (id, n, m)));
    }
    let at = |query: Query| query.bind(now.0);
    let in_repository = |query: Query| query.bind(repository.0);
    let nothing = |query| query;
    transaction.write_list(CLOSE_PROJECTS, &closed, at).await?;
    transaction.write_rows(PUT_PROJECTS, &rows, in_repository, project_columns).await?;
    transaction
        .write_rows(LEAVE_PATHS, &left, at, |rows| {
            Ok(rows.int(|(id, _)| *id).text(|(_, path)| path.as_str()))
        })
        .await?;
    transaction.write_list(DROP_MANIFESTS, &ids, nothing).await?;
    transaction.write_rows(PUT_MANIFESTS, &manifests, nothing, manifest_columns).await?;
    Ok(new)
}

async fn write_tasks(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    change: &StateChange,
    projects: &[i64],
    now: Timestamp,
) -> Result<(), StoreError> {
    let last = transaction.last_id(LAST_TASK).await?;
    let new = |n: usize| last + 1 + column(n);
    let mut count = 0;
    let mut rows = Vec::with_capacity(change.tasks.len());
    for task in &change.tasks {
        let id = task.id.map_or_else(
            || {
                count += 1;
                new(count - 1)
            },
            |id| id.0,
        );
        let project = task.project.and_then(|project| match project {
            ProjectRef::Known(id) => Some(id.0),
            ProjectRef::New(n) => projects.get(n).copied(),
        });
        let parent = task.parent.map(|parent| match parent {
            TaskRef::Known(id) => id.0,
            TaskRef::New(n) => new(n),
        });
        rows.push(NumberedTask { id, project, parent, change: task });
    }
    let closed: Vec<i64> = change.closed_tasks.iter().map(|id| id.0).collect();
    transaction.write_list(CLOSE_TASKS, &closed, |query| query.bind(now.0)).await?;
    transaction.write_rows(PUT_TASKS, &rows, |query| query.bind(repository.0), task_columns).await?;
    Ok(())
}

/// Submodules and extracts.
async fn write_files(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    change: &StateChange,
) -> Result<(), StoreError> {
    let in_repository = |query: Query| query.bind(repository.0);
    if let Some(submodules) = &change.submodules {
        let query = in_repository(transaction.query(DROP_SUBMODULES));
        transaction.execute(query).await?;
        transaction.write_rows(PUT_SUBMODULES, submodules, in_repository, submodule_columns).await?;
    }
    transaction.write_list(DROP_EXTRACTS, &change.dropped_extracts, in_repository).await?;
    transaction.write_rows(PUT_EXTRACTS, &change.extracts, in_repository, extract_columns).await?;
    Ok(())
}

/// The columns of `submodules/put`, in its order.
fn submodule_columns(rows: Rows<'_, SubmoduleLine>) -> Result<Rows<'_, SubmoduleLine>, StoreError> {
    Ok(rows
        .text(|line| &line.path)
        .maybe_text(|line| line.url.as_deref())
        .maybe_text(|line| line.commit.as_deref())
        .flag(|line| line.populated))
}

/// The columns of `extracts/put`, in its order; the payload is a JSON text.
fn extract_columns(rows: Rows<'_, StoredExtract>) -> Result<Rows<'_, StoredExtract>, StoreError> {
    Ok(rows
        .text(|extract| &extract.path)
        .bytes(|extract| extract.key.blob.as_bytes())
        .int(|extract| i64::from(extract.key.extractor_version))
        .made_text(|extract| serde_json::to_string(&extract.extract).map(Some))?)
}
