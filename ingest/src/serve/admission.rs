//! Who gets a place: so many connections in all, so many of one address, and when all are taken, who goes.
//!
//! Nobody is turned away while somebody else is idle. When all are taken the connection goes that has been silent for
//! longest; if none is, the one whose body has been on its way for longest; whoever waits for our answer is never sent
//! away. So thousands of connections that do nothing, or next to nothing, cost real ones no more than a moment.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Limits;
use super::place::{Place, Seen, Stage};

/// A body that began later than this does not make room.
const FRESH: u64 = 1000;
/// How often it is looked again whether somebody can make room.
const AGAIN: Duration = Duration::from_millis(100);

/// All places.
#[derive(Debug)]
pub(super) struct Admission {
    taken: Mutex<Taken>,
    freed: Notify,
    began: Instant,
    limits: Limits,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    places: HashMap<u64, (IpAddr, Arc<Place>)>,
    of_address: HashMap<IpAddr, usize>,
}

/// A place that was given; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) place: Arc<Place>,
    admission: Arc<Admission>,
    number: u64,
}

impl Admission {
    pub(super) fn new(limits: Limits) -> Self {
        Self { taken: Mutex::default(), freed: Notify::new(), began: Instant::now(), limits }
    }

    /// A place for a connection of this address, as soon as there is one. `None` where this address has as many as it
    /// may have, all of them at work.
    pub(super) async fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Ticket> {
        let counted = (!self.is_exempt(address)).then(|| network(address));
        loop {
            let freed = self.freed.notified();
            {
                let mut taken = self.taken();
                let of_address =
                    counted.and_then(|address| taken.of_address.get(&address)).copied().unwrap_or(0);
                if of_address >= self.limits.per_address {
                    let own = counted.unwrap_or(address);
                    if !taken.make_room(|other| other == own, self.now()) {
                        return None;
                    }
                } else if taken.places.len() < self.limits.connections {
                    return Some(self.ticket(&mut taken, counted.unwrap_or(address), counted.is_some()));
                } else {
                    taken.make_room(|_| true, self.now());
                }
            }
            _ = tokio::time::timeout(AGAIN, freed).await;
        }
    }

    fn ticket(self: &Arc<Self>, taken: &mut Taken, address: IpAddr, is_counted: bool) -> Ticket {
        let (number, place) = (taken.next, Arc::new(Place::new(self.began)));
        taken.next += 1;
        taken.places.insert(number, (address, Arc::clone(&place)));
        if is_counted {
            *taken.of_address.entry(address).or_default() += 1;
        }
        Ticket { place, admission: Arc::clone(self), number }
    }

    /// Closes what has been idle, or on its first lines, for too long.
    pub(super) fn sweep(&self) {
        let now = self.now();
        for (_, place) in self.taken().places.values() {
            let seen = place.seen();
            let limit = match seen.stage {
                Stage::Idle => self.limits.idle,
                Stage::Head => self.limits.head,
                Stage::Body | Stage::Working | Stage::Condemned => continue,
            };
            if now.saturating_sub(seen.since) > limit.as_millis() as u64 {
                place.condemn(seen);
            }
        }
    }

    /// How many are taken.
    pub(super) fn count(&self) -> usize {
        self.taken().places.len()
    }

    fn is_exempt(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_loopback() || self.limits.proxies.contains(&address)
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Condemns one of those that `may` go; false where none can. One that is about to go is room enough.
    fn make_room(&self, may: impl Fn(IpAddr) -> bool, now: u64) -> bool {
        loop {
            let mut first: Option<(bool, Seen, &Place)> = None;
            for (address, place) in self.places.values() {
                let seen = place.seen();
                let is_body = match seen.stage {
                    Stage::Idle | Stage::Head => false,
                    Stage::Body if now.saturating_sub(seen.since) > FRESH => true,
                    Stage::Condemned if may(*address) => return true,
                    Stage::Body | Stage::Working | Stage::Condemned => continue,
                };
                let is_sooner =
                    first.as_ref().is_none_or(|first| (is_body, seen.since) < (first.0, first.1.since));
                if is_sooner && may(*address) {
                    first = Some((is_body, seen, place));
                }
            }
            match first {
                None => return false,
                Some((_, seen, place)) if place.condemn(seen) => return true,
                Some(_) => {} // a request has come in between
            }
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut taken = self.admission.taken();
        if let Some((address, _)) = taken.places.remove(&self.number)
            && let Some(count) = taken.of_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                taken.of_address.remove(&address);
            }
        }
        drop(taken);
        self.admission.freed.notify_one();
    }
}

/// What counts as one address: on IPv6 a single customer has a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
