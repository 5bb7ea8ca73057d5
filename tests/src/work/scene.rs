//! A database with a queue, and workers on it whose handlers a test writes.
//!
//! The poll interval is an hour, so nothing is found by looking now and then: what a wake-up does not bring hangs, and a
//! test that hangs is ended by its timeout.

use std::num::NonZeroUsize;
use std::time::Duration;

use muster_ingest::work::{Context, Handler, JobResult, Worker, WorkerSettings, machine_clock};
use muster_store::{
    ClaimedJob, DatabaseUrl, JobFilter, JobRecord, NewJob, NewTenant, Queue, Store, TenantId, Timestamp,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::scratch::ScratchDatabase;

/// Longer than any of these tests takes on any machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// A database of one test.
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) url: DatabaseUrl,
    /// The same as text, for a process.
    pub(crate) address: String,
    folder: Option<TempDir>,
    database: Option<ScratchDatabase>,
}

/// A worker that runs.
pub(crate) struct Running {
    worker: Worker,
    shutdown: CancellationToken,
}

impl Scene {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("store.db").display());
        Self::open(address.parse().unwrap(), address, Some(folder), None).await
    }

    async fn postgres() -> Self {
        let database = ScratchDatabase::new().await;
        let (url, address) = (database.url(), database.service_address().to_string());
        Self::open(url, address, None, Some(database)).await
    }

    async fn open(
        url: DatabaseUrl,
        address: String,
        folder: Option<TempDir>,
        database: Option<ScratchDatabase>,
    ) -> Self {
        let store = Store::open(&url).await.unwrap();
        let queue = store.queue().await.unwrap();
        Self { store, queue, url, address, folder, database }
    }

    async fn close(self) {
        self.store.close().await;
        drop(self.folder);
        if let Some(database) = self.database {
            database.remove().await;
        }
    }

    /// A tenant.
    pub(crate) async fn tenant(&self, name: &str) -> TenantId {
        let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
        self.store.create_tenant(&new, machine_clock()).await.unwrap().id()
    }

    /// Enqueues jobs.
    pub(crate) async fn enqueue(&self, jobs: &[NewJob]) {
        self.queue.enqueue(jobs, machine_clock()).await.unwrap();
    }

    /// Starts a worker.
    pub(crate) async fn start(&self, handlers: Vec<Handler>, settings: WorkerSettings) -> Running {
        let shutdown = CancellationToken::new();
        let started =
            Worker::start(&self.store, &self.url, handlers, settings, machine_clock, shutdown.clone());
        Running { worker: started.await.unwrap(), shutdown }
    }

    /// All jobs of the kinds that a test enqueued, oldest first.
    pub(crate) async fn jobs(&self) -> Vec<JobRecord> {
        let (mut jobs, mut filter) = (Vec::new(), JobFilter::default());
        loop {
            let page = self.queue.list_jobs(&filter).await.unwrap();
            jobs.extend(page.items.into_iter().filter(|job| job.kind != "prune"));
            filter.after = page.next;
            if filter.after.is_none() {
                jobs.reverse();
                return jobs;
            }
        }
    }

    /// Waits until jobs are as they should be: asks, for what ends a job is not in this process alone.
    pub(crate) async fn until(&self, are: impl Fn(&[JobRecord]) -> bool) -> Vec<JobRecord> {
        loop {
            let jobs = self.jobs().await;
            if are(&jobs) {
                return jobs;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Running {
    /// Stops it and waits until it has ended.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.worker.ended().await;
    }
}

/// Runs a test on both databases.
pub(crate) async fn on_both(test: impl AsyncFn(&Scene)) {
    for scene in [Scene::sqlite().await, Scene::postgres().await] {
        tokio::time::timeout(PATIENCE, test(&scene)).await.expect("it hangs");
        scene.close().await;
    }
}

/// Runs a test on PostgreSQL.
pub(crate) async fn on_postgres(test: impl AsyncFn(&Scene)) {
    let scene = Scene::postgres().await;
    tokio::time::timeout(PATIENCE, test(&scene)).await.expect("it hangs");
    scene.close().await;
}

/// Nothing is found by looking now and then, and what failed runs again at once, twice.
pub(crate) fn settings() -> WorkerSettings {
    let mut settings = WorkerSettings::with_slots(NonZeroUsize::new(8).unwrap());
    settings.poll = Duration::from_secs(3600);
    settings.retry.waits = vec![Duration::ZERO; 2];
    settings
}

/// A job that may start at once.
pub(crate) fn job(kind: &str) -> NewJob {
    NewJob { kind: kind.to_owned(), run_at: Timestamp(0), ..NewJob::default() }
}

/// A handler that works for at most a minute.
pub(crate) fn handler<F>(
    kind: &'static str,
    run: impl Fn(ClaimedJob, Context) -> F + Clone + Send + Sync + 'static,
) -> Handler
where
    F: Future<Output = JobResult> + Send + 'static,
{
    within(kind, Duration::from_secs(60), run)
}

/// A handler with another deadline.
pub(crate) fn within<F>(
    kind: &'static str,
    deadline: Duration,
    run: impl Fn(ClaimedJob, Context) -> F + Clone + Send + Sync + 'static,
) -> Handler
where
    F: Future<Output = JobResult> + Send + 'static,
{
    Handler::new(kind, deadline, move |job, context| Box::pin(run(job, context.clone())))
}
