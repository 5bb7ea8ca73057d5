//! Finds the comments of a text, in one pass from left to right.
//!
//! The pass stops only at bytes that may begin something in the language at hand; everything else is skipped. Code
//! inside strings (`${...}`) is kept on a stack of our own, so depth costs memory and never the program's stack. A
//! form whose end is not found is taken for ordinary code; what such searches may cost in all is bounded by the
//! length of the text, so the whole is linear whatever the text holds. `steps` counts the bytes looked at, which is
//! how a test can say so without a clock.

use memchr::memmem;

use super::syntax::{Block, Code, Line, Place, Quote, Special};

/// A comment: where its marker starts, where its text starts, one past its text and one past its closing marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub start: usize,
    pub text: usize,
    pub end: usize,
    pub after: usize,
    pub block: bool,
}

const LINE: u8 = 1;
const BLOCK: u8 = 2;
const QUOTE: u8 = 4;
const SPECIAL: u8 = 8;
const HOLE: u8 = 16;
const ESCAPE: u8 = 32;

/// What goes on when the hole in it closes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Resume {
    String(&'static Quote),
    JsxTag { elements: usize },
    JsxChildren { elements: usize },
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    resume: Resume,
    open: u8,
    close: u8,
    depth: usize,
}

/// A `<<EOF` whose text starts on the next line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub start: usize,
    pub end: usize,
}

#[derive(Debug)]
pub(super) struct Lexer<'a> {
    pub text: &'a [u8],
    pub code: &'static Code,
    pub start: usize,
    pub end: usize,
    pub at: usize,
    pub found: Vec<Comment>,
    pub pending: Vec<Pending>,
    pub jsx: bool,
    /// Behind this offset only comments that go on with the last one are looked for.
    pub enough: usize,
    /// Bytes looked at.
    pub steps: usize,
    /// Bytes looked at in vain.
    pub wasted: usize,
    /// What may begin at each byte: `NEWLINE`, `SPECIAL`, ... or nothing.
    stops: [u8; 256],
    frames: Vec<Frame>,
    /// The outermost frame that ends with its line.
    fragile: Option<usize>,
    halted: bool,
}

impl<'a> Lexer<'a> {
    /// A lexer for `text[start..end]`.
    pub(super) fn new(code: &'static Code, text: &'a [u8], start: usize, end: usize) -> Self {
        let mut stops = [0; 256];
        let mut mark = |byte: u8, what: u8| stops[usize::from(byte)] |= what;
        code.line.iter().for_each(|line| mark(line.open.as_bytes()[0], LINE));
        code.block.iter().for_each(|block| mark(block.open.as_bytes()[0], BLOCK));
        code.quotes.iter().for_each(|quote| mark(quote.open.as_bytes()[0], QUOTE));
        let special = code.special.iter().flat_map(|special| special.stops());
        special.for_each(|&byte| mark(byte, SPECIAL));
        if code.quotes.iter().any(|quote| quote.hole.is_some()) {
            b"\n{}()".iter().for_each(|&byte| mark(byte, HOLE));
        }
        if code.escape != 0 {
            mark(code.escape, ESCAPE);
        }
        let jsx = code.special.contains(&Special::Jsx);
        let (found, pending, frames) = (Vec::new(), Vec::new(), Vec::new());
        let (steps, wasted, fragile, halted) = (0, 0, None, false);
        Self {
            text,
            code,
            start,
            end,
            at: start,
            found,
            pending,
            jsx,
            enough: end,
            steps,
            wasted,
            stops,
            frames,
            fragile,
            halted,
        }
    }

    /// Goes through the whole text.
    pub(super) fn run(&mut self) {
        while self.at < self.end && !self.halted {
            let stops = &self.stops;
            let ordinary =
                self.text[self.at..self.end].iter().position(|&byte| stops[usize::from(byte)] != 0);
            let ordinary = ordinary.unwrap_or(self.end - self.at);
            self.at += ordinary;
            self.steps += ordinary + 1;
            if self.at > self.enough && self.frames.is_empty() && self.nothing_goes_on() {
                break;
            }
            if self.at < self.end && !self.step() {
                self.at += 1;
            }
        }
        if self.jsx && self.frames.iter().any(|frame| !matches!(frame.resume, Resume::String(_))) {
            self.start_over_without_jsx();
        }
    }

