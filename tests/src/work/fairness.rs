//! A tenant that floods, long jobs, and jobs that were lost before: what each of them may take.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use muster_ingest::work::{Handler, Settled};
use muster_store::{JobRecord, JobState, NewJob, TenantId};
use tokio::sync::Semaphore;

use super::scene::{Scene, handler, job, on_both, settings};

/// Jobs that wait for leave to end, and how many of each kind have begun.
#[derive(Clone)]
struct Gate {
    leave: Arc<Semaphore>,
    begun: Arc<Mutex<HashMap<&'static str, usize>>>,
}

impl Gate {
    fn new() -> Self {
        Self { leave: Arc::new(Semaphore::new(0)), begun: Arc::default() }
    }

    fn handler(&self, kind: &'static str) -> Handler {
        let gate = self.clone();
        handler(kind, move |_, _| {
            let gate = gate.clone();
            async move {
                *gate.begun.lock().unwrap().entry(kind).or_default() += 1;
                gate.leave.acquire().await.unwrap().forget();
                Ok(Settled::Done)
            }
        })
    }

    fn begun(&self, kind: &str) -> usize {
        self.begun.lock().unwrap().get(kind).copied().unwrap_or_default()
    }

    fn all_begun(&self) -> usize {
        self.begun.lock().unwrap().values().sum()
    }
}

fn of(tenant: TenantId, kind: &str) -> NewJob {
    NewJob { tenant: Some(tenant), ..job(kind) }
}

/// Waits until so many are claimed and have begun.
async fn running(scene: &Scene, gate: &Gate, count: usize) {
    let is_running = |job: &&JobRecord| job.state == JobState::Running;
    scene.until(|jobs| jobs.iter().filter(is_running).count() == count && gate.all_begun() == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_leaves_a_slot_to_others() {
    on_both(async |scene| {
        let (floods, other) = (scene.tenant("floods").await, scene.tenant("other").await);
        let gate = Gate::new();
        let worker = scene.start(vec![gate.handler("flood"), gate.handler("single")], settings()).await;
        scene.enqueue(&vec![of(floods, "flood"); 500]).await;
        running(scene, &gate, 6).await;
        scene.enqueue(&[of(other, "single")]).await;
        // It starts although none of the flood has ended.
        running(scene, &gate, 7).await;
        assert_eq!((gate.begun("flood"), gate.begun("single")), (6, 1));
        gate.leave.add_permits(501);
        scene.until(|jobs| jobs.iter().all(|job| job.state == JobState::Done)).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_kept_for_short_jobs() {
    on_both(async |scene| {
        let gate = Gate::new();
        let mut settings = settings();
        settings.tenant_cap = settings.slots;
        let worker = scene.start(vec![gate.handler("clone"), gate.handler("issue")], settings).await;
        scene.enqueue(&vec![NewJob { long: true, ..job("clone") }; 20]).await;
        running(scene, &gate, 7).await;
        scene.enqueue(&[job("issue")]).await;
        running(scene, &gate, 8).await;
        assert_eq!((gate.begun("clone"), gate.begun("issue")), (7, 1));
        gate.leave.add_permits(21);
        scene.until(|jobs| jobs.iter().all(|job| job.state == JobState::Done)).await;
        worker.stop().await;
    })
    .await;
}
