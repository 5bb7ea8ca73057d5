//! Again, because a person says so: dead jobs, and deliveries.
//!
//! A replayed job starts with all its attempts, keeps every error, and its lease number goes on from where it was. One
//! whose coalescing key is ready again is merged: the ready one stands for it.

use super::fail::delivery_of;
use super::record::route;
use super::{DeliveryStatus, JobRecord, JobState, Queue};
use crate::database::{Statement, Transaction, statement};
use crate::words::column;
use crate::{DeliveryId, JobId, StoreError, TenantId, Timestamp};

const DEAD: Statement = statement!(both "jobs/dead");
const DEAD_ONE: Statement = statement!(both "jobs/dead_one");
const MERGE: Statement = statement!(both "jobs/merge");
const REVIVE: Statement = statement!("jobs/revive");
const RUN_NOW: Statement = statement!("jobs/run_now");
const REOPEN: Statement = statement!(both "deliveries/reopen");
const PARKED: Statement = statement!("deliveries/parked");
const PARKED_REPOSITORIES: Statement = statement!("deliveries/parked_repositories");
const TO_REPLAY: Statement = statement!(both "deliveries/to_replay");

/// Dead jobs or deliveries that one transaction takes up.
const BATCH: i64 = 500;

/// Which deliveries to plan again: those of which all is so that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayFilter {
    /// Of this tenant alone.
    pub tenant: Option<TenantId>,
    /// In this status alone. One that was only received is to be planned anyway.
    pub status: Option<DeliveryStatus>,
    /// With this reason, exactly as it is stored.
    pub reason: Option<String>,
    /// Parked for this: `installation:<id>`, `repository:<id>`.
    pub waits_for: Option<String>,
}

/// A page of deliveries that are planned again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Those, oldest first.
    pub ids: Vec<DeliveryId>,
    /// How many stay as they are, because their bodies were removed.
    pub without_body: u64,
    /// Where the next page begins; `None`: this is the last one.
    pub next: Option<DeliveryId>,
}

impl Queue {
    /// Lets a job run now: a dead one again, a ready one without waiting for its time. False where it is neither.
    pub async fn retry_job(&self, id: JobId, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let query = transaction.statement(DEAD_ONE).bind(id.0);
        let found = match transaction.fetch_optional(query).await? {
            Some(row) => {
                revive(&mut transaction, &JobRecord::from_row(&row)?, now).await?;
                true
            }
            None => {
                let query = transaction.statement(RUN_NOW).bind(id.0).bind(now.0);
                transaction.execute(query).await? == 1
            }
        };
        transaction.announce_jobs().await?;
        transaction.commit().await?;
        Ok(found)
    }

    /// Lets the dead jobs of a kind and cause run again, in batches; gives their ids. In a dry run nothing is changed.
    pub async fn replay_dead(
        &self,
        kind: &str,
        cause: &str,
        dry_run: bool,
        now: Timestamp,
    ) -> Result<Vec<JobId>, StoreError> {
        let mut replayed: Vec<JobId> = Vec::new();
        loop {
            let mut transaction = self.write().await?;
            let after = replayed.last().map_or(0, |id| id.0);
            let query = transaction.statement(DEAD).bind(kind).bind(cause).bind(after).bind(BATCH);
            let rows = transaction.fetch_all(query).await?;
            if rows.is_empty() {
                return Ok(replayed);
            }
            for row in &rows {
                let job = JobRecord::from_row(row)?;
                if !dry_run {
                    revive(&mut transaction, &job, now).await?;
                }
                replayed.push(job.id);
            }
            if !dry_run {
                transaction.announce_jobs().await?;
                transaction.commit().await?;
            }
        }
    }

    /// Plans a delivery again; false where it is not there or its body was removed.
    pub async fn replay_delivery(&self, id: DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let planned = plan_again(&mut transaction, &[id.0], now).await? == 1;
        transaction.commit().await?;
        Ok(planned)
    }

