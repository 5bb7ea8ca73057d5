//! Texts that start on the line below their opener and end at a line that repeats its word.
//!
//! The word is looked for before the text is skipped: where it is missing, `<<` was a shift or an append.

use memchr::memmem;

use super::lexer::{Lexer, Pending, is_word};
use super::syntax::Special;

impl Lexer<'_> {
    /// `<<EOF`, `<<-'EOF'`, `<<<EOT`, `<<~EOF`; the text starts on the next line.
    pub(super) fn heredoc(&mut self, spaces: bool) -> bool {
        let here_string = self.byte(self.at + 2) == b'<' && spaces && self.code.escape != 0;
        if here_string {
            self.at += 3;
            return true;
        }
        let mut at = self.at + 2;
        at += usize::from(matches!(self.byte(at), b'-' | b'~' | b'<'));
        while spaces && self.byte(at) == b' ' && at < self.at + 8 {
            at += 1;
        }
        at += usize::from(matches!(self.byte(at), b'"' | b'\'' | b'`' | b'\\'));
        let name = &self.text[at.min(self.end)..self.end.min(at + 64)];
        let length = name.iter().take_while(|&&byte| is_word(byte)).count();
        let shouts = spaces || name.first().is_some_and(u8::is_ascii_uppercase) || at > self.at + 2;
        if length == 0 || name[0].is_ascii_digit() || !shouts {
            return false;
        }
        self.pending.push(Pending { start: at, end: at + length });
        self.at = at + length + usize::from(matches!(self.byte(at + length), b'"' | b'\'' | b'`'));
        true
    }

    /// Skips lines up to the one that is the heredoc's name, if there is one.
    pub(super) fn heredoc_body(&mut self, heredoc: Pending) {
        if !self.may_search() {
            return;
        }
        let name = &self.text[heredoc.start..heredoc.end];
        let mut from = self.at;
        while let Some(at) = memmem::find(&self.text[from.min(self.end)..self.end], name) {
            let (start, end) = (from + at, from + at + name.len());
            let line = self.text[..start].iter().rposition(|&byte| !matches!(byte, b' ' | b'\t'));
            let first = line.is_none_or(|at| self.text[at] == b'\n');
            self.steps += start - line.unwrap_or(0);
            if first && self.closes_heredoc(end) {
                self.steps += start - self.at;
                self.at = end;
                return;
            }
            from = end;
        }
        self.waste(self.end - self.at);
    }

    /// Nothing else stands on the closing line, but for PHP, where the statement goes on.
    fn closes_heredoc(&self, at: usize) -> bool {
        let space =
            self.text[at..self.end].iter().take(16).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        match self.byte(at + space.count()) {
            b'\n' | 0 => true,
            b';' | b')' | b',' | b']' => self.code.special.contains(&Special::PhpEnd),
            _ => false,
        }
    }
}
