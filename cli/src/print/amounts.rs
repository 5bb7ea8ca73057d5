//! Numbers in words: `1,234 files`, `4.5 MB`, `0.12 s`.

/// Digits in groups of three.
pub(crate) fn number(amount: u64) -> String {
    let digits = amount.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number and its noun, which takes an `s` unless it is one.
pub(crate) fn counted(amount: u64, noun: &str) -> String {
    format!("{} {noun}{}", number(amount), if amount == 1 { "" } else { "s" })
}

/// Deliveries and what they do or did, in the words for one and for several.
pub(crate) fn deliveries(amount: u64, one: &str, several: &str) -> String {
    if amount == 1 { format!("1 delivery {one}") } else { format!("{} deliveries {several}", number(amount)) }
}

/// A size in decimal units, two digits of it at least.
pub(crate) fn size(bytes: u64) -> String {
    let (mut whole, mut rest) = (bytes, 0);
    for unit in ["bytes", "kB", "MB", "GB", "TB", "PB"] {
        if whole < 1000 {
            return if unit != "bytes" && whole < 10 {
                format!("{whole}.{} {unit}", rest / 100)
            } else if unit == "bytes" {
                counted(whole, "byte")
            } else {
                format!("{whole} {unit}")
            };
        }
        (whole, rest) = (whole / 1000, whole % 1000);
    }
    format!("{} EB", number(whole))
}

/// A time in seconds.
pub(crate) fn seconds(milliseconds: u64) -> String {
    match milliseconds {
        0..10_000 => format!("{}.{:02} s", milliseconds / 1000, milliseconds % 1000 / 10),
        _ => format!("{} s", number(milliseconds / 1000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        let waiting = [1, 2000].map(|amount| deliveries(amount, "waits", "wait"));
        assert_eq!(waiting, ["1 delivery waits", "2,000 deliveries wait"]);
        assert_eq!([0, 1, 2].map(|amount| counted(amount, "task")), ["0 tasks", "1 task", "2 tasks"]);
    }

    #[test]
    fn sizes_and_times_keep_two_digits() {
        let sizes = [1, 999, 1000, 9_990, 123_456, 5_400_000, u64::MAX].map(size);
        assert_eq!(sizes, ["1 byte", "999 bytes", "1.0 kB", "9.9 kB", "123 kB", "5.4 MB", "18 EB"]);
        assert_eq!([0, 123, 9_999, 61_000].map(seconds), ["0.00 s", "0.12 s", "9.99 s", "61 s"]);
    }
}
