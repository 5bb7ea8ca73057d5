//! What the provider reports of a repository: renamed, transferred, archived, shown or hidden, another default branch, gone.
//!
//! A report replaces the one before as a whole. The address to fetch from follows the name: the host and the form stay what they
//! were when it was connected, so nothing that a payload says decides whom we call.

use muster_model::{Rank, RepositoryFacts};

use super::{Repository, address, find_by_provider};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::links::{ResolveLinks, note_repository, relink_some};
use crate::queue::{enqueue_in, settle_in};
use crate::report::{bind_version, holds, version_of};
use crate::{Lease, NewJob, Priority, Provider, Reported, StoreError, Tenant, Timestamp};

const VERSION: Statement = statement!("repositories/version");
const REPORT: Statement = statement!("repositories/report");
const RENAME: Statement = statement!("repositories/rename");
const SETTLE_ACCESS: Statement = statement!("repositories/settle_access");

impl Tenant {
    /// Writes what the provider says of one of the tenant's repositories and ends the lease.
    ///
    /// `base` is the provider's own address (`https://github.com`), for a repository that has none yet. With
    /// `link`, what its name means in references is looked at in the same transaction, as far as that is little.
    /// [`StoreError::NoSuchRepository`] where the tenant has none of that id: nothing is changed then.
    pub async fn put_repository_report(
        &self,
        provider: Provider,
        report: &RepositoryFacts,
        base: &str,
        link: Option<ResolveLinks>,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<Reported, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        if let Some(lease) = lease
            && !settle_in(&mut transaction, lease, now).await?
        {
            return Ok(Reported::LeaseLost);
        }
        let before = find_by_provider(&mut transaction, provider, report.id.get()).await?;
        let before = before.ok_or(StoreError::NoSuchRepository)?;
        let query = transaction.query(VERSION).bind(before.id.0);
        let stored = version_of(&transaction.fetch_one(query).await?)?;
        if !holds(&report.version, stored.as_ref()) {
            transaction.commit().await?;
            return Ok(Reported::Outdated);
        }
        take(&mut transaction, &before, report, base, now).await?;
        if let Some(resolve) = link {
            relink_some(&mut transaction, resolve, now).await?;
        }
        changes::append(&mut transaction, &NewChange::seen(ChangeKind::Repository, Some(before.id), now))
            .await?;
        transaction.commit().await?;
        Ok(Reported::Taken)
    }
}

async fn take(
    transaction: &mut TenantTransaction,
    before: &Repository,
    report: &RepositoryFacts,
    base: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_gone = report.version.rank == Rank::Deleted;
    if let Some(name) = &report.full_name {
        call(transaction, before, name, base).await?;
    } else if let Some(name) = &before.provided.full_name {
        note_repository(transaction, name).await?;
    }
    let query = transaction
        .query(REPORT)
        .bind(before.id.0)
        .bind(report.full_name.as_deref())
        .bind(report.owner.map(muster_model::ProviderId::get))
        .bind(report.default_branch.as_deref())
        .bind(report.private)
        .bind(report.archived)
        .bind(report.url.as_deref());
    let query = bind_version(query, &report.version).bind(is_gone.then_some(now.0));
    transaction.execute(query).await?;
    if is_gone != before.provided.gone_at.is_some()
        && let Some(name) = &report.full_name
    {
        note_repository(transaction, name).await?;
    }
    let after = settle_access(transaction, before).await?;
    let other_line = after.provided.default_branch.is_some()
        && after.provided.default_branch != before.provided.default_branch;
    let first = before.facts.clone_url.is_none() || !before.is_active;
    // A look under the former address may have failed by now, and waits for its next try.
    let elsewhere = before.facts.clone_url != after.facts.clone_url;
    if after.is_active && after.facts.clone_url.is_some() && (first || elsewhere || other_line) {
        let job = NewJob::look(after.id, Priority::Webhook, after.is_new(), now);
        let installation = after.provided.installation;
        enqueue_in(transaction, &[NewJob { installation, ..job }], now).await?;
    }
    Ok(())
}

/// Gives a repository its present name, and the address that goes with it.
pub(super) async fn call(
    transaction: &mut TenantTransaction,
    before: &Repository,
    name: &str,
    base: &str,
) -> Result<(), StoreError> {
    let old = before.provided.full_name.as_deref();
    let url = match (&before.facts.clone_url, old) {
        (None, _) => format!("{base}/{name}"),
        (Some(url), Some(old)) => address::renamed(url, old, name),
        (Some(url), None) => url.clone(),
    };
    if old == Some(name) && before.facts.clone_url.as_ref() == Some(&url) {
        return Ok(());
    }
    for name in [old, Some(name)].into_iter().flatten() {
        note_repository(transaction, name).await?;
    }
    let query = transaction.query(RENAME).bind(before.id.0).bind(name);
    let query = query.bind(address::short_name(name)).bind(&url);
    transaction.execute(query).await.map(drop)
}

/// Settles who reads a repository and whether it is looked at; gives it as it is then.
pub(super) async fn settle_access(
    transaction: &mut TenantTransaction,
    repository: &Repository,
) -> Result<Repository, StoreError> {
    let query = transaction.query(SETTLE_ACCESS).bind(repository.id.0);
    Repository::from_row(&transaction.fetch_one(query).await?)
}
