//! Our queue as a backend of apalis, which runs what [`claiming`](super::claiming) brings.
//!
//! It hands on claims and never an error, for an error ends a worker of apalis. The outermost layer of every job settles its
//! ticket, so whatever happens further in (a panic, a deadline, a handler's answer) is written down in one place. Closing
//! waits until that has been done for every job.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::error::BoxDynError;
use apalis_core::layers::{Layer, Service};
use apalis_core::task::Task;
use apalis_core::worker::context::WorkerContext;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryFutureExt as _};
use tokio::sync::mpsc::UnboundedReceiver;

use super::claiming::Claim;
use super::handler::{JobFailure, Settled};
use super::held::Held;

/// The claims of this process. A worker that is started again goes on with the same ones.
#[derive(Clone, Debug)]
pub(super) struct Claims(Arc<Mutex<UnboundedReceiver<Claim>>>);

impl Claims {
    pub(super) fn new(claims: UnboundedReceiver<Claim>) -> Self {
        Self(Arc::new(Mutex::new(claims)))
    }

    fn poll_next(&self, context: &mut Context<'_>) -> Poll<Option<Claim>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).poll_recv(context)
    }
}

/// The backend.
pub(super) struct ClaimedJobs {
    claims: Claims,
    held: Arc<Held>,
    closing: Option<BoxFuture<'static, ()>>,
}

impl ClaimedJobs {
    pub(super) fn new(claims: Claims, held: Arc<Held>) -> Self {
        Self { claims, held, closing: None }
    }
}

impl Backend for ClaimedJobs {
    type Task = Task<Claim>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Task<Claim>, Infallible>>> {
        self.claims.poll_next(context).map(|claim| claim.map(|claim| Ok(Task::new(claim))))
    }

    fn poll_close(&mut self, context: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        // What was claimed and not started: dropping it gives it back. No more come once nobody claims.
        while let Poll::Ready(claim) = self.claims.poll_next(context) {
            if claim.is_none() {
                let held = self.held.clone();
                let closing = self.closing.get_or_insert_with(|| async move { held.empty().await }.boxed());
                return closing.poll_unpin(context).map(Ok);
            }
        }
        Poll::Pending
    }
}

impl BackendConfig for ClaimedJobs {
    type Args = Claim;
    type Id = ();
    type Kind = Ephemeral;
    type Config = ();
    type Layer = SettleLayer;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> SettleLayer {
        SettleLayer
    }
}

/// Settles what a job ended with.
#[derive(Clone, Copy, Debug)]
pub(super) struct SettleLayer;

impl<S> Layer<S> for SettleLayer {
    type Service = Settle<S>;

    fn layer(&self, inner: S) -> Settle<S> {
        Settle(inner)
    }
}

/// The service of that layer.
#[derive(Clone, Debug)]
pub(super) struct Settle<S>(S);

impl<S> Service<Task<Claim>> for Settle<S>
where
    S: Service<Task<Claim>, Response = Settled>,
    S::Error: Into<BoxDynError> + 'static,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = BoxDynError;
    type Future = BoxFuture<'static, Result<(), BoxDynError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, task: Task<Claim>) -> Self::Future {
        let ticket = task.args.ticket.clone();
        let work = self.0.call(task).map_err(Into::into);
        async move {
            ticket.settle(work.await.map_err(failure));
            Ok(())
        }
        .boxed()
    }
}

/// What the layers further in say of a failure. What is no failure of a handler is one of ours.
fn failure(error: BoxDynError) -> JobFailure {
    match error.downcast::<JobFailure>() {
        Ok(failure) => *failure,
        Err(error) => JobFailure::retry("worker", format!("failed to run the job: {error}")),
    }
}
