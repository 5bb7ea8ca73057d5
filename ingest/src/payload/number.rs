//! Numbers of JSON as whole numbers, exactly or not at all.
//!
//! An id that went through a floating-point number is another id, so none is used where digits do.

use serde_json::value::RawValue;

use super::text;

/// From here on a floating-point number does not tell neighbours apart: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number in the range of 64 bits with sign: digits, a text of digits, or a decimal without fraction below 2^53.
pub(super) fn whole(raw: &RawValue) -> Option<i64> {
    let json = raw.get();
    match json.as_bytes().first()? {
        b'-' | b'0'..=b'9' => from_digits(json),
        // Longer than any number that fits.
        b'"' if json.len() <= 40 => from_digits(text::decode(raw)?.trim()),
        _ => None,
    }
}

fn from_digits(digits: &str) -> Option<i64> {
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    // What is whole and does not fit has no fraction to look at; `inf` and `nan` are no numbers of JSON.
    if !digits.starts_with(|c: char| c == '-' || c.is_ascii_digit()) || !digits.contains(['.', 'e', 'E']) {
        return None;
    }
    let number: f64 = digits.parse().ok()?;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<i64> {
        whole(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn whole_numbers_however_written() {
        let max = i64::MAX;
        assert_eq!(read("5000000000"), Some(5_000_000_000), "beyond 32 bits");
        assert_eq!(read("9007199254740993"), Some(9_007_199_254_740_993), "beyond 53 bits, exactly");
        assert_eq!((read(&max.to_string()), read(&format!("\"{max}\""))), (Some(max), Some(max)));
        assert_eq!(
            (read("12.0"), read("1.2e1"), read("\" 12 \""), read("-0")),
            (Some(12), Some(12), Some(12), Some(0))
        );
        assert_eq!(read("\"\\u0031\\u0032\""), Some(12));
    }

    #[test]
    fn what_is_not_exact_is_not_known() {
        for json in [
            "18446744073709551615",
            "9223372036854775808",
            "1e400",
            "-1e400",
            "1e19",
            "1.5",
            "9007199254740993.0",
            "\"\"",
            "\"12a\"",
            "\"inf\"",
            "\"0x10\"",
            "null",
            "true",
            "[1]",
            "{}",
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