    /// True where a comment from here on cannot stand alone on the line below the last one.
    fn nothing_goes_on(&self) -> bool {
        let last = self.found.last().map_or(self.start, |comment| comment.after);
        let gap = &self.text[last..self.at];
        // The end of a gap without ink is looked at again only if it grows by a line feed, so at most twice.
        !gap.trim_ascii().is_empty() || memchr::memchr_iter(b'\n', gap).take(2).count() == 2
    }

    /// What was taken for an element was none: its end is missing.
    pub(super) fn start_over_without_jsx(&mut self) {
        (self.at, self.jsx, self.fragile, self.halted) = (self.start, false, None, false);
        self.found.clear();
        self.frames.clear();
        self.pending.clear();
        self.run();
    }

    /// Ends the code here.
    pub(super) fn halt(&mut self) {
        self.halted = true;
    }

    /// Takes what begins here; false where nothing does.
    fn step(&mut self) -> bool {
        let byte = self.text[self.at];
        let may_begin = self.stops[usize::from(byte)];
        if byte == b'\n' {
            return self.newline();
        }
        if may_begin & ESCAPE != 0 && byte == self.code.escape {
            self.at += 2;
            return true;
        }
        if self.in_hole(byte) {
            return true;
        }
        let code = self.code;
        (may_begin & SPECIAL != 0 && code.special.iter().any(|&special| self.special(special)))
            || (may_begin & BLOCK != 0 && code.block.iter().any(|block| self.block(block)))
            || (may_begin & LINE != 0 && code.line.iter().any(|line| self.line(line)))
            || (may_begin & QUOTE != 0 && code.quotes.iter().any(|quote| self.quote(quote)))
    }

    fn newline(&mut self) -> bool {
        if let Some(depth) = self.fragile.take() {
            self.frames.truncate(depth);
        }
        self.at += 1;
        for heredoc in std::mem::take(&mut self.pending) {
            self.heredoc_body(heredoc);
        }
        true
    }

