//! The lines of a text: which one an offset is on, what it says, what stands around it.

use crate::surroundings;

pub(super) struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The line that an offset is on, from 0.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// Where a line starts.
    pub(super) fn start(&self, line: usize) -> usize {
        self.starts[line]
    }

    /// Where a line ends, its line feed left out.
    pub(super) fn end(&self, line: usize) -> usize {
        self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1)
    }

    /// What a line says.
    pub(super) fn text(&self, line: usize) -> &'a [u8] {
        &self.text[self.start(line)..self.end(line)]
    }

    /// How many columns the bytes before `offset` take on its line; a tab goes to the next multiple of four.
    pub(super) fn column(&self, offset: usize) -> usize {
        let before = &self.text[self.start(self.of(offset))..offset];
        before.iter().fold(0, |column, &byte| match byte {
            b'\t' => column / 4 * 4 + 4,
            0x80..0xc0 => column,
            _ => column + 1,
        })
    }

    /// The digest of what stands above `first` and below `last`.
    pub(super) fn surroundings(&self, first: usize, last: usize) -> String {
        let ink = |line: &usize| !self.text(*line).trim_ascii().is_empty();
        let above = (0..first).rev().find(ink).map(|line| String::from_utf8_lossy(self.text(line)));
        let below =
            (last + 1..self.starts.len()).find(ink).map(|line| String::from_utf8_lossy(self.text(line)));
        let bom = '\u{feff}';
        surroundings::digest(
            above.as_deref().unwrap_or("").trim_start_matches(bom),
            below.as_deref().unwrap_or(""),
        )
    }
}
