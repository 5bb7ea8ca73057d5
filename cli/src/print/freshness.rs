//! How fresh a repository is: times, and how long pushes wait until they show.

use muster_store::Freshness;
use serde::Serialize;

/// Pushes that are looked at, of all repositories together: the latest.
pub(crate) const PUSHES: usize = 2000;

/// As JSON has it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FreshnessItem {
    pushed_at: Option<String>,
    received_at: Option<String>,
    visible_at: Option<String>,
    synced_at: Option<String>,
    waiting_since: Option<String>,
    visible_after_ms: Option<Waits>,
}

/// What most of the latest pushes waited, in milliseconds, from their receipt until they showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Waits {
    pushes: usize,
    p50: i64,
    p95: i64,
    p99: i64,
}

impl Waits {
    /// Of the waits of a repository's latest pushes, in any order; `None` of none.
    pub(crate) fn of(waits: &[i64]) -> Option<Self> {
        let mut sorted = waits.to_vec();
        sorted.sort_unstable();
        // The smallest that so many of a hundred do not exceed.
        let at =
            |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self { pushes: sorted.len(), p50: at(50)?, p95: at(95)?, p99: at(99)? })
    }

    /// `0.4 s / 1.2 s / 3.0 s`: half of them, nearly all, and all but one in a hundred.
    pub(crate) fn brief(&self) -> String {
        let seconds = |milliseconds: i64| format!("{:.1} s", milliseconds as f64 / 1000.0);
        format!("{} / {} / {}", seconds(self.p50), seconds(self.p95), seconds(self.p99))
    }
}

impl FreshnessItem {
    /// Of a row.
    pub(crate) fn new(fresh: &Freshness, waits: &[i64]) -> Self {
        Self {
            pushed_at: fresh.pushed_at.map(|at| at.to_string()),
            received_at: fresh.received_at.map(|at| at.to_string()),
            visible_at: fresh.visible_at.map(|at| at.to_string()),
            synced_at: fresh.synced_at.map(|at| at.to_string()),
            waiting_since: fresh.waiting_since.map(|at| at.to_string()),
            visible_after_ms: Waits::of(waits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_happened() {
        assert_eq!(Waits::of(&[]), None);
        assert_eq!(Waits::of(&[7]), Some(Waits { pushes: 1, p50: 7, p95: 7, p99: 7 }));
        let hundred: Vec<i64> = (1..=100).rev().map(|n| n * 10).collect();
        let waits = Waits::of(&hundred).unwrap();
        assert_eq!(waits, Waits { pushes: 100, p50: 500, p95: 950, p99: 990 });
        assert_eq!(waits.brief(), "0.5 s / 0.9 s / 1.0 s");
    }
}
