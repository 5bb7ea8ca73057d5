//! When a failed job is tried again.

use std::time::Duration;

use crate::Timestamp;

/// Waits before the second attempt, the third, and so on; after the last one a job is dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// One wait for each further attempt.
    pub waits: Vec<Duration>,
    /// Leases that may run out before a job is dead.
    pub losses: u64,
}

impl Default for RetryPolicy {
    /// 10 seconds, a minute, ten minutes; five losses.
    fn default() -> Self {
        Self { waits: [10, 60, 600].map(Duration::from_secs).to_vec(), losses: 5 }
    }
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause<'a> {
    /// A few words for its kind, the same for all alike: what dead jobs are grouped by.
    pub name: &'a str,
    /// The whole of it.
    pub message: &'a str,
}

impl RetryPolicy {
    /// When to try again after `attempts`; `None`: never. `jitter`, from 0 to 1, spreads what failed at the same moment over a
    /// fifth of the wait.
    pub fn next(&self, attempts: u64, now: Timestamp, jitter: f64) -> Option<Timestamp> {
        let wait = self.waits.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
        let wait = wait.mul_f64(1.0 + 0.2 * jitter.clamp(0.0, 1.0));
        Some(Timestamp(now.0.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let policy = RetryPolicy::default();
        let next = |attempts, jitter| policy.next(attempts, Timestamp(1000), jitter).map(|at| at.0);
        assert_eq!([1, 2, 3].map(|n| next(n, 0.0)), [Some(11_000), Some(61_000), Some(601_000)]);
        assert_eq!((next(1, 1.0), next(1, f64::MAX)), (Some(13_000), Some(13_000)));
        assert_eq!((next(0, 0.0), next(4, 0.0), next(u64::MAX, 0.0)), (None, None, None));
    }
}
