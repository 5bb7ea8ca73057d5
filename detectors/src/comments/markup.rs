//! Comments of HTML, XML, Vue, Svelte, Astro and PHP: text with sections of code.
//!
//! Only `<!-- -->` is a comment of the text itself; inside a tag, quotes are skipped. A script or style section ends
//! at its closing tag whatever it holds, as in a browser.

use memchr::memmem;

use super::lexer::{Comment, Lexer};
use super::syntax::{Code, Markup};
use super::table::{PHP_SECTION, SCRIPT_SECTION, SCSS_SECTION, STYLE_SECTION};

/// The comments of `text[start..]`, in order, and the bytes looked at.
pub(super) fn comments(markup: Markup, text: &[u8], start: usize) -> (Vec<Comment>, usize) {
    let mut reader = Reader { markup, text, at: start, found: Vec::new(), steps: 0 };
    if markup == Markup::Astro && text[start..].starts_with(b"---\n") {
        let code = start + 4;
        let end = memmem::find(&text[code..], b"\n---").map_or(code, |at| code + at);
        reader.section(&SCRIPT_SECTION, code, end);
        reader.at = end;
    }
    reader.run();
    (reader.found, reader.steps)
}

struct Reader<'a> {
    markup: Markup,
    text: &'a [u8],
    at: usize,
    found: Vec<Comment>,
    steps: usize,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(next) = memchr::memchr(b'<', &self.text[self.at..]) {
            self.at += next;
            self.steps += next + 1;
            let rest = &self.text[self.at..];
            if rest.starts_with(b"<!--") {
                self.comment();
            } else if rest.starts_with(b"<![CDATA[") {
                self.at = self.behind(self.at, b"]]>");
            } else if self.markup == Markup::Php && rest.starts_with(b"<?") {
                let used = self.section(&PHP_SECTION, self.at + 2, self.text.len());
                self.at = used;
            } else if rest.starts_with(b"<?") {
                self.at = self.behind(self.at, b"?>");
            } else if rest.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/') {
                self.tag();
            } else {
                self.at += 1;
            }
        }
        self.steps += self.text.len() - self.at;
    }

    fn comment(&mut self) {
        let text = self.at + 4;
        let close = memmem::find(&self.text[text..], b"-->").map(|at| text + at);
        let end = close.unwrap_or(self.text.len());
        let after = close.map_or(end, |at| at + 3);
        self.found.push(Comment { start: self.at, text, end, after, block: true });
        self.steps += after - self.at;
        self.at = after;
    }

    /// One past the next `close`, or the end of the text.
    fn behind(&mut self, from: usize, close: &[u8]) -> usize {
        let at =
            memmem::find(&self.text[from..], close).map_or(self.text.len(), |at| from + at + close.len());
        self.steps += at - from;
        at
    }

    /// A tag and, where it opens a section of code, that section. Quotes count behind `=` only, so a stray one
    /// hides nothing.
    fn tag(&mut self) {
        let open = self.at;
        let mut at = open + 1;
        while at < self.text.len() && self.text[at] != b'>' {
            let byte = self.text[at];
            let quoted = matches!(byte, b'"' | b'\'') && self.text[..at].ends_with(b"=");
            if quoted {
                let rest = &self.text[at + 1..];
                at += memchr::memchr(byte, rest).map_or(rest.len(), |length| length + 1);
            } else if self.markup == Markup::Php && self.text[at..].starts_with(b"<?") {
                break;
            }
            at += 1;
        }
        at = at.min(self.text.len());
        self.steps += at - open;
        self.at = at;
        let tag = &self.text[open..at];
        let (code, close): (&'static Code, &[u8]) = if !self.has_sections() || tag.ends_with(b"/") {
            return;
        } else if opens(tag, b"<script") {
            (&SCRIPT_SECTION, b"</script")
        } else if opens(tag, b"<style") {
            let sheet = [&b"scss"[..], b"less", b"sass", b"stylus"];
            let slashes = sheet.iter().any(|name| memmem::find(tag, name).is_some());
            (if slashes { &SCSS_SECTION } else { &STYLE_SECTION }, b"</style")
        } else {
            return;
        };
        let end = self.closing_tag(close);
        self.section(code, at, end);
        self.at = end;
    }

    /// PHP may open anywhere, in a script too, so there only PHP is read.
    fn has_sections(&self) -> bool {
        matches!(self.markup, Markup::Html | Markup::Astro)
    }

    fn closing_tag(&mut self, close: &[u8]) -> usize {
        let mut at = self.at;
        while let Some(next) = memchr::memchr(b'<', &self.text[at..]) {
            self.steps += next + 1;
            at += next;
            let rest = &self.text[at..];
            if rest.len() >= close.len() && rest[..close.len()].eq_ignore_ascii_case(close) {
                return at;
            }
            at += 1;
        }
        self.text.len()
    }

    /// Reads a section of code; answers where its code ended.
    fn section(&mut self, code: &'static Code, start: usize, end: usize) -> usize {
        let mut lexer = Lexer::new(code, self.text, start.min(end), end);
        lexer.run();
        self.found.append(&mut lexer.found);
        self.steps += lexer.steps;
        lexer.at.min(end)
    }
}

/// True for a tag of this name: `<script>` and `<script setup`, not `<scripted>`.
fn opens(tag: &[u8], name: &[u8]) -> bool {
    tag.len() >= name.len()
        && tag[..name.len()].eq_ignore_ascii_case(name)
        && tag.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
}
