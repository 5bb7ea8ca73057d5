//! What a provider numbers and dates: the id that it gives to a thing, and the time that it says.
//!
//! Both are kept as whole numbers that sort, in the range that both databases hold.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Moment;

/// The id of a repository, issue, installation or account at its provider: 1 to 2^63 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ProviderId(i64);

impl ProviderId {
    /// `None` for zero and below: no provider gives such an id.
    pub fn new(id: i64) -> Option<Self> {
        (id > 0).then_some(Self(id))
    }

    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A time that the provider says, to the millisecond: of use to tell which of two reports is the later one.
///
/// A time before the year 0000 or after 9999 is kept as the nearest of those bounds. One that is missing or cannot be
/// read is `UNKNOWN` and sorts before all others: a report without a time never replaces one with a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderTime(i64);

impl ProviderTime {
    /// Not said, or not in a way that can be read.
    pub const UNKNOWN: Self = Self(i64::MIN);
    /// 0000-01-01T00:00:00Z.
    const FIRST: i64 = -62_167_219_200_000;
    /// 9999-12-31T23:59:59.999Z.
    const LAST: i64 = 253_402_300_799_999;

    /// From milliseconds since 1970-01-01T00:00:00Z, kept within the years 0000 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(Self::FIRST, Self::LAST))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; `None` where the time is not known.
    pub fn millis(self) -> Option<i64> {
        (self != Self::UNKNOWN).then_some(self.0)
    }

    /// A number that sorts as the times do, unknown ones first: for a column that is compared.
    pub fn sort_key(self) -> i64 {
        self.0
    }

    /// This time, or the other where this one is not known.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == Self::UNKNOWN { other } else { self }
    }
}

impl Default for ProviderTime {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl fmt::Display for ProviderTime {
    /// RFC 3339 in UTC, to the second; `unknown` where it is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.millis() {
            None => f.write_str("unknown"),
            Some(millis) => Moment { seconds: millis.div_euclid(1000), offset_minutes: 0 }.fmt(f),
        }
    }
}

impl fmt::Debug for ProviderTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProviderTime({self})")
    }
}

impl Serialize for ProviderTime {
    /// Milliseconds, so that no two times are written alike; null where it is not known.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.millis().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positive_numbers_are_ids() {
        assert_eq!(ProviderId::new(5_000_000_000).map(ProviderId::get), Some(5_000_000_000));
        assert_eq!(
            ProviderId::new(i64::MAX).map(|id| id.to_string()).as_deref(),
            Some("9223372036854775807")
        );
        assert_eq!([0, -1, i64::MIN].map(ProviderId::new), [None; 3]);
    }

    #[test]
    fn absurd_times_still_sort() {
        let times = [i64::MIN, -1, 0, 1, i64::MAX].map(ProviderTime::from_millis);
        assert!(times.is_sorted());
        assert_eq!(times[0].to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(times[1].to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(times[4].to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn an_unknown_time_sorts_first_and_gives_way() {
        let (unknown, first) = (ProviderTime::UNKNOWN, ProviderTime::from_millis(i64::MIN));
        assert!(unknown < first && unknown.sort_key() < first.sort_key());
        assert_eq!((unknown.or(first), first.or(unknown)), (first, first));
        assert_eq!(serde_json::to_string(&[unknown, first]).unwrap(), "[null,-62167219200000]");
    }
}
