//! The forms that no table describes: raw strings, characters, regular expressions.
//!
//! Each answers whether it begins where the lexer stands and, if so, moves the lexer behind it. A form whose end is
//! missing does not begin: the shift operator is no heredoc and a division no regular expression.

use super::lexer::{Comment, Lexer, is_word};
use super::syntax::Special;

impl Special {
    /// The bytes at which the lexer must stop for this form.
    pub(super) fn stops(self) -> &'static [u8] {
        match self {
            Self::Character => b"'",
            Self::RustRaw | Self::SwiftRaw | Self::CppRaw => b"\"",
            Self::Regex => b"/",
            Self::Jsx => b"<{}\n",
            Self::Heredoc | Self::RubyHeredoc => b"<\n",
            Self::Dollar => b"$",
            Self::LongBracket => b"[-",
            Self::Percent => b"%",
            Self::Data => b"_",
            Self::PhpEnd => b"?",
        }
    }
}

impl Lexer<'_> {
    pub(super) fn special(&mut self, special: Special) -> bool {
        match special {
            Special::Character => self.character(),
            Special::RustRaw => self.hashed_string(true),
            Special::SwiftRaw => self.hashed_string(false),
            Special::CppRaw => self.cpp_raw(),
            Special::Regex => self.starts("/") && !self.starts("//") && !self.starts("/*") && self.regex(),
            Special::Jsx => self.jsx && self.starts("<") && self.jsx_element(),
            Special::Heredoc => self.starts("<<") && self.heredoc(true),
            Special::RubyHeredoc => self.starts("<<") && self.heredoc(false),
            Special::Dollar => self.starts("$") && self.dollar(),
            Special::LongBracket => self.long_bracket(),
            Special::Percent => self.starts("%") && self.percent(),
            Special::Data => self.data(),
            Special::PhpEnd => self.starts("?>") && self.end_here(),
        }
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.text[at] } else { 0 }
    }

    /// Moves behind `close` where it is found.
    fn skip_past(&mut self, from: usize, close: &str) -> bool {
        if !self.may_search() {
            return false;
        }
        match self.find(from, close) {
            Some(at) => self.at = at + close.len(),
            None => self.waste(self.end.saturating_sub(from)),
        }
        self.at > from
    }

    fn end_here(&mut self) -> bool {
        self.halt();
        true
    }

    /// `'c'`, `'\n'`, `'\u{1F600}'`; a lone quote is skipped, so that what follows it is code.
    fn character(&mut self) -> bool {
        if !self.starts("'") {
            return false;
        }
        let next = self.byte(self.at + 1);
        let width = match next {
            b'\\' => {
                let window = &self.text[(self.at + 3).min(self.end)..(self.at + 16).min(self.end)];
                window.iter().position(|&byte| byte == b'\'' || byte == b'\n').map_or(1, |at| at + 2)
            }
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        };
        let closed = next != b'\n' && self.byte(self.at + 1 + width) == b'\'';
        self.at += if closed { width + 2 } else { 1 };
        true
    }

    /// `r#"..."#` with `marked`, else `#"..."#`: as many hashes behind as before.
    fn hashed_string(&mut self, marked: bool) -> bool {
        if !self.starts("\"") {
            return false;
        }
        let before = &self.text[self.start..self.at];
        let hashes = before.iter().rev().take_while(|&&byte| byte == b'#').count();
        self.steps += hashes;
        let before = &before[..before.len() - hashes];
        if marked {
            let Some(before) = before.strip_suffix(b"r") else { return false };
            let before = before.strip_suffix(b"b").or(before.strip_suffix(b"c")).unwrap_or(before);
            if before.last().is_some_and(|&byte| is_word(byte)) {
                return false;
            }
        } else if hashes == 0 {
            return false;
        }
        let from = self.at + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        self.skip_past(from, &close)
    }

    fn cpp_raw(&mut self) -> bool {
        if !self.starts("\"") || !self.text[self.start..self.at].ends_with(b"R") {
            return false;
        }
        let from = self.at + 1;
        let window = &self.text[from..self.end.min(from + 17)];
        let Some(length) = window.iter().position(|&byte| byte == b'(') else { return false };
        let Ok(name) = std::str::from_utf8(&window[..length]) else { return false };
        let close = format!("){name}\"");
        self.skip_past(from + length + 1, &close)
    }

    /// `$tag$ ... $tag$`; `$1` is a parameter.
    fn dollar(&mut self) -> bool {
        let window = &self.text[self.at + 1..self.end.min(self.at + 65)];
        let length = window.iter().take_while(|&&byte| is_word(byte)).count();
        if window.get(length) != Some(&b'$') || window[0].is_ascii_digit() {
            return false;
        }
        let Ok(close) = std::str::from_utf8(&self.text[self.at..self.at + length + 2]) else { return false };
        self.skip_past(self.at + close.len(), close)
    }

    /// `[==[ ... ]==]`, behind `--` a comment.
    fn long_bracket(&mut self) -> bool {
        let comment = self.starts("--");
        let open = self.at + if comment { 2 } else { 0 };
        if self.byte(open) != b'[' {
            return false;
        }
        let rest = &self.text[open + 1..self.end];
        let level = rest.iter().take_while(|&&byte| byte == b'=').count();
        self.steps += level;
        if rest.get(level) != Some(&b'[') {
            return false;
        }
        let text = open + level + 2;
        let close = format!("]{}]", "=".repeat(level));
        let end = self.find(text, &close);
        let after = end.map_or(self.end, |at| at + close.len());
        if comment {
            let end = end.unwrap_or(self.end);
            self.take(Comment { start: self.at, text, end, after, block: true });
        } else {
            self.at = after;
        }
        true
    }

    /// `%w[a b]`, `%q(it's)`, `%(x)`; elsewhere `%` divides.
    fn percent(&mut self) -> bool {
        let mut open = self.at + 1;
        let named = b"qQwWiIrsx".contains(&self.byte(open));
        open += usize::from(named);
        let bracket = self.byte(open);
        let close = match bracket {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            b'|' | b'!' | b'/' if named => bracket,
            _ => return false,
        };
        let before = self.text[self.start..self.at].last().copied().unwrap_or(b' ');
        let free = if named { !is_word(before) && before != b')' } else { self.expression_may_start() };
        if !free || !self.may_search() {
            return false;
        }
        let (mut at, mut depth) = (open + 1, 0_usize);
        while at < self.end {
            match self.text[at] {
                b'\\' => at += 1,
                byte if byte == close && depth == 0 => {
                    self.steps += at - self.at;
                    self.at = at + 1;
                    return true;
                }
                byte if byte == close => depth -= 1,
                byte if byte == bracket => depth += 1,
                _ => {}
            }
            at += 1;
        }
        self.waste(self.end - open);
        false
    }

    fn data(&mut self) -> bool {
        let first = self.text[self.start..self.at].last().is_none_or(|&byte| byte == b'\n');
        (first && ["__END__", "__DATA__"].iter().any(|mark| self.starts(mark))) && self.end_here()
    }

    /// `/.../` on one line, where an expression may start.
    fn regex(&mut self) -> bool {
        if !self.may_search() || !self.expression_may_start() {
            return false;
        }
        let (mut at, mut class) = (self.at + 1, false);
        while at < self.end {
            match self.text[at] {
                b'\n' => break,
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.steps += at - self.at;
                    self.at = at + 1;
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        self.waste(at.min(self.end) - self.at);
        false
    }

    /// True where a value may begin: not directly behind a value.
    pub(super) fn expression_may_start(&mut self) -> bool {
        const WORDS: [&[u8]; 18] = [
            b"return", b"typeof", b"case", b"in", b"of", b"do", b"else", b"void", b"delete", b"throw",
            b"new", b"await", b"yield", b"default", b"if", b"when", b"and", b"or",
        ];
        let mut before = self.text[self.start..self.at].trim_ascii_end();
        for comment in self.found.iter().rev().take(8) {
            if self.start + before.len() > comment.after || comment.start < self.start {
                break;
            }
            before = self.text[self.start..comment.start].trim_ascii_end();
        }
        self.steps += self.at - self.start - before.len();
        let Some(&byte) = before.last() else { return true };
        if is_word(byte) || byte == b'$' {
            let word = &before[before.len().saturating_sub(10)..];
            let letters = word.iter().rev().take_while(|&&byte| is_word(byte) || byte == b'$').count();
            return WORDS.contains(&&word[word.len() - letters..]);
        }
        let new_line = || self.text[self.start + before.len()..self.at].contains(&b'\n');
        match byte {
            b')' | b']' | b'"' | b'\'' | b'`' => false,
            b'}' => new_line(),
            // Behind `x++` a value has ended.
            b'+' | b'-' => !before.ends_with(b"++") && !before.ends_with(b"--"),
            _ => true,
        }
    }
}
