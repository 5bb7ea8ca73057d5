//! Measures the worker: jobs a second that do nothing, and how long an idle worker takes to start one.
//!
//! The whole way is measured: enqueued in a transaction, announced, claimed, handed to apalis, run, settled. The poll interval is
//! an hour, so a job that no wake-up brings is seen as what it is. Run by `benches/jobs`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use muster_ingest::work::{Handler, Settled, Worker, WorkerSettings, machine_clock};
use muster_store::{DatabaseUrl, JobKey, NewJob, NewTenant, Store, TenantId};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

const JOBS: usize = 20_000;
const STARTS: usize = 1000;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    load("begun");
    measure("SQLite", &DatabaseUrl::Sqlite(folder.path().join("store.db"))).await;
    if let Some(address) = std::env::args().nth(1) {
        let url: DatabaseUrl = address.parse().unwrap();
        Store::migrate(&url).await.unwrap();
        measure("PostgreSQL", &url).await;
    }
    load("ended");
}

fn load(when: &str) {
    println!("load when {when}: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}

async fn measure(name: &str, url: &DatabaseUrl) {
    println!("\n{name}");
    let store = Store::open(url).await.unwrap();
    let tenants = tenants(&store).await;
    for slots in [8, 32] {
        throughput(&store, url, &tenants, slots).await;
    }
    starts(&store, url, tenants[0]).await;
    chain(&store, url, tenants[0]).await;
    store.close().await;
}

async fn tenants(store: &Store) -> Vec<TenantId> {
    let mut tenants = Vec::new();
    for n in 0..10 {
        let subdomain = format!("bench-{n}");
        let new = NewTenant { subdomain: subdomain.clone(), ..NewTenant::default() };
        tenants.push(match store.create_tenant(&new, machine_clock()).await {
            Ok(tenant) => tenant.id(),
            Err(_) => store.tenant_by_subdomain(&subdomain).await.unwrap().unwrap().id,
        });
    }
    tenants
}

fn settings(slots: usize) -> WorkerSettings {
    let mut settings = WorkerSettings::with_slots(NonZeroUsize::new(slots).unwrap());
    settings.poll = Duration::from_secs(3600);
    settings
}

fn job(tenant: TenantId, kind: &str, serial_key: Option<String>) -> NewJob {
    NewJob {
        tenant: Some(tenant),
        kind: kind.to_owned(),
        payload: serde_json::json!({}),
        serial_key,
        key: JobKey::None,
        run_at: machine_clock(),
        ..NewJob::default()
    }
}

/// A worker that counts its jobs, and tells when there have been enough.
async fn counting(
    store: &Store,
    url: &DatabaseUrl,
    slots: usize,
    enough: usize,
) -> (Worker, CancellationToken, Arc<Notify>) {
    let (done, told) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let tell = told.clone();
    let nothing = Handler::new("nothing", Duration::from_secs(60), move |_, _| {
        if done.fetch_add(1, Ordering::Relaxed) + 1 == enough {
            tell.notify_one();
        }
        Box::pin(async { Ok(Settled::Done) })
    });
    let shutdown = CancellationToken::new();
    let worker = Worker::start(store, url, vec![nothing], settings(slots), machine_clock, shutdown.clone());
    (worker.await.unwrap(), shutdown, told)
}

async fn throughput(store: &Store, url: &DatabaseUrl, tenants: &[TenantId], slots: usize) {
    let queue = store.queue().await.unwrap();
    let jobs: Vec<NewJob> =
        (0..JOBS).map(|n| job(tenants[n % tenants.len()], "nothing", Some(format!("git:{n}")))).collect();
    for chunk in jobs.chunks(1000) {
        queue.enqueue(chunk, machine_clock()).await.unwrap();
    }
    let begun = Instant::now();
    let (worker, shutdown, told) = counting(store, url, slots, JOBS).await;
    told.notified().await;
    let rate = JOBS as f64 / begun.elapsed().as_secs_f64();
    println!("jobs that do nothing, {slots} slots, ten tenants: {rate:.0} /s (bound: 2500)");
    shutdown.cancel();
    worker.ended().await;
}

/// From before the enqueue to the first line of the handler, one job after the other.
async fn starts(store: &Store, url: &DatabaseUrl, tenant: TenantId) {
    let queue = store.queue().await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let timed = Handler::new("timed", Duration::from_secs(60), move |_, _| {
        tell.send(Instant::now()).unwrap();
        Box::pin(async { Ok(Settled::Done) })
    });
    let shutdown = CancellationToken::new();
    let worker = Worker::start(store, url, vec![timed], settings(8), machine_clock, shutdown.clone());
    let worker = worker.await.unwrap();
    let (mut from_call, mut from_commit) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let called = Instant::now();
        queue.enqueue(&[job(tenant, "timed", None)], machine_clock()).await.unwrap();
        let committed = Instant::now();
        let started = told.recv().await.unwrap();
        from_call.push(started - called);
        // It may have begun before the answer to the commit was here.
        from_commit.push(started.saturating_duration_since(committed));
        // An idle worker: what came after the job is over.
        while queue.stats(machine_clock()).await.unwrap().running > 0 {}
    }
    percentiles("enqueue to start, from the call, idle", from_call);
    percentiles("enqueue to start, from the commit, idle", from_commit);
    shutdown.cancel();
    worker.ended().await;
}

/// Jobs under one key, enqueued at once: each is started because the one before has ended.
async fn chain(store: &Store, url: &DatabaseUrl, tenant: TenantId) {
    const LINKS: usize = 500;
    let queue = store.queue().await.unwrap();
    let (worker, shutdown, told) = counting(store, url, 8, LINKS).await;
    let jobs = vec![job(tenant, "nothing", Some("git:chain".to_owned())); LINKS];
    let begun = Instant::now();
    queue.enqueue(&jobs, machine_clock()).await.unwrap();
    told.notified().await;
    println!(
        "{LINKS} jobs under one key, enqueued at once: {:.2?} each, none waited for a poll",
        begun.elapsed() / LINKS as u32
    );
    shutdown.cancel();
    worker.ended().await;
}

fn percentiles(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "{what}: p50 {:.2?}, p95 {:.2?}, p99 {:.2?}, longest {:.2?} (bounds: p50 5 ms, p95 10 ms)",
        at(50),
        at(95),
        at(99),
        at(100)
    );
}
