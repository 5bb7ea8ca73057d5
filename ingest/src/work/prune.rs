//! `prune`: removes what is older than it is to be kept, in small batches, each a transaction of its own.

use std::time::Instant;

use muster_store::{ClaimedJob, Pruned};
use tracing::info;

use super::handler::{Context, JobFailure, JobResult, Settled};

/// The kind of the job.
pub(super) const PRUNE: &str = "prune";

/// Rows of each kind that one transaction removes.
const BATCH: usize = 500;

/// Removes what is too old. Where there is much, it lets others have its slot after a while, or when it is told to stop, and goes
/// on in its next run.
pub(super) async fn prune(_: ClaimedJob, context: &Context) -> JobResult {
    let mut step = Step { context, began: Instant::now(), gone: Pruned::default(), changes: 0 };
    let is_whole = step.run().await?;
    let Step { gone: Pruned { bodies, deliveries, jobs }, changes, .. } = step;
    info!(bodies, deliveries, jobs, changes, goes_on = !is_whole, "what was too old is removed");
    Ok(if is_whole { Settled::Done } else { Settled::Yield })
}

/// What one run removes.
struct Step<'a> {
    context: &'a Context,
    began: Instant,
    gone: Pruned,
    changes: u64,
}

impl Step<'_> {
    /// True where nothing is left that is too old.
    async fn run(&mut self) -> Result<bool, JobFailure> {
        let context = self.context;
        let (now, kept) = (context.now(), &context.settings.retention);
        loop {
            let batch = context.queue.prune(now, kept, BATCH).await?;
            self.gone.bodies += batch.bodies;
            self.gone.deliveries += batch.deliveries;
            self.gone.jobs += batch.jobs;
            if batch == Pruned::default() {
                break;
            }
            if self.is_over() {
                return Ok(false);
            }
        }
        for tenant in context.store.list_tenants().await? {
            loop {
                let batch = context.store.tenant(tenant.id).prune_changes(now, kept, BATCH).await?;
                self.changes += batch;
                if self.is_over() {
                    return Ok(false);
                }
                if batch == 0 {
                    break;
                }
            }
        }
        Ok(true)
    }

    /// Told to stop, or its time is used up. One that has removed nothing yet goes on: the next run would begin where this one
    /// did, so of ever so many tenants the last ones would never have their turn.
    fn is_over(&self) -> bool {
        let has_removed = self.changes > 0 || self.gone != Pruned::default();
        let is_used_up = has_removed && self.began.elapsed() >= self.context.settings.prune_step;
        is_used_up || self.context.cancelled.is_cancelled()
    }
}
