//! Rules T3 to T7, T10 and T11: what makes a word in a comment's line a task, and what its brackets say.

use super::references::{self, is_identifier};

/// Longest bracket that is read, in bytes.
const MAX_BRACKET: usize = 256;

/// A tag that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// In upper case.
    pub name: String,
    pub assignee: Option<String>,
    /// What its brackets name.
    pub references: Vec<String>,
    /// Where its text starts in the line.
    pub text: usize,
    /// The bracket that it stands behind (`(TODO x)`), whose closing one is no text.
    pub inside: Option<char>,
}

/// Where a comment's line starts for T5: behind the marker's own letters, further markers, `*` and white space.
///
/// `line` starts behind the marker on the comment's first line, else at the line's first byte. `marker` is what
/// opened the comment; its last byte may be repeated (`///`, `##`), and `!` and `<` may follow (`//!<`).
pub(super) fn start_of(line: &[u8], marker: &[u8], first: bool) -> usize {
    let mut at = 0;
    let last = marker.last().copied().unwrap_or(b'*');
    let repeats = last.is_ascii_punctuation();
    if first {
        at +=
            line.iter().take_while(|&&byte| repeats && byte == last || byte == b'!' || byte == b'<').count();
    }
    loop {
        let before = at;
        at += line[at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'*').count();
        if repeats && line[at..].starts_with(marker) {
            at += marker.len();
            at += line[at..].iter().take_while(|&&byte| byte == last).count();
        } else if line[at..].starts_with(b"\xc2\xa0") {
            at += 2;
        } else if at == before {
            return at;
        }
    }
}

/// The tag whose letters are `line[at..end]`, if it counts there; `start` is where T5 lets the line start.
pub(super) fn read(line: &[u8], start: usize, at: usize, end: usize) -> Option<Tag> {
    let word = std::str::from_utf8(line.get(at..end)?).ok()?;
    let name = word.to_ascii_uppercase();
    let upper = word == name;
    let title_or_lower = word[1..].bytes().all(|byte| byte.is_ascii_lowercase());
    if at < start || !(upper || title_or_lower) {
        return None;
    }
    let marked = at > start && line[at - 1] == b'@';
    let left = at - usize::from(marked);
    let first = left == start;
    let inside = match line[..left].last() {
        _ if first => None,
        Some(b'(') => Some('('),
        Some(b'[') => Some('['),
        _ if ends_with_space(&line[..left]) => None,
        _ => return None,
    };
    let rest = &line[end..];
    let colon = rest.starts_with(b":") && !rest.starts_with(b"::");
    let round = bracket(rest, b'(', b')');
    let square = bracket(rest, b'[', b']');
    if !colon && round.is_none() && square.is_none() && !ends_tag(rest) {
        return None;
    }
    let loud = matches!(name.as_str(), "TODO" | "FIXME");
    let named = colon || round.is_some();
    let counts = match (first, upper) {
        (true, true) => loud || named || square.is_some(),
        (true, false) => named || (marked && (loud || square.is_some())),
        (false, true) => named,
        (false, false) => false,
    };
    if !counts {
        return None;
    }
    let (mut assignee, mut named, mut text) = (None, Vec::new(), end);
    if let Some(inner) = round.or(square) {
        (assignee, named) = read_bracket(inner);
        // Prose in brackets is part of the text; one word that says nothing to us (a date, a number) is not.
        if assignee.is_some() || !named.is_empty() || !inner.trim().contains(char::is_whitespace) {
            text = end + inner.len() + 2;
        }
    }
    text += separator(&line[text..], text == end);
    Some(Tag { name, assignee, references: named, text, inside })
}

/// What may stand behind a bare tag: `(`, `[`, `:`, a dash, white space or the end.
fn ends_tag(rest: &[u8]) -> bool {
    match rest.first() {
        None => true,
        Some(b'(' | b'[' | b':' | b'-') => true,
        Some(byte) if byte.is_ascii() => byte.is_ascii_whitespace(),
        Some(_) => first_char(rest).is_some_and(|letter| letter.is_whitespace() || is_dash(letter)),
    }
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}')
}

fn first_char(bytes: &[u8]) -> Option<char> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(4)]).chars().next()
}

fn ends_with_space(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4)..];
    String::from_utf8_lossy(tail).chars().next_back().is_some_and(char::is_whitespace)
}

/// What stands between an opening bracket at the start and the one that closes it; blank is none.
fn bracket(rest: &[u8], open: u8, close: u8) -> Option<&str> {
    if rest.first() != Some(&open) {
        return None;
    }
    let mut depth = 0_usize;
    for (at, &byte) in rest.iter().enumerate().take(MAX_BRACKET) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return std::str::from_utf8(&rest[1..at]).ok().filter(|inner| !inner.trim().is_empty());
            }
        }
    }
    None
}

/// T7: references, and the first other identifier as the assignee.
fn read_bracket(inner: &str) -> (Option<String>, Vec<String>) {
    let (mut assignee, mut named) = (None, Vec::new());
    for item in inner.split([',', ';']).map(str::trim) {
        if references::is_reference(item) {
            named.push(item.to_owned());
        } else if item.contains(char::is_whitespace) {
            named.extend(references::references_in(item));
        } else {
            let person = item.strip_prefix('@').unwrap_or(item);
            if assignee.is_none() && is_identifier(person) {
                assignee = Some(person.to_owned());
            }
        }
    }
    (assignee, named)
}

/// How long the white space and the one colon or dash between a tag and its text are. A dash that touches the text
/// belongs to it (`TODO --flag`), unless it touches the tag too (`TODO-text`).
fn separator(rest: &[u8], touches: bool) -> usize {
    let space = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut at = space(rest);
    let touches = touches && at == 0;
    if rest[at..].starts_with(b":") {
        at += 1;
        return at + space(&rest[at..]);
    }
    let mut dashes = 0;
    while let Some(dash) = first_char(&rest[at + dashes..]).filter(|&letter| is_dash(letter)) {
        dashes += dash.len_utf8();
    }
    let after = &rest[at + dashes..];
    if dashes > 0 && (touches || after.first().is_none_or(u8::is_ascii_whitespace)) {
        at += dashes;
        at += space(after);
    }
    at
}

/// T11: `todo-ignore` or `no-todo` as a word of the line, in any case.
pub(super) fn is_suppressed(line: &[u8]) -> bool {
    let edge =
        |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"_-".contains(byte));
    memchr::memchr_iter(b'-', line).any(|dash| {
        [(&b"todo"[..], &b"ignore"[..]), (b"no", b"todo")].iter().any(|(before, after)| {
            let (start, end) = (dash.wrapping_sub(before.len()), dash + 1 + after.len());
            line.get(start..dash).is_some_and(|word| word.eq_ignore_ascii_case(before))
                && line.get(dash + 1..end).is_some_and(|word| word.eq_ignore_ascii_case(after))
                && edge(start.checked_sub(1).map(|at| &line[at]))
                && edge(line.get(end))
        })
    })
}
