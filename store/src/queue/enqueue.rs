//! Enqueuing: in a transaction of its own, or in the one that makes the work necessary.
//!
//! A job that is merged into a ready one locks that row until the transaction ends, so nobody starts it before he can see
//! what the transaction wrote. Jobs are written in the order of their keys: two that enqueue the same ones do not
//! wait for each other in a circle.

use std::collections::BTreeMap;

use super::{JobKey, NewJob, Queue};
use crate::database::{Rows, Statement, Transaction, statement};
use crate::{JobId, StoreError, TenantId, Timestamp};

const ENQUEUE: Statement = statement!(both "jobs/enqueue");
const COALESCE: Statement = statement!(both "jobs/coalesce");

/// Rows that one statement takes.
const ROWS: usize = 1000;

/// What became of the jobs that were enqueued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enqueued {
    /// The new rows.
    pub new: Vec<JobId>,
    /// Ready ones that now stand for one more.
    pub merged: Vec<JobId>,
}

impl Queue {
    /// Enqueues jobs, all or none.
    pub async fn enqueue(&self, jobs: &[NewJob], now: Timestamp) -> Result<Enqueued, StoreError> {
        let mut transaction = self.write().await?;
        let enqueued = enqueue(&mut transaction, None, jobs, now).await?;
        transaction.commit().await?;
        Ok(enqueued)
    }
}

/// Enqueues jobs in a transaction; those that name no tenant are `tenant`'s.
pub(super) async fn enqueue(
    transaction: &mut Transaction,
    tenant: Option<TenantId>,
    jobs: &[NewJob],
    now: Timestamp,
) -> Result<Enqueued, StoreError> {
    let mut plain = Vec::new();
    let mut keyed: BTreeMap<_, NewJob> = BTreeMap::new();
    let mut enqueued = Enqueued::default();
    for job in jobs {
        match &job.key {
            JobKey::Coalescing(key) => {
                let place = (job.tenant.or(tenant), job.fair_hint, key);
                let first = keyed.entry(place).or_insert_with(|| job.clone());
                first.run_at = first.run_at.min(job.run_at);
                first.priority = first.priority.min(job.priority);
            }
            JobKey::Once(_) | JobKey::None => plain.push(job),
        }
    }
    let keyed: Vec<_> = keyed.values().collect();
    for (statement, jobs) in [(ENQUEUE, plain), (COALESCE, keyed)] {
        for chunk in jobs.chunks(ROWS) {
            let query = transaction.statement(statement).bind(tenant).bind(now.0).bind(rows(chunk));
            for row in transaction.fetch_all(query).await? {
                let list = if row.int("merges")? == 0 { &mut enqueued.new } else { &mut enqueued.merged };
                list.push(JobId(row.int("id")?));
            }
        }
    }
    if !jobs.is_empty() {
        transaction.announce_jobs().await?;
    }
    Ok(enqueued)
}

fn rows<'a>(jobs: &'a [&'a NewJob]) -> Rows<'a, &'a NewJob> {
    fn key(job: &NewJob, coalescing: bool) -> Option<&str> {
        match (&job.key, coalescing) {
            (JobKey::Coalescing(key), true) | (JobKey::Once(key), false) => Some(key),
            _ => None,
        }
    }
    Rows::of(jobs)
        .owned_text(|job| job.tenant.map(|tenant| tenant.0.simple().to_string()))
        .text(|job| &job.kind)
        .owned_text(|job| Some(job.payload.to_string()))
        .maybe_text(|job| job.serial_key.as_deref())
        .maybe_text(|job| key(job, true))
        .maybe_text(|job| key(job, false))
        .maybe_int(|job| job.installation)
        .maybe_int(|job| job.fair_hint)
        .int(|job| job.priority.column())
        .flag(|job| job.long)
        .int(|job| job.run_at.0)
}
