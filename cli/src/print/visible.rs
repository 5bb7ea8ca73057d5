//! Text from repositories, made safe to show: what a terminal would obey or hide is written out.
//!
//! A name may hold an escape sequence that repaints the screen, a bidirectional override that shows `exe.txt` for
//! `txt.exe`, or characters of no width that make two names look alike. Each such character becomes `\u{202e}`: ASCII,
//! the same on every terminal, and easy to search for. JSON is left as it is; there the escapes of JSON do the work.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

/// So many marks may stand on one character; what follows is written out, for it would pile up without end.
const MARKS: usize = 6;

/// Ranges of characters that change how others are shown, or that show nothing at all: Unicode's format characters
/// (general category Cf), line and paragraph separators, variation selectors, fillers.
const INVISIBLE: [(char, char); 24] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110cd}'),
    ('\u{13430}', '\u{1345f}'),
    ('\u{1bca0}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// True for a character that is written out wherever it stands.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let inside = |&(first, last): &(char, char)| (first..=last).contains(&c);
    match c {
        '\u{1bca4}'..='\u{1d172}' => false, // between two ranges of format characters stand whole scripts
        '\u{110be}'..='\u{110cc}' => false,
        _ => c.is_control() || INVISIBLE.iter().any(inside),
    }
}

/// The text with every character written out that a terminal would obey or hide. Never holds a control character.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut changed = false;
    let (mut marks, mut last) = (0, None::<char>);
    for (at, c) in text.char_indices() {
        // An emoji keeps the selector that makes it one; after a letter the same character hides.
        let is_emoji_selector = c == '\u{fe0f}'
            && last.is_some_and(|last| !last.is_ascii() && !last.is_alphanumeric() && !is_hidden(last));
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        let write_out = (is_hidden(c) && !is_emoji_selector) || marks > MARKS;
        if write_out && !changed {
            changed = true;
            shown.push_str(&text[..at]);
        }
        if write_out {
            _ = match c {
                '\n' => shown.write_str("\\n"),
                '\t' => shown.write_str("\\t"),
                '\r' => shown.write_str("\\r"),
                _ => write!(shown, "\\u{{{:x}}}", u32::from(c)),
            };
        } else if changed {
            shown.push(c);
        }
        last = Some(c);
    }
    if changed { Cow::Owned(shown) } else { Cow::Borrowed(text) }
}

/// Columns that a visible text takes on a terminal.
pub(crate) fn width(visible: &str) -> usize {
    visible.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The visible text, cut to at most so many columns, the last of them `mark` where something was left out.
pub(crate) fn cut<'a>(visible: &'a str, columns: usize, mark: &str) -> Cow<'a, str> {
    let room = columns.saturating_sub(width(mark));
    let (mut used, mut end) = (0, None);
    for (at, c) in visible.char_indices() {
        used += c.width().unwrap_or(0);
        if end.is_none() && used > room {
            end = Some(at);
        }
        if used > columns {
            let end = end.unwrap_or(at);
            return if width(mark) > columns {
                Cow::Borrowed("")
            } else {
                Cow::Owned(format!("{}{mark}", &visible[..end]))
            };
        }
    }
    Cow::Borrowed(visible)
}

/// What [`visible`] and [`cut`] make of a text that may be very long: only its beginning is read.
pub(crate) fn brief(text: &str, columns: usize, mark: &str) -> String {
    // A visible character takes a column, or is one of a few marks on one that does.
    let enough =
        text.char_indices().nth(columns.saturating_mul(MARKS + 1) + 1).map_or(text.len(), |(at, _)| at);
    cut(&visible(&text[..enough]), columns, mark).into_owned()
}

/// The first line of a text that says something, in brief.
pub(crate) fn first_line(text: &str, columns: usize, mark: &str) -> String {
    brief(text.trim_start().lines().next().unwrap_or("").trim_end(), columns, mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(visible("\u{1b}[2J\u{7}\r\nx\ty\0"), "\\u{1b}[2J\\u{7}\\r\\nx\\ty\\u{0}");
        assert_eq!(visible("\u{1b}]8;;https://x\u{1b}\\"), "\\u{1b}]8;;https://x\\u{1b}\\");
        assert_eq!(visible("\u{9b}31m\u{7f}"), "\\u{9b}31m\\u{7f}");
    }

    #[test]
    fn what_hides_is_written_out() {
        assert_eq!(visible("gpj\u{202e}exe.txt\u{2066}"), "gpj\\u{202e}exe.txt\\u{2066}");
        assert_eq!(visible("a\u{200b}b\u{feff}c\u{ad}"), "a\\u{200b}b\\u{feff}c\\u{ad}");
        assert_eq!(visible("a\u{fe0f}\u{e0061}"), "a\\u{fe0f}\\u{e0061}");
        assert_eq!(visible("x\u{3164}\u{2028}"), "x\\u{3164}\\u{2028}");
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        for text in
            ["", "naïve", "日本語", "Ελλάδα", "עברית", "한국어", "हिन्दी", "✔️ done", "e\u{301}", "\\u{41}"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn marks_do_not_pile_up() {
        let text = format!("a{}", "\u{301}".repeat(8));
        assert_eq!(visible(&text), format!("a{}\\u{{301}}\\u{{301}}", "\u{301}".repeat(6)));
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut("abcdef", 6, "…"), "abcdef");
        assert_eq!(cut("abcdefg", 6, "…"), "abcde…");
        assert_eq!(cut("日本語", 5, "…"), "日本…");
        assert_eq!(cut("日本語", 4, "…"), "日…");
        assert_eq!(cut("abc", 0, "…"), "");
        assert_eq!(cut("", 0, "…"), "");
        assert_eq!(width("日本e\u{301}"), 5);
    }

    #[test]
    fn a_first_line_is_bounded() {
        assert_eq!(first_line("\n\n  Fix it  \nbody", 20, "…"), "Fix it");
        assert_eq!(width(&first_line(&"x".repeat(1 << 20), 20, "…")), 20);
        let marks = first_line(&"\u{301}".repeat(1 << 20), 20, "…");
        assert!(width(&marks) <= 20 && marks.len() < 2000);
    }

    proptest::proptest! {
        #[test]
        fn nothing_visible_is_obeyed_and_no_cut_is_too_wide(text in "\\PC*|.*|[\\x00-\\xff\u{200b}-\u{206f}]*", columns in 0..40usize) {
            let shown = visible(&text);
            proptest::prop_assert!(!shown.chars().any(char::is_control));
            proptest::prop_assert_eq!(visible(&shown), shown.clone());
            proptest::prop_assert!(width(&cut(&shown, columns, "…")) <= columns);
        }
    }
}
