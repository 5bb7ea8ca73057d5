//! What is due once a day runs once, however many clocks there are, and is made up when nobody was awake.

use std::time::Duration;

use muster_ingest::work::{Settled, handlers, machine_clock};
use muster_store::{Caps, JobFilter, JobRecord, JobState, Timestamp};

use super::scene::{Scene, handler, job, on_both, settings};

async fn prunes(scene: &Scene) -> Vec<JobRecord> {
    let filter = JobFilter { kind: Some("prune".to_owned()), ..JobFilter::default() };
    scene.queue.list_jobs(&filter).await.unwrap().items
}

#[tokio::test(flavor = "multi_thread")]
async fn every_clock_fires_and_one_job_runs() {
    on_both(async |scene| {
        // Whatever the time is: the hour of the last night has passed, and nobody was there.
        for _ in 0..3 {
            let workers =
                [scene.start(handlers(), settings()).await, scene.start(handlers(), settings()).await];
            while prunes(scene).await.iter().all(|job| job.state != JobState::Done) {
                tokio::task::yield_now().await;
            }
            for worker in workers {
                worker.stop().await;
            }
        }
        let prunes = prunes(scene).await;
        // Two, if this test is run at that very hour.
        assert!(prunes.len() <= 2, "{prunes:?}");
        assert!(prunes.iter().all(|job| job.attempts <= 1 && job.errors.is_empty()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_without_the_handler_of_a_nightly_job_says_so() {
    on_both(async |scene| {
        let worker = scene.start(vec![handler("other", async |_, _| Ok(Settled::Done))], settings()).await;
        while prunes(scene).await.iter().all(|job| job.state != JobState::Dead) {
            tokio::task::yield_now().await;
        }
        assert_eq!(prunes(scene).await[0].errors[0].cause, "unknown kind");
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_of_cleaning_is_done_in_steps() {
    on_both(async |scene| {
        // More than two transactions remove.
        let (old, all) = (vec![job("old"); 1200], Caps { per_tenant: 2000, long: 1, lost: 1 });
        scene.enqueue(&old).await;
        let until = Timestamp(machine_clock().0 + 60_000);
        let mut left = old.len();
        while left > 0 {
            let claimed = scene.queue.claim("test", left, machine_clock(), until, all).await.unwrap();
            let leases: Vec<_> = claimed.iter().map(|claimed| claimed.lease).collect();
            left -= scene.queue.succeed(&leases, Timestamp(0)).await.unwrap().len();
        }
        let how = muster_ingest::work::WorkerSettings { prune_step: Duration::ZERO, ..settings() };
        let worker = scene.start(handlers(), how).await;
        while prunes(scene).await.iter().all(|job| job.state != JobState::Done) {
            tokio::task::yield_now().await;
        }
        worker.stop().await;
        let filter = JobFilter { kind: Some("old".to_owned()), ..JobFilter::default() };
        assert_eq!(scene.queue.list_jobs(&filter).await.unwrap().items, []);
        let prune = prunes(scene).await.remove(0);
        assert_eq!((prune.attempts, prune.errors.len()), (1, 0));
        assert!(prune.lease_number > 3, "three times it let others have its slot: {prune:?}");
    })
    .await;
}
