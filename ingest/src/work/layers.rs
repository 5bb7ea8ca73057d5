//! What every job is wrapped in, from outside to inside: a task of its own, a span and its time, a deadline.
//!
//! A job that is to stop is told so first, by its token, and has a little time to come to its end: what it answers then
//! counts. Only then is it dropped where it waits, and given back: that it was told to stop is no failure of its own. The
//! lease numbers protect from what it may still be doing elsewhere.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use apalis_core::error::BoxDynError;
use apalis_core::layers::{Layer, Service};
use apalis_core::task::Task;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::claiming::Claim;
use super::handler::{Handler, JobFailure, Settled, of_kind};
use crate::watch::spans::{self, JobIds};

/// A task of its own for each job, which ends with whoever waits for it: nothing outlives the worker.
pub(super) fn on_its_own<F>(job: F) -> AbortOnDropHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    AbortOnDropHandle::new(tokio::spawn(job))
}

/// What a panic is turned into.
pub(super) fn panicked(panic: &Box<dyn std::any::Any + Send>) -> JobFailure {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    JobFailure::retry("panic", format!("panicked: {}", text.as_deref().unwrap_or("it does not say why")))
}

/// A span and a time for each job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observing;

/// A deadline for each job, by its kind.
#[derive(Clone, Debug)]
pub(super) struct Deadlines {
    pub(super) handlers: Arc<[Handler]>,
    /// How long a job may take to stop when it is told to.
    pub(super) patience: Duration,
}

/// The service of [`Observing`].
#[derive(Clone, Debug)]
pub(super) struct Observed<S>(S);

/// The service of [`Deadlines`].
#[derive(Clone, Debug)]
pub(super) struct Timed<S>(S, Deadlines);

impl<S> Layer<S> for Observing {
    type Service = Observed<S>;

    fn layer(&self, inner: S) -> Observed<S> {
        Observed(inner)
    }
}

impl<S> Layer<S> for Deadlines {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed(inner, self.clone())
    }
}

type Running = BoxFuture<'static, Result<Settled, BoxDynError>>;

impl<S> Service<Task<Claim>> for Observed<S>
where
    S: Service<Task<Claim>, Response = Settled, Error = BoxDynError>,
    S::Future: Send + 'static,
{
    type Response = Settled;
    type Error = BoxDynError;
    type Future = Running;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, task: Task<Claim>) -> Running {
        let job = &task.args.claimed.job;
        let span = spans::job(&JobIds::of(job), job.attempts);
        let kind = job.kind.clone();
        let work = self.0.call(task);
        async move {
            let begun = Instant::now();
            let result = work.await;
            metrics::histogram!("muster_job_seconds", "kind" => kind).record(begun.elapsed().as_secs_f64());
            result
        }
        .instrument(span)
        .boxed()
    }
}

impl<S> Service<Task<Claim>> for Timed<S>
where
    S: Service<Task<Claim>, Response = Settled, Error = BoxDynError>,
    S::Future: Send + 'static,
{
    type Response = Settled;
    type Error = BoxDynError;
    type Future = Running;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, task: Task<Claim>) -> Running {
        let deadline = of_kind(&self.1.handlers, &task.args.claimed.job.kind);
        let deadline = deadline.map_or(Duration::MAX, |handler| handler.deadline);
        let (cancelled, patience) = (task.args.cancelled.clone(), self.1.patience);
        let mut work = Box::pin(self.0.call(task));
        async move {
            let is_late = tokio::select! {
                // First what is done: a job that ended in time counts, whatever else happened at that moment.
                biased;
                result = &mut work => return match result {
                    Err(_) if cancelled.is_cancelled() => Ok(Settled::Yield),
                    result => result,
                },
                () = cancelled.cancelled() => false,
                () = tokio::time::sleep(deadline) => true,
            };
            cancelled.cancel();
            match tokio::time::timeout(patience, work).await {
                Ok(Ok(settled)) => Ok(settled),
                Ok(Err(_)) | Err(_) if is_late => Err(too_long(deadline).into()),
                Ok(Err(_)) | Err(_) => Ok(Settled::Yield),
            }
        }
        .boxed()
    }
}

fn too_long(deadline: Duration) -> JobFailure {
    JobFailure::retry(
        "deadline",
        format!("took longer than the {} s that it may take", deadline.as_secs_f64()),
    )
}