    fn in_hole(&mut self, byte: u8) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        if byte == frame.open {
            frame.depth += 1;
        } else if byte == frame.close && frame.depth > 0 {
            frame.depth -= 1;
        } else if byte == frame.close {
            let resume = frame.resume;
            self.frames.pop();
            if self.fragile == Some(self.frames.len()) {
                self.fragile = None;
            }
            self.at += 1;
            match resume {
                Resume::String(quote) => self.string(quote),
                Resume::JsxTag { elements } => self.jsx_tag(elements),
                Resume::JsxChildren { elements } => self.jsx_children(elements),
            }
            return true;
        }
        false
    }

    /// Code begins inside something else.
    pub(super) fn open_hole(&mut self, resume: Resume, open: u8, close: u8) {
        if let Resume::String(Quote { lines: false, .. }) = resume {
            self.fragile.get_or_insert(self.frames.len());
        }
        self.frames.push(Frame { resume, open, close, depth: 0 });
    }

    pub(super) fn line(&mut self, line: &Line) -> bool {
        let text = self.at + line.open.len();
        if !self.starts(line.open) || !self.stands(line.place) {
            return false;
        }
        if self.text.get(text).is_some_and(|byte| line.unless.as_bytes().contains(byte)) {
            return false;
        }
        let mut end = self.line_end(text);
        if self.code.special.contains(&Special::PhpEnd) {
            end = memmem::find(&self.text[text..end], b"?>").map_or(end, |at| text + at);
        }
        self.take(Comment { start: self.at, text, end, after: end, block: false });
        true
    }

    pub(super) fn block(&mut self, block: &Block) -> bool {
        let text = self.at + block.open.len();
        if !self.starts(block.open) || text > self.end || !self.stands(block.place) {
            return false;
        }
        let closed = if block.nests { self.nested_close(block, text) } else { self.find(text, block.close) };
        let end = closed.unwrap_or(self.end);
        let after = closed.map_or(self.end, |at| at + block.close.len());
        self.take(Comment { start: self.at, text, end, after, block: true });
        true
    }

    fn nested_close(&mut self, block: &Block, from: usize) -> Option<usize> {
        let (open, close) = (block.open.as_bytes(), block.close.as_bytes());
        let (mut at, mut depth) = (from, 0_usize);
        while at < self.end {
            let next = memchr::memchr2(open[0], close[0], &self.text[at..self.end])?;
            at += next;
            self.steps += next + 1;
            let rest = &self.text[at..self.end];
            if rest.starts_with(close) {
                if depth == 0 {
                    return Some(at);
                }
                depth -= 1;
                at += close.len();
            } else if rest.starts_with(open) {
                depth += 1;
                at += open.len();
            } else {
                at += 1;
            }
        }
        None
    }

    fn quote(&mut self, quote: &'static Quote) -> bool {
        let before = &self.text[self.start..self.at];
        if !self.starts(quote.open)
            || !(quote.after.is_empty() || before.ends_with(quote.after.as_bytes()))
            || (quote.apart && before.last().is_some_and(|&byte| is_word(byte)))
        {
            return false;
        }
        self.at += quote.open.len();
        self.string(quote);
        true
    }

    /// Goes to the end of a string, or into the first hole in it.
    fn string(&mut self, quote: &'static Quote) {
        let close = quote.close.as_bytes();
        let hole = quote.hole.map(|hole| (hole.open.as_bytes(), hole.close));
        let from = self.at;
        while self.at < self.end {
            let byte = self.text[self.at];
            let rest = &self.text[self.at..self.end];
            if byte == close[0] && begins(rest, close) {
                self.at += close.len();
                // The end of the line may close a string, and still ends the line.
                self.at -= usize::from(close == b"\n");
                break;
            } else if let Some((open, end)) = hole
                && byte == open[0]
                && begins(rest, open)
            {
                self.at += open.len();
                self.open_hole(Resume::String(quote), open[open.len() - 1], end);
                break;
            } else if byte == quote.escape && byte != 0 {
                self.at += 2;
            } else if byte == b'\n' && !quote.lines {
                break;
            } else {
                self.at += 1;
            }
        }
        self.steps += self.at - from;
    }

    /// Keeps a comment and goes on after it.
    pub(super) fn take(&mut self, comment: Comment) {
        self.steps += comment.after - self.at;
        self.found.push(comment);
        self.at = comment.after;
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        begins(&self.text[self.at..self.end], with.as_bytes())
    }

    fn stands(&mut self, place: Place) -> bool {
        let before = &self.text[self.start..self.at];
        match place {
            Place::Anywhere => true,
            Place::AfterSpace => before.last().is_none_or(u8::is_ascii_whitespace),
            Place::Margin => before.last().is_none_or(|&byte| byte == b'\n'),
            Place::LineStart => {
                let ink = before.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | 0x0c));
                self.steps += before.len() - ink.unwrap_or(0);
                ink.is_none_or(|at| before[at] == b'\n')
            }
        }
    }

    /// The first place of `what` at or after `from`.
    pub(super) fn find(&mut self, from: usize, what: &str) -> Option<usize> {
        let from = from.min(self.end);
        let rest = &self.text[from..self.end];
        let what = what.as_bytes();
        let at = match what {
            // By its second byte, which in prose is the rarer one of `*/`.
            [first, second] => memchr::memchr_iter(*second, rest)
                .find(|&end| end > 0 && rest[end - 1] == *first)
                .map(|end| end - 1),
            _ => memmem::find(rest, what),
        };
        self.steps += at.unwrap_or(rest.len());
        at.map(|at| from + at)
    }

    /// The end of the line that `from` is on.
    pub(super) fn line_end(&mut self, from: usize) -> usize {
        let from = from.min(self.end);
        let length = memchr::memchr(b'\n', &self.text[from..self.end]).unwrap_or(self.end - from);
        self.steps += length;
        from + length
    }

    /// True while searches that may fail are still allowed: eight times the text in all.
    pub(super) fn may_search(&self) -> bool {
        self.wasted <= 8 * (self.end - self.start)
    }

    /// Counts a search that failed.
    pub(super) fn waste(&mut self, bytes: usize) {
        self.wasted += bytes + 1;
        self.steps += bytes;
    }
}

/// As `starts_with`, but without a call for the few bytes of a marker.
#[inline]
fn begins(rest: &[u8], with: &[u8]) -> bool {
    rest.len() >= with.len() && rest.iter().zip(with).all(|(here, there)| here == there)
}

/// A byte of a word: letters, digits, `_`, and every byte of a character beyond ASCII.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
