//! What has to be one with a tenant's rows: its new jobs, and the end of the job that wrote them.
//!
//! These work as `muster_app` in the tenant's own transaction, so the effect of a job and its end are there together or
//! not at all.

use super::enqueue::{Enqueued, enqueue};
use super::{Lease, NewJob};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::{StoreError, Tenant, Timestamp};

const SUCCEED: Statement = statement!("jobs/own_succeed");

impl Tenant {
    /// Enqueues jobs of this tenant, all or none.
    pub async fn enqueue(&self, jobs: &[NewJob], now: Timestamp) -> Result<Enqueued, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let enqueued = enqueue_in(&mut transaction, jobs, now).await?;
        transaction.commit().await?;
        Ok(enqueued)
    }

    /// Ends a lease of this tenant well and enqueues what follows; false where it no longer held, and then nothing is
    /// enqueued.
    pub async fn settle_job(
        &self,
        lease: Lease,
        next: &[NewJob],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::State).await?;
        if !settle_in(&mut transaction, lease, now).await? {
            return Ok(false);
        }
        enqueue_in(&mut transaction, next, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Enqueues jobs in a tenant's transaction. They are that tenant's, whatever they say.
pub(crate) async fn enqueue_in(
    transaction: &mut TenantTransaction,
    jobs: &[NewJob],
    now: Timestamp,
) -> Result<Enqueued, StoreError> {
    let own: Vec<NewJob> = jobs.iter().map(|job| NewJob { tenant: None, ..job.clone() }).collect();
    let tenant = transaction.tenant();
    enqueue(transaction.as_any(), Some(tenant), &own, now).await
}

/// Ends a lease well in the tenant's transaction that did its work; false where it no longer held: whoever sees that
/// leaves the transaction uncommitted, for another does the work or has done it.
pub(crate) async fn settle_in(
    transaction: &mut TenantTransaction,
    lease: Lease,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let query = transaction.query(SUCCEED).bind(now.0).bind(lease.job.0).bind(lease.number);
    Ok(transaction.execute(query).await? == 1)
}
