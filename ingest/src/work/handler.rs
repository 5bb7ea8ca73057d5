//! What does a kind of job: its handler, what the handler is given, and what it may answer.
//!
//! The list of handlers is a plain slice; a kind that is not in it has none, and its jobs are dead at once with a sentence that
//! says so. A handler may run twice for one job, so whatever it does has to come out the same when it is done again.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use muster_store::{ClaimedJob, Queue, Store, StoreError, Timestamp};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::WorkerSettings;

/// What time it is.
pub type Clock = fn() -> Timestamp;

/// The time of this machine.
pub fn machine_clock() -> Timestamp {
    SystemTime::now().into()
}

/// What a handler works with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The database.
    pub store: Store,
    /// Its queue.
    pub queue: Queue,
    /// How this worker works.
    pub settings: Arc<WorkerSettings>,
    /// What time it is.
    pub clock: Clock,
    /// Cancelled when the job is to stop: the worker ends, its time is over, or its lease was lost. Whoever works long on a
    /// thread of its own has to look at it.
    pub cancelled: CancellationToken,
}

impl Context {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// How a job ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// A transaction of the handler has ended the lease.
    ByUs,
    /// All is done: the worker ends the lease.
    Done,
    /// There is more to do: the job goes back and runs again, as if it had not been claimed.
    Yield,
}

/// What is to become of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// It may work later.
    Retry,
    /// It will never work.
    Permanent,
    /// The installation has to wait until then, with all its jobs; no attempt is counted.
    Limited(Timestamp),
}

/// Why a job did not end well. Its message is a fragment that fits "failed to ...", or a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct JobFailure {
    /// A few words for its kind, the same for all alike: what dead jobs are grouped by.
    pub cause: Cow<'static, str>,
    /// The whole of it, for a person. No secrets.
    pub message: String,
    /// What is to become of the job.
    pub remedy: Remedy,
}

impl JobFailure {
    /// It may work later.
    pub fn retry(cause: impl Into<Cow<'static, str>>, message: impl fmt::Display) -> Self {
        Self { cause: cause.into(), message: message.to_string(), remedy: Remedy::Retry }
    }

    /// It will never work.
    pub fn permanent(cause: impl Into<Cow<'static, str>>, message: impl fmt::Display) -> Self {
        Self { cause: cause.into(), message: message.to_string(), remedy: Remedy::Permanent }
    }
}

impl From<StoreError> for JobFailure {
    fn from(error: StoreError) -> Self {
        Self::retry("database", format!("failed to {error}"))
    }
}

/// What a handler answers.
pub type JobResult = Result<Settled, JobFailure>;

type Run = dyn for<'a> Fn(ClaimedJob, &'a Context) -> BoxFuture<'a, JobResult> + Send + Sync;

/// What does one kind of job.
#[derive(Clone)]
pub struct Handler {
    /// The kind.
    pub kind: &'static str,
    /// How long one run may take. Longer work yields in between.
    pub deadline: Duration,
    /// It takes milliseconds, and nothing but the database and a processor: tenants share those.
    pub is_brief: bool,
    run: Arc<Run>,
}

impl Handler {
    /// `run` is most often `|job, context| Box::pin(look(job, context))`.
    pub fn new(
        kind: &'static str,
        deadline: Duration,
        run: impl for<'a> Fn(ClaimedJob, &'a Context) -> BoxFuture<'a, JobResult> + Send + Sync + 'static,
    ) -> Self {
        Self { kind, deadline, is_brief: false, run: Arc::new(run) }
    }

    /// The same for jobs that take milliseconds, and nothing but the database and a processor.
    pub fn brief(self) -> Self {
        Self { is_brief: true, ..self }
    }

    /// Does a job.
    pub(super) fn run<'a>(&self, job: ClaimedJob, context: &'a Context) -> BoxFuture<'a, JobResult> {
        (self.run)(job, context)
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").field("kind", &self.kind).field("deadline", &self.deadline).finish()
    }
}

/// The handler of a kind.
pub(super) fn of_kind<'a>(handlers: &'a [Handler], kind: &str) -> Option<&'a Handler> {
    handlers.iter().find(|handler| handler.kind == kind)
}

/// What a job without a handler ends with.
pub(super) fn unknown(kind: &str) -> JobFailure {
    JobFailure::permanent(
        "unknown kind",
        format!("this program has no handler for jobs of the kind {kind:?}: a newer one enqueued it"),
    )
}
