//! Times as GitHub writes them: RFC 3339 in UTC in answers, HTTP dates in headers.

use muster_store::Timestamp;

/// Milliseconds of a day's beginning, by the civil calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn day(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    days * 86_400_000
}

fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(number);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && hour < 24 && minute < 60 && second < 61)
        .then_some(((hour * 60 + minute) * 60 + second) * 1000)
}

/// `2024-02-29T00:00:00Z`.
pub(super) fn rfc3339(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.split('-').map(number);
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    let is_date =
        parts.next().is_none() && year < 10_000 && (1..=12).contains(&month) && (1..=31).contains(&of_month);
    let seconds = time.split('.').next()?;
    is_date.then_some(())?;
    Some(Timestamp(day(year, month, of_month) + clock(seconds)?))
}

/// `Thu, 29 Feb 2024 00:00:00 GMT` (RFC 9110, IMF-fixdate).
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.strip_suffix(" GMT")?.split(' ');
    let (of_month, month, year) = (number(parts.next()?)?, parts.next()?, number(parts.next()?)?);
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let time = clock(parts.next()?)?;
    (parts.next().is_none() && year < 10_000 && (1..=31).contains(&of_month))
        .then(|| Timestamp(day(year, month, of_month) + time))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        let known = Timestamp(1_709_164_800_000);
        assert_eq!(rfc3339("2024-02-29T00:00:00Z"), Some(known));
        assert_eq!(rfc3339("2024-02-29T00:00:00.123Z"), Some(known));
        assert_eq!(http_date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(known));
        for odd in
            ["", "2024-02-29", "2024-13-01T00:00:00Z", "2024-02-29T25:00:00Z", "2024-02-29T00:00:00+01:00"]
        {
            assert_eq!(rfc3339(odd), None, "{odd}");
        }
        for odd in
            ["", "29 Feb 2024 00:00:00 GMT", "Thu, 29 Foo 2024 00:00:00 GMT", "Thu, 29 Feb 2024 00:00:00"]
        {
            assert_eq!(http_date(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn what_we_write_is_read(seconds in 0_i64..253_402_300_800) {
            let time = Timestamp(seconds * 1000);
            prop_assert_eq!(rfc3339(&time.to_string()), Some(time));
        }

        #[test]
        fn nothing_panics(text in ".{0,40}") {
            let _ = (rfc3339(&text), http_date(&text));
        }
    }
}
