//! Python source as tokens: enough to find a call's arguments and a module's assignments without running anything.
//!
//! The lexer streams, so that a file of one long line costs no memory, and knows just three things that text search
//! gets wrong: strings (prefixes, triple quotes, escapes), comments, and which line breaks end a statement.

use std::iter::Peekable;
use std::str::CharIndices;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// An identifier or keyword.
    Name(&'t str),
    /// A number, as written.
    Number(&'t str),
    /// A string literal, decoded.
    Text(String),
    /// A literal that only running would tell: f-string, bytes, a named escape.
    Opaque,
    /// An operator or bracket; those that end in `=` are one token.
    Sign(&'t str),
    /// The end of a statement's line.
    NewLine,
}

/// The tokens of a source, each with whether its statement is indented.
pub(super) struct Tokens<'t> {
    source: &'t str,
    chars: Peekable<CharIndices<'t>>,
    depth: usize,
    at_start: bool,
    indented: bool,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(source: &'t str) -> Self {
        Self { source, chars: source.char_indices().peekable(), depth: 0, at_start: true, indented: false }
    }

    /// True where the statement of the last token does not begin in the first column.
    pub(super) fn is_indented(&self) -> bool {
        self.indented
    }

    fn next_if(&mut self, wanted: char) -> bool {
        self.chars.next_if(|&(_, letter)| letter == wanted).is_some()
    }

    fn offset(&mut self) -> usize {
        self.chars.peek().map_or(self.source.len(), |&(at, _)| at)
    }

    fn word(&mut self, start: usize, may_hold: impl Fn(char) -> bool) -> &'t str {
        while self.chars.next_if(|&(_, letter)| may_hold(letter)).is_some() {}
        let end = self.offset();
        &self.source[start..end]
    }

    /// The rest of a string whose opening quote was read.
    fn text(&mut self, quote: char, prefix: &str) -> Token<'t> {
        let has = |letter: char| prefix.contains(letter) || prefix.contains(letter.to_ascii_uppercase());
        let raw = has('r');
        let mut opaque = has('f') || has('b') || has('t');
        let mut triple = false;
        if self.next_if(quote) {
            if !self.next_if(quote) {
                return if opaque { Token::Opaque } else { Token::Text(String::new()) };
            }
            triple = true;
        }
        let mut text = String::new();
        let mut run = 0;
        let mut closed = false;
        while let Some((_, letter)) = self.chars.next() {
            if letter == quote {
                run += 1;
                if !triple || run == 3 {
                    text.truncate(text.len() - (run - 1) * quote.len_utf8());
                    closed = true;
                    break;
                }
                text.push(letter);
                continue;
            }
            run = 0;
            match letter {
                '\n' if !triple => break,
                '\\' if raw => {
                    text.push('\\');
                    text.extend(self.chars.next().map(|(_, escaped)| escaped));
                }
                '\\' => opaque |= !self.escape(&mut text),
                letter => text.push(letter),
            }
        }
        if opaque || !closed { Token::Opaque } else { Token::Text(text) }
    }

    /// One escape sequence; false where only Python's tables would tell it (`\N{..}`) or it is none.
    fn escape(&mut self, text: &mut String) -> bool {
        let Some((_, letter)) = self.chars.next() else { return false };
        let plain = match letter {
            '\n' => return true,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '\\' | '\'' | '"' => letter,
            'x' => return self.code(2, 16, 0, text),
            'u' => return self.code(4, 16, 0, text),
            'U' => return self.code(8, 16, 0, text),
            'N' => return false,
            '0'..='7' => return self.code(2, 8, letter as u32 - '0' as u32, text),
            other => {
                text.push('\\');
                other
            }
        };
        text.push(plain);
        true
    }

    /// A character by its number: exactly `digits` hexadecimal ones, or up to `digits` further octal ones.
    fn code(&mut self, digits: u32, radix: u32, first: u32, text: &mut String) -> bool {
        let mut number = first;
        for _ in 0..digits {
            match self.chars.peek().and_then(|(_, letter)| letter.to_digit(radix)) {
                Some(digit) => number = number * radix + digit,
                None if radix == 8 => break,
                None => return false,
            }
            self.chars.next();
        }
        char::from_u32(number).map(|letter| text.push(letter)).is_some()
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let mut indent = false;
        loop {
            let (at, letter) = self.chars.next()?;
            match letter {
                ' ' | '\t' | '\u{c}' | '\r' | '\u{feff}' => {
                    indent |= letter != '\u{feff}' && letter != '\u{c}';
                    continue;
                }
                '\\' if self.next_if('\n') => continue,
                '#' => {
                    while self.chars.next_if(|&(_, letter)| letter != '\n').is_some() {}
                    continue;
                }
                '\n' if self.depth > 0 || self.at_start => {
                    indent = false;
                    continue;
                }
                '\n' => {
                    self.at_start = true;
                    return Some(Token::NewLine);
                }
                _ => {}
            }
            if self.at_start {
                self.at_start = false;
                self.indented = indent;
            }
            return Some(match letter {
                '"' | '\'' => self.text(letter, ""),
                '0'..='9' => {
                    Token::Number(self.word(at, |l| l.is_ascii_alphanumeric() || l == '.' || l == '_'))
                }
                '_' => Token::Name(self.word(at, |l| l == '_' || l.is_alphanumeric())),
                letter if letter.is_alphabetic() => {
                    let word = self.word(at, |l| l == '_' || l.is_alphanumeric());
                    match self.chars.peek() {
                        Some(&(_, quote @ ('"' | '\''))) if is_prefix(word) => {
                            self.chars.next();
                            self.text(quote, word)
                        }
                        _ => Token::Name(word),
                    }
                }
                letter => {
                    match letter {
                        '(' | '[' | '{' => self.depth += 1,
                        ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                        '=' | '!' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '@' | ':' => {
                            self.next_if('=');
                        }
                        _ => {}
                    }
                    let end = self.offset();
                    Token::Sign(&self.source[at..end])
                }
            });
        }
    }
}

fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|letter| b"rRbBuUfFtT".contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<Token<'_>> {
        Tokens::of(source).collect()
    }

    #[test]
    fn strings_are_decoded() {
        let decoded = |source: &str| match texts(source).as_slice() {
            [Token::Text(text)] => Some(text.clone()),
            _ => None,
        };
        for (source, text) in [
            (r#""a\tb""#, "a\tb"),
            (r#"'\x41\u00e9\101\0'"#, "AéA\0"),
            (r#"r"a\tb""#, "a\\tb"),
            (r#"u'''a'b''c'''"#, "a'b''c"),
            ("\"\"\"a\nb\"\"\"", "a\nb"),
            (r#""""#, ""),
            (r#""\d""#, "\\d"),
            ("'a\\\nb'", "ab"),
            (r#"'''a\'''b'''"#, "a'''b"),
        ] {
            assert_eq!(decoded(source).as_deref(), Some(text), "{source}");
        }
        for source in [
            r#"f"a""#,
            r#"rb'a'"#,
            r#"'\N{DASH}'"#,
            r#"'\xZZ'"#,
            "'open\n",
            "'open",
            "'''open''",
            r#"'\ud800'"#,
        ] {
            assert_eq!(texts(source)[0], Token::Opaque, "{source}");
        }
    }

    #[test]
    fn line_ends_inside_brackets_end_no_statement() {
        let signs = texts("a = (1,\n  2)\n\n# note\nb == \\\nc\n");
        assert_eq!(signs.iter().filter(|token| **token == Token::NewLine).count(), 2);
        assert!(signs.contains(&Token::Sign("==")));
    }
}
