//! A time as Git records it: seconds since 1970 and the offset that the author's clock had.

use std::fmt;

use serde::{Serialize, Serializer};

/// Seconds since 1970-01-01T00:00:00Z and an offset east of UTC in minutes.
///
/// Shown as RFC 3339 with the recorded offset. Git stores whatever number it was given, so two bounds apply when
/// it is shown: an offset of a day or more is shown as UTC (RFC 3339 has no such offset), and a time outside the
/// years 0000 to 9999 is shown as the nearest of those bounds. The stored numbers stay as recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Minutes east of UTC, as recorded.
    pub offset_minutes: i32,
}

/// 0000-01-01T00:00:00Z, the first second that RFC 3339 can write.
const FIRST: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z, the last second that RFC 3339 can write.
const LAST: i64 = 253_402_300_799;

impl Moment {
    /// True where RFC 3339 can write this moment exactly as recorded.
    pub fn is_exact(&self) -> bool {
        let local = self.seconds.saturating_add(i64::from(self.offset_minutes) * 60);
        self.offset_minutes.abs() < 24 * 60 && (FIRST..=LAST).contains(&local)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = if self.offset_minutes.abs() < 24 * 60 { self.offset_minutes } else { 0 };
        let local = self.seconds.saturating_add(i64::from(offset) * 60).clamp(FIRST, LAST);
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if offset == 0 {
            return f.write_str("Z");
        }
        let sign = if offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
    }
}

/// Year, month and day of a count of days since 1970-01-01 in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years that begin on the first of March, so that the leap day is the last day of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let since_march_0000 = days + 719_468;
    let era = since_march_0000.div_euclid(146_097);
    let day_of_era = since_march_0000.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(seconds: i64, offset_minutes: i32) -> String {
        Moment { seconds, offset_minutes }.to_string()
    }

    #[test]
    fn the_recorded_offset_is_kept() {
        assert_eq!(shown(0, 0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(951_782_400, 330), "2000-02-29T05:30:00+05:30");
        assert_eq!(shown(1_709_164_800, -210), "2024-02-28T20:30:00-03:30");
        assert_eq!(shown(-1, 0), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn absurd_times_are_shown_at_the_nearest_bound() {
        assert_eq!(shown(i64::MAX, 0), "9999-12-31T23:59:59Z");
        assert_eq!(shown(i64::MIN, -600), "0000-01-01T00:00:00-10:00");
        assert_eq!(shown(0, 99 * 60), "1970-01-01T00:00:00Z");
        assert!(!Moment { seconds: i64::MAX, offset_minutes: 0 }.is_exact());
        assert!(Moment { seconds: 0, offset_minutes: 90 }.is_exact());
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut last = civil(-719_528);
        assert_eq!(last, (0, 1, 1));
        for days in -719_527..-573_000 {
            let next = civil(days);
            assert!(next > last && next.2 <= 31 && (1..=12).contains(&next.1), "{days}");
            last = next;
        }
    }
}
