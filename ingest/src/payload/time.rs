//! Times as GitHub says them: seconds since 1970 in some events, RFC 3339 in others, null, or nonsense.
//!
//! Read by ourselves, because libraries refuse what occurs: the year 0000, the last day of 9999, a leap second. One that
//! cannot be read is unknown, which is no error: it sorts before all others.

use muster_model::ProviderTime;
use serde_json::value::RawValue;

use super::{number, text};

/// Longer texts hold no time.
const LONGEST: usize = 64;

pub(super) fn read(raw: &RawValue) -> ProviderTime {
    let seconds = |seconds: i64| ProviderTime::from_millis(seconds.saturating_mul(1000));
    if let Some(whole) = number::whole(raw) {
        return seconds(whole);
    }
    match raw.get().as_bytes() {
        [b'"', ..] if raw.get().len() <= LONGEST => {
            let millis = text::decode(raw).and_then(|text| parse(text.trim().as_bytes()));
            millis.map_or(ProviderTime::UNKNOWN, ProviderTime::from_millis)
        }
        [b'-' | b'0'..=b'9', ..] => match raw.get().parse::<f64>() {
            // Rounds; saturates where it is beyond all years.
            Ok(number) => ProviderTime::from_millis((number * 1000.0) as i64),
            Err(_) => ProviderTime::UNKNOWN,
        },
        _ => ProviderTime::UNKNOWN,
    }
}

/// Milliseconds since 1970 of an RFC 3339 time: `2019-05-15T15:20:41Z`, with any fraction and any offset. Without an
/// offset it is UTC. A leap second is the first second of the next minute.
fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (separator, rest) = rest.split_first()?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let [h1, h2, b':', n1, n2, b':', s1, s2] = clock else { return None };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (year, month, day) = (digits(&[*y1, *y2, *y3, *y4])?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    let (hour, minute, second) = (digits(&[*h1, *h2])?, digits(&[*n1, *n2])?, digits(&[*s1, *s2])?);
    if !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (millis, rest) = fraction(rest)?;
    let seconds =
        days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset(rest)?;
    Some(seconds * 1000 + millis)
}

/// The number that ASCII digits write.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

/// Milliseconds of `.123456`, and what stands behind it.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(behind) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let millis =
        [100, 10, 1].iter().zip(&behind[..length]).map(|(unit, digit)| unit * i64::from(digit - b'0')).sum();
    Some((millis, &behind[length..]))
}

/// Seconds east of UTC: `Z`, `+05:30`, `+0530`, `-00:00`, or nothing.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, clock) = match text {
        [] | b"Z" | b"z" => return Some(0),
        [b'+', clock @ ..] => (1, clock),
        [b'-', clock @ ..] => (-1, clock),
        _ => return None,
    };
    let ([h1, h2, b':', m1, m2] | [h1, h2, m1, m2]) = clock else { return None };
    let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// In the proleptic Gregorian calendar, in eras of 400 years that begin on the first of March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let year_of_era = year.rem_euclid(400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use muster_model::Moment;
    use proptest::prelude::*;

    use super::*;

    fn shown(json: &str) -> String {
        read(serde_json::from_str(json).unwrap()).to_string()
    }

    #[test]
    fn times_as_they_come() {
        let said = [
            "1557933657",
            "1557933657.5",
            "\"1557933657\"",
            "\"2019-05-15T15:20:57Z\"",
            "\"2019-05-15T20:50:57+05:30\"",
            "\"2019-05-15 15:20:57-00:00\"",
            "\"2019-05-15t15:20:57.123456789z\"",
            "\"2019-05-15T15:20:57\"",
            "\"0000-01-01T00:00:00Z\"",
            "\"0000-01-01T00:00:00+10:00\"",
            "\"1969-12-31T23:59:59Z\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"2016-12-31T23:59:60Z\"",
            "-62167219200",
            "99999999999999999999",
            "1e400",
            "-1e400",
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\"yesterday\"",
            "\"2019-02-29T00:00:00Z\"",
            "\"2019-13-01T00:00:00Z\"",
            "\"2019-05-15T24:00:00Z\"",
            "\"2019-05-15T15:20:57.Z\"",
            "\"2019-05-15T15:20:57+5\"",
            "\"12019-05-15T15:20:57Z\"",
            "\"2019-05-15\"",
        ];
        let table: Vec<String> = said.iter().map(|json| format!("{json:<36} {}", shown(json))).collect();
        insta::assert_snapshot!(table.join("\n"), @r#"
        1557933657                           2019-05-15T15:20:57Z
        1557933657.5                         2019-05-15T15:20:57Z
        "1557933657"                         2019-05-15T15:20:57Z
        "2019-05-15T15:20:57Z"               2019-05-15T15:20:57Z
        "2019-05-15T20:50:57+05:30"          2019-05-15T15:20:57Z
        "2019-05-15 15:20:57-00:00"          2019-05-15T15:20:57Z
        "2019-05-15t15:20:57.123456789z"     2019-05-15T15:20:57Z
        "2019-05-15T15:20:57"                2019-05-15T15:20:57Z
        "0000-01-01T00:00:00Z"               0000-01-01T00:00:00Z
        "0000-01-01T00:00:00+10:00"          0000-01-01T00:00:00Z
        "1969-12-31T23:59:59Z"               1969-12-31T23:59:59Z
        "9999-12-31T23:59:59Z"               9999-12-31T23:59:59Z
        "2016-12-31T23:59:60Z"               2017-01-01T00:00:00Z
        -62167219200                         0000-01-01T00:00:00Z
        99999999999999999999                 9999-12-31T23:59:59Z
        1e400                                9999-12-31T23:59:59Z
        -1e400                               0000-01-01T00:00:00Z
        null                                 unknown
        true                                 unknown
        {}                                   unknown
        []                                   unknown
        ""                                   unknown
        "yesterday"                          unknown
        "2019-02-29T00:00:00Z"               unknown
        "2019-13-01T00:00:00Z"               unknown
        "2019-05-15T24:00:00Z"               unknown
        "2019-05-15T15:20:57.Z"              unknown
        "2019-05-15T15:20:57+5"              unknown
        "12019-05-15T15:20:57Z"              unknown
        "2019-05-15"                         unknown
        "#);
    }

    #[test]
    fn fractions_sort_within_a_second() {
        let time = |json: &str| read(serde_json::from_str(json).unwrap());
        let times =
            ["57Z", "57.1Z", "57.12Z", "57.123Z", "58Z"].map(|s| time(&format!("\"2019-05-15T15:20:{s}\"")));
        assert!(times.is_sorted_by(|one, other| one < other));
    }

    proptest! {
        #[test]
        fn every_moment_comes_back(seconds in -62_167_219_200_i64..=253_402_300_799, offset in -1439_i32..1440) {
            let moment = Moment { seconds, offset_minutes: offset };
            prop_assume!(moment.is_exact());
            prop_assert_eq!(parse(moment.to_string().as_bytes()), Some(seconds * 1000));
        }

        #[test]
        fn no_text_panics(text in "[-+.:TtZz 0-9]{0,40}|\\PC{0,40}") {
            shown(&serde_json::to_string(&text).unwrap());
        }
    }
}
