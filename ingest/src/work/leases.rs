//! Leases that go on, and leases that ran out.
//!
//! One statement renews all leases of the process, three times as often as they run out. A lease that did not hold, or could not
//! be renewed in time, tells its job to stop: another process may have started it. Taking back what others lost is
//! anybody's business; chance keeps processes from doing it at the same moment.

use std::sync::Arc;
use std::time::Duration;

use muster_store::Queue;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::WorkerSettings;
use super::backoff::chance;
use super::claiming::later;
use super::handler::Clock;
use super::held::Held;
use crate::watch::spans::of_job;

/// Leases that one transaction takes back, as the store does it.
const REAPED: usize = 100;

/// Renews what this process holds and takes back what others lost.
#[derive(Clone, Debug)]
pub(super) struct Leases {
    pub(super) queue: Queue,
    pub(super) held: Arc<Held>,
    pub(super) settings: Arc<WorkerSettings>,
    pub(super) clock: Clock,
    /// Cancelled when the last job has ended.
    pub(super) ended: CancellationToken,
}

impl Leases {
    /// Renews until the end.
    pub(super) async fn renew(self) {
        loop {
            tokio::select! {
                () = self.held.hurried() => {}
                goes_on = self.wait(self.settings.lease / 3) => if !goes_on {
                    return;
                }
            }
            let asked = self.held.all();
            if asked.is_empty() {
                continue;
            }
            let until = later((self.clock)(), self.settings.lease);
            let lost = match self.queue.renew(&asked, until).await {
                Ok(renewed) => self.held.renewed(&asked, &renewed, until),
                Err(reason) => {
                    warn!(error = %reason, "leases could not be renewed");
                    self.held.run_out((self.clock)())
                }
            };
            for ids in lost {
                of_job!(warn, ids, "the lease of a job was lost: it is told to stop");
            }
        }
    }

    /// Takes back until the end.
    pub(super) async fn reap(self) {
        loop {
            match self.queue.reap(&self.settings.retry, (self.clock)()).await {
                Ok(reaped) => {
                    let (again, dead) = (reaped.ready.len() + reaped.merged.len(), reaped.dead.len());
                    if again + dead > 0 {
                        warn!(again, dead, "leases had run out: a process ended or hung");
                        metrics::counter!("muster_jobs_total", "kind" => "any", "outcome" => "lost")
                            .increment((again + dead) as u64);
                        self.held.look_again();
                    }
                    if again + dead >= REAPED {
                        continue;
                    }
                }
                Err(reason) => warn!(error = %reason, "lost leases could not be taken back"),
            }
            if !self.wait(self.settings.reap.mul_f64(0.75 + 0.5 * chance())).await {
                return;
            }
        }
    }

    /// Waits; false where the end came first.
    async fn wait(&self, time: Duration) -> bool {
        tokio::select! {
            () = self.ended.cancelled() => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}
