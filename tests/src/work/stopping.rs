//! Stopping: nothing more starts, what runs may go on for a while, and nothing is left marked as running.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muster_ingest::work::{JobFailure, Settled};
use muster_store::{JobRecord, JobState};
use tokio::sync::mpsc::unbounded_channel;

use super::scene::{handler, job, on_both, settings};

fn count(jobs: &[JobRecord], state: JobState) -> usize {
    jobs.iter().filter(|job| job.state == state).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_in_time_is_given_back() {
    on_both(async |scene| {
        let (begins, mut begun) = unbounded_channel();
        let told = |kind| {
            let begins = begins.clone();
            handler(kind, move |_, context| {
                begins.send(()).unwrap();
                async move {
                    let told = context.cancelled.cancelled();
                    match kind {
                        "deaf" => std::future::pending().await,
                        "hears" => {
                            told.await;
                            Err(JobFailure::retry("stopped", "was told to stop"))
                        }
                        _ => {
                            told.await;
                            Ok(Settled::Done)
                        }
                    }
                }
            })
        };
        let handlers = ["deaf", "hears", "ends"].map(told).to_vec();
        let mut settings = settings();
        settings.grace = Duration::from_millis(20);
        settings.patience = Duration::from_millis(20);
        settings.tenant_cap = settings.slots;
        let worker = scene.start(handlers, settings).await;
        scene.enqueue(&["deaf", "hears", "ends"].map(job)).await;
        // That the database says "running" is not enough: it is claimed then, and has perhaps not begun.
        for _ in 0..3 {
            begun.recv().await.unwrap();
        }
        worker.stop().await;
        let jobs = scene.jobs().await;
        let told: Vec<_> =
            jobs.iter().map(|job| (job.kind.as_str(), job.state, job.attempts, job.errors.len())).collect();
        assert_eq!(
            told,
            [
                ("deaf", JobState::Ready, 0, 0),
                ("hears", JobState::Ready, 0, 0),
                ("ends", JobState::Done, 1, 0)
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_in_time_is_done_and_the_rest_is_untouched() {
    on_both(async |scene| {
        let begun = Arc::new(AtomicUsize::new(0));
        let noted = begun.clone();
        let handlers = vec![handler("quick", move |_, _| {
            noted.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(Settled::Done)
            }
        })];
        scene.enqueue(&vec![job("quick"); 2000]).await;
        let worker = scene.start(handlers, settings()).await;
        scene.until(|jobs| count(jobs, JobState::Done) > 0).await;
        worker.stop().await;
        let jobs = scene.jobs().await;
        let (done, ready) = (count(&jobs, JobState::Done), count(&jobs, JobState::Ready));
        assert_eq!(done + ready, 2000, "one is left running");
        assert_eq!(done, begun.load(Ordering::SeqCst), "one began and was not done");
        assert!(jobs.iter().filter(|job| job.state == JobState::Ready).all(|job| job.attempts == 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_can_be_started_again_at_once() {
    on_both(async |scene| {
        let handlers = vec![handler("quick", async |_, _| Ok(Settled::Done))];
        for _ in 0..5 {
            let worker = scene.start(handlers.clone(), settings()).await;
            scene.enqueue(&vec![job("quick"); 20]).await;
            worker.stop().await;
        }
        let worker = scene.start(handlers, settings()).await;
        scene.until(|jobs| count(jobs, JobState::Done) == 100).await;
        worker.stop().await;
    })
    .await;
}
