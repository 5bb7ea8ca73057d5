//! Sharing the processors: while several tenants have brief jobs, none of them runs more at once than its part.
//!
//! Slots alone do not do it. They are more than there are processors, since most jobs wait for a disk or a remote; a tenant that
//! floods fills three quarters of them with jobs that do not, and then whatever another one's job does takes several times as
//! long. A tenant that is alone has all slots; what is claimed and waits here goes on as soon as others have been silent for a
//! while.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use muster_store::{ClaimedJob, TenantId};
use tokio::sync::oneshot;

/// How long a tenant counts after its last job began.
const RECENT: Duration = Duration::from_secs(5);

/// Who shares: a tenant, or where none is known yet, what takes turns in its place.
type Sharer = (Option<TenantId>, Option<i64>);

/// The brief jobs of a process.
#[derive(Debug)]
pub(super) struct Sharing {
    processors: usize,
    sharers: Mutex<HashMap<Sharer, Jobs>>,
}

#[derive(Debug)]
struct Jobs {
    running: usize,
    waiting: VecDeque<oneshot::Sender<Place>>,
    seen: Instant,
}

/// The right to run, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    of: Option<(Arc<Sharing>, Sharer)>,
}

impl Sharing {
    /// For so many processors.
    pub(super) fn new(processors: usize) -> Arc<Self> {
        Arc::new(Self { processors, sharers: Mutex::default() })
    }

    fn sharers(&self) -> MutexGuard<'_, HashMap<Sharer, Jobs>> {
        self.sharers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the job's tenant may run one more.
    pub(super) async fn place(self: &Arc<Self>, job: &ClaimedJob) -> Place {
        let tenant = job.job.tenant;
        self.place_of((tenant, job.job.fair_hint.filter(|_| tenant.is_none())), Instant::now()).await
    }

    async fn place_of(self: &Arc<Self>, sharer: Sharer, now: Instant) -> Place {
        loop {
            let called = {
                let mut sharers = self.sharers();
                sharers
                    .retain(|_, jobs| jobs.running > 0 || now.saturating_duration_since(jobs.seen) < RECENT);
                let new = || Jobs { running: 0, waiting: VecDeque::new(), seen: now };
                sharers.entry(sharer).or_insert_with(new).seen = now;
                let part = self.part(&sharers);
                let jobs = sharers.entry(sharer).or_insert_with(new);
                if jobs.running < part {
                    jobs.running += 1;
                    return Place { of: Some((self.clone(), sharer)) };
                }
                let (call, called) = oneshot::channel();
                jobs.waiting.push_back(call);
                called
            };
            if let Ok(place) = called.await {
                return place;
            }
        }
    }

    /// How many one may run. Where it is not known yet whose a job is, its tenant shares twice.
    fn part(&self, sharers: &HashMap<Sharer, Jobs>) -> usize {
        let known = sharers.keys().filter(|(tenant, _)| tenant.is_some()).count();
        match known.max(sharers.len() - known) {
            0 | 1 => usize::MAX,
            several => (self.processors / several).max(1),
        }
    }

    /// One of them has ended: gives its place on; whoever no longer waits is passed over.
    fn end(self: Arc<Self>, sharer: Sharer, now: Instant) {
        let mut sharers = self.sharers();
        let quiet = |of: &Sharer, jobs: &Jobs| {
            *of != sharer && jobs.running == 0 && now.saturating_duration_since(jobs.seen) >= RECENT
        };
        sharers.retain(|of, jobs| !quiet(of, jobs));
        let part = self.part(&sharers);
        let Some(jobs) = sharers.get_mut(&sharer) else { return };
        jobs.running -= 1;
        while jobs.running < part {
            let Some(next) = jobs.waiting.pop_front() else { return };
            match next.send(Place { of: Some((self.clone(), sharer)) }) {
                Ok(()) => jobs.running += 1,
                Err(mut refused) => refused.of = None,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((sharing, sharer)) = self.of.take() {
            sharing.end(sharer, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const FLOODER: Sharer = (None, Some(1));
    const OTHER: Sharer = (None, Some(2));

    /// The place, if there is one now.
    fn now<F: Future<Output = Place>>(place: std::pin::Pin<&mut F>) -> Option<Place> {
        match place.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(place) => Some(place),
            Poll::Pending => None,
        }
    }

    #[test]
    fn one_that_is_alone_is_not_held_up_and_one_beside_others_has_its_part() {
        let (sharing, start) = (Sharing::new(4), Instant::now());
        let place = |sharer, at| now(pin!(sharing.place_of(sharer, at)));
        let alone: Vec<_> = (0..10).map(|_| place(FLOODER, start).unwrap()).collect();
        let other: Vec<_> = (0..2).map(|_| place(OTHER, start).unwrap()).collect();
        assert!(place(OTHER, start).is_none(), "two of four processors");
        assert!(place(FLOODER, start).is_none(), "ten are more than its part");
        let mut waiting = Box::pin(sharing.place_of(FLOODER, start));
        let mut left = Box::pin(sharing.place_of(FLOODER, start));
        assert!(now(waiting.as_mut()).is_none() && now(left.as_mut()).is_none());
        drop(left);
        let mut alone = alone.into_iter();
        (0..8).for_each(|_| drop(alone.next()));
        assert!(now(waiting.as_mut()).is_none(), "two run still");
        drop(alone.next());
        let got = now(waiting.as_mut());
        assert!(got.is_some() && place(FLOODER, start).is_none());
        drop((other, got, alone));
        let later = start + RECENT * 2;
        let again: Vec<_> = (0..5).filter_map(|_| place(FLOODER, later)).collect();
        assert_eq!(again.len(), 5, "the other has long been silent");
    }

    #[test]
    fn a_place_that_nobody_took_is_given_back() {
        let (sharing, start) = (Sharing::new(2), Instant::now());
        let place = |sharer| now(pin!(sharing.place_of(sharer, start)));
        let (_other, first) = (place(OTHER).unwrap(), place(FLOODER).unwrap());
        let mut gave_up = Box::pin(sharing.place_of(FLOODER, start));
        assert!(now(gave_up.as_mut()).is_none());
        drop(first);
        // It was called and leaves before it hears of it.
        drop(gave_up);
        assert!(place(FLOODER).is_some());
    }
}
