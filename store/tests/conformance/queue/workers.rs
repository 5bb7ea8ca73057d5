//! Several workers at once: no job is lost, none runs twice at once, none beside another of its serial key.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use muster_store::{
    Caps, Cause, ClaimedJob, JobState, NewJob, Queue, Remedy, RetryPolicy, Store, TenantId, Timestamp,
};

use super::{at, job, queue, two};
use crate::laws::{fresh, fresh_postgres};

const JOBS: i64 = 400;
const CAPS: Caps = Caps { per_tenant: 6, long: 2, lost: 1 };

/// What runs at this moment, and what has run to its end.
#[derive(Default)]
struct Watch {
    running: HashSet<i64>,
    keys: HashSet<(Option<TenantId>, String)>,
    ended: Vec<i64>,
}

impl Watch {
    fn begin(&mut self, claimed: &ClaimedJob) {
        assert!(self.running.insert(claimed.lease.job.0), "twice at once");
        if let Some(key) = &claimed.job.serial_key {
            assert!(self.keys.insert((claimed.job.tenant, key.clone())), "two of {key} at once");
        }
    }

    fn end(&mut self, claimed: &ClaimedJob) {
        self.running.remove(&claimed.lease.job.0);
        if let Some(key) = &claimed.job.serial_key {
            self.keys.remove(&(claimed.job.tenant, key.clone()));
        }
    }
}

/// Works until nothing is left. What it does with a job depends on the job and its attempt alone.
async fn work(queue: Queue, watch: Arc<Mutex<Watch>>, name: &'static str, now: Timestamp) {
    let policy = RetryPolicy { waits: vec![Default::default(); 3], losses: 5 };
    loop {
        let claimed = queue.claim(name, 3, now, at(now.0 + 1), CAPS).await.unwrap();
        for claimed in &claimed {
            watch.lock().unwrap().begin(claimed);
        }
        let left = queue.stats(now).await.unwrap();
        if claimed.is_empty() && left.ready + left.running == 0 {
            return;
        }
        for claimed in claimed {
            tokio::task::yield_now().await;
            // The end is noted first: whoever claims next may do so before the answer is here.
            watch.lock().unwrap().end(&claimed);
            let n = claimed.job.payload["n"].as_i64().unwrap();
            if n % 7 == 0 && claimed.job.attempts < 3 {
                let cause = Cause { name: "seven", message: "" };
                queue.fail(claimed.lease, cause, Remedy::Retry(&policy, 0.0), now).await.unwrap();
            } else if n % 11 == 0 && claimed.lease.number == 1 {
                queue.release(&[claimed.lease], now).await.unwrap();
            } else {
                assert_eq!(queue.succeed(&[claimed.lease], now).await.unwrap(), [claimed.lease]);
                watch.lock().unwrap().ended.push(n);
            }
        }
    }
}

async fn all_is_done_once(store: &Store) {
    let queue = queue(store).await;
    let (a, b) = two(store).await;
    let job = |n: i64| NewJob {
        tenant: [None, Some(a), Some(b)][n as usize % 3],
        serial_key: (n % 2 == 0).then(|| format!("git:{}", n % 10)),
        payload: serde_json::json!({ "n": n }),
        long: n % 5 == 0,
        ..job("x")
    };
    queue.enqueue(&(0..JOBS).map(job).collect::<Vec<_>>(), at(0)).await.unwrap();
    let watch = Arc::new(Mutex::new(Watch::default()));
    let mut workers = tokio::task::JoinSet::new();
    for name in ["one", "two", "three", "four"] {
        // Each with a round of its own, as processes have.
        let queue = store.queue().await.unwrap();
        workers.spawn(work(queue, watch.clone(), name, at(10)));
    }
    workers.join_all().await;
    let mut ended = std::mem::take(&mut watch.lock().unwrap().ended);
    ended.sort_unstable();
    assert_eq!(ended, (0..JOBS).collect::<Vec<_>>());
    let jobs = queue.list_jobs(&Default::default()).await.unwrap().items;
    assert!(jobs.iter().all(|job| job.state == JobState::Done && job.errors.len() < 3));
}

#[tokio::test]
async fn four_workers_do_all_once_on_sqlite() {
    let (store, _folder) = fresh().await;
    all_is_done_once(&store).await;
}

#[tokio::test]
async fn four_workers_do_all_once_on_postgresql() {
    let (store, database) = fresh_postgres().await;
    all_is_done_once(&store).await;
    database.remove().await;
}
