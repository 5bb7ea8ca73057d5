//! The end of planning a delivery: what came of it, and the jobs that follow, in one transaction.
//!
//! Works as `muster_queue`: before this the App's deliveries are nobody's, and only this gives them their tenant.

use super::enqueue::{Enqueued, enqueue};
use super::finish::succeed;
use super::{DeliveryStatus, Lease, NewJob, Queue};
use crate::database::{Statement, Transaction, statement};
use crate::{DeliveryId, StoreError, TenantId, Timestamp};

const SETTLE: Statement = statement!("deliveries/settle");

/// What planning a delivery came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryOutcome {
    /// Its new status.
    pub status: DeliveryStatus,
    /// Whose it is. One that it has already stays.
    pub tenant: Option<TenantId>,
    /// What exactly happened, as the body says.
    pub action: Option<String>,
    /// One sentence: why parked, ignored or dead.
    pub reason: Option<String>,
    /// What a parked one is planned again for: `installation:<id>`, `repository:<id>`.
    pub waits_for: Option<String>,
}

/// A planned delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planned {
    /// What planning came to.
    pub outcome: DeliveryOutcome,
    /// The work that it makes.
    pub jobs: Vec<NewJob>,
}

impl Queue {
    /// Ends the lease of the job that planned a delivery; `None` where it no longer held, and then nothing is changed.
    pub async fn settle_delivery(
        &self,
        lease: Lease,
        delivery: DeliveryId,
        planned: &Planned,
        now: Timestamp,
    ) -> Result<Option<Enqueued>, StoreError> {
        let mut transaction = self.write().await?;
        if succeed(&mut transaction, &[lease], now).await?.is_empty() {
            return Ok(None);
        }
        settle_delivery(&mut transaction, delivery, &planned.outcome, now).await?;
        let enqueued = enqueue(&mut transaction, planned.outcome.tenant, &planned.jobs, now).await?;
        transaction.commit().await?;
        Ok(Some(enqueued))
    }
}

pub(super) async fn settle_delivery(
    transaction: &mut Transaction,
    delivery: DeliveryId,
    outcome: &DeliveryOutcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waits_for = outcome.waits_for.as_deref().filter(|_| outcome.status == DeliveryStatus::Parked);
    let query = transaction
        .statement(SETTLE)
        .bind(delivery.0)
        .bind(outcome.tenant)
        .bind(outcome.action.as_deref())
        .bind(outcome.status.as_str())
        .bind(outcome.reason.as_deref())
        .bind(waits_for)
        .bind((outcome.status != DeliveryStatus::Received).then_some(now.0));
    transaction.execute(query).await.map(drop)
}
