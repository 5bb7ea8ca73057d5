//! Quotas: checked where something is connected, under a lock of the tenant's row.
//!
//! A scan never fails on `max_projects`. Which projects are beyond it follows from ids alone: those that came last.
//! Fixtures and templates are in no list unless asked for, so they take up no room in it either.

use super::TenantRecord;
use crate::database::{Statement, TenantTransaction, statement};
use crate::words::{column, count};
use crate::{StoreError, Tenant, TenantLimits};

const LOCK: Statement = statement!(both "tenants/lock");
const CURRENT: Statement = statement!(both "tenants/current");
const COUNT_REPOSITORIES: Statement = statement!("repositories/count");
const MARK_PROJECTS: Statement = statement!("projects/mark_over_quota");
const COUNT_BEYOND: Statement = statement!("projects/count_over_quota");

/// Projects that are kept and counted, but left out of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeyondQuota {
    /// How many there are.
    pub projects: u64,
    /// How many may be listed.
    pub limit: u64,
}

/// The tenant's row, locked until the transaction ends: who counts against a quota counts alone.
pub(super) async fn lock(transaction: &mut TenantTransaction) -> Result<TenantRecord, StoreError> {
    let query = transaction.query(LOCK);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?;
    TenantRecord::from_row(&row)
}

/// The same to work with it: refuses where it is suspended.
pub(crate) async fn lock_to_work(transaction: &mut TenantTransaction) -> Result<TenantLimits, StoreError> {
    Ok(lock(transaction).await?.not_suspended()?.limits)
}

/// Refuses where a repository that was added in this transaction is one too many.
pub(crate) async fn check_repositories(
    transaction: &mut TenantTransaction,
    limits: TenantLimits,
) -> Result<(), StoreError> {
    let Some(limit) = limits.max_repositories else { return Ok(()) };
    let query = transaction.query(COUNT_REPOSITORIES);
    let connected = count(transaction.fetch_one(query).await?.int("repositories")?);
    if connected > limit {
        return Err(StoreError::QuotaReached { what: "repositories", limit });
    }
    Ok(())
}

/// Marks the projects that are beyond the limit, and takes the mark from those that no longer are.
pub(crate) async fn mark_projects(
    transaction: &mut TenantTransaction,
    limits: TenantLimits,
) -> Result<(), StoreError> {
    let query = transaction.query(MARK_PROJECTS).bind(limits.max_projects.map(column));
    transaction.execute(query).await.map(drop)
}

impl Tenant {
    /// The projects beyond the tenant's quota; `None` where there are none.
    pub async fn projects_beyond_quota(&self) -> Result<Option<BeyondQuota>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(CURRENT);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?;
        let Some(limit) = TenantRecord::from_row(&row)?.limits.max_projects else { return Ok(None) };
        let query = transaction.query(COUNT_BEYOND);
        let projects = count(transaction.fetch_one(query).await?.int("projects")?);
        Ok((projects > 0).then_some(BeyondQuota { projects, limit }))
    }
}
