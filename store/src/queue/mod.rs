//! The queue: deliveries as they were received, and the jobs that work them off.
//!
//! The two tables are ours on both engines, and a job is a row whose state alone says what may happen to it; whatever
//! runs jobs stands above. On PostgreSQL all of this works as `muster_queue`, which sees these two tables of every tenant
//! and nothing else. What has to be one with a tenant's rows (new jobs, the end of the job that wrote them) hangs on
//! [`Tenant`](crate::Tenant) and works as `muster_app`.

mod claim;
mod deliveries;
mod enqueue;
mod fail;
mod finish;
mod job;
mod kinds;
mod lists;
mod own;
mod packing;
mod parked;
mod pick;
mod probe;
mod prune;
mod record;
mod replay;
mod retry;
mod route;
mod stats;
mod wake;

use std::sync::{Arc, Mutex};

pub use claim::Caps;
pub use deliveries::{DeliveryFilter, DeliveryRecord, DeliveryStatus};
pub use enqueue::Enqueued;
pub use fail::{Fate, Reaped, Remedy};
pub use job::{ClaimedJob, JobError, JobKey, JobRecord, JobState, Lease, NewJob, Priority, ROUTE};
pub use kinds::{LINK, LOOK, PULL};
pub use lists::{DeadGroup, JobFilter};
pub(crate) use own::{enqueue_in, settle_in};
pub use packing::{PackedBody, pack_body};
pub use parked::ParkedGroup;
pub use prune::{Pruned, Retention};
pub use record::{NewDelivery, Recorded};
pub use replay::{ReplayFilter, Replayed};
pub use retry::{Cause, RetryPolicy};
pub use route::{DeliveryOutcome, Planned};
pub use stats::QueueStats;
pub use wake::Wakeups;

use crate::database::{Pool, Role, Transaction, Urgency};
use crate::open::{OpenError, postgres};
use crate::{Store, StoreError};

/// The queue of one database. Clones share their place in the round of turns.
#[derive(Clone, Debug)]
pub struct Queue {
    pool: Pool,
    /// Writes deliveries: what it answers is on the disk.
    durable: Pool,
    /// Whose turn was last; the next claim begins behind it.
    last_turn: Arc<Mutex<String>>,
}

impl Store {
    /// The queue. On PostgreSQL the login has to be one that may work as `muster_queue`.
    pub async fn queue(&self) -> Result<Queue, OpenError> {
        if let Pool::Postgres(pool, ..) = &self.pool {
            let mut connection = pool.acquire().await?;
            postgres::check_role(&mut connection, Role::Queue).await?;
        }
        Ok(Queue { pool: self.pool.clone(), durable: self.pool.durable(), last_turn: Arc::default() })
    }
}

impl Queue {
    /// A transaction that moves jobs.
    async fn write(&self) -> Result<Transaction, StoreError> {
        self.pool.queue(Urgency::State).await
    }

    /// A transaction that reads one state of the queue.
    pub(crate) async fn read(&self) -> Result<Transaction, StoreError> {
        self.pool.read_global(Role::Queue).await
    }
}
