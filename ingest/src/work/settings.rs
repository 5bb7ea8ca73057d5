//! How a worker works: how much at once, how long a lease, when what is looked after.
//!
//! Plain values, all with defaults that suit one machine; tests make them small instead of waiting.

use std::num::NonZeroUsize;
use std::time::Duration;

use muster_store::{Retention, RetryPolicy};

/// What a worker is told.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkerSettings {
    /// Jobs at once.
    pub slots: NonZeroUsize,
    /// Jobs of one tenant at once, over all processes of the database: less than `slots`, so that a tenant that floods
    /// leaves a slot for others.
    pub tenant_cap: NonZeroUsize,
    /// How long a lease holds unless it is renewed, which happens three times as often. A job of a process that was killed runs
    /// again after this.
    pub lease: Duration,
    /// How often the queue is looked at when nothing wakes the worker: a wake-up may be missed, and none comes for a job whose
    /// time has come.
    pub poll: Duration,
    /// How long jobs may go on when the worker is to stop.
    pub grace: Duration,
    /// How long a job that is told to stop may take to do so; then it is dropped where it waits.
    pub patience: Duration,
    /// How often lost leases are taken back, more or less.
    pub reap: Duration,
    /// How often the queue is measured.
    pub watch: Duration,
    /// When failed jobs run again.
    pub retry: RetryPolicy,
    /// What is kept for how long.
    pub retention: Retention,
    /// How long a run of the job that removes the rest works before it lets others have its slot.
    pub prune_step: Duration,
    /// The provider's own address: what the address of a repository begins with that an installation is granted.
    pub github: String,
    /// When the nightly jobs are due: so long after midnight, UTC.
    pub nightly: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self::with_slots(NonZeroUsize::MIN.saturating_add(7))
    }
}

impl WorkerSettings {
    /// The defaults for this number of slots.
    pub fn with_slots(slots: NonZeroUsize) -> Self {
        Self {
            slots,
            tenant_cap: most_of_one_tenant(slots),
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(30),
            patience: Duration::from_secs(5),
            reap: Duration::from_secs(15),
            watch: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            retention: Retention::default(),
            prune_step: Duration::from_secs(30),
            github: "https://github.com".to_owned(),
            nightly: Duration::from_secs(3 * 60 * 60),
        }
    }

    /// How many long jobs this process may run: one slot is kept for short ones, where there is more than one.
    pub(super) fn long_cap(&self) -> usize {
        (self.slots.get() - 1).max(1)
    }
}

/// Three quarters of the slots, and never all of them where there are two.
fn most_of_one_tenant(slots: NonZeroUsize) -> NonZeroUsize {
    let kept = (slots.get() / 4).max(1);
    NonZeroUsize::new(slots.get() - kept).unwrap_or(NonZeroUsize::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_left_for_others_and_for_short_jobs() {
        let of = |slots| {
            let settings = WorkerSettings::with_slots(NonZeroUsize::new(slots).unwrap());
            (settings.tenant_cap.get(), settings.long_cap())
        };
        assert_eq!([1, 2, 3, 4, 8, 16].map(of), [(1, 1), (1, 1), (2, 2), (3, 3), (6, 7), (12, 15)]);
        assert_eq!(WorkerSettings::default().slots.get(), 8);
    }
}
