//! Which line an offset lies on, and what stands around it.

use crate::surroundings;

/// The lines of a text: where each begins.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    last: Option<(usize, String)>,
}

impl<'a> Lines<'a> {
    /// Lines end at LF; a lone CR ends none, as in the tools that people count lines with.
    pub(super) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts: starts.collect(), last: None }
    }

    /// The line of an offset, from 0.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    fn line(&self, at: usize) -> &'a str {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        self.text[self.starts[at]..end].trim()
    }

    /// The digest of the nearest non-blank line above and below a line, their boxes taken as empty: ticking a
    /// neighbour changes nothing here. Kept for the last line asked for, so that many tasks on a line cost one.
    pub(super) fn surroundings(&mut self, at: usize) -> String {
        if let Some((line, digest)) = &self.last
            && *line == at
        {
            return digest.clone();
        }
        let above = (0..at).rev().map(|n| self.line(n)).find(|line| !line.is_empty());
        let below = (at + 1..self.starts.len()).map(|n| self.line(n)).find(|line| !line.is_empty());
        let digest = surroundings::digest(&unticked(above), &unticked(below));
        self.last = Some((at, digest.clone()));
        digest
    }
}

/// The line with the first box in it emptied, where a list marker stands before the box.
fn unticked(line: Option<&str>) -> String {
    let line = line.unwrap_or_default();
    if let Some(at) = line.find('[')
        && line[..at].ends_with([' ', '\t'])
        && line[..at].bytes().all(|b| b.is_ascii_digit() || b" \t>-*+.)".contains(&b))
        && matches!(
            line.as_bytes().get(at + 1..at + 3),
            Some([b' ' | b'x' | b'X' | b'~' | b'>' | b'!' | b'-', b']'])
        )
    {
        return format!("{}[ ]{}", &line[..at], &line[at + 3..]);
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_and_ticks_around_a_task_do_not_count() {
        let digest = |text: &str, line| Lines::new(text).surroundings(line);
        assert_eq!(digest("- [ ] a\nb\n1. [x] c", 1), digest("- [x] a\n\n  \nb\n\n1. [ ] c\n", 3));
        assert_ne!(digest("a [ ] b\nc", 1), digest("a [x] b\nc", 1));
        assert_eq!(digest("a", 0), surroundings::digest("", ""));
    }
}
