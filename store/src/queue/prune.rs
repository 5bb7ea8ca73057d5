//! What is kept for how long. Small batches: nobody waits behind a night's cleaning.

use std::time::Duration;

use super::Queue;
use crate::database::{Statement, Urgency, statement};
use crate::words::column;
use crate::{StoreError, Tenant, Timestamp};

const PURGE_BODIES: Statement = statement!("deliveries/purge_bodies");
const REMOVE_DELIVERIES: Statement = statement!("deliveries/remove");
const REMOVE_DONE: Statement = statement!("jobs/remove_done");
const REMOVE_CHANGES: Statement = statement!("changes/remove");

/// How long things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Bodies of deliveries.
    pub bodies: Duration,
    /// Deliveries: their key tells a repeat, their outcome what happened.
    pub deliveries: Duration,
    /// Jobs that are done.
    pub done_jobs: Duration,
    /// What a client that was away can catch up on.
    pub changes: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        Self { bodies: days(30), deliveries: days(400), done_jobs: days(7), changes: days(7) }
    }
}

/// How many went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Bodies.
    pub bodies: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Jobs.
    pub jobs: u64,
}

fn before(now: Timestamp, kept: Duration) -> i64 {
    now.0.saturating_sub(column(kept.as_millis()))
}

impl Queue {
    /// Removes what is too old, at most `limit` of each kind: ask again until nothing goes.
    pub async fn prune(
        &self,
        now: Timestamp,
        retention: &Retention,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        let limit = column(limit);
        let mut pruned = Pruned::default();
        // A transaction each, so that others get in between.
        let mut transaction = self.pool.queue(Urgency::Batch).await?;
        let query = transaction.statement(PURGE_BODIES).bind(now.0).bind(before(now, retention.bodies));
        pruned.bodies = transaction.execute(query.bind(limit)).await?;
        transaction.commit().await?;
        let mut transaction = self.pool.queue(Urgency::Batch).await?;
        let query =
            transaction.statement(REMOVE_DELIVERIES).bind(before(now, retention.deliveries)).bind(limit);
        pruned.deliveries = transaction.execute(query).await?;
        transaction.commit().await?;
        let mut transaction = self.pool.queue(Urgency::Batch).await?;
        let query = transaction.statement(REMOVE_DONE).bind(before(now, retention.done_jobs)).bind(limit);
        pruned.jobs = transaction.execute(query).await?;
        transaction.commit().await?;
        Ok(pruned)
    }
}

impl Tenant {
    /// Removes changes that are too old, at most `limit`; gives their number.
    pub async fn prune_changes(
        &self,
        now: Timestamp,
        retention: &Retention,
        limit: usize,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.write(Urgency::Batch).await?;
        let query =
            transaction.query(REMOVE_CHANGES).bind(before(now, retention.changes)).bind(column(limit));
        let removed = transaction.execute(query).await?;
        transaction.commit().await?;
        Ok(removed)
    }
}
