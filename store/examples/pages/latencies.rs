//! How long each of many calls took, and the line of a table that says so.

use std::time::Duration;

/// The times of the calls of one kind.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    /// Notes one.
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that `share` of the calls stayed below, in milliseconds.
    pub(crate) fn below(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let place = (self.0.len() as f64 * share).ceil() as usize;
        self.0[place.clamp(1, self.0.len()) - 1].as_secs_f64() * 1000.0
    }

    /// `| what | calls | p50 | p95 | p99 | longest |`, in milliseconds.
    pub(crate) fn row(&mut self, what: &str) -> String {
        let [p50, p95, p99, longest] = [0.5, 0.95, 0.99, 1.0].map(|share| self.below(share));
        format!("| {what} | {} | {p50:.2} | {p95:.2} | {p99:.2} | {longest:.2} |", self.0.len())
    }
}

/// The head of a table of such rows.
pub(crate) const HEAD: &str =
    "| | calls | p50 ms | p95 ms | p99 ms | longest |\n| --- | ---: | ---: | ---: | ---: | ---: |";
