//! How output looks: colour, glyphs and width, decided once and passed on as a value.

use std::fmt;

use anstyle::{AnsiColor, Style};

use crate::environment::Environment;

/// When to colour: `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Also into a file or pipe
    Always,
    /// Never
    Never,
}

/// How one stream is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Write escape sequences for colour.
    pub(crate) colour: bool,
    /// Write glyphs beyond ASCII: `├─`, `▰▱`, `…`. Text from repositories is written as it is, either way.
    pub(crate) glyphs: bool,
    /// Columns of the terminal; `None` to never cut anything.
    pub(crate) width: Option<usize>,
}

impl Look {
    /// Neither colour nor a bound on width: as files and pipes have it.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { colour: false, glyphs: true, width: None };

    /// How a stream looks: `--color` first, then `NO_COLOR` (no-color.org), then `TERM=dumb`, then whether the
    /// stream is a terminal. `width` is that of the terminal, where there is one.
    pub(crate) fn decide(
        choice: ColourChoice,
        environment: &Environment,
        is_terminal: bool,
        width: Option<usize>,
    ) -> Self {
        let dumb = environment.text("TERM") == Some("dumb");
        let colour = match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto => is_terminal && !dumb && environment.raw("NO_COLOR").is_none(),
        };
        Self { colour, glyphs: !dumb && speaks_utf8(environment), width: width.filter(|_| is_terminal) }
    }

    /// The text in a style, or as it is where there is no colour.
    pub(crate) fn paint<'a>(&self, style: Style, text: &'a str) -> Painted<'a> {
        Painted { style: self.colour.then_some(style), text }
    }

    /// The glyph, or what stands for it where only ASCII is understood.
    pub(crate) fn glyph<'a>(&self, glyph: &'a str, ascii: &'a str) -> &'a str {
        if self.glyphs { glyph } else { ascii }
    }
}

/// False only where the locale names another encoding: containers often set none and understand UTF-8 all the same.
fn speaks_utf8(environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.text(name));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Text between the escape sequences of a style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painted<'a> {
    style: Option<Style>,
    text: &'a str,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            Some(style) if !self.text.is_empty() => write!(f, "{style}{}{style:#}", self.text),
            _ => f.write_str(self.text),
        }
    }
}

/// Plain text.
pub(crate) const PLAIN: Style = Style::new();
/// What a table is about.
pub(crate) const STRONG: Style = Style::new().bold();
/// What may be passed over.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// The head of a column.
pub(crate) const HEAD: Style = Style::new().bold().underline();
/// Done.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Wants to be looked at.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Went wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// A kind of thing.
pub(crate) const KIND: Style = AnsiColor::Cyan.on_default();

#[cfg(test)]
mod tests {
    use super::*;

    fn colour<const N: usize>(choice: ColourChoice, variables: [(&str, &str); N], is_terminal: bool) -> bool {
        Look::decide(choice, &Environment::from(variables), is_terminal, None).colour
    }

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        use ColourChoice::{Always, Auto, Never};
        assert!(colour(Auto, [("TERM", "xterm")], true));
        assert!(!colour(Auto, [("TERM", "xterm")], false));
        assert!(!colour(Auto, [("NO_COLOR", "1")], true));
        assert!(colour(Auto, [("NO_COLOR", "")], true));
        assert!(!colour(Auto, [("TERM", "dumb")], true));
        assert!(colour(Always, [("NO_COLOR", "1")], false));
        assert!(!colour(Never, [], true));
    }

    #[test]
    fn glyphs_are_left_out_where_the_locale_lacks_them() {
        let glyphs = |variables: [(&str, &str); 1]| {
            Look::decide(ColourChoice::Auto, &Environment::from(variables), true, None).glyphs
        };
        assert!(
            glyphs([("LANG", "en_GB.UTF-8")]) && glyphs([("LC_ALL", "C.utf8")]) && glyphs([("LANG", "")])
        );
        assert!(
            !glyphs([("LC_ALL", "C")])
                && !glyphs([("LANG", "de_DE.ISO-8859-1")])
                && !glyphs([("TERM", "dumb")])
        );
    }

    #[test]
    fn a_pipe_has_no_width() {
        let look =
            |is_terminal| Look::decide(ColourChoice::Auto, &Environment::default(), is_terminal, Some(80));
        assert_eq!((look(true).width, look(false).width), (Some(80), None));
    }
}
