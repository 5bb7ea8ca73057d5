//! The identifier at the start of an item: `P1-T01`, `T1.1.1`, `Task 1.12`, `TASK-ABC-123`.
//!
//! The first word must be an identifier as a whole: "T1.1-T1.5 all of them" names a range, and has none. Shapes that
//! prose uses too (`FIPS-140`, `TLS1.2`, `US001`) count only where they are set apart from what follows.

/// Words before a number that name no task. The first ones are those that never are a key in a commit message either.
const NO_PREFIX: [&str; 36] = [
    "UTF", "ISO", "RFC", "SHA", "MD", "AES", "RSA", "CVE", "CWE", "PEP", "GPT", "RTX", "GTX", "CPU", "GPU",
    "HTTP", "TLS", "IEEE", "ANSI", "ASCII", "SSL", "IPV", "WCAG", "FIPS", "NIST", "SOC", "COVID", "PHASE",
    "WEEK", "SPRINT", "DAY", "STEP", "LEVEL", "TIER", "ES", "V",
];

/// Splits an item's plain text into its key and the rest. `apart` is where its first bold, emphasised, linked or code
/// part ends, if it opens with one. Without a key the rest is the whole text; where the key is all there is, too.
pub(super) fn split(text: &str, apart: Option<usize>) -> (Option<String>, &str) {
    let open = text.starts_with(['[', '(']);
    let start = usize::from(open);
    let Some(end) = end_of_key(text, start, apart, open) else { return (None, text) };
    if open && !text[end..].starts_with([']', ')']) {
        return (None, text);
    }
    let key = text[start..end].to_owned();
    let rest = text[end..].trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.' | '|' | ')' | ']')
    });
    (Some(key), if rest.is_empty() { text } else { rest })
}

fn end_of_key(text: &str, start: usize, apart: Option<usize>, open: bool) -> Option<usize> {
    let word = &text[start..start + word_length(&text[start..])];
    if word.is_empty() {
        return None;
    }
    let mut end = start + word.len();
    if matches!(word, "Task" | "TASK" | "task") {
        let number = &text[end..].strip_prefix(' ')?;
        let number = &number[..word_length(number)];
        end += 1 + number.len();
        let sure = number.contains('.') || is_apart(text, end, apart, open);
        return (is_dotted(number) && sure).then_some(end);
    }
    match shape(word) {
        Shape::Key => Some(end),
        Shape::Perhaps if is_apart(text, end, apart, open) => Some(end),
        _ => None,
    }
}

/// The length of the first word, trailing punctuation left out.
fn word_length(text: &str) -> usize {
    let end = text
        .find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '#' | '@' | '&' | '+' | '%'))
        })
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', '-']).len()
}

/// True where the key ends its own bold or code part, or its brackets, or is followed by a colon or a dash.
fn is_apart(text: &str, end: usize, apart: Option<usize>, open: bool) -> bool {
    let rest = text[end..].trim_start();
    apart.is_some_and(|at| {
        text.get(end..at).is_some_and(|between| between.trim_matches([':', '.', ' ']).is_empty())
    }) || (open && rest.starts_with([']', ')']))
        || rest.starts_with([':', '–', '—', '|'])
        || rest.strip_prefix('-').is_some_and(|after| after.starts_with(' '))
}

#[derive(Debug, PartialEq, Eq)]
enum Shape {
    Key,
    Perhaps,
    None,
}

