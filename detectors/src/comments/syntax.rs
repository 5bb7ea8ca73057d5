//! The words in which a language's comments and strings are described.
//!
//! A language is data wherever data is enough: markers, quotes and a few named special forms, each of which is one
//! function of `forms`. The lexer knows no language by name.

/// Where a marker counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Everywhere outside strings.
    Anywhere,
    /// At the start of a line or after white space (`a#b` in a shell is one word).
    AfterSpace,
    /// As the first thing on its line.
    LineStart,
    /// As the very first byte of its line.
    Margin,
}

/// A comment that ends with its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// What opens it.
    pub open: &'static str,
    /// Where it counts.
    pub place: Place,
    /// It is none where one of these bytes follows (`#[` in PHP).
    pub unless: &'static str,
}

/// A comment between two markers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// What opens it.
    pub open: &'static str,
    /// What closes it.
    pub close: &'static str,
    /// Where it counts.
    pub place: Place,
    /// True where one may stand inside another.
    pub nests: bool,
}

/// Code inside a string: `${` ... `}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    /// What opens it; its last byte is counted against `close`.
    pub open: &'static str,
    /// What closes it.
    pub close: u8,
}

/// A string. Doubled closing quotes need no word here: they close one string and open the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    /// Must stand directly before `open` (`@` in C#'s `@"..."`).
    pub after: &'static str,
    /// What opens it.
    pub open: &'static str,
    /// What closes it.
    pub close: &'static str,
    /// The byte that takes the next one's meaning away; 0 for none.
    pub escape: u8,
    /// True where it may go on over the end of the line; else an unclosed one ends there.
    pub lines: bool,
    /// True where it does not open directly after a letter, digit or `_` (`don't`).
    pub apart: bool,
    /// Code inside it.
    pub hole: Option<Hole>,
}

/// A form that needs a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// `'c'` is a character, `'a` (a lifetime, a digit separator, a prime) is not.
    Character,
    /// `r#"..."#`.
    RustRaw,
    /// `#"..."#`.
    SwiftRaw,
    /// `R"x(...)x"`.
    CppRaw,
    /// `/.../` where an expression may start.
    Regex,
    /// Elements and their text, where an expression may start.
    Jsx,
    /// `<<EOF` up to a line that is `EOF`.
    Heredoc,
    /// `<<~EOF`, `<<-EOF` and `<<EOF`, without space.
    RubyHeredoc,
    /// `$tag$ ... $tag$`.
    Dollar,
    /// `[==[ ... ]==]`, a comment after `--`.
    LongBracket,
    /// `%q(...)`, `%w[...]`, `%(...)`.
    Percent,
    /// `__END__` ends the code.
    Data,
    /// `?>` ends the code, and a line comment with it.
    PhpEnd,
}

/// A language that is lexed by its table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    /// Line comments.
    pub line: &'static [Line],
    /// Block comments, tried before line comments.
    pub block: &'static [Block],
    /// Strings; the first that fits wins, so longer openers stand first.
    pub quotes: &'static [Quote],
    /// Everything else, tried before all of these.
    pub special: &'static [Special],
    /// The byte that, in code, takes the next one's meaning away (`\\#`, Erlang's `$"`); 0 for none.
    pub escape: u8,
}

/// How the text around sections of code is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// `<script>` and `<style>` are code.
    Html,
    /// No section is code.
    Xml,
    /// As HTML, and what stands between `---` lines at the top is code.
    Astro,
    /// `<?php ... ?>` is code.
    Php,
}

/// How a language's comments are found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Syntax {
    /// By its table.
    Code(Code),
    /// By its sections.
    Markup(Markup),
    /// By indentation.
    Yaml,
}

/// A language: its names and how its comments are found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// For people.
    pub name: &'static str,
    /// File extensions and whole file names, in lower case and separated by spaces; a name starts with `/`.
    pub files: &'static str,
    /// Interpreters of a `#!` line, separated by spaces.
    pub interpreters: &'static str,
    /// How its comments are found.
    pub syntax: Syntax,
}

/// A line comment that counts everywhere.
pub(super) const fn line(open: &'static str) -> Line {
    Line { open, place: Place::Anywhere, unless: "" }
}

/// A block comment that counts everywhere.
pub(super) const fn block(open: &'static str, close: &'static str) -> Block {
    Block { open, close, place: Place::Anywhere, nests: false }
}

/// A string that ends with its line and has no escapes.
pub(super) const fn quote(open: &'static str, close: &'static str) -> Quote {
    Quote { after: "", open, close, escape: 0, lines: false, apart: false, hole: None }
}

impl Line {
    /// The same, counting in one place only.
    pub(super) const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// The same, but none where one of these bytes follows.
    pub(super) const fn unless(self, unless: &'static str) -> Self {
        Self { unless, ..self }
    }
}

impl Block {
    /// The same, counting in one place only.
    pub(super) const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// The same, one inside another.
    pub(super) const fn nested(self) -> Self {
        Self { nests: true, ..self }
    }
}

impl Quote {
    /// The same, with backslash escapes.
    pub(super) const fn escaped(self) -> Self {
        Self { escape: b'\\', ..self }
    }

    /// The same, with another escape byte.
    pub(super) const fn escaped_by(self, escape: u8) -> Self {
        Self { escape, ..self }
    }

    /// The same, over several lines.
    pub(super) const fn lines(self) -> Self {
        Self { lines: true, ..self }
    }

    /// The same, directly after this prefix only.
    pub(super) const fn after(self, after: &'static str) -> Self {
        Self { after, ..self }
    }

    /// The same, not directly after a word.
    pub(super) const fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    /// The same, with code inside.
    pub(super) const fn hole(self, open: &'static str, close: u8) -> Self {
        Self { hole: Some(Hole { open, close }), ..self }
    }
}
