//! The end of a look: one short transaction that moves the state, the refs, what they reach and how fresh all of it is, and
//! ends the job. Or nothing of it.

use super::change::{CommitMarks, LookChange, LookSettled, RefChange};
use super::freshness::Freshness;
use crate::changes::{ChangeKind, NewChange, append};
use crate::database::{Query, Statement, TenantTransaction, Urgency, statement};
use crate::links::relink_some;
use crate::queue::settle_in;
use crate::state::write_state;
use crate::tenants::quota;
use crate::{CommitId, Lease, RepositoryId, StoreError, Tenant, Timestamp};

const GET: Statement = statement!("repositories/get");
const BEGIN_HISTORY: Statement = statement!("repositories/begin_history");
const PUT_REFS: Statement = statement!(both "refs/put_many");
const DELETE_REFS: Statement = statement!(both "refs/delete");
const REACH: Statement = statement!(both "commits/reach");
const LOSE: Statement = statement!(both "commits/lose");
const JOIN: Statement = statement!(both "commits/join_default");
const LEAVE: Statement = statement!(both "commits/leave_default");
const FRESHNESS: Statement = statement!("repositories/fetch_source");
const SETTLE: Statement = statement!("repositories/settle_look");
const RAISE: Statement = statement!("repositories/raise_revision");

impl Tenant {
    /// Settles a look, and with it the lease of the job that made it; `None` where the lease no longer held.
    ///
    /// [`StoreError::StateMoved`] where the repository is no longer at the revision that the change is based on. Nothing is
    /// changed in either case.
    pub async fn settle_look(
        &self,
        change: &LookChange,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<Option<LookSettled>, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        let limits = quota::lock_to_work(&mut transaction).await?;
        check_revision(&mut transaction, change.repository, change.revision).await?;
        if let Some(lease) = lease
            && !settle_in(&mut transaction, lease, now).await?
        {
            return Ok(None);
        }
        let mut applied = None;
        if let Some(state) = &change.state {
            let base = Some((change.repository, change.revision));
            if state.base != base {
                return Err(StoreError::StateMoved);
            }
            applied = Some(write_state(&mut transaction, state, limits, true, now).await?);
        }
        write_refs(&mut transaction, change.repository, &change.refs, now).await?;
        write_marks(&mut transaction, &change.marks, now).await?;
        // Where commits may touch other projects than before, that is to be found out first.
        if let Some(resolve) = change.link
            && !applied.is_some_and(|applied| applied.commit_projects_stale)
        {
            relink_some(&mut transaction, resolve, now).await?;
        }
        let settled = write_freshness(&mut transaction, change, applied, now).await?;
        transaction.commit().await?;
        Ok(Some(settled))
    }

    /// Marks some of many commits ahead of the transaction that settles the look, which would otherwise be a long one. Until
    /// then the history counts as partial, so that the next look compares everything, should this one not come to its end.
    pub async fn mark_commits(
        &self,
        repository: RepositoryId,
        revision: i64,
        marks: &CommitMarks,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Batch).await?;
        check_revision(&mut transaction, repository, revision).await?;
        let query = transaction.query(BEGIN_HISTORY).bind(repository.0);
        transaction.execute(query).await?;
        write_marks(&mut transaction, marks, now).await?;
        transaction.commit().await
    }
}

pub(super) async fn check_revision(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    revision: i64,
) -> Result<(), StoreError> {
    let query = transaction.query(GET).bind(repository.0);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
    if row.int("revision")? == revision { Ok(()) } else { Err(StoreError::StateMoved) }
}

pub(super) async fn write_refs(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    refs: &[RefChange],
    now: Timestamp,
) -> Result<(), StoreError> {
    let in_repository = |query: Query| query.bind(repository.0);
    let put: Vec<_> = refs.iter().filter_map(|change| Some((change.name.as_str(), change.tip?))).collect();
    transaction
        .write_rows(PUT_REFS, &put, in_repository, |rows| {
            Ok(rows.text(|(name, _)| name).bytes(|(_, tip)| tip.as_bytes()))
        })
        .await?;
    let gone: Vec<String> = refs.iter().filter(|c| c.tip.is_none()).map(|c| c.name.clone()).collect();
    transaction.write_list(DELETE_REFS, &gone, |query| query.bind(repository.0).bind(now.0)).await?;
    Ok(())
}

pub(super) async fn write_marks(
    transaction: &mut TenantTransaction,
    marks: &CommitMarks,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ids = |commits: &[CommitId]| commits.iter().map(|id| id.0).collect::<Vec<_>>();
    let (nothing, at) =
        (|query: Query| query.planned_anew(), |query: Query| query.bind(now.0).planned_anew());
    transaction.write_list(REACH, &ids(&marks.reached), nothing).await?;
    transaction.write_list(LOSE, &ids(&marks.lost), at).await?;
    transaction.write_list(JOIN, &ids(&marks.joined), at).await?;
    transaction.write_list(LEAVE, &ids(&marks.left), nothing).await?;
    Ok(())
}

/// The repository's own columns, and the change that tells others of it: last, for its number is the tenant's lock.
async fn write_freshness(
    transaction: &mut TenantTransaction,
    change: &LookChange,
    applied: Option<crate::Applied>,
    now: Timestamp,
) -> Result<LookSettled, StoreError> {
    let query = transaction.query(FRESHNESS).bind(change.repository.0);
    let freshness = Freshness::from_row(&transaction.fetch_one(query).await?)?;
    let moved = !change.refs.is_empty() || !change.marks.is_empty();
    let state_changed = applied.is_some_and(|applied| applied.changed);
    let (waited_since, waiting_since) = match (change.seen, freshness.waiting_since) {
        (None, since) => (None, since),
        (Some(_), None) => (None, None),
        (Some(asked), Some(since)) if asked < since => (None, Some(since)),
        // Of what came while we looked, the newest is known: the wait for it is at least as long as this says.
        (Some(asked), Some(since)) => (Some(since), freshness.received_at.filter(|at| asked < *at)),
    };
    let changed = moved || state_changed;
    let shows = changed || waited_since.is_some();
    let query = transaction
        .query(SETTLE)
        .bind(change.repository.0)
        .bind(i64::from(moved && !state_changed))
        .bind(change.history.map(crate::HistoryProgress::as_str))
        .bind(shows.then_some(now.0))
        .bind(change.seen.map(|at| at.0))
        .bind(waiting_since.map(|at| at.0));
    let revision = transaction.fetch_one(query).await?.int("revision")?;
    if shows {
        // Of what was not pushed, or showed before, nobody is to learn how long it took.
        let pushed = waited_since.map(|since| Freshness { received_at: Some(since), ..freshness });
        append_change(transaction, change.repository, ChangeKind::Repository, pushed, now).await?;
    }
    Ok(LookSettled { applied, changed, revision, waited_since })
}

/// Whoever computed something from the refs before has to look at them again.
pub(super) async fn raise_revision(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
) -> Result<(), StoreError> {
    let query = transaction.query(RAISE).bind(repository.0);
    transaction.execute(query).await.map(drop)
}

/// Tells others that something of a repository shows. The number locks the tenant's counter until the transaction ends, so that
/// its order is that of the ends: to be called last.
pub(super) async fn append_change(
    transaction: &mut TenantTransaction,
    repository: RepositoryId,
    kind: ChangeKind,
    freshness: Option<Freshness>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Freshness { pushed_at, received_at, .. } = freshness.unwrap_or_default();
    let change = NewChange { repository: Some(repository), kind, pushed_at, received_at, visible_at: now };
    append(transaction, &change).await.map(drop)
}
