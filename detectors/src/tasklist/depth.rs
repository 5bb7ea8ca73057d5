//! A bound on nesting, put before the parser.
//!
//! A Markdown parser looks at every open container on every line, so a text that opens 100,000 of them and then goes
//! on for 100,000 lines takes the product. No list that a person keeps is nested 20 deep; a line that could open or
//! continue more than some 200 containers is blanked, byte for byte, so that no offset moves.

use std::borrow::Cow;

/// List and quote markers at the start of one line.
const MAX_MARKERS: usize = 64;

/// Columns of white space among them; two continue one level of a list. A tab counts as four.
const MAX_COLUMNS: usize = 256;

/// The text with every line blanked that nests too deep. Lines end at LF or CR, as the parser has it.
pub(super) fn bound(text: &str) -> Cow<'_, str> {
    let mut bounded: Option<String> = None;
    let mut copied = 0;
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if nests_too_deep(line.as_bytes()) {
            let out = bounded.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..start]);
            let ending = line.trim_end_matches(['\n', '\r']).len();
            out.extend(std::iter::repeat_n(' ', ending));
            copied = start + ending;
        }
        start += line.len();
    }
    match bounded {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

fn nests_too_deep(line: &[u8]) -> bool {
    let (mut markers, mut columns) = (0, 0);
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4,
            b'>' => markers += 1,
            b'-' | b'*' | b'+' | b'.' | b')' => {
                markers += usize::from(matches!(line.get(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r')));
            }
            b'0'..=b'9' => {}
            _ => return markers > MAX_MARKERS || columns > MAX_COLUMNS,
        }
        if markers > MAX_MARKERS || columns > MAX_COLUMNS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_is_left_alone() {
        let text = format!("- a\n  - b\n> > c\n{}\n1. [ ] d\n", "-".repeat(900));
        assert!(matches!(bound(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn a_deep_line_is_blanked_in_place() {
        let text = format!("- [ ] a\n{}x\r- [ ] b", "- ".repeat(65));
        let expected = format!("- [ ] a\n{}\r- [ ] b", " ".repeat(131));
        assert_eq!(bound(&text), expected);
        assert_eq!(bound(&"é\n".repeat(3)), "é\n".repeat(3));
        let text = format!("{}é\nb", ">".repeat(65));
        assert_eq!(bound(&text).len(), text.len());
    }
}