fn shape(word: &str) -> Shape {
    if !word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.' || b == b'-') {
        return Shape::None;
    }
    let segments: Vec<&str> = word.split('-').collect();
    let last = segments[segments.len() - 1];
    if segments.len() > 1 && is_dotted(last) && segments[..segments.len() - 1].iter().all(|s| is_prefix(s)) {
        return match segments[0] {
            "TASK" => Shape::Key,
            prefix if prefix.len() < 2 || NO_PREFIX.contains(&prefix) => Shape::None,
            _ => Shape::Perhaps,
        };
    }
    // P1-T01, S1-E2-T3; P0-P1 is a range.
    if segments.len() > 1 {
        let letters: Option<Vec<&str>> =
            segments.iter().map(|s| numbered(s).map(|(letters, _)| letters)).collect();
        let differ = letters.is_some_and(|letters| letters.first() != letters.last());
        return if differ { Shape::Key } else { Shape::None };
    }
    // A.9.1.3
    if let Some((letter, number)) = word.split_once('.')
        && letter.len() == 1
        && letter.as_bytes()[0].is_ascii_uppercase()
    {
        return if is_dotted(number) { Shape::Key } else { Shape::None };
    }
    match numbered(word) {
        Some((letters, _)) if NO_PREFIX.contains(&letters) => Shape::None,
        // T1.1.1, QG1.1
        Some((letters, number)) if number.contains('.') => {
            if letters.len() < 3 {
                Shape::Key
            } else {
                Shape::Perhaps
            }
        }
        // T0001
        Some(("T", number)) => {
            if number.len() > 1 {
                Shape::Key
            } else {
                Shape::Perhaps
            }
        }
        Some((_, number)) if number.len() > 2 => Shape::Perhaps,
        _ => Shape::None,
    }
}

/// Upper-case letters, then digits.
fn is_prefix(segment: &str) -> bool {
    segment.starts_with(|c: char| c.is_ascii_uppercase()) && !segment.contains('.')
}

/// `12`, `1.12`, `9.1.3`.
fn is_dotted(number: &str) -> bool {
    number
        .split('.')
        .all(|part| !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Splits `QG1.1` into `QG` and `1.1`: one to four letters, then numbers.
fn numbered(segment: &str) -> Option<(&str, &str)> {
    let at = segment.find(|c: char| !c.is_ascii_uppercase())?;
    let (letters, number) = segment.split_at(at);
    ((1..=4).contains(&letters.len()) && is_dotted(number)).then_some((letters, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        split(text, None).0
    }

    #[test]
    fn the_documented_shapes_are_keys_with_and_without_a_colon() {
        for wanted in [
            "TASK-ABC-123",
            "TASK-7",
            "TASK-1.2",
            "P1-T01",
            "T1.1.1",
            "QG1.1",
            "Task 1.12",
            "A.9.1.3",
            "T0001",
        ] {
            for text in [
                format!("{wanted}: do it"),
                format!("{wanted} do it"),
                format!("{wanted} - do it"),
                format!("[{wanted}] do it"),
                format!("{wanted}. do it"),
            ] {
                assert_eq!(split(&text, None), (Some(wanted.to_owned()), "do it"), "{text}");
            }
            assert_eq!(split(wanted, None), (Some(wanted.to_owned()), wanted));
        }
    }

    #[test]
    fn prose_has_none() {
        for text in [
            "",
            "Do it",
            "T-shirt",
            "UTF-8 support",
            "TLS1.2 only",
            "FIPS-140 validation",
            "P0-P1 bugs",
            "T1.1-T1.5 all",
            "1.2.3 release",
            "V1.2: release",
            "Task force",
            "Task 3 people",
            "Q4: plan",
            "SHA256: verify",
            "TASK-",
            "TASK-1/2",
            "T1.1_a",
            "A.b",
            "é1.2",
            "TASK-ABC-123abc",
            "P1 bug",
            "[x",
            "C#7",
            "T00é",
        ] {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn what_prose_uses_too_must_be_set_apart() {
        assert_eq!(key("AUTH-12: sign in").as_deref(), Some("AUTH-12"));
        assert_eq!(key("AUTH-12 sign in"), None);
        assert_eq!(split("AUTH-12 sign in", Some(7)), (Some("AUTH-12".into()), "sign in"));
        assert_eq!(split("AUTH-12: sign in", Some(8)).0.as_deref(), Some("AUTH-12"));
        assert_eq!(key("US001 - story").as_deref(), Some("US001"));
        assert_eq!(key("Task 3: three").as_deref(), Some("Task 3"));
    }
}
