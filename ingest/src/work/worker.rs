//! A running worker: its tasks, and the order in which they end.
//!
//! At the shutdown nothing more is claimed, at once. Running jobs go on for a grace period; then they are told to stop and given
//! back, and so is what was claimed and not started. When the last end is stored, the rest ends too: no lease is left
//! behind unless the database cannot be reached.

use std::sync::Arc;

use apalis::layers::catch_panic::CatchPanicLayer;
use apalis_core::monitor::Monitor;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_core::worker::ext::parallelize::ParallelizeLayer;
use muster_store::{ClaimedJob, DatabaseUrl, OpenError, Queue, Store};
use thiserror::Error;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use super::WorkerSettings;
use super::backend::{ClaimedJobs, Claims};
use super::claiming::{Claim, Claiming, listen};
use super::clock;
use super::handler::{Clock, Context, Handler, JobResult, Settled, of_kind, unknown};
use super::held::Held;
use super::layers::{Deadlines, Observing, on_its_own, panicked};
use super::leases::Leases;
use super::settling::Settling;
use super::sharing::Sharing;
use super::watchdog::watch_queue;

/// Why a worker cannot start. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum StartError {
    /// The queue or its wake-ups cannot be used.
    #[error(transparent)]
    Queue(#[from] OpenError),
}

/// A worker that runs until its shutdown.
#[derive(Debug)]
pub struct Worker {
    name: String,
    running: JoinHandle<()>,
}

impl Worker {
    /// Starts a worker of this process: as many as are wanted on PostgreSQL, one is enough on SQLite.
    ///
    /// `direct` leads to the same database without a pooler, for wake-ups. Cancel `shutdown` to stop it.
    pub async fn start(
        store: &Store,
        direct: &DatabaseUrl,
        handlers: Vec<Handler>,
        settings: WorkerSettings,
        clock: Clock,
        shutdown: CancellationToken,
    ) -> Result<Self, StartError> {
        let queue = store.queue().await?;
        let wakeups = store.listen(direct).await?;
        // A name that no other process has or had: leases tell by their number, people by this.
        let name =
            format!("{}-{:08x}", std::process::id(), (super::backoff::chance() * f64::from(u32::MAX)) as u32);
        let held = Arc::new(Held::default());
        let listening = listen(store.clone(), direct.clone(), wakeups, held.clone(), shutdown.clone());
        let parts = Parts {
            store: store.clone(),
            queue,
            handlers: handlers.into(),
            settings: Arc::new(settings),
            clock,
            held,
        };
        let running = tokio::spawn(parts.run(name.clone(), listening, shutdown));
        Ok(Self { name, running })
    }

    /// What it calls itself: the owner of its leases.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits until it has ended, some time after its shutdown.
    pub async fn ended(self) {
        if let Err(reason) = self.running.await {
            error!(error = %reason, "the worker ended by a fault of its own");
        }
    }
}

/// What all tasks of a worker share.
struct Parts {
    store: Store,
    queue: Queue,
    handlers: Arc<[Handler]>,
    settings: Arc<WorkerSettings>,
    clock: Clock,
    held: Arc<Held>,
}

