//! Claiming: free slots first, then that many jobs, and again until there are none.
//!
//! One task asks the database, so no error of it ever reaches the runtime above: it backs off and goes on. It looks again
//! whenever something may have changed: jobs were enqueued, one of this process ended (its serial key may have freed
//! another), one that was put off is due; and now and then by itself. A claim under way is never dropped: the database may
//! have given jobs that nobody would know of.

use std::sync::Arc;
use std::time::Duration;

use muster_store::{ClaimedJob, DatabaseUrl, Queue, Store, Timestamp, Wakeups};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::WorkerSettings;
use super::backoff::Backoff;
use super::handler::Clock;
use super::held::Held;
use super::settling::{End, Ticket};
use crate::crash_points::reach;

/// How long a claim is put off for slots that are free in a moment.
const MOMENT: Duration = Duration::from_millis(2);

/// A claimed job on its way to its handler. Whoever drops it gives the job back.
#[derive(Debug)]
pub(super) struct Claim {
    /// The job.
    pub(super) claimed: ClaimedJob,
    /// Cancelled when it is to stop.
    pub(super) cancelled: CancellationToken,
    /// What says how it ended.
    pub(super) ticket: Arc<Ticket>,
}

/// Asks for jobs.
#[derive(Debug)]
pub(super) struct Claiming {
    pub(super) queue: Queue,
    pub(super) owner: String,
    pub(super) held: Arc<Held>,
    pub(super) settings: Arc<WorkerSettings>,
    pub(super) clock: Clock,
    /// Cancelled when nothing more is to be claimed.
    pub(super) shutdown: CancellationToken,
    /// Cancelled when running jobs are to stop.
    pub(super) stop_jobs: CancellationToken,
    /// Where ends go.
    pub(super) ends: UnboundedSender<End>,
}

impl Claiming {
    /// Until the shutdown. What is claimed goes to `claims`.
    pub(super) async fn run(self, claims: UnboundedSender<Claim>) {
        let mut backoff = Backoff::default();
        while !self.shutdown.is_cancelled() {
            let (free, caps) = self.held.room(&self.settings);
            if free == 0 {
                self.pause(None).await;
                continue;
            }
            let now = (self.clock)();
            let until = later(now, self.settings.lease);
            match self.queue.claim(&self.owner, free, now, until, caps).await {
                Ok(claimed) => {
                    if backoff.reset() > 0 {
                        info!("jobs can be claimed again");
                    }
                    let may_leave_more = claimed.len() == free;
                    if claimed.is_empty() {
                        self.pause(Some(self.nap(now))).await;
                    }
                    // The claim may have waited long for a lock.
                    if !claimed.is_empty() && (self.clock)() > later(now, self.settings.lease / 3) {
                        self.held.hurry();
                    }
                    for claimed in claimed {
                        reach("claimed");
                        let cancelled = self.held.take(&claimed, until, &self.stop_jobs);
                        let ticket = Arc::new(Ticket::new(&claimed, self.ends.clone(), self.held.clone()));
                        // Where nobody takes it any more, it is dropped here, which gives it back.
                        _ = claims.send(Claim { claimed, cancelled, ticket });
                    }
                    if may_leave_more {
                        self.gather().await;
                    }
                }
                Err(reason) => {
                    warn!(error = %reason, "no jobs can be claimed");
                    let wait = backoff.next();
                    tokio::select! {
                        () = self.shutdown.cancelled() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
            }
        }
    }

    /// Where more jobs wait, a claim is worth its transaction when half of the slots are free. Waits for that, but only a moment:
    /// the jobs that run may take long.
    async fn gather(&self) {
        let half = self.settings.slots.get().div_ceil(2);
        let enough = async {
            while self.held.room(&self.settings).0 < half {
                self.held.looked_for().await;
            }
        };
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = enough => {}
            () = tokio::time::sleep(MOMENT) => {}
        }
    }

    /// How long to wait at most where there was nothing to claim.
    fn nap(&self, now: Timestamp) -> Duration {
        let due = self.held.next_due(now).map(|due| u64::try_from(due.0 - now.0).unwrap_or_default());
        due.map_or(self.settings.poll, |due| self.settings.poll.min(Duration::from_millis(due)))
    }

    /// Waits until there may be something to claim.
    async fn pause(&self, longest: Option<Duration>) {
        let over = async {
            match longest {
                Some(longest) => tokio::time::sleep(longest).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = self.held.looked_for() => {}
            () = over => {}
        }
    }
}

/// That much later.
pub(super) fn later(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp(now.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}

/// Passes wake-ups on until the shutdown. A connection that cannot be mended is made anew; what was missed meanwhile is
/// looked for.
pub(super) async fn listen(
    store: Store,
    direct: DatabaseUrl,
    mut wakeups: Wakeups,
    held: Arc<Held>,
    shutdown: CancellationToken,
) {
    let mut backoff = Backoff::default();
    loop {
        let woken = tokio::select! {
            () = shutdown.cancelled() => return,
            woken = wakeups.wait() => woken,
        };
        held.look_again();
        let Err(reason) = woken else {
            backoff.reset();
            continue;
        };
        warn!(error = %reason, "the connection that tells of new jobs broke");
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(backoff.next()) => {}
            }
            if let Ok(again) = store.listen(&direct).await {
                wakeups = again;
                info!("listening for new jobs again");
                held.look_again();
                break;
            }
        }
    }
}
