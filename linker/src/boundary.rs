//! Where a reference may begin and end.
//!
//! Written by hand on bytes and single characters: every question looks at one or two neighbours, so a message is
//! read in linear time whatever it holds. Scripts that put no space between words (Chinese, Japanese, Thai, ...)
//! do not glue: `修复#12的问题` names `#12`, `é#12` does not.

/// The most digits that a number has.
const MAX_DIGITS: usize = 10;

/// True for a character that belongs to a word.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() && !is_written_without_spaces(c)
}

/// Scripts in which a word may touch a reference: Thai to Myanmar, Khmer, the East Asian blocks, Hangul syllables.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// True where a reference may begin: nothing before it, or something that neither glues nor escapes.
pub(crate) fn is_free_before(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !is_word(c) && !matches!(c, '/' | '#' | '&' | '@' | '.' | '$' | '-' | '\\'))
}

/// True where a number or a key may end: not inside a word, a version (`#1.2`) or a range (`#1-2`).
pub(crate) fn is_free_after(text: &str, at: usize) -> bool {
    let mut after = text[at..].chars();
    match after.next() {
        None => true,
        Some('.' | '-') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !is_word(c),
    }
}

/// The end of the number that begins at `at`: one to ten digits, no leading zero, free after.
pub(crate) fn number_end(text: &str, at: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[at..];
    if !matches!(bytes.first(), Some(b'1'..=b'9')) {
        return None;
    }
    let digits = bytes.iter().take(MAX_DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let end = at + digits;
    (digits <= MAX_DIGITS && is_free_after(text, end)).then_some(end)
}

/// Where the run of bytes that `belongs` accepts begins, looking back from `end` over at most `most` bytes.
pub(crate) fn run_start(text: &str, end: usize, most: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let run = text.as_bytes()[..end].iter().rev().take(most).take_while(|byte| belongs(**byte)).count();
    end - run
}

/// The nearest place at or before `at` that lies between two characters.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The letters that stand directly before `end`, at most 24 of them.
pub(crate) fn word_before(text: &str, end: usize) -> &str {
    &text[run_start(text, end, 24, |byte| byte.is_ascii_alphabetic())..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_words_versions_and_ranges_do_not_go_on() {
        for (text, end) in [
            ("12", Some(2)),
            ("12.", Some(2)),
            ("12-a", Some(2)),
            ("12的", Some(2)),
            ("12é", None),
            ("12a", None),
            ("12_", None),
            ("1.2", None),
            ("1-2", None),
            ("0", None),
            ("012", None),
            ("1234567890", Some(10)),
            ("12345678901", None),
            ("", None),
        ] {
            assert_eq!(number_end(text, 0), end, "{text}");
        }
    }
}