impl Parts {
    async fn run(
        self,
        name: String,
        listening: impl Future<Output = ()> + Send + 'static,
        shutdown: CancellationToken,
    ) {
        let Self { store, queue, handlers, settings, clock, held } = self;
        info!(
            worker = name,
            slots = settings.slots.get(),
            tenant_cap = settings.tenant_cap.get(),
            "a worker starts"
        );
        let (stop_jobs, ended) = (CancellationToken::new(), CancellationToken::new());
        let (claims_in, claims) = unbounded_channel();
        let (ends, ends_out) = unbounded_channel();
        let mut tasks = JoinSet::new();

        tasks.spawn(listening);
        let claiming = Claiming {
            queue: queue.clone(),
            owner: name.clone(),
            held: held.clone(),
            settings: settings.clone(),
            clock,
            shutdown: shutdown.clone(),
            stop_jobs: stop_jobs.clone(),
            ends,
        };
        tasks.spawn(claiming.run(claims_in));
        let settling =
            Settling { queue: queue.clone(), held: held.clone(), settings: settings.clone(), clock };
        tasks.spawn(settling.run(ends_out));
        let leases = Leases {
            queue: queue.clone(),
            held: held.clone(),
            settings: settings.clone(),
            clock,
            ended: ended.clone(),
        };
        tasks.spawn(leases.clone().renew());
        tasks.spawn(leases.reap());
        tasks.spawn(watch_queue(queue.clone(), settings.watch, clock, ended.clone()));
        tasks.spawn(clock::tick(queue.clone(), settings.nightly, clock, ended.clone()));
        tasks.spawn(grace(settings.clone(), shutdown.clone(), stop_jobs, ended.clone()));

        let claims = Claims::new(claims);
        let deadlines = Deadlines { handlers: handlers.clone(), patience: settings.patience };
        let sharing = Sharing::new(std::thread::available_parallelism().map_or(1, usize::from));
        let performing = Arc::new(Performing { sharing, store, queue, handlers, settings, clock });
        let worker = name.clone();
        let monitor = Monitor::new()
            .register(move |_| {
                let performing = performing.clone();
                WorkerBuilder::new(worker.as_str())
                    .backend(ClaimedJobs::new(claims.clone(), held.clone()))
                    .layer(ParallelizeLayer::new(on_its_own))
                    .layer(Observing)
                    .layer(deadlines.clone())
                    .layer(CatchPanicLayer::with_panic_handler(panicked))
                    .build(move |claim: Claim| {
                        let performing = performing.clone();
                        async move { performing.perform(claim).await }
                    })
            })
            // What ends it is a fault in here: what it held is given back as it is dropped, and it goes on.
            .should_restart(|_, reason| {
                error!(error = %reason, "the worker is started again");
                true
            });
        let signal = async move {
            shutdown.cancelled().await;
            Ok(())
        };
        if let Err(reason) = monitor.run_with_signal(signal).await {
            error!(error = %reason, "the worker ended with an error");
        }
        ended.cancel();
        tasks.join_all().await;
        info!(worker = name, "the worker has ended");
    }
}

/// Tells running jobs to stop, a while after the shutdown.
async fn grace(
    settings: Arc<WorkerSettings>,
    shutdown: CancellationToken,
    stop_jobs: CancellationToken,
    ended: CancellationToken,
) {
    shutdown.cancelled().await;
    tokio::select! {
        () = ended.cancelled() => {}
        () = tokio::time::sleep(settings.grace) => stop_jobs.cancel(),
    }
}

/// What does the jobs.
struct Performing {
    sharing: Arc<Sharing>,
    store: Store,
    queue: Queue,
    handlers: Arc<[Handler]>,
    settings: Arc<WorkerSettings>,
    clock: Clock,
}

impl Performing {
    /// Does a job. It takes the claim whole: what is left in it is dropped when the job has ended, not before.
    async fn perform(&self, claim: Claim) -> JobResult {
        let Claim { claimed, cancelled, ticket } = claim;
        let result = match of_kind(&self.handlers, &claimed.job.kind) {
            None => Err(unknown(&claimed.job.kind)),
            Some(handler) => {
                let context = Context {
                    store: self.store.clone(),
                    queue: self.queue.clone(),
                    settings: self.settings.clone(),
                    clock: self.clock,
                    cancelled,
                };
                self.run(handler, claimed, &context).await
            }
        };
        drop(ticket);
        result
    }

    async fn run(&self, handler: &Handler, claimed: ClaimedJob, context: &Context) -> JobResult {
        let _place = match handler.is_brief {
            true => tokio::select! {
                place = self.sharing.place(&claimed) => Some(place),
                () = context.cancelled.cancelled() => return Ok(Settled::Yield),
            },
            false => None,
        };
        metrics::counter!("muster_job_attempts_total", "kind" => handler.kind).increment(1);
        handler.run(claimed, context).await
    }
}
