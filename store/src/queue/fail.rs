//! How a lease ends that did not end well: failed, given back, or run out.
//!
//! One way back for all of them. A job that would be ready again while a newer one with its coalescing key is ready is
//! merged into that one: it stands for both.

use super::route::{DeliveryOutcome, settle_delivery};
use super::{Cause, DeliveryStatus, JobRecord, JobState, Lease, Queue, ROUTE, RetryPolicy};
use crate::database::{Rows, Statement, Transaction, statement};
use crate::words::column;
use crate::{DeliveryId, JobId, StoreError, Timestamp};

const HELD: Statement = statement!(both "jobs/held");
const LOST: Statement = statement!(both "jobs/lost");
const MERGE: Statement = statement!(both "jobs/merge");
const PUT: Statement = statement!("jobs/put");
const PARK: Statement = statement!("jobs/park");

/// Leases that one transaction takes back.
const REAPED: i64 = 100;
/// How often it is tried again when one with the same coalescing key became ready in between.
const TRIES: usize = 5;
/// The cause of those that died of lost leases.
const LOST_CAUSE: Cause<'static> = Cause { name: "lost", message: "its process ended or hung while it ran" };

/// What is to become of a failed job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remedy<'a> {
    /// It may work later. `jitter` is from 0 to 1.
    Retry(&'a RetryPolicy, f64),
    /// It will never work.
    Permanent,
    /// The installation is to wait until then, with all its jobs. It costs no attempt.
    Limited(Timestamp),
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It will run again, not before then.
    Ready(Timestamp),
    /// It was merged into a newer one.
    Merged(JobId),
    /// Only a person can make it run again.
    Dead,
    /// The lease did not hold any more: nothing was changed.
    TooLate,
}

/// Leases that had run out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// These run again.
    pub ready: Vec<JobId>,
    /// These were merged into newer ones.
    pub merged: Vec<JobId>,
    /// These were lost too often.
    pub dead: Vec<JobId>,
}

/// Tries again where a job with the same coalescing key became ready while one was put back. Not a function: what a
/// closure gives cannot be said to be `Send`.
macro_rules! again {
    ($work:expr) => {{
        let mut tries = 1;
        loop {
            match $work.await {
                Err(StoreError::AlreadyThere) if tries < TRIES => tries += 1,
                answer => break answer,
            }
        }
    }};
}

impl Queue {
    /// Ends a lease with an error.
    pub async fn fail(
        &self,
        lease: Lease,
        cause: Cause<'_>,
        remedy: Remedy<'_>,
        now: Timestamp,
    ) -> Result<Fate, StoreError> {
        again!(self.try_fail(lease, cause, remedy, now))
    }

    /// Gives jobs back that were not started, or not to their end, as if they had never been claimed.
    pub async fn release(&self, leases: &[Lease], now: Timestamp) -> Result<Vec<Fate>, StoreError> {
        again!(self.try_release(leases, now))
    }

    /// Takes back leases that have run out, at most a hundred: the attempt does not count, the loss does.
    pub async fn reap(&self, policy: &RetryPolicy, now: Timestamp) -> Result<Reaped, StoreError> {
        again!(self.try_reap(policy, now))
    }

    async fn try_fail(
        &self,
        lease: Lease,
        cause: Cause<'_>,
        remedy: Remedy<'_>,
        now: Timestamp,
    ) -> Result<Fate, StoreError> {
        let mut transaction = self.write().await?;
        let Some(job) = held(&mut transaction, &[lease]).await?.pop() else { return Ok(Fate::TooLate) };
        let fate = failed(&mut transaction, job, cause, remedy, now).await?;
        transaction.commit().await?;
        Ok(fate)
    }

    async fn try_release(&self, leases: &[Lease], now: Timestamp) -> Result<Vec<Fate>, StoreError> {
        let mut transaction = self.write().await?;
        let mut fates = Vec::new();
        for mut job in held(&mut transaction, leases).await? {
            job.attempts = job.attempts.saturating_sub(1);
            fates.push(put_back(&mut transaction, job, None, now).await?);
        }
        transaction.announce_jobs().await?;
        transaction.commit().await?;
        Ok(fates)
    }

