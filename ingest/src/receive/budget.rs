//! The memory that bodies in flight share.
//!
//! A body is reserved for before it is read, so that whoever has not signed anything yet cannot make the process grow.
//! Long bodies may take three quarters and no more: ten strangers who announce 25 MB each must not shut out the
//! deliveries of ten kilobytes that nearly everybody sends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A body that is longer is a long one.
const LONG: usize = 1024 * 1024;

/// How much of it is in use. Clones share it.
#[derive(Clone, Debug)]
pub struct BodyBudget {
    held: Arc<Mutex<Held>>,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    all: usize,
    long: usize,
}

impl BodyBudget {
    /// So many bytes at once.
    pub fn new(bytes: usize) -> Self {
        Self { held: Arc::default(), bytes }
    }

    /// Bytes that are reserved now.
    pub fn in_use(&self) -> usize {
        self.held().all
    }

    /// Room for a body of this length; none where there is not so much.
    pub(super) fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let mut reservation = Reservation { budget: self.clone(), bytes: 0 };
        reservation.grow_to(bytes).then_some(reservation)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one body, free again when it is dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: BodyBudget,
    bytes: usize,
}

impl Reservation {
    /// Takes more room, or less; false, and as before, where there is not so much.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        self.grow_within(self.budget.bytes, bytes)
    }

    /// The same, where half of all is left then: for what may also be left undone.
    pub(super) fn grow_where_there_is_plenty(&mut self, bytes: usize) -> bool {
        self.grow_within(self.budget.bytes / 2, bytes)
    }

    fn grow_within(&mut self, most: usize, bytes: usize) -> bool {
        let mut held = self.budget.held();
        let next =
            Held { all: held.all - self.bytes + bytes, long: held.long - long(self.bytes) + long(bytes) };
        let fits = next.all <= most && next.long <= most / 4 * 3;
        if fits {
            *held = next;
            drop(held);
            self.bytes = bytes;
        }
        fits
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut held = self.budget.held();
        held.all -= self.bytes;
        held.long -= long(self.bytes);
    }
}

/// What a body counts among the long ones.
fn long(bytes: usize) -> usize {
    if bytes > LONG { bytes } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_bodies_leave_room_for_short_ones() {
        let budget = BodyBudget::new(8 * LONG);
        let long: Vec<_> = std::iter::from_fn(|| budget.reserve(2 * LONG)).collect();
        assert_eq!(long.len(), 3);
        let mut short = budget.reserve(LONG).unwrap();
        assert!(!short.grow_to(LONG + 1), "then it would be a long one");
        assert!(budget.reserve(LONG).is_some());
        drop(long);
        assert!(short.grow_to(6 * LONG));
        drop(short);
        assert_eq!(budget.in_use(), 0);
    }

    proptest! {
        #[test]
        fn no_more_is_held_than_there_is_and_all_comes_back(steps in prop::collection::vec((0_usize..12, 0..3 * LONG), 0..60)) {
            let budget = BodyBudget::new(10 * LONG);
            let mut held: Vec<Reservation> = Vec::new();
            for (which, bytes) in steps {
                match which {
                    0..5 => held.extend(budget.reserve(bytes)),
                    5..9 if which < held.len() => _ = held[which].grow_to(bytes),
                    _ if !held.is_empty() => drop(held.swap_remove(which % held.len())),
                    _ => {}
                }
                prop_assert_eq!(budget.in_use(), held.iter().map(|one| one.bytes).sum::<usize>());
                prop_assert!(budget.in_use() <= 10 * LONG);
            }
            drop(held);
            prop_assert_eq!(budget.in_use(), 0);
        }
    }
}
