//! The lines of a text: which one an offset is on, and what stands around it.
//!
//! No index of all lines is made: few lines of a file hold a task, and counting line feeds is far cheaper than
//! remembering where each one stands.

use crate::surroundings;

/// One line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// From 0.
    pub number: usize,
    pub start: usize,
    /// One past its last byte, its line feed left out.
    pub end: usize,
}

impl Line {
    /// The line below, if there is one.
    pub(super) fn below(self, text: &[u8]) -> Option<Self> {
        let start = self.end + 1;
        let rest = text.get(start..)?;
        let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        Some(Self { number: self.number + 1, start, end })
    }
}

/// Goes from line to line, downwards only.
pub(super) struct Walk<'a> {
    text: &'a [u8],
    line: Line,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
        Self { text, line: Line { number: 0, start: 0, end } }
    }

    /// The line that an offset is on; offsets must not fall.
    pub(super) fn to(&mut self, offset: usize) -> Line {
        if offset > self.line.end {
            let between = &self.text[self.line.end..offset];
            let number = self.line.number + memchr::memchr_iter(b'\n', between).count();
            let start = memchr::memrchr(b'\n', between).map_or(self.line.start, |at| self.line.end + at + 1);
            let end =
                offset + memchr::memchr(b'\n', &self.text[offset..]).unwrap_or(self.text.len() - offset);
            self.line = Line { number, start, end };
        }
        self.line
    }
}

/// How many columns the bytes before `offset` take on its line; a tab goes to the next multiple of four.
pub(super) fn column(text: &[u8], offset: usize) -> usize {
    let start = memchr::memrchr(b'\n', &text[..offset]).map_or(0, |at| at + 1);
    text[start..offset].iter().fold(0, |column, &byte| match byte {
        b'\t' => column / 4 * 4 + 4,
        0x80..0xc0 => column,
        _ => column + 1,
    })
}

/// The digest of what stands above `first` and below `last`.
pub(super) fn surroundings(text: &[u8], first: Line, last: Line) -> String {
    let above = text[..first.start].trim_ascii_end();
    let above = &above[memchr::memrchr(b'\n', above).map_or(0, |at| at + 1)..];
    let below = text[last.end..].trim_ascii_start();
    let below = &below[..memchr::memchr(b'\n', below).unwrap_or(below.len())];
    let above = above.strip_prefix(b"\xef\xbb\xbf").unwrap_or(above);
    surroundings::digest(&String::from_utf8_lossy(above), &String::from_utf8_lossy(below))
}
