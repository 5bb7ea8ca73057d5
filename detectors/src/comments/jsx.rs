//! Elements inside JavaScript: their text is neither code nor comment.
//!
//! Without this, `<a>http://x</a>` would open a comment and `don't` a string. An element is only looked for where
//! an expression may start; one that never ends was none, and then the whole text is read again without elements
//! (`Lexer::start_over_without_jsx`), so a comparison or a type parameter cannot hide the rest of a file.

use super::lexer::{Lexer, Resume, is_word};
use super::syntax::{block, line};

impl Lexer<'_> {
    /// `<name` or `<>` where an expression may start; `<T,` and `<T extends` are type parameters.
    pub(super) fn jsx_element(&mut self) -> bool {
        let rest = &self.text[self.at + 1..self.end];
        let name =
            rest.iter().take(128).take_while(|&&byte| is_word(byte) || b".:-$".contains(&byte)).count();
        let after = &rest[name..];
        let type_parameter =
            after.starts_with(b",") || after.starts_with(b" extends ") || after.starts_with(b" =");
        let opens = rest.first().is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'>');
        if !opens || type_parameter || !self.expression_may_start() {
            return false;
        }
        self.at += 1;
        self.jsx_tag(0);
        true
    }

    /// Goes on inside `<name ...`; `elements` are open around it.
    pub(super) fn jsx_tag(&mut self, elements: usize) {
        self.jsx_elements(elements, true);
    }

    /// Goes on among the children of the innermost open element.
    pub(super) fn jsx_children(&mut self, elements: usize) {
        self.jsx_elements(elements, false);
    }

    /// Up to the end of the outermost element, or into the first hole. A loop, so that depth costs no stack.
    fn jsx_elements(&mut self, mut elements: usize, mut in_tag: bool) {
        while self.at < self.end {
            let closed = if in_tag {
                match self.jsx_tag_end() {
                    TagEnd::Hole => return self.open_hole(Resume::JsxTag { elements }, b'{', b'}'),
                    TagEnd::Open => {
                        elements += 1;
                        false
                    }
                    TagEnd::Closed => true,
                    TagEnd::Missing => break,
                }
            } else {
                let rest = &self.text[self.at..self.end];
                let length = memchr::memchr2(b'<', b'{', rest).unwrap_or(rest.len());
                self.at += length;
                self.steps += length + 1;
                if self.starts("{") {
                    self.at += 1;
                    return self.open_hole(Resume::JsxChildren { elements }, b'{', b'}');
                }
                let closing = self.starts("</");
                if !closing {
                    self.at += 1;
                    in_tag = true;
                    continue;
                }
                let Some(end) = self.find(self.at, ">") else { break };
                self.at = end + 1;
                elements -= 1;
                true
            };
            in_tag = false;
            if closed && elements == 0 {
                return;
            }
        }
        self.start_over_without_jsx();
    }

    fn jsx_tag_end(&mut self) -> TagEnd {
        while self.at < self.end {
            self.steps += 1;
            match self.text[self.at] {
                b'{' => {
                    self.at += 1;
                    return TagEnd::Hole;
                }
                quote @ (b'"' | b'\'') => {
                    let rest = &self.text[self.at + 1..self.end];
                    let length = memchr::memchr(quote, rest).unwrap_or(rest.len());
                    self.steps += length;
                    self.at += length + 2;
                }
                b'/' if self.starts("//") => _ = self.line(&line("//")),
                b'/' if self.starts("/*") => _ = self.block(&block("/*", "*/")),
                b'/' if self.starts("/>") => {
                    self.at += 2;
                    return TagEnd::Closed;
                }
                b'>' => {
                    self.at += 1;
                    return TagEnd::Open;
                }
                _ => self.at += 1,
            }
        }
        TagEnd::Missing
    }
}

/// How a tag goes on.
enum TagEnd {
    /// `{`: code inside it.
    Hole,
    /// `>`: children follow.
    Open,
    /// `/>`.
    Closed,
    /// Not before the text's end.
    Missing,
}
