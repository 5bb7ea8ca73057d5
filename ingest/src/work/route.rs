//! `route`: says what a delivery means, gives it its tenant, and enqueues what follows, in one transaction.

use std::collections::BTreeMap;

use muster_model::{Change, ProviderId};
use muster_store::{
    ClaimedJob, DeliveryId, DeliveryOutcome, DeliveryStatus, LOOK, NewJob, Planned, Priority, Provider,
    Timestamp,
};
use serde_json::json;
use tracing::{Instrument as _, info};

use super::handler::{Context, JobFailure, JobResult, Settled};
use super::lookups::{meanwhile, note_push, of_provider};
use super::planning::{Meaning, PlannedDelivery, plan_delivery};
use crate::crash_points::reach;
use crate::plan::{Parked, WaitsFor};
use crate::watch::spans;

/// Applies a delivery's changes other than looks.
pub const APPLY: &str = "apply";

/// Routes the delivery that the job names.
pub(super) async fn route(job: ClaimedJob, context: &Context) -> JobResult {
    let id = job.job.payload.get("delivery").and_then(serde_json::Value::as_i64).map(DeliveryId);
    let id = id.ok_or_else(|| JobFailure::permanent("payload", "the job names no delivery"))?;
    plan_and_settle(job, id, context).instrument(spans::delivery(id)).await
}

async fn plan_and_settle(job: ClaimedJob, id: DeliveryId, context: &Context) -> JobResult {
    let planned = plan_delivery(&context.store, &context.queue, &context.settings.github, id).await?;
    let planned = planned.ok_or_else(|| {
        JobFailure::permanent("delivery gone", format!("delivery {id} is not in the database any more"))
    })?;
    let now = context.now();
    // What the App said of that repository waits for it. Somebody may have learnt it and ended before he came to this.
    if (planned.has_learnt || job.job.attempts > 1)
        && let Some((_, id)) = planned.repository.as_ref().and_then(|repository| repository.provided.id)
    {
        context.queue.plan_again(&format!("repository:{id}"), now).await?;
    }
    match &planned.meaning {
        Meaning::Changes(changes) => note_pushes(&planned, changes, context).await?,
        Meaning::Parked(parked) => meanwhile(&context.store, &parked.meanwhile, now).await?,
        Meaning::Ignored(_) | Meaning::Dead(_) => {}
    }
    reach("planned");
    let settlement = Planned { outcome: outcome(&planned), jobs: jobs(&planned, now) };
    let status = settlement.outcome.status;
    if context.queue.settle_delivery(job.lease, id, &settlement, now).await?.is_none() {
        // Another has routed it by now.
        return Ok(Settled::ByUs);
    }
    reach("routed");
    metrics::counter!("muster_deliveries_routed_total", "outcome" => status.as_str()).increment(1);
    info!(
        tenant.id = planned.tenant.map(tracing::field::display),
        status = status.as_str(),
        jobs = settlement.jobs.len(),
        "a delivery is routed"
    );
    if let Meaning::Parked(parked) = &planned.meaning {
        wake_what_came_meanwhile(parked, &planned, context).await?;
    }
    Ok(Settled::ByUs)
}

async fn note_pushes(
    planned: &PlannedDelivery,
    changes: &[Change],
    context: &Context,
) -> Result<(), JobFailure> {
    if let (Some(tenant), Some(repository)) = (planned.tenant, &planned.repository) {
        let tenant = context.store.tenant(tenant);
        for change in changes {
            if let Change::LookAt(hint) = change {
                note_push(&tenant, repository.id, hint.pushed_at, planned.delivery.received_at).await?;
            }
        }
    }
    Ok(())
}

/// What it waits for may have come between the look-up and the parking, and then nobody plans it again.
async fn wake_what_came_meanwhile(
    parked: &Parked,
    planned: &PlannedDelivery,
    context: &Context,
) -> Result<(), JobFailure> {
    let is_there = match (parked.waits_for, planned.tenant) {
        (WaitsFor::Installation(id), _) => {
            let known = context.store.find_installation(Provider::GitHub, id.get()).await?;
            known.is_some_and(|known| known.tenant.is_some())
        }
        (WaitsFor::Repository(id), Some(tenant)) => {
            of_provider(&context.store.tenant(tenant), id).await?.is_some()
        }
        (WaitsFor::Repository(_), None) => false,
    };
    if is_there {
        context.queue.plan_again(&parked.waits_for.to_string(), context.now()).await?;
    }
    Ok(())
}

/// What becomes of the delivery.
fn outcome(planned: &PlannedDelivery) -> DeliveryOutcome {
    let (status, reason, waits_for) = match &planned.meaning {
        Meaning::Changes(_) => (DeliveryStatus::Done, None, None),
        Meaning::Ignored(reason) => (DeliveryStatus::Ignored, Some(reason.clone()), None),
        Meaning::Dead(reason) => (DeliveryStatus::Dead, Some(reason.clone()), None),
        Meaning::Parked(parked) => {
            (DeliveryStatus::Parked, Some(parked.waits_for.reason()), Some(parked.waits_for.to_string()))
        }
    };
    let (tenant, action) = (planned.tenant, planned.action.clone());
    DeliveryOutcome { status, tenant, action, reason, waits_for }
}

/// The jobs that its changes make, each once however many changes ask for it.
fn jobs(planned: &PlannedDelivery, now: Timestamp) -> Vec<NewJob> {
    let Meaning::Changes(changes) = &planned.meaning else { return Vec::new() };
    let new = |kind: &str, payload| NewJob {
        tenant: planned.tenant,
        kind: kind.to_owned(),
        payload,
        installation: planned.installation.map(ProviderId::get),
        run_at: now,
        priority: Priority::Webhook,
        ..NewJob::default()
    };
    let mut jobs = BTreeMap::new();
    for change in changes {
        let (object, installation) = match change {
            Change::LookAt(_) => {
                if let Some(repository) = &planned.repository {
                    let look = NewJob::look(repository.id, Priority::Webhook, repository.is_new(), now);
                    let (tenant, installation) = (planned.tenant, planned.installation.map(ProviderId::get));
                    jobs.insert(LOOK, NewJob { tenant, installation, ..look });
                }
                continue;
            }
            // The commits of a pull request are fetched where applying it shows that they are others now.
            Change::Task(task) => (Some(task.repository), None),
            Change::Repository(facts) => (Some(facts.id), None),
            Change::Access(access) => (None, Some(access.installation)),
            Change::Installation(facts) => (None, Some(facts.id)),
        };
        let apply =
            jobs.entry(APPLY).or_insert_with(|| new(APPLY, json!({ "delivery": planned.delivery.id })));
        // Of several keys the installation's counts: what it may see comes before what is said of what it sees.
        apply.serial_key = installation
            .map(|id| format!("installation:{id}"))
            .or_else(|| apply.serial_key.clone())
            .or_else(|| object.map(|id| format!("objects:{id}")));
    }
    jobs.into_values().collect()
}
