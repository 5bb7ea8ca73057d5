//! Which connections of a pool are not to be used again: those that are older than the last refusal to write.
//!
//! Whether a session may write is settled when it begins: a file that was read-only when it was opened stays so, and so
//! does a session with a server that has become a standby, or a database that was put to read-only. When the fault is
//! gone a new connection can write, and the old ones never.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When a write was last refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Suspicion(Arc<Mutex<Option<Instant>>>);

impl Suspicion {
    /// A write was refused: every connection that there is falls under suspicion.
    pub(crate) fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// A connection of this age was there when a write was refused.
    pub(crate) fn is_on(&self, age: Duration) -> bool {
        let raised = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        raised.is_some_and(|raised| age >= raised.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_under_suspicion_and_what_came_later_is_not() {
        let suspicion = Suspicion::default();
        assert!(!suspicion.is_on(Duration::MAX));
        suspicion.raise();
        assert!(suspicion.is_on(Duration::MAX));
        assert!(!suspicion.is_on(Duration::ZERO));
    }
}
