//! How jobs end: well, with an error, a panic, a deadline, a limit; and again, where they say so.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use muster_ingest::work::{JobFailure, Remedy, Settled, machine_clock};
use muster_store::{JobRecord, JobState, NewJob, Timestamp};

use super::scene::{handler, job, on_both, settings, within};

fn all(state: JobState) -> impl Fn(&[JobRecord]) -> bool {
    move |jobs| jobs.iter().all(|job| job.state == state)
}

/// Kind, state, attempts, and the causes of its errors.
fn told(jobs: &[JobRecord]) -> String {
    let lines = jobs.iter().map(|job| {
        let errors: Vec<_> =
            job.errors.iter().map(|error| format!("{}: {}", error.cause, error.message)).collect();
        format!(
            "{} {} after {}{}{}",
            job.kind,
            job.state.as_str(),
            job.attempts,
            if errors.is_empty() { "" } else { ": " },
            errors.join("; ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_end_is_written_down() {
    on_both(async |scene| {
        let handlers = vec![
            handler("fine", async |_, _| Ok(Settled::Done)),
            handler("never", async |_, _| Err(JobFailure::permanent("useless", "it will never work"))),
            handler("often", async |_, _| Err(JobFailure::retry("remote", "failed to reach the remote"))),
            handler("second", async |job, _| match job.job.attempts {
                1 => Err(JobFailure::retry("remote", "failed to reach the remote")),
                _ => Ok(Settled::Done),
            }),
            handler("panics", async |job, _| panic!("at {}", job.job.attempts)),
            within("slow", Duration::from_millis(10), async |_, _| std::future::pending().await),
        ];
        let mut settings = settings();
        settings.patience = Duration::ZERO;
        let worker = scene.start(handlers, settings).await;
        scene.enqueue(&["fine", "never", "often", "second", "panics", "slow", "unheard of"].map(job)).await;
        let jobs = scene.until(|jobs| jobs.iter().all(|job| job.finished_at.is_some())).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(told(&jobs), @r#"
            fine done after 1
            never dead after 1: useless: it will never work
            often dead after 3: remote: failed to reach the remote; remote: failed to reach the remote; remote: failed to reach the remote
            second done after 2: remote: failed to reach the remote
            panics dead after 3: panic: panicked: at 1; panic: panicked: at 2; panic: panicked: at 3
            slow dead after 3: deadline: took longer than the 0.01 s that it may take; deadline: took longer than the 0.01 s that it may take; deadline: took longer than the 0.01 s that it may take
            unheard of dead after 1: unknown kind: this program has no handler for jobs of the kind "unheard of": a newer one enqueued it
            "#);
        }
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_yields_runs_again_and_no_attempt_is_counted() {
    on_both(async |scene| {
        let handlers = vec![handler("steps", async |job, _| match job.lease.number {
            ..4 => Ok(Settled::Yield),
            _ => Ok(Settled::Done),
        })];
        let worker = scene.start(handlers, settings()).await;
        scene.enqueue(&[job("steps")]).await;
        let jobs = scene.until(all(JobState::Done)).await;
        assert_eq!((jobs[0].attempts, jobs[0].lease_number), (1, 4));
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_parks_the_jobs_of_its_installation_and_costs_no_attempt() {
    on_both(async |scene| {
        let tenant = scene.tenant("acme").await;
        let limit: Arc<OnceLock<Timestamp>> = Arc::default();
        let handlers = vec![handler("asks", move |job, context| {
            let limit = limit.clone();
            async move {
                let now = context.now();
                let until = Timestamp(now.0 + 200);
                if limit.set(until).is_ok() {
                    let message = "the provider's limit is reached".to_owned();
                    return Err(JobFailure {
                        cause: "limit".into(),
                        message,
                        remedy: Remedy::Limited(until),
                    });
                }
                assert!(Some(&now) >= limit.get(), "it was to wait");
                assert_eq!(job.job.attempts, 1);
                Ok(Settled::Done)
            }
        })];
        let mut one_at_a_time = settings();
        one_at_a_time.slots = std::num::NonZeroUsize::MIN;
        let of = |n| NewJob { tenant: Some(tenant), installation: Some(n), ..job("asks") };
        scene.enqueue(&[of(1), of(1), of(1)]).await;
        let worker = scene.start(handlers, one_at_a_time).await;
        let jobs = scene.until(all(JobState::Done)).await;
        // The first one met the limit, and the others did not try.
        assert_eq!(jobs.iter().map(|job| job.errors.len()).collect::<Vec<_>>(), [1, 0, 0]);
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_a_key_starts_when_it_is_free_and_not_at_the_next_enqueue() {
    on_both(async |scene| {
        let handlers = vec![handler("step", async |_, _| Ok(Settled::Done))];
        let worker = scene.start(handlers, settings()).await;
        let keyed = |n: usize| NewJob { serial_key: Some(format!("git:{}", n % 3)), ..job("step") };
        // In one statement, so there is one wake-up; and the poll interval is an hour.
        scene.enqueue(&(0..100).map(keyed).collect::<Vec<_>>()).await;
        scene.until(all(JobState::Done)).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_lease_was_lost_is_told_to_stop() {
    on_both(async |scene| {
        let handlers = vec![handler("waits", async |job, context| {
            if job.lease.number == 1 {
                context.cancelled.cancelled().await;
            }
            Ok(Settled::Done)
        })];
        let mut settings = settings();
        settings.lease = Duration::from_secs(3);
        settings.reap = Duration::from_secs(3600);
        let retry = settings.retry.clone();
        let worker = scene.start(handlers, settings).await;
        scene.enqueue(&[job("waits")]).await;
        scene.until(all(JobState::Running)).await;
        // Somebody whose clock is an hour ahead.
        let hence = Timestamp(machine_clock().0 + 3_600_000);
        // He passes over a lease that is renewed at that moment.
        while scene.jobs().await[0].losses == 0 {
            scene.queue.reap(&retry, hence).await.unwrap();
        }
        let now = machine_clock();
        scene.queue.retry_job(scene.jobs().await[0].id, now).await.unwrap();
        let jobs = scene.until(all(JobState::Done)).await;
        assert_eq!((jobs[0].lease_number, jobs[0].losses), (2, 1));
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leases_are_renewed_for_as_long_as_a_job_works() {
    on_both(async |scene| {
        let handlers = vec![handler("long", async |job, context| {
            // As long as several leases, as the database sees it.
            let queue = context.queue.clone();
            let first = queue.show_job(job.lease.job).await?.and_then(|job| job.lease_until);
            let mut renewed = 0;
            let mut last = first;
            while renewed < 2 {
                let until = queue.show_job(job.lease.job).await?.and_then(|job| job.lease_until);
                renewed += u32::from(until > last);
                last = until;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(Settled::Done)
        })];
        let mut settings = settings();
        settings.lease = Duration::from_secs(6);
        settings.reap = Duration::from_millis(50);
        let worker = scene.start(handlers, settings).await;
        scene.enqueue(&[job("long")]).await;
        let jobs = scene.until(all(JobState::Done)).await;
        assert_eq!((jobs[0].lease_number, jobs[0].losses), (1, 0));
        worker.stop().await;
    })
    .await;
}
