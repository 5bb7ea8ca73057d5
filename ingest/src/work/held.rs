//! The leases that this process holds, and how many slots are free.
//!
//! A lease is noted at the claim and struck out once its end is stored. Where its handler ended well, its slot is free before
//! that: the next jobs are claimed while the ends of the last ones are written. There are never more leases than twice the slots, so
//! a database that does not answer fills those instead of the memory.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use muster_store::{Caps, ClaimedJob, Lease, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::WorkerSettings;
use crate::watch::spans::JobIds;

/// All leases of this process.
#[derive(Debug, Default)]
pub(super) struct Held {
    leases: Mutex<Leases>,
    look: Notify,
    emptied: Notify,
    hurry: Notify,
}

#[derive(Debug, Default)]
struct Leases {
    held: HashMap<Lease, Entry>,
    /// When jobs are due that this process put off.
    due: BinaryHeap<Reverse<Timestamp>>,
}

#[derive(Debug)]
struct Entry {
    until: Timestamp,
    /// Its handler ended well; that is still to be stored.
    is_over: bool,
    long: bool,
    lost: bool,
    ids: JobIds,
    cancelled: CancellationToken,
}

impl Held {
    fn leases(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The free slots, and what may be put into them.
    pub(super) fn room(&self, settings: &WorkerSettings) -> (usize, Caps) {
        let (leases, slots) = (self.leases(), settings.slots.get());
        let count = |is: fn(&Entry) -> bool| leases.held.values().filter(|entry| is(entry)).count();
        let caps = Caps {
            per_tenant: settings.tenant_cap.get(),
            long: settings.long_cap().saturating_sub(count(|entry| entry.long && !entry.is_over)),
            lost: 1_usize.saturating_sub(count(|entry| entry.lost)),
        };
        let free = slots.saturating_sub(count(|entry| !entry.is_over));
        (free.min((2 * slots).saturating_sub(leases.held.len())), caps)
    }

    /// The handler of one ended well: its slot is free.
    pub(super) fn over(&self, lease: Lease) {
        if let Some(entry) = self.leases().held.get_mut(&lease) {
            entry.is_over = true;
        }
        self.look_again();
    }

    /// Notes a claimed job; gives what tells it to stop.
    pub(super) fn take(
        &self,
        claimed: &ClaimedJob,
        until: Timestamp,
        all: &CancellationToken,
    ) -> CancellationToken {
        let cancelled = all.child_token();
        let (long, lost) = (claimed.job.long, claimed.job.losses > 0);
        let ids = JobIds::of(&claimed.job);
        let entry = Entry { until, is_over: false, long, lost, ids, cancelled: cancelled.clone() };
        self.leases().held.insert(claimed.lease, entry);
        cancelled
    }

    /// Strikes leases out; whoever claims looks again, for a slot is free and perhaps a serial key.
    pub(super) fn strike(&self, ended: impl IntoIterator<Item = Lease>) {
        let mut leases = self.leases();
        for lease in ended {
            leases.held.remove(&lease);
        }
        if leases.held.is_empty() {
            self.emptied.notify_waiters();
        }
        drop(leases);
        self.look_again();
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Lease> {
        self.leases().held.keys().copied().collect()
    }

    /// Of `asked`, those that were renewed go on; the others are told to stop, and given back to be mentioned.
    pub(super) fn renewed(&self, asked: &[Lease], renewed: &[Lease], until: Timestamp) -> Vec<JobIds> {
        let mut leases = self.leases();
        let mut lost = Vec::new();
        for lease in asked {
            // One that was struck out meanwhile has ended well.
            let Some(entry) = leases.held.get_mut(lease) else { continue };
            if renewed.contains(lease) {
                entry.until = until;
            } else {
                entry.cancelled.cancel();
                lost.push(entry.ids.clone());
            }
        }
        lost
    }

    /// Tells those to stop whose lease has run out without an answer from the database: another may start them now.
    pub(super) fn run_out(&self, now: Timestamp) -> Vec<JobIds> {
        let leases = self.leases();
        let over = leases.held.values().filter(|entry| entry.until <= now && !entry.cancelled.is_cancelled());
        over.map(|entry| {
            entry.cancelled.cancel();
            entry.ids.clone()
        })
        .collect()
    }

    /// A job is due then.
    pub(super) fn put_off(&self, due: Timestamp) {
        self.leases().due.push(Reverse(due));
    }

    /// When the next one is due; those that are due now are taken off the list.
    pub(super) fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        let mut leases = self.leases();
        while leases.due.peek().is_some_and(|Reverse(due)| *due <= now) {
            leases.due.pop();
        }
        leases.due.peek().map(|Reverse(due)| *due)
    }

    /// Whoever claims is to look again. It is remembered where he does not wait at this moment.
    pub(super) fn look_again(&self) {
        self.look.notify_one();
    }

    /// Waits for that.
    pub(super) async fn looked_for(&self) {
        self.look.notified().await;
    }

    /// Leases are to be renewed now: part of their time was over when they came.
    pub(super) fn hurry(&self) {
        self.hurry.notify_one();
    }

    /// Waits for that.
    pub(super) async fn hurried(&self) {
        self.hurry.notified().await;
    }

    /// Waits until nothing is held.
    pub(super) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            emptied.as_mut().enable();
            if self.leases().held.is_empty() {
                return;
            }
            emptied.await;
        }
    }
}