    /// Plans a page of deliveries again, those behind `after`, in one transaction. In a dry run nothing is changed.
    pub async fn replay_deliveries(
        &self,
        which: &ReplayFilter,
        after: Option<DeliveryId>,
        dry_run: bool,
        now: Timestamp,
    ) -> Result<Replayed, StoreError> {
        let mut transaction = self.write().await?;
        let query = transaction
            .statement(TO_REPLAY)
            .bind(after.map_or(0, |id| id.0))
            .bind(which.tenant)
            .bind(which.status.map(DeliveryStatus::as_str))
            .bind(which.reason.as_deref())
            .bind(which.waits_for.as_deref())
            .bind(BATCH);
        let rows = transaction.fetch_all(query).await?;
        let mut page = Replayed::default();
        for row in &rows {
            let id = DeliveryId(row.int("id")?);
            if row.flag("has_body")? {
                page.ids.push(id);
            } else {
                page.without_body += 1;
            }
            page.next = Some(id);
        }
        if column(rows.len()) < BATCH {
            page.next = None;
        }
        if !dry_run {
            let ids: Vec<i64> = page.ids.iter().map(|id| id.0).collect();
            plan_again(&mut transaction, &ids, now).await?;
            transaction.commit().await?;
        }
        Ok(page)
    }

    /// Plans again what was parked for `installation:<id>` or `repository:<id>`, in batches; gives their number.
    pub async fn plan_again(&self, waits_for: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut transaction = self.write().await?;
            let query = transaction.statement(PARKED).bind(waits_for).bind(BATCH);
            let rows = transaction.fetch_all(query).await?;
            let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>, _>>()?;
            let planned = plan_again(&mut transaction, &ids, now).await?;
            transaction.commit().await?;
            total += planned;
            // Those without a body stay parked: they can never be planned.
            if planned == 0 || ids.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                return Ok(total);
            }
        }
    }
}

impl Queue {
    /// Plans again what waits for any repository of a tenant, in batches; gives their number. For one that was connected by its
    /// address: whether it is meant is seen when they are planned.
    pub async fn plan_repositories_again(&self, tenant: TenantId, now: Timestamp) -> Result<u64, StoreError> {
        let (mut total, mut after) = (0, 0);
        loop {
            let mut transaction = self.write().await?;
            let query = transaction.statement(PARKED_REPOSITORIES).bind(Some(tenant)).bind(after).bind(BATCH);
            let rows = transaction.fetch_all(query).await?;
            let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>, _>>()?;
            let Some(last) = ids.last() else { return Ok(total) };
            after = *last;
            total += plan_again(&mut transaction, &ids, now).await?;
            transaction.commit().await?;
        }
    }
}

async fn revive(transaction: &mut Transaction, job: &JobRecord, now: Timestamp) -> Result<(), StoreError> {
    let mut newer = None;
    if let Some(key) = job.coalescing_key() {
        let query = transaction.statement(MERGE).bind(job.turn.as_str()).bind(key).bind(now.0);
        let query = query.bind(column(job.merges)).bind(now.0);
        newer = transaction.fetch_optional(query).await?.map(|row| row.int("id")).transpose()?;
    }
    let state = if newer.is_some() { JobState::Done } else { JobState::Ready };
    let query = transaction.statement(REVIVE).bind(job.id.0).bind(state.as_str()).bind(now.0);
    let query = query.bind(newer.map(|_| now.0)).bind(newer);
    transaction.execute(query).await?;
    if let Some(delivery) = delivery_of(job) {
        let query = transaction.statement(REOPEN).bind(&[delivery.0][..]);
        transaction.execute(query).await?;
    }
    Ok(())
}

/// Makes deliveries received again, with a job that plans each.
async fn plan_again(transaction: &mut Transaction, ids: &[i64], now: Timestamp) -> Result<u64, StoreError> {
    let query = transaction.statement(REOPEN).bind(ids);
    let rows = transaction.fetch_all(query).await?;
    let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>, _>>()?;
    route(transaction, &ids, now).await?;
    Ok(ids.len() as u64)
}
