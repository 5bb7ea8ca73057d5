//! A worker whose database goes away: it goes on when it is back, and every job is done once.

use std::num::NonZeroUsize;
use std::time::Duration;

use muster_ingest::work::{Settled, Worker, WorkerSettings, machine_clock};
use muster_store::{Connections, JobState, NewJob, Store};
use tokio_util::sync::CancellationToken;

use super::proxy::Proxy;
use super::scene::{Scene, handler, job, on_postgres};

const JOBS: usize = 400;

fn settings() -> WorkerSettings {
    let mut settings = WorkerSettings::with_slots(NonZeroUsize::new(4).unwrap());
    settings.tenant_cap = NonZeroUsize::MAX;
    settings.lease = Duration::from_secs(1);
    settings.reap = Duration::from_millis(100);
    settings.poll = Duration::from_millis(100);
    settings.retry.waits = vec![Duration::ZERO; 1000];
    settings.retry.losses = u64::MAX;
    settings
}

async fn done(scene: &Scene, count: usize) {
    let is_done = |job: &&muster_store::JobRecord| job.kind == "append" && job.state == JobState::Done;
    scene.until(|jobs| jobs.iter().filter(is_done).count() >= count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_under_load_lose_nothing() {
    on_postgres(async |scene| {
        let tenant = scene.tenant("acme").await;
        let address = scene.address.parse().unwrap();
        let mut proxy = Proxy::before(&address);
        let url = proxy.through(&address);
        let patience = Duration::from_secs(2);
        let connections = Connections { patience, ..Connections::default() };
        let store = Store::open_with(&url, connections).await.unwrap();
        let handlers = vec![
            handler("append", async |job, context| {
                let (tenant, payload) = (job.job.tenant.unwrap(), job.job.payload.clone());
                let effect = NewJob { payload, ..self::job("effect") };
                context.store.tenant(tenant).settle_job(job.lease, &[effect], context.now()).await?;
                Ok(Settled::ByUs)
            }),
            handler("effect", async |_, _| Ok(Settled::Done)),
        ];
        let shutdown = CancellationToken::new();
        let worker = Worker::start(&store, &url, handlers, settings(), machine_clock, shutdown.clone());
        let worker = worker.await.unwrap();
        let append = |n: usize| NewJob {
            tenant: Some(tenant),
            payload: serde_json::json!({ "n": n }),
            serial_key: Some(format!("git:{}", n % 7)),
            ..job("append")
        };
        scene.enqueue(&(0..JOBS).map(append).collect::<Vec<_>>()).await;
        for cut in 0..10 {
            done(scene, cut * 30).await;
            proxy.cut();
        }
        // Away, until the worker has noticed: nothing of it is running or every lease is over.
        proxy.close();
        let is_noticed = |job: &muster_store::JobRecord| {
            job.state != JobState::Running || job.lease_until.is_some_and(|until| until < machine_clock())
        };
        scene.until(|jobs| jobs.iter().all(is_noticed)).await;
        proxy.open();
        let jobs = scene.until(|jobs| jobs.iter().all(|job| job.state == JobState::Done)).await;
        let mut effects: Vec<_> = jobs
            .iter()
            .filter(|job| job.kind == "effect")
            .map(|job| job.payload["n"].as_u64().unwrap())
            .collect();
        effects.sort_unstable();
        assert_eq!(effects, (0..JOBS as u64).collect::<Vec<_>>());
        shutdown.cancel();
        worker.ended().await;
        store.close().await;
    })
    .await;
}
