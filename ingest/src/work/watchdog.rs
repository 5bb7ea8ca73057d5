//! The watchdog: how the queue is doing, as numbers for the metrics and a line in the log when somebody waits too long.
//!
//! Every process measures the same queue, so the gauges of any one of them say it all. One that only receives measures too:
//! that nobody works anything off is seen where nobody works.

use std::time::Duration;

use muster_store::{Queue, QueueStats, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::handler::Clock;

/// What waits longer is worth a line in the log.
const TOO_LONG: i64 = 60;

/// Measures until the end. A [`Worker`](super::Worker) does so itself.
pub async fn watch_queue(queue: Queue, every: Duration, clock: Clock, ended: CancellationToken) {
    loop {
        let now = clock();
        match queue.stats(now).await {
            Ok(stats) => report(&stats, now),
            Err(reason) => debug!(error = %reason, "the queue could not be measured"),
        }
        tokio::select! {
            () = ended.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

fn report(stats: &QueueStats, now: Timestamp) {
    let gauge = |name: &'static str, value: u64| metrics::gauge!(name).set(value as f64);
    gauge("muster_queue_ready", stats.ready);
    gauge("muster_queue_running", stats.running);
    gauge("muster_queue_dead", stats.dead);
    gauge("muster_queue_parked", stats.parked);
    let oldest = seconds_waited(stats, now);
    metrics::gauge!("muster_queue_oldest_ready_seconds").set(oldest as f64);
    if oldest > TOO_LONG {
        warn!(
            seconds = oldest,
            ready = stats.ready,
            running = stats.running,
            "the oldest job that could have started has waited for more than a minute; does a worker run?"
        );
    }
}

fn seconds_waited(stats: &QueueStats, now: Timestamp) -> i64 {
    stats.oldest_ready.map_or(0, |since| (now.0 - since.0).max(0) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_in_an_empty_queue_and_nobody_before_his_time() {
        let waited = |since: Option<i64>| {
            let oldest_ready = since.map(Timestamp);
            seconds_waited(&QueueStats { oldest_ready, ..QueueStats::default() }, Timestamp(100_000))
        };
        assert_eq!((waited(None), waited(Some(39_000)), waited(Some(100_500))), (0, 61, 0));
    }
}
