//! Globs of directories, matched segment by segment: what workspaces and `[roles]` are written in.
//!
//! A pattern is resolved against the directory of its file first, so that `..` is settled by text and nothing can
//! point outside the tree. Matching costs at most segments times segments, whatever the pattern; what it costs is
//! told beforehand, so that callers can keep a budget.

use globset::{GlobBuilder, GlobMatcher};

/// Patterns longer than this, in bytes, are refused.
const MAX_BYTES: usize = 1_024;

/// A glob of directories, relative to the root of the tree.
#[derive(Debug)]
pub(crate) struct Pattern {
    segments: Vec<Segment>,
    /// `*` and `**` match names that begin with a dot.
    dots: bool,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    /// `*`
    Any,
    /// `**`: any number of segments, none included.
    Deep,
    /// `*` and `?` among other letters: matched here, for compiling an expression costs far more.
    Stars(Vec<char>),
    /// Brackets, braces, escapes.
    Wild(Box<GlobMatcher>),
}

impl Pattern {
    /// Parses a pattern that stands in a file of directory `base`. A leading `./`, a leading or trailing `/` and
    /// empty segments mean nothing. The error is a sentence fragment that says why the pattern is refused.
    pub(crate) fn parse(base: &str, text: &str, dots: bool) -> Result<Self, &'static str> {
        if text.len() > MAX_BYTES {
            return Err("is too long");
        }
        if ["!(", "@(", "+(", "?(", "*("].iter().any(|group| text.contains(group)) {
            return Err("uses groups, which are not understood");
        }
        let mut segments: Vec<Segment> = Vec::new();
        if base != "." {
            segments.extend(base.split('/').map(|name| Segment::Literal(name.to_owned())));
        }
        for segment in split(text) {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop().ok_or("points outside the repository")?;
                }
                "*" => segments.push(Segment::Any),
                "**" if matches!(segments.last(), Some(Segment::Deep)) => {}
                "**" => segments.push(Segment::Deep),
                name if !name.contains(['*', '?', '[', '{', '\\']) => {
                    segments.push(Segment::Literal(name.to_owned()));
                }
                stars if !is_compiled(stars) => {
                    segments.push(Segment::Stars(stars.chars().collect()));
                }
                wild => {
                    let glob = GlobBuilder::new(wild).literal_separator(true).backslash_escape(true).build();
                    let glob = glob.map_err(|_| "is not a valid glob")?;
                    segments.push(Segment::Wild(Box::new(glob.compile_matcher())));
                }
            }
        }
        Ok(Self { segments, dots })
    }

    /// The directory that all matches lie in or are: the pattern up to its first wildcard.
    pub(crate) fn fixed_part(&self) -> String {
        let fixed: Vec<&str> = self.segments.iter().map_while(Segment::literal).collect();
        if fixed.is_empty() { ".".to_owned() } else { fixed.join("/") }
    }

    /// True where there is no wildcard: the pattern is the directory `fixed_part`.
    pub(crate) fn is_literal(&self) -> bool {
        self.segments.iter().all(|segment| segment.literal().is_some())
    }

    /// An upper bound for the work of one match against a directory of `depth` segments.
    pub(crate) fn cost(&self, depth: usize) -> u64 {
        let wild: usize = self.segments.iter().map(Segment::weight).sum();
        let deep = self.segments.iter().any(|segment| matches!(segment, Segment::Deep));
        let each = if deep { self.segments.len() + wild } else { 1 + wild };
        (depth as u64 + 1).saturating_mul(each as u64)
    }

    /// True where the pattern matches a directory, whose segments are given; the root has none.
    pub(crate) fn matches(&self, directory: &[&str]) -> bool {
        let (mut at, mut next) = (0, 0);
        // Where to go on when a later segment fails: after the last `**`, one more directory swallowed.
        let mut retry: Option<(usize, usize)> = None;
        while next < directory.len() {
            match self.segments.get(at) {
                Some(Segment::Deep) => {
                    retry = Some((at, next));
                    at += 1;
                    continue;
                }
                Some(segment) if segment.matches(directory[next], self.dots) => {
                    at += 1;
                    next += 1;
                    continue;
                }
                _ => {}
            }
            match retry {
                Some((deep, swallowed)) if self.dots || !directory[swallowed].starts_with('.') => {
                    retry = Some((deep, swallowed + 1));
                    at = deep + 1;
                    next = swallowed + 1;
                }
                _ => return false,
            }
        }
        self.segments[at..].iter().all(|segment| matches!(segment, Segment::Deep))
    }

    /// True where a segment of the pattern is exactly this name.
    pub(crate) fn names(&self, segment: &str) -> bool {
        self.segments.iter().any(|own| own.literal() == Some(segment))
    }
}

impl Segment {
    fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(name) => Some(name),
            _ => None,
        }
    }

    /// What matching takes beyond comparing a name.
    fn weight(&self) -> usize {
        match self {
            Self::Stars(stars) => 2 + stars.len() / 4,
            Self::Wild(_) => 8,
            Self::Literal(_) | Self::Any | Self::Deep => 0,
        }
    }

    fn matches(&self, name: &str, dots: bool) -> bool {
        match self {
            Self::Literal(own) => own == name,
            Self::Any => dots || !name.starts_with('.'),
            Self::Deep => true,
            Self::Stars(stars) => {
                (dots || !name.starts_with('.') || stars.first() == Some(&'.')) && matches_stars(stars, name)
            }
            Self::Wild(glob) => {
                glob.is_match(name) && (dots || !name.starts_with('.') || glob.glob().glob().starts_with('.'))
            }
        }
    }
}

