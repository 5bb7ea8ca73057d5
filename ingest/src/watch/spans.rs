//! The spans of the log and of traces: one name and the same fields for the same thing, wherever it is done.
//!
//! Ids alone. What a repository is called, what a body holds and what somebody signed with never come here.

use muster_store::{DeliveryId, JobRecord, RepositoryId, TenantId};
use tracing::{Span, info_span};

/// Which job it is, and what it is about: what each line of the log says of a job.
#[derive(Clone, Debug)]
pub struct JobIds {
    pub(crate) job: i64,
    pub(crate) kind: String,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) delivery: Option<i64>,
    pub(crate) repository: Option<i64>,
}

impl JobIds {
    /// Those of a job.
    pub fn of(job: &JobRecord) -> Self {
        let number = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_i64);
        let (delivery, repository) = (number("delivery"), number("repository"));
        Self { job: job.id.0, kind: job.kind.clone(), tenant: job.tenant, delivery, repository }
    }
}

/// A line of the log about a job, written where its span is not entered: the level, the ids, and the rest of the line.
macro_rules! of_job {
    ($level:ident, $ids:expr, $($rest:tt)+) => {
        tracing::$level!(
            job.id = $ids.job,
            kind = $ids.kind,
            tenant.id = $ids.tenant.map(tracing::field::display),
            delivery.id = $ids.delivery,
            repository.id = $ids.repository,
            $($rest)+
        )
    };
}
pub(crate) use of_job;

/// A job runs. Whatever is logged meanwhile carries its ids.
pub fn job(ids: &JobIds, attempt: u64) -> Span {
    info_span!(
        "job",
        job.id = ids.job,
        kind = ids.kind,
        tenant.id = ids.tenant.map(tracing::field::display),
        delivery.id = ids.delivery,
        repository.id = ids.repository,
        attempt
    )
}

/// A signed delivery is recorded, until it may be answered. The id is the sender's, a GUID.
pub fn receive(guid: &str) -> Span {
    info_span!("receive", delivery.guid = guid)
}

/// A delivery is planned.
pub fn delivery(id: DeliveryId) -> Span {
    info_span!("delivery", delivery.id = id.0)
}

/// A repository is fetched.
pub fn fetch(tenant: TenantId, repository: RepositoryId) -> Span {
    info_span!("fetch", tenant.id = %tenant, repository.id = repository.0)
}

/// A repository's tree is scanned.
pub fn scan(tenant: TenantId, repository: RepositoryId) -> Span {
    info_span!("scan", tenant.id = %tenant, repository.id = repository.0)
}
