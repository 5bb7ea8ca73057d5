//! Which targets are to be looked at again.
//!
//! A note says from which commit on: what is appended concerns the new commits alone, everything else all of them.

use std::collections::{BTreeSet, HashMap};

use crate::database::{Rows, Statement, TenantTransaction, statement};
use crate::{ProjectRef, RepositoryId, StateChange, StoreError};

const NOTE: Statement = statement!(both "stale_targets/note");
const NOTE_NAMED: Statement = statement!(both "stale_targets/note_named");
const NOTE_NUMBER: Statement = statement!(both "stale_targets/note_number");
const KEYS: Statement = statement!(both "tasks/keys");
const NOTE_KEYS: Statement = statement!("stale_targets/note_keys");

/// Notes that each target is to be looked at in the commits from that id on; 0: in all, and in pull requests.
pub(crate) async fn note_targets(
    transaction: &mut TenantTransaction,
    targets: &[(String, i64)],
) -> Result<(), StoreError> {
    transaction.write_rows(NOTE, targets, |query| query, columns).await.map(drop)
}

fn columns(rows: Rows<'_, (String, i64)>) -> Result<Rows<'_, (String, i64)>, StoreError> {
    Ok(rows.text(|(target, _)| target).int(|(_, from)| *from))
}

/// Notes everything that names a repository: `owner/name#..`, in whatever case.
pub(crate) async fn note_repository(
    transaction: &mut TenantTransaction,
    full_name: &str,
) -> Result<(), StoreError> {
    let query = transaction.query(NOTE_NAMED).bind(full_name.to_ascii_lowercase().as_str());
    transaction.execute(query).await.map(drop)
}

/// Notes one number of a repository: `#12`, and `owner/name#12` where it has a name.
pub(crate) async fn note_number(
    transaction: &mut TenantTransaction,
    full_name: Option<&str>,
    number: i64,
) -> Result<(), StoreError> {
    note_targets(transaction, &[(format!("#{number}"), 0)]).await?;
    let Some(name) = full_name else { return Ok(()) };
    let named = format!("{}#{number}", name.to_ascii_lowercase());
    let query = transaction.query(NOTE_NUMBER).bind(named.as_str());
    transaction.execute(query).await.map(drop)
}

/// Notes every key that commits of a repository refer to: they touch other projects than before.
pub(crate) async fn note_keys(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<(), StoreError> {
    let query = transaction.query(NOTE_KEYS).bind(repository.0);
    transaction.execute(query).await.map(drop)
}

/// Where a task stood before a change.
struct Before {
    key: Option<String>,
    project: Option<i64>,
    is_open: bool,
}

/// Notes the keys of tasks that a change makes mean something else: new, renamed, moved, back or gone. To be called before
/// the change is written.
pub(crate) async fn note_tasks(
    transaction: &mut TenantTransaction,
    change: &StateChange,
) -> Result<(), StoreError> {
    let changed = change.tasks.iter().filter_map(|task| task.id);
    let ids: Vec<i64> = changed.chain(change.closed_tasks.iter().copied()).map(|id| id.0).collect();
    let mut before = HashMap::new();
    for chunk in ids.chunks(10_000) {
        let query = transaction.query(KEYS).bind(chunk);
        for row in transaction.fetch_all(query).await? {
            let (key, project) = (row.maybe_text("key")?, row.maybe_int("project_id")?);
            let is_open = row.maybe_int("closed_at")?.is_none();
            before.insert(row.int("id")?, Before { key, project, is_open });
        }
    }
    let mut keys = BTreeSet::new();
    for id in &change.closed_tasks {
        keys.extend(before.get(&id.0).and_then(|before| before.key.as_deref()));
    }
    for task in &change.tasks {
        let (before, now) = (task.id.and_then(|id| before.get(&id.0)), task.found.key.as_deref());
        let project = match task.project {
            Some(ProjectRef::Known(id)) => Some(id.0),
            Some(ProjectRef::New(_)) => Some(0),
            None => None,
        };
        let same =
            |before: &Before| before.is_open && before.key.as_deref() == now && before.project == project;
        if !before.is_some_and(same) {
            keys.extend(now.into_iter().chain(before.and_then(|before| before.key.as_deref())));
        }
    }
    let keys: Vec<(String, i64)> = keys.into_iter().map(|key| (key.to_owned(), 0)).collect();
    note_targets(transaction, &keys).await
}