/// `*` is any number of letters and `?` is one; what a `*` takes too little of is tried again with one more.
fn matches_stars(pattern: &[char], name: &str) -> bool {
    let (mut at, mut rest) = (0, name.chars());
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let before = rest.clone();
        match (pattern.get(at), rest.next()) {
            (Some('*'), _) => {
                rest = before;
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(wanted), Some(letter)) if *wanted == '?' || *wanted == letter => {
                at += 1;
                continue;
            }
            _ => {}
        }
        let Some((after, taken)) = &mut retry else { return false };
        if taken.next().is_none() {
            return false;
        }
        (at, rest) = (*after, taken.clone());
    }
}

/// True for segments that need an expression.
fn is_compiled(segment: &str) -> bool {
    segment.contains(['[', '{', '\\'])
}

/// The number of expressions that parsing a pattern compiles: what it costs, known before.
pub(crate) fn compiled_count(text: &str) -> usize {
    split(text).into_iter().filter(|segment| is_compiled(segment)).count()
}

/// Splits at `/`, but not inside braces or brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, letter) in text.bytes().enumerate() {
        match letter {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'/' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Expands the braces that hold a `/`, which no single segment can match; other texts come back as they are. At
/// most `limit` patterns.
pub(crate) fn expand_braces(text: &str, limit: usize) -> Vec<String> {
    let mut pending = vec![text.to_owned()];
    let mut done = Vec::new();
    while let Some(text) = pending.pop() {
        match first_group(&text) {
            Some((open, close)) if text[open..close].contains('/') && pending.len() + done.len() < limit => {
                let (before, after) = (&text[..open], &text[close + 1..]);
                let choices =
                    text[open + 1..close].rsplit(',').map(|choice| format!("{before}{choice}{after}"));
                pending.extend(choices.take(limit));
            }
            _ => done.push(text),
        }
    }
    done.truncate(limit);
    done
}

/// The first `{..}` without braces inside.
fn first_group(text: &str) -> Option<(usize, usize)> {
    let close = text.find('}')?;
    let open = text[..close].rfind('{')?;
    Some((open, close))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, directory: &str) -> bool {
        let segments: Vec<&str> = if directory == "." { Vec::new() } else { directory.split('/').collect() };
        Pattern::parse(".", pattern, false).unwrap().matches(&segments)
    }

    #[test]
    fn segments_match_as_globs_do() {
        for (pattern, directory) in [
            ("packages/*", "packages/a"),
            ("./packages/*/", "packages/a"),
            ("packages/**", "packages"),
            ("packages/**", "packages/a/b"),
            ("**", "."),
            ("**", "a/b"),
            ("**/test/**", "a/test"),
            ("**/test/**", "test/b/c"),
            ("a/**/z", "a/b/y/z"),
            ("a/**/b/**/c", "a/x/b/b/y/c"),
            ("a-*", "a-b"),
            ("*a*b?", "xaybbz"),
            ("a*", "a"),
            ("?é*", "xé"),
            ("{a,b}/*", "b/c"),
            ("a[0-9]", "a7"),
            (".x/*", ".x/a"),
            ("a/../b", "b"),
        ] {
            assert!(matches(pattern, directory), "{pattern} {directory}");
        }
        for (pattern, directory) in [
            ("packages/*", "packages/a/b"),
            ("packages/*", "packages"),
            ("packages/*", "packages/.a"),
            ("**", ".git"),
            ("a/**/z", "a/.b/z"),
            ("a", "a-b"),
            ("a*", "a/b"),
            ("*a?", "xa"),
            ("a", "ab"),
        ] {
            assert!(!matches(pattern, directory), "{pattern} {directory}");
        }
    }

    #[test]
    fn nothing_points_outside() {
        assert!(Pattern::parse("a", "../../b", false).is_err());
        assert_eq!(Pattern::parse("a", "../b/*", false).unwrap().fixed_part(), "b");
        for refused in ["!(a)", "[", &"a".repeat(2_000)] {
            assert!(Pattern::parse(".", refused, false).is_err(), "{refused}");
        }
    }

    #[test]
    fn braces_around_slashes_are_expanded() {
        assert_eq!(expand_braces("{a/b,c}/*", 8), ["a/b/*", "c/*"]);
        assert_eq!(expand_braces("{a,b}/*", 8), ["{a,b}/*"]);
        assert!(expand_braces(&"{a/b,c/d}".repeat(50), 64).len() <= 64);
    }

    #[test]
    fn many_stars_stay_cheap() {
        let pattern = Pattern::parse(".", &"**/a/".repeat(200), true).unwrap();
        let deep: Vec<&str> = vec!["a"; 1_000];
        assert!(pattern.matches(&deep));
        assert!(!Pattern::parse(".", &("**/a/".repeat(200) + "b"), true).unwrap().matches(&deep));
    }
}
