//! `link`: makes the links that were too many for the transaction that made them necessary.

use muster_engine::link_some;
use muster_store::ClaimedJob;

use super::handler::{Context, JobFailure, JobResult, Settled};

/// Steps of one run: some seconds.
const STEPS: usize = 40;

/// Links what is noted of the job's tenant.
pub(super) async fn link(job: ClaimedJob, context: &Context) -> JobResult {
    let tenant = job.job.tenant.ok_or_else(|| JobFailure::permanent("payload", "the job is nobody's"))?;
    let tenant = context.store.tenant(tenant);
    for _ in 0..STEPS {
        if !link_some(&tenant, context.now()).await?.more {
            return Ok(Settled::Done);
        }
        if context.cancelled.is_cancelled() {
            break;
        }
    }
    Ok(Settled::Yield)
}
