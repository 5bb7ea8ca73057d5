//! Waits that grow while something does not work, and start small again once it does.
//!
//! Each is spread by chance: processes that lost the same database at the same moment do not come back at the same moment.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// How long to wait after the next failure.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait.
    pub(super) fn next(&mut self) -> Duration {
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        wait.mul_f64(0.5 + 0.5 * chance())
    }

    /// It works again; gives how often it had failed.
    pub(super) fn reset(&mut self) -> u32 {
        std::mem::take(&mut self.failures)
    }
}

/// A number from 0 to 1, by chance: good enough to spread waits, not to keep secrets. Each `RandomState` has other keys.
pub(super) fn chance() -> f64 {
    let bits = RandomState::new().hash_one(0_u8);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_start_small_again() {
        let mut backoff = Backoff::default();
        for place in 0..40 {
            let most = FIRST.saturating_mul(2_u32.saturating_pow(place)).min(LONGEST);
            let wait = backoff.next();
            assert!(wait >= most / 2 && wait <= most, "{place}: {wait:?}");
        }
        assert_eq!(backoff.reset(), 40);
        assert!(backoff.next() <= FIRST);
    }

    #[test]
    fn chance_is_spread_from_0_to_1() {
        let chances: Vec<f64> = (0..1000).map(|_| chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance < 0.5) && chances.iter().any(|chance| *chance > 0.5));
    }
}
