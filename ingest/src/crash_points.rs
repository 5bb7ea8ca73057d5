//! Points at which a test has the process end as a power cut would end it: no destructor runs, nothing is flushed.
//!
//! A kill from outside hits such a moment by chance alone. Programs that are built for use (without debug assertions) know
//! no points: there [`reach`] is nothing, whatever was asked for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where to end.
#[derive(Debug)]
struct Armed {
    point: String,
    /// How often it is still passed before that.
    passes: AtomicU64,
}

static ARMED: OnceLock<Armed> = OnceLock::new();

/// Ends this process at a point: `fetched`, or `fetched:3` for the third time that it is reached.
pub fn arm(point: &str) {
    let (point, time) = point.split_once(':').unwrap_or((point, "1"));
    let passes = AtomicU64::new(time.parse::<u64>().unwrap_or(1).saturating_sub(1));
    _ = ARMED.set(Armed { point: point.to_owned(), passes });
}

/// A point is reached.
pub(crate) fn reach(point: &str) {
    if cfg!(debug_assertions)
        && let Some(armed) = ARMED.get()
        && armed.point == point
        && armed.passes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err()
    {
        std::process::abort();
    }
}
