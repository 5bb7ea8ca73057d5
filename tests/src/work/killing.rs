//! Processes that are killed, and one that a job kills: nothing is lost, nothing has its effect twice.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use muster_store::{JobRecord, JobState, NewJob, TenantId};

use super::processes::Process;
use super::scene::{Scene, job, on_both};

/// A lease that is renewed in time on any machine: what a process loses, it loses by its end.
const RENEWED: Duration = Duration::from_secs(5);

fn append(tenant: TenantId, n: usize, keys: usize) -> NewJob {
    let (payload, serial_key) = (serde_json::json!({ "n": n }), Some(format!("git:{}", n % keys)));
    NewJob { tenant: Some(tenant), payload, serial_key, ..job("append") }
}

/// All that appends is done; gives how often each had its effect.
async fn effects(scene: &Scene) -> BTreeMap<u64, usize> {
    let is_over = |job: &JobRecord| matches!(job.state, JobState::Done | JobState::Dead);
    let jobs = scene.until(|jobs| jobs.iter().all(is_over)).await;
    assert!(jobs.iter().all(|job| job.kind == "poison" || job.state == JobState::Done));
    let mut effects = BTreeMap::new();
    for job in jobs.iter().filter(|job| job.kind == "effect") {
        *effects.entry(job.payload["n"].as_u64().unwrap()).or_default() += 1;
    }
    effects
}

fn once_each(count: usize) -> BTreeMap<u64, usize> {
    (0..count as u64).map(|n| (n, 1)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_killed_at_any_moment_is_done_once() {
    on_both(async |scene| {
        let tenant = scene.tenant("acme").await;
        scene.enqueue(&(0..200).map(|n| append(tenant, n, 40)).collect::<Vec<_>>()).await;
        for round in 1..=8 {
            let mut process = Process::start(scene, 6, u64::MAX);
            // After another number of steps each time, so that each step is cut somewhere.
            for _ in 0..3 * round {
                process.next();
            }
            process.kill();
        }
        let last = Process::start(scene, 6, u64::MAX);
        assert_eq!(effects(scene).await, once_each(200));
        last.kill();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_kills_its_process_dies_and_bystanders_do_not() {
    on_both(async |scene| {
        let tenant = scene.tenant("acme").await;
        let mut jobs: Vec<_> = (0..60).map(|n| append(tenant, n, 60)).collect();
        jobs.insert(20, NewJob { tenant: Some(tenant), ..job("poison") });
        scene.enqueue(&jobs).await;
        let is_dead = |jobs: &[JobRecord]| jobs.iter().any(|job| job.state == JobState::Dead);
        let mut ended = 0;
        let jobs = loop {
            assert!(ended < 10, "it kills for ever");
            let mut process = Process::start_with(scene, 6, 3, RENEWED, None);
            let over = tokio::select! {
                () = process.ended() => None,
                jobs = scene.until(is_dead) => Some(jobs),
            };
            process.kill();
            match over {
                Some(jobs) => break jobs,
                None => ended += 1,
            }
        };
        assert_eq!(ended, 3);
        let dead = jobs.into_iter().find(|job| job.state == JobState::Dead).unwrap();
        assert_eq!(dead.kind, "poison");
        assert_eq!((dead.losses, dead.errors.last().unwrap().cause.as_str()), (3, "lost"));
        let last = Process::start_with(scene, 6, 3, RENEWED, None);
        assert_eq!(effects(scene).await, once_each(60));
        last.kill();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_work_under_one_key_at_once() {
    on_both(async |scene| {
        let tenant = scene.tenant("acme").await;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        // So long that none is lost, however busy the machine is: a lost one may well run beside itself.
        let lease = Duration::from_secs(60);
        // Three slots each and five keys: there is work for both.
        let processes = [(); 2].map(|()| Process::start_with(scene, 3, 5, lease, Some(&log)));
        scene.enqueue(&(0..200).map(|n| append(tenant, n, 5)).collect::<Vec<_>>()).await;
        assert_eq!(effects(scene).await, once_each(200));
        let said = processes.map(Process::kill);
        assert!(said.iter().any(|lines| !lines.is_empty()));
        let mut open: HashMap<&str, &str> = HashMap::new();
        let log = std::fs::read_to_string(&log).unwrap();
        for line in log.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["begin", key, n] => assert_eq!(open.insert(key, n), None, "two of {key} at once"),
                ["end", key, n] => assert_eq!(open.remove(key), Some(n)),
                _ => panic!("{line}"),
            }
        }
        assert_eq!(log.lines().count(), 400);
    })
    .await;
}
