//! `apply`: writes what a delivery says of issues, pull requests, repositories and installations.
//!
//! The delivery is planned once more, so nothing of a payload was ever copied into the job. Each change is a transaction of its
//! own and can be repeated; the last one ends the lease. What installations say goes first, and what they no longer may
//! before what they may: a quota must not be reached by what is about to rest.

use muster_engine::{read_task, resolve_links};
use muster_model::{Access, Change, ProviderId};
use muster_store::{ClaimedJob, DeliveryId, Lease, Provider, Reported, StoreError, Tenant, TenantId};
use tracing::info;

use super::handler::{Context, JobFailure, JobResult, Settled};
use super::planning::{Meaning, PlannedDelivery, plan_delivery};
use crate::crash_points::reach;
use crate::plan::WaitsFor;

/// Applies the delivery that the job names.
pub(super) async fn apply(job: ClaimedJob, context: &Context) -> JobResult {
    let id = job.job.payload.get("delivery").and_then(serde_json::Value::as_i64).map(DeliveryId);
    let id = id.ok_or_else(|| JobFailure::permanent("payload", "the job names no delivery"))?;
    let planned = plan_delivery(&context.store, &context.queue, &context.settings.github, id).await?;
    let planned = planned.ok_or_else(|| {
        JobFailure::permanent("delivery gone", format!("delivery {id} is not in the database any more"))
    })?;
    let Some((tenant, changes)) = meant(&planned, job.job.tenant)? else { return Ok(Settled::Done) };
    let tenant = context.store.tenant(tenant);
    let grants = changes.iter().filter_map(granted).collect::<Vec<_>>();
    let mut applied = 0;
    for (place, change) in changes.iter().enumerate() {
        if context.cancelled.is_cancelled() {
            return Ok(Settled::Yield);
        }
        // What waited for a repository is planned again before the job is over: else a crash between the two would leave it.
        let is_last = place + 1 == changes.len() && grants.is_empty();
        let lease = Some(job.lease).filter(|_| is_last);
        reach("before-apply");
        let reported = match apply_change(&tenant, change, lease, context).await {
            // A grant that came later than its withdrawal connects nothing: then there is nothing here to be told of.
            Err(StoreError::NoSuchRepository) if is_outdated_grant(change, &grants) => Reported::Outdated,
            reported => reported.map_err(failure)?,
        };
        reach("applied");
        match reported {
            Reported::LeaseLost => return Ok(Settled::ByUs),
            Reported::Taken => applied += 1,
            Reported::Outdated => {}
        }
        if is_last && !matches!(change, Change::Installation(_)) {
            info!(applied, "a delivery is applied");
            return Ok(Settled::ByUs);
        }
    }
    for repository in grants {
        context.queue.plan_again(&WaitsFor::Repository(repository).to_string(), context.now()).await?;
    }
    info!(applied, "a delivery is applied");
    Ok(Settled::Done)
}

/// Whose rows change, and how, in the order in which that is to be done; `None` where there is nothing to do any more.
fn meant(
    planned: &PlannedDelivery,
    tenant: Option<TenantId>,
) -> Result<Option<(TenantId, Vec<Change>)>, JobFailure> {
    let changes = match &planned.meaning {
        Meaning::Changes(changes) => changes,
        Meaning::Ignored(_) => return Ok(None),
        Meaning::Parked(parked) => {
            return Err(JobFailure::permanent("not connected", parked.waits_for.reason()));
        }
        Meaning::Dead(reason) => return Err(JobFailure::permanent("unreadable", reason)),
    };
    // Work is done in the name of whom the job was made for, and only as long as the hook is his.
    let tenant = tenant.filter(|tenant| planned.tenant == Some(*tenant));
    let tenant = tenant.ok_or_else(|| {
        JobFailure::permanent("another tenant", "the hook or installation is no longer the tenant's")
    })?;
    let mut changes: Vec<Change> =
        changes.iter().filter(|change| !matches!(change, Change::LookAt(_))).cloned().collect();
    changes.sort_by_key(|change| match change {
        Change::Installation(_) => 0,
        Change::Access(access) if access.access == Access::Withdrawn => 1,
        Change::Access(_) => 2,
        Change::Repository(_) => 3,
        Change::Task(_) | Change::LookAt(_) => 4,
    });
    Ok(Some((tenant, changes)).filter(|(_, changes)| !changes.is_empty()))
}

fn granted(change: &Change) -> Option<ProviderId> {
    match change {
        Change::Access(access) if access.access == Access::Granted => Some(access.repository),
        _ => None,
    }
}

/// What is told of a repository along with its grant.
fn is_outdated_grant(change: &Change, grants: &[ProviderId]) -> bool {
    matches!(change, Change::Repository(facts) if grants.contains(&facts.id))
}

async fn apply_change(
    tenant: &Tenant,
    change: &Change,
    lease: Option<Lease>,
    context: &Context,
) -> Result<Reported, StoreError> {
    let (provider, base, now) = (Provider::GitHub, context.settings.github.as_str(), context.now());
    match change {
        Change::Task(task) => {
            tenant.put_provider_task(provider, task, &read_task(task), resolve_links, lease, now).await
        }
        Change::Repository(facts) => {
            tenant.put_repository_report(provider, facts, base, Some(resolve_links), lease, now).await
        }
        Change::Access(access) => tenant.put_access(provider, access, base, lease, now).await,
        Change::Installation(facts) => {
            let taken = context.store.report_installation(provider, facts, now).await?;
            Ok(if taken { Reported::Taken } else { Reported::Outdated })
        }
        Change::LookAt(_) => Ok(Reported::Outdated),
    }
}

/// What a failure of the store means for the job: what only a person can change is not tried again.
fn failure(error: StoreError) -> JobFailure {
    match error {
        StoreError::QuotaReached { .. } => JobFailure::permanent("quota", format!("failed to {error}")),
        StoreError::Suspended { .. } => JobFailure::permanent("suspended", format!("failed to {error}")),
        StoreError::NoSuchRepository => {
            JobFailure::permanent("not connected", "the tenant has no such repository any more")
        }
        error => error.into(),
    }
}
