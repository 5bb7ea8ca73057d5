//! A row of the table of jobs, as far as it follows from the operations.

use muster_store::{JobKey, JobRecord, JobState, Priority, TenantId};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Job {
    pub(super) tenant: Option<TenantId>,
    pub(super) serial: Option<String>,
    pub(super) key: JobKey,
    pub(super) installation: Option<i64>,
    pub(super) priority: Priority,
    pub(super) long: bool,
    pub(super) run_at: i64,
    pub(super) parked_until: Option<i64>,
    pub(super) state: JobState,
    pub(super) owner: Option<String>,
    pub(super) until: Option<i64>,
    pub(super) number: i64,
    pub(super) attempts: u64,
    pub(super) losses: u64,
    pub(super) merges: u64,
    pub(super) merged_into: Option<i64>,
    pub(super) errors: usize,
}

impl From<JobRecord> for Job {
    fn from(job: JobRecord) -> Self {
        Self {
            tenant: job.tenant,
            serial: job.serial_key,
            key: job.key,
            installation: job.installation,
            priority: job.priority,
            long: job.long,
            run_at: job.run_at.0,
            parked_until: job.parked_until.map(|at| at.0),
            state: job.state,
            owner: job.lease_owner,
            until: job.lease_until.map(|at| at.0),
            number: job.lease_number,
            attempts: job.attempts,
            losses: job.losses,
            merges: job.merges,
            merged_into: job.merged_into.map(|id| id.0),
            errors: job.errors.len(),
        }
    }
}
