//! Blanks what a message shows but does not say: code, quotes, person trailers.
//!
//! Blanking keeps every byte's place and every line end, so spans in the masked text are spans in the message. The
//! blank is NUL, not a space: a keyword must not reach a reference across something that was taken out. Inline code
//! and quotes are read line by line, which a stray backtick cannot turn into a loss of everything below it; only a
//! fence reaches over lines, to the end of the message where it is not closed (CommonMark 4.5).

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

/// Text with some of its bytes blanked; copied only where something was.
pub(crate) struct Blanking<'a> {
    text: &'a str,
    bytes: Option<Vec<u8>>,
}

impl<'a> Blanking<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, bytes: None }
    }

    /// Blanks from one place between characters to another.
    pub(crate) fn blank(&mut self, start: usize, end: usize) {
        self.bytes.get_or_insert_with(|| self.text.as_bytes().to_vec())[start..end].fill(0);
    }

    pub(crate) fn into_text(self) -> Cow<'a, str> {
        match self.bytes {
            None => Cow::Borrowed(self.text),
            Some(bytes) => {
                Cow::Owned(String::from_utf8(bytes).expect("blanks begin and end between characters"))
            }
        }
    }
}

/// Longer runs of backticks than this open no inline code.
const MAX_TICKS: usize = 15;

/// The message with code, quotes and person trailers blanked; of the same length.
pub(crate) fn mask(message: &str) -> Cow<'_, str> {
    let bytes = message.as_bytes();
    let mut blanks = Blanking::new(message);
    let mut fence: Option<(u8, usize)> = None;
    let mut from = 0;
    while from < bytes.len() {
        let to = memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
        let line = &bytes[from..to];
        if let Some((tick, length)) = fence {
            blanks.blank(from, to);
            if closes_fence(line, tick, length) {
                fence = None;
            }
        } else if let Some(opened) = opens_fence(line) {
            blanks.blank(from, to);
            fence = Some(opened);
        } else if line.trim_ascii_start().first() == Some(&b'>') || is_person_trailer(line) {
            blanks.blank(from, to);
        } else {
            find_inline_code(line, from, &mut blanks);
        }
        from = to + 1;
    }
    blanks.into_text()
}

/// The mark and its length, where a line opens a fence: three or more backticks (none after them) or tildes.
fn opens_fence(line: &[u8]) -> Option<(u8, usize)> {
    let line = line.trim_ascii_start();
    let tick = *line.first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = line.iter().take_while(|byte| **byte == tick).count();
    (length >= 3 && (tick == b'~' || memchr(b'`', &line[length..]).is_none())).then_some((tick, length))
}

fn closes_fence(line: &[u8], tick: u8, length: usize) -> bool {
    let line = line.trim_ascii();
    line.len() >= length && line.iter().all(|byte| *byte == tick)
}

/// `Signed-off-by: A <a@b.c>` and its kin: a word ending in `-by`, or `Cc`, before a colon, and an address in angle
/// brackets behind it. Trailers without one (`Superseded-by: #12`) are read.
fn is_person_trailer(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    if !line.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let name = line.iter().take(40).take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-').count();
    let (name, rest) = line.split_at(name);
    let person = name.eq_ignore_ascii_case(b"cc")
        || (name.len() > 3 && name[name.len() - 3..].eq_ignore_ascii_case(b"-by"));
    person && rest.first() == Some(&b':') && memchr(b'<', rest).is_some()
}

/// Spans between runs of equally many backticks, within one line. Linear: a run that has no partner is known at
/// once by where the last run of its length stands.
fn find_inline_code(line: &[u8], offset: usize, blanks: &mut Blanking<'_>) {
    let Some(first) = memchr(b'`', line) else { return };
    let mut last = [0; MAX_TICKS + 1];
    for (start, length) in runs(line, first) {
        if length <= MAX_TICKS {
            last[length] = start;
        }
    }
    let mut open: Option<(usize, usize)> = None;
    for (start, length) in runs(line, first) {
        match open {
            Some((opened, ticks)) if ticks == length => {
                blanks.blank(offset + opened, offset + start + length);
                open = None;
            }
            Some(_) => {}
            None if length <= MAX_TICKS && last[length] > start => open = Some((start, length)),
            None => {}
        }
    }
}

/// Each run of backticks: where it begins, how long it is.
fn runs(line: &[u8], first: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut next = first;
    memchr_iter(b'`', &line[first..]).filter_map(move |at| {
        let start = first + at;
        if start < next {
            return None;
        }
        let length = line[start..].iter().take_while(|byte| **byte == b'`').count();
        next = start + length;
        Some((start, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masked text with a dot for each blank.
    fn shown(message: &str) -> String {
        mask(message).replace('\0', ".")
    }

    #[test]
    fn code_quotes_and_people_are_blanked_and_lines_stay() {
        assert_eq!(shown("a `b` c ``d`e`` f"), "a ... c ....... f");
        assert_eq!(shown("a `b\nc` d"), "a `b\nc` d");
        assert_eq!(shown("`` a ` b"), "`` a ` b");
        assert_eq!(shown("x\n> #1\ny"), "x\n....\ny");
        assert_eq!(shown("x\n```sh\n#1\n```\ny"), "x\n.....\n..\n...\ny");
        assert_eq!(shown("x\n~~~~\n~~~\n#1"), "x\n....\n...\n..");
        assert_eq!(shown("``` a ``` #1"), "......... #1");
        assert_eq!(shown("Acked-By: é <a>\nCc: b"), format!("{}\nCc: b", ".".repeat(16)));
        assert_eq!(shown("Superseded-by: #12"), "Superseded-by: #12");
    }
}
