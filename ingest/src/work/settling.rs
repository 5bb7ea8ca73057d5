//! How each claimed job ends, written down: in groups, for as long as it takes.
//!
//! Every claimed job has a [`Ticket`]. It is settled once, with what the handler answered; one that is dropped unsettled, on
//! whatever way, gives the job back. So there is no path on which a lease is forgotten. One task writes: what ends while a
//! transaction is under way shares the next one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use muster_store::{Cause, ClaimedJob, Fate, Lease, Queue, Remedy as StoreRemedy, StoreError};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tracing::{error, warn};

use super::WorkerSettings;
use super::backoff::{Backoff, chance};
use super::handler::{Clock, JobFailure, JobResult, Remedy, Settled};
use super::held::Held;
use crate::watch::spans::{JobIds, of_job};

/// Jobs that one transaction settles.
const BATCH: usize = 200;

/// A job's end.
#[derive(Debug)]
pub(super) struct End {
    lease: Lease,
    ids: JobIds,
    result: JobResult,
}

/// The duty to say how a claimed job ended.
#[derive(Debug)]
pub(super) struct Ticket {
    open: Mutex<Option<End>>,
    held: Arc<Held>,
    ends: UnboundedSender<End>,
}

impl Ticket {
    pub(super) fn new(claimed: &ClaimedJob, ends: UnboundedSender<End>, held: Arc<Held>) -> Self {
        let ids = JobIds::of(&claimed.job);
        let end = End { lease: claimed.lease, ids, result: Ok(Settled::Yield) };
        Self { open: Mutex::new(Some(end)), held, ends }
    }

    /// Says it. Only the first time counts.
    pub(super) fn settle(&self, result: JobResult) {
        if let Some(end) = self.open.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // What failed may have met a limit, which the next ones are to know of before they are claimed.
            if result.is_ok() {
                self.held.over(end.lease);
            }
            // There is no receiver only where the process ends: then the lease runs out.
            _ = self.ends.send(End { result, ..end });
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.settle(Ok(Settled::Yield));
    }
}

/// Writes ends down.
#[derive(Debug)]
pub(super) struct Settling {
    pub(super) queue: Queue,
    pub(super) held: Arc<Held>,
    pub(super) settings: Arc<WorkerSettings>,
    pub(super) clock: Clock,
}

impl Settling {
    /// Until the last sender is gone.
    pub(super) async fn run(self, mut ends: UnboundedReceiver<End>) {
        let mut batch = Vec::new();
        while ends.recv_many(&mut batch, BATCH).await > 0 {
            self.settle(&mut batch).await;
        }
    }

    async fn settle(&self, batch: &mut Vec<End>) {
        let (mut done, mut back, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for end in batch.drain(..) {
            match &end.result {
                Ok(Settled::Done) => done.push(end),
                Ok(Settled::Yield) => back.push(end),
                Ok(Settled::ByUs) => {
                    count(&end.ids.kind, "done");
                    self.held.strike([end.lease]);
                }
                Err(_) => failed.push(end),
            }
        }
        if !done.is_empty() {
            self.succeed(&done).await;
        }
        if !back.is_empty() {
            self.give_back(&back).await;
        }
        for end in failed {
            if let Err(failure) = &end.result {
                self.fail(&end, failure).await;
            }
            self.held.strike([end.lease]);
        }
    }

    async fn succeed(&self, done: &[End]) {
        let leases: Vec<Lease> = done.iter().map(|end| end.lease).collect();
        let mut trying = self.trying();
        let held = loop {
            match self.queue.succeed(&leases, (self.clock)()).await {
                Ok(held) => break held,
                Err(reason) if trying.goes_on(&reason).await => {}
                Err(_) => break Vec::new(),
            }
        };
        for end in done {
            let outcome = if held.contains(&end.lease) { "done" } else { "too late" };
            count(&end.ids.kind, outcome);
            if outcome != "done" {
                of_job!(warn, end.ids, "a job was done after its lease was lost");
            }
        }
        self.held.strike(leases);
    }

    async fn give_back(&self, back: &[End]) {
        let leases: Vec<Lease> = back.iter().map(|end| end.lease).collect();
        let mut trying = self.trying();
        // What one was merged into, or that another has it by now, makes no difference here.
        while let Err(reason) = self.queue.release(&leases, (self.clock)()).await {
            if !trying.goes_on(&reason).await {
                break;
            }
        }
        for end in back {
            count(&end.ids.kind, "given back");
        }
        self.held.strike(leases);
    }

    async fn fail(&self, end: &End, failure: &JobFailure) {
        let cause = Cause { name: &failure.cause, message: &failure.message };
        let remedy = match failure.remedy {
            Remedy::Retry => StoreRemedy::Retry(&self.settings.retry, chance()),
            Remedy::Permanent => StoreRemedy::Permanent,
            Remedy::Limited(until) => StoreRemedy::Limited(until),
        };
        let mut trying = self.trying();
        let fate = loop {
            match self.queue.fail(end.lease, cause, remedy, (self.clock)()).await {
                Ok(fate) => break fate,
                Err(reason) if trying.goes_on(&reason).await => {}
                Err(_) => return,
            }
        };
        let (kind, error) = (&end.ids.kind, &failure.message);
        match (fate, failure.remedy) {
            (Fate::Ready(at), Remedy::Limited(_)) => {
                self.held.put_off(at);
                count(kind, "limited");
                of_job!(info, end.ids, until = %at, "a job waits for a limit to be over");
            }
            (Fate::Ready(at), _) => {
                self.held.put_off(at);
                count(kind, "retry");
                of_job!(warn, end.ids, error, next = %at, "a job failed and runs again");
            }
            (Fate::Merged(newer), _) => {
                count(kind, "retry");
                of_job!(warn, end.ids, error, newer = newer.0, "a job failed; a newer one stands for it");
            }
            (Fate::Dead, _) => {
                count(kind, "dead");
                of_job!(error, end.ids, error, "a job is dead");
            }
            (Fate::TooLate, _) => {
                count(kind, "too late");
                of_job!(warn, end.ids, error, "a job failed after its lease was lost");
            }
        }
    }

    fn trying(&self) -> Trying {
        let until = Instant::now() + self.settings.lease.max(Duration::from_secs(1));
        Trying { until, backoff: Backoff::default() }
    }
}

/// Tries again for as long as a lease holds: then others take over what it was about.
struct Trying {
    until: Instant,
    backoff: Backoff,
}

impl Trying {
    /// Waits a little; false where it has tried for long enough.
    async fn goes_on(&mut self, reason: &StoreError) -> bool {
        if Instant::now() >= self.until {
            error!(error = %reason, "the end of jobs could not be stored; their leases run out, and they run again");
            return false;
        }
        warn!(error = %reason, "the end of jobs could not be stored yet");
        tokio::time::sleep(self.backoff.next()).await;
        true
    }
}

fn count(kind: &str, outcome: &'static str) {
    metrics::counter!("muster_jobs_total", "kind" => kind.to_owned(), "outcome" => outcome).increment(1);
}
