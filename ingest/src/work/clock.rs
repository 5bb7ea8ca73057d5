//! The clock: jobs that are due once a day, whoever is awake.
//!
//! Every replica's clock fires, and a key unique for the day lets one job of each kind through. What was due while nobody ran is
//! enqueued at the start. A plain loop and not a cron of a library: that one ends when a tick passes while it is held up, knows
//! nothing of a day that was missed, and brings a calendar of time zones for what is one line of arithmetic here.

use std::time::Duration;

use muster_store::{JobKey, NewJob, Priority, Queue, StoreError, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::backoff::chance;
use super::handler::Clock;
use super::prune::PRUNE;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The clock of a machine may jump, or the machine may sleep: nobody relies on a longer wait.
const LOOK: Duration = Duration::from_secs(60);

/// The kinds of the nightly jobs.
pub(super) const NIGHTLY: &[&str] = &[PRUNE];

/// Enqueues the nightly jobs until the end.
pub(super) async fn tick(queue: Queue, nightly: Duration, clock: Clock, ended: CancellationToken) {
    let mut enqueued = None;
    loop {
        let day = latest_day(clock(), nightly);
        if enqueued != Some(day) {
            match enqueue(&queue, day, clock()).await {
                Ok(new) => {
                    enqueued = Some(day);
                    if new > 0 {
                        info!(day, jobs = new, "the nightly jobs are enqueued");
                    }
                }
                Err(reason) => warn!(error = %reason, "the nightly jobs could not be enqueued yet"),
            }
        }
        tokio::select! {
            () = ended.cancelled() => return,
            () = tokio::time::sleep(LOOK.mul_f64(0.75 + 0.5 * chance())) => {}
        }
    }
}

/// Enqueues what is due for a day and was not yet; gives how many that were.
async fn enqueue(queue: &Queue, day: i64, now: Timestamp) -> Result<usize, StoreError> {
    let jobs: Vec<NewJob> = NIGHTLY
        .iter()
        .map(|kind| NewJob {
            kind: (*kind).to_owned(),
            payload: serde_json::json!({}),
            key: JobKey::Once(format!("{kind}:{day}")),
            priority: Priority::Nightly,
            run_at: now,
            ..NewJob::default()
        })
        .collect();
    Ok(queue.enqueue(&jobs, now).await?.new.len())
}

/// The latest day, counted from 1970, whose nightly jobs are due.
fn latest_day(now: Timestamp, nightly: Duration) -> i64 {
    (now.0 - i64::try_from(nightly.as_millis()).unwrap_or_default()).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_due_from_its_hour_on() {
        let three = Duration::from_secs(3 * 3600);
        let at = |day: i64, hour: i64| latest_day(Timestamp(day * DAY + hour * 3_600_000), three);
        assert_eq!(
            [at(20_000, 2), at(20_000, 3), at(20_000, 23), at(20_001, 2)],
            [19_999, 20_000, 20_000, 20_000]
        );
    }
}
