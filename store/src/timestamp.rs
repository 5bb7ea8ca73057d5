//! The times that we set ourselves. They come in as values: the store has no clock.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use muster_model::Moment;

/// Milliseconds since 1970-01-01T00:00:00Z. Shown as RFC 3339 in UTC, to the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl From<SystemTime> for Timestamp {
    /// A clock that stands before 1970 or past the end of the 64-bit range counts as the nearest bound.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Moment { seconds: self.0.div_euclid(1000), offset_minutes: 0 }.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_in_utc_to_the_second() {
        assert_eq!(Timestamp(1_709_164_800_999).to_string(), "2024-02-29T00:00:00Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59Z");
    }
}
