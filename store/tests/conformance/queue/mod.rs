//! Laws of the queue.

mod claiming;
mod deliveries;
mod ending;
mod keeping;
mod killed;
mod model;
mod plans;
mod workers;

use muster_store::{
    Caps, ClaimedJob, JobKey, JobState, NewDelivery, NewJob, Queue, Store, TenantId, Timestamp,
};

use crate::examples::{named, tenant};
use crate::laws::Law;

pub(crate) fn laws() -> Vec<Law> {
    [claiming::laws(), ending::laws(), deliveries::laws(), keeping::laws()].concat()
}

const FREE: Caps = Caps { per_tenant: 100, long: 100, lost: 1 };
const LEASE: i64 = 30_000;

fn at(milliseconds: i64) -> Timestamp {
    Timestamp(milliseconds)
}

pub(crate) async fn queue(store: &Store) -> Queue {
    store.queue().await.unwrap()
}

/// A job that may start at once.
pub(crate) fn job(kind: &str) -> NewJob {
    NewJob { kind: kind.to_owned(), ..NewJob::default() }
}

fn of(tenant: TenantId, kind: &str) -> NewJob {
    NewJob { tenant: Some(tenant), ..job(kind) }
}

fn keyed(kind: &str, key: &str) -> NewJob {
    NewJob { key: JobKey::Coalescing(key.to_owned()), ..job(kind) }
}

async fn claim(queue: &Queue, slots: usize, now: i64) -> Vec<ClaimedJob> {
    queue.claim("worker", slots, at(now), at(now + LEASE), FREE).await.unwrap()
}

/// Claims the one job that there is to claim.
pub(crate) async fn claim_one(queue: &Queue, now: i64) -> ClaimedJob {
    let mut claimed = claim(queue, 10, now).await;
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.remove(0)
}

fn kinds(claimed: &[ClaimedJob]) -> Vec<&str> {
    claimed.iter().map(|claimed| claimed.job.kind.as_str()).collect()
}

async fn states(queue: &Queue) -> Vec<(String, JobState)> {
    let mut items = queue.list_jobs(&Default::default()).await.unwrap().items;
    items.reverse();
    items.into_iter().map(|job| (job.kind, job.state)).collect()
}

/// A delivery whose hash is its first byte.
fn delivery<'a>(hook: &'a str, guid: &'a str, body: &'a [u8]) -> NewDelivery<'a> {
    NewDelivery {
        hook,
        guid,
        tenant: None,
        event: "push",
        headers: "{}",
        fair_hint: None,
        received_at: at(1000),
        body_hash: [body.first().copied().unwrap_or_default(); 32],
        body,
        packed_from: None,
    }
}

/// Two tenants, in the order of their turns.
async fn two(store: &Store) -> (TenantId, TenantId) {
    let (one, other) = (tenant(store).await.id(), named(store, "b").await.id());
    (one.min(other), one.max(other))
}
