//! What one connection is busy with, and since when.
//!
//! One number that is read and changed without a lock: a request changes it four times, and whoever looks for a connection
//! to close reads all of them. A place that was condemned stays so, and whoever condemned it was the only one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use tokio::sync::Notify;

/// What a connection is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing: the last request was answered.
    Idle,
    /// Sending the head of a request.
    Head,
    /// Sending a body.
    Body,
    /// Waiting for us.
    Working,
    /// It is being closed.
    Condemned,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Idle, Self::Head, Self::Body, Self::Working, Self::Condemned];
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Place {
    /// Milliseconds since `began`, and the stage in the lowest three bits.
    state: AtomicU64,
    began: Instant,
    closing: Notify,
    unread: AtomicBool,
}

/// A stage and when it was entered, as seen once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) stage: Stage,
    /// When, in milliseconds of the clock that all places share.
    pub(super) since: u64,
    raw: u64,
}

impl Place {
    /// A new connection: a request is expected at once. `began` is the same for all places that are compared.
    pub(super) fn new(began: Instant) -> Self {
        let place =
            Self { state: AtomicU64::new(0), began, closing: Notify::new(), unread: AtomicBool::new(false) };
        place.enter(Stage::Head);
        place
    }

    /// Milliseconds of the shared clock.
    pub(super) fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    /// Goes on to a stage; a condemned place stays so.
    pub(super) fn enter(&self, stage: Stage) {
        let next = self.now() << 3 | stage as u64;
        let is_open = |raw| (seen(raw).stage != Stage::Condemned).then_some(next);
        _ = self.state.fetch_update(Ordering::AcqRel, Ordering::Acquire, is_open);
    }

    /// Bytes came: where nothing was going on, a request has begun.
    pub(super) fn hear(&self) {
        if self.seen().stage == Stage::Idle {
            self.enter(Stage::Head);
        }
    }

    pub(super) fn seen(&self) -> Seen {
        seen(self.state.load(Ordering::Acquire))
    }

    /// Closes it, unless something has happened there since it was seen.
    pub(super) fn condemn(&self, seen: Seen) -> bool {
        let next = seen.since << 3 | Stage::Condemned as u64;
        let done = self.state.compare_exchange(seen.raw, next, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if done {
            self.closing.notify_one();
        }
        done
    }

    /// Waits until it is condemned.
    pub(super) async fn condemned(&self) {
        self.closing.notified().await;
    }

    /// An answer was given before the whole request had been read.
    pub(super) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Release);
    }

    pub(super) fn has_unread(&self) -> bool {
        self.unread.load(Ordering::Acquire)
    }
}

fn seen(raw: u64) -> Seen {
    Seen { stage: Stage::ALL[(raw & 7) as usize % Stage::ALL.len()], since: raw >> 3, raw }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condemned_place_stays_so_and_one_that_moved_on_is_spared() {
        let place = Place::new(Instant::now());
        let seen = place.seen();
        assert_eq!(seen.stage, Stage::Head);
        place.enter(Stage::Working);
        assert!(!place.condemn(seen), "a request has come meanwhile");
        place.enter(Stage::Idle);
        place.hear();
        assert_eq!(place.seen().stage, Stage::Head);
        assert!(place.condemn(place.seen()));
        place.enter(Stage::Working);
        place.hear();
        assert_eq!(place.seen().stage, Stage::Condemned);
    }
}
