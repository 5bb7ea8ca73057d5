//! A job, and how it is read from its row.
//!
//! A lease is a job and a number. The number grows with every claim and never shrinks, so whoever comes too late with an
//! older one (he was thought dead, or the job was replayed) finds nothing to change.

use serde::{Deserialize, Serialize};

use crate::database::Row;
use crate::words::{column, count, json, word};
use crate::{JobId, StoreError, TenantId, Timestamp};

/// The kind of the job that plans a delivery; its payload is `{"delivery": <id>}`.
pub const ROUTE: &str = "route";

/// What goes first, over all tenants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody just did something.
    #[default]
    Webhook,
    /// Somebody connected something.
    Backfill,
    /// The clock says so.
    Nightly,
}

impl Priority {
    pub(super) fn column(self) -> i64 {
        match self {
            Self::Webhook => 0,
            Self::Backfill => 10,
            Self::Nightly => 20,
        }
    }

    fn from_column(number: i64) -> Self {
        match number {
            ..10 => Self::Webhook,
            10..20 => Self::Backfill,
            _ => Self::Nightly,
        }
    }
}

/// Whether a job stands for others like it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum JobKey {
    /// It stands for itself.
    #[default]
    None,
    /// One of the key is ready at a time: a second one is merged into it, the earliest time wins, and it has all its attempts
    /// again. Ten pushes, one fetch.
    Coalescing(String),
    /// One of the key is ever enqueued, as long as its row is kept. Every replica's clock, one nightly job.
    Once(String),
}

/// A job to be enqueued.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewJob {
    /// Whose; `None` for the system's, and for a delivery whose tenant is not known yet.
    pub tenant: Option<TenantId>,
    /// What is to be done.
    pub kind: String,
    /// With what: ids, no secrets.
    pub payload: serde_json::Value,
    /// At most one job of a tenant with the same serial key runs at a time.
    pub serial_key: Option<String>,
    /// Whether it stands for others like it.
    pub key: JobKey,
    /// The installation whose rate limit it uses up.
    pub installation: Option<i64>,
    /// Without a tenant: what takes turns in its place.
    pub fair_hint: Option<i64>,
    /// What goes first.
    pub priority: Priority,
    /// It may take minutes.
    pub long: bool,
    /// Not before.
    pub run_at: Timestamp,
}

/// The right to settle a job, until it is settled or was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// Which of its claims this is.
    pub number: i64,
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedJob {
    /// What settles it.
    pub lease: Lease,
    /// The job as it is now, this attempt counted.
    pub job: JobRecord,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its time, its key, a slot.
    Ready,
    /// Somebody holds its lease.
    Running,
    /// It ended well, or was merged into another.
    Done,
    /// It failed for good; a person may replay it.
    Dead,
}

impl JobState {
    /// The word of documents and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// What went wrong once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobError {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// In which attempt.
    pub attempt: u64,
    /// A few words for its kind: what dead jobs are grouped by.
    pub cause: String,
    /// The whole of it.
    pub message: String,
}

/// A stored job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// Whose.
    pub tenant: Option<TenantId>,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: serde_json::Value,
    /// At most one with it runs.
    pub serial_key: Option<String>,
    /// Whether it stands for others like it.
    pub key: JobKey,
    /// The installation whose rate limit it uses up.
    pub installation: Option<i64>,
    /// Without a tenant: what takes turns in its place.
    pub fair_hint: Option<i64>,
    /// What goes first.
    pub priority: Priority,
    /// It may take minutes.
    pub long: bool,
    /// Not before.
    pub run_at: Timestamp,
    /// It waits for a limit of its installation to be over.
    pub parked_until: Option<Timestamp>,
    /// Where it stands.
    pub state: JobState,
    /// Who runs it.
    pub lease_owner: Option<String>,
    /// Until when, unless it is renewed.
    pub lease_until: Option<Timestamp>,
    /// The number of its last claim.
    pub lease_number: i64,
    /// Claims that count.
    pub attempts: u64,
    /// Leases that ran out.
    pub losses: u64,
    /// How many more it stands for.
    pub merges: u64,
    /// The job that it was merged into.
    pub merged_into: Option<JobId>,
    /// Every error, oldest first.
    pub errors: Vec<JobError>,
    /// When it was enqueued.
    pub enqueued_at: Timestamp,
    /// When it was last claimed.
    pub started_at: Option<Timestamp>,
    /// When it was done or dead.
    pub finished_at: Option<Timestamp>,
    /// Who it takes turns with: the column of that name.
    pub(super) turn: String,
}

impl JobRecord {
    pub(super) fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        let key = match (row.maybe_text("coalescing_key")?, row.maybe_text("once_key")?) {
            (Some(key), _) => JobKey::Coalescing(key),
            (None, Some(key)) => JobKey::Once(key),
            (None, None) => JobKey::None,
        };
        Ok(Self {
            id: JobId(row.int("id")?),
            tenant: row.maybe_tenant("tenant_id")?,
            kind: row.text("kind")?,
            payload: json(&row.text("payload")?)?,
            serial_key: row.maybe_text("serial_key")?,
            key,
            installation: row.maybe_int("installation_id")?,
            fair_hint: row.maybe_int("fair_hint")?,
            priority: Priority::from_column(row.int("priority")?),
            long: row.flag("long")?,
            run_at: Timestamp(row.int("run_at")?),
            parked_until: time("parked_until")?,
            state: word(row.word("state")?)?,
            lease_owner: row.maybe_text("lease_owner")?,
            lease_until: time("lease_until")?,
            lease_number: row.int("lease_number")?,
            attempts: count(row.int("attempts")?),
            losses: count(row.int("losses")?),
            merges: count(row.int("merges")?),
            merged_into: row.maybe_int("merged_into")?.map(JobId),
            errors: json(&row.text("errors")?)?,
            enqueued_at: Timestamp(row.int("enqueued_at")?),
            started_at: time("started_at")?,
            finished_at: time("finished_at")?,
            turn: row.text("turn")?,
        })
    }

    /// The lease that it was last claimed under.
    pub fn lease(&self) -> Lease {
        Lease { job: self.id, number: self.lease_number }
    }

    pub(super) fn coalescing_key(&self) -> Option<&str> {
        match &self.key {
            JobKey::Coalescing(key) => Some(key),
            _ => None,
        }
    }

    /// Notes an error. The first and the latest ones are kept where a job was replayed time and again.
    pub(super) fn note(&mut self, at: Timestamp, cause: &str, message: &str) {
        const KEPT: usize = 50;
        const LONGEST: usize = 4000;
        let cut = |text: &str| text[..text.floor_char_boundary(LONGEST)].to_owned();
        if self.errors.len() >= KEPT {
            self.errors.remove(1);
        }
        let attempt = self.attempts;
        self.errors.push(JobError { at: at.0, attempt, cause: cut(cause), message: cut(message) });
    }

    pub(super) fn attempts_column(&self) -> i64 {
        column(self.attempts)
    }
}