    async fn try_reap(&self, policy: &RetryPolicy, now: Timestamp) -> Result<Reaped, StoreError> {
        let mut transaction = self.write().await?;
        let query = transaction.statement(LOST).bind(now.0).bind(REAPED);
        let rows = transaction.fetch_all(query).await?;
        let mut lost = rows.iter().map(JobRecord::from_row).collect::<Result<Vec<_>, _>>()?;
        lost.sort_by_key(|job| job.id);
        let mut reaped = Reaped::default();
        for mut job in lost {
            let id = job.id;
            job.note(now, LOST_CAUSE.name, LOST_CAUSE.message);
            job.attempts = job.attempts.saturating_sub(1);
            job.losses += 1;
            let fate = if job.losses >= policy.losses {
                die(&mut transaction, job, LOST_CAUSE, now).await?
            } else {
                // Behind those that wait already: it may be what ends processes.
                job.run_at = job.run_at.max(now);
                put_back(&mut transaction, job, Some(LOST_CAUSE.name), now).await?
            };
            match fate {
                Fate::Ready(_) => reaped.ready.push(id),
                Fate::Merged(_) => reaped.merged.push(id),
                Fate::Dead => reaped.dead.push(id),
                Fate::TooLate => {}
            }
        }
        if !rows.is_empty() {
            transaction.announce_jobs().await?;
        }
        transaction.commit().await?;
        Ok(reaped)
    }
}

/// The jobs whose leases still hold, locked.
async fn held(transaction: &mut Transaction, leases: &[Lease]) -> Result<Vec<JobRecord>, StoreError> {
    let rows = Rows::of(leases).int(|lease| lease.job.0).int(|lease| lease.number);
    let query = transaction.statement(HELD).bind(rows);
    transaction.fetch_all(query).await?.iter().map(JobRecord::from_row).collect()
}

async fn failed(
    transaction: &mut Transaction,
    mut job: JobRecord,
    cause: Cause<'_>,
    remedy: Remedy<'_>,
    now: Timestamp,
) -> Result<Fate, StoreError> {
    job.note(now, cause.name, cause.message);
    match remedy {
        Remedy::Permanent => die(transaction, job, cause, now).await,
        Remedy::Retry(policy, jitter) => match policy.next(job.attempts, now, jitter) {
            None => die(transaction, job, cause, now).await,
            Some(at) => {
                job.run_at = at;
                put_back(transaction, job, Some(cause.name), now).await
            }
        },
        Remedy::Limited(until) => {
            if let Some(installation) = job.installation {
                let query =
                    transaction.statement(PARK).bind(installation).bind(job.turn.as_str()).bind(until.0);
                transaction.execute(query).await?;
            }
            job.attempts = job.attempts.saturating_sub(1);
            job.run_at = until;
            job.parked_until = Some(until);
            put_back(transaction, job, Some(cause.name), now).await
        }
    }
}

/// Makes a job ready again, unless a newer one stands for it.
async fn put_back(
    transaction: &mut Transaction,
    mut job: JobRecord,
    cause: Option<&str>,
    now: Timestamp,
) -> Result<Fate, StoreError> {
    job.state = JobState::Ready;
    let mut fate = Fate::Ready(job.run_at);
    if let Some(key) = job.coalescing_key() {
        let query = transaction.statement(MERGE).bind(job.turn.as_str()).bind(key).bind(job.run_at.0);
        let query = query.bind(column(job.merges)).bind(now.0);
        if let Some(row) = transaction.fetch_optional(query).await? {
            let newer = JobId(row.int("id")?);
            job.state = JobState::Done;
            job.finished_at = Some(now);
            job.merged_into = Some(newer);
            fate = Fate::Merged(newer);
        }
    }
    put(transaction, &job, cause).await?;
    Ok(fate)
}

async fn die(
    transaction: &mut Transaction,
    mut job: JobRecord,
    cause: Cause<'_>,
    now: Timestamp,
) -> Result<Fate, StoreError> {
    job.state = JobState::Dead;
    job.finished_at = Some(now);
    put(transaction, &job, Some(cause.name)).await?;
    if let Some(delivery) = delivery_of(&job) {
        let outcome = DeliveryOutcome {
            status: DeliveryStatus::Dead,
            reason: Some(cause.message.to_owned()),
            tenant: job.tenant,
            ..DeliveryOutcome::default()
        };
        settle_delivery(transaction, delivery, &outcome, now).await?;
    }
    Ok(Fate::Dead)
}

/// The delivery that a job plans.
pub(super) fn delivery_of(job: &JobRecord) -> Option<DeliveryId> {
    let id = (job.kind == ROUTE).then(|| job.payload.get("delivery")?.as_i64())?;
    id.map(DeliveryId)
}

async fn put(transaction: &mut Transaction, job: &JobRecord, cause: Option<&str>) -> Result<(), StoreError> {
    let query = transaction
        .statement(PUT)
        .bind(job.id.0)
        .bind(job.lease_number)
        .bind(job.state.as_str())
        .bind(job.run_at.0)
        .bind(job.parked_until.map(|at| at.0))
        .bind(job.attempts_column())
        .bind(column(job.losses))
        .bind(cause)
        .bind(&serde_json::to_string(&job.errors)?)
        .bind(job.finished_at.map(|at| at.0))
        .bind(job.merged_into.map(|id| id.0));
    transaction.execute(query).await.map(drop)
}
