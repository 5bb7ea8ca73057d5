//! Comment tasks: TODO and FIXME in code.
//!
//! The tags are searched for first, and only a file that holds a plausible one is lexed: most files hold none, and a
//! packed search runs at the speed of memory where a lexer does not.
//!
//! The rules, by the numbers that tests and other files name them by:
//! - T1, T2: only comments count; strings are told from them by a table for each language (`table`), `#` in shells
//!   and YAML by the white space before it.
//! - T3 to T6: TODO and FIXME count bare, HACK, XXX and BUG with `:` or brackets; in upper case at the start of a
//!   comment's line, later on it only with `:` or `(...)`; in lower or title case at the start only, with `:`,
//!   `(...)` or `@`. A colon is one colon (`TODO::x` is a path) and brackets hold something (`todo()` is a call).
//! - T7, T8: brackets name people and issues (`tags`, `references`), the text names issues.
//! - T9: a deeper comment line goes on with the text (`continuation`).
//! - T10, T11: a bare tag is a task without title; `todo-ignore` or `no-todo` on its line takes it away.
//! - T12: two tasks are told apart by what stands around them (`surroundings`).
//! - T13: one task for each line of a comment.

mod continuation;
mod files;
mod forms;
mod heredoc;
mod jsx;
#[cfg(test)]
mod laws;
mod lexer;
mod lines;
mod markup;
mod references;
mod search;
mod skip;
mod syntax;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod yaml;

use muster_model::{FoundTask, TaskKind, TaskState};

pub use files::{Language, language_of, sniff};
pub use references::references_in;
pub(crate) use skip::is_lock_file;
pub use skip::skip_reason;

use continuation::{Commented, Piece};
use lexer::{Comment, Lexer};
use lines::{Line, Walk};
use search::Hit;
use syntax::{Rules, Syntax};
use tags::Tag;

/// True where a tag may be found: the cheap look that decides whether a file is parsed. Never false for a content in
/// which `find` would find something.
pub fn may_hold_tags(content: &[u8]) -> bool {
    search::next(content, 0).is_some()
}

/// The comment tasks of a file, in order of line.
///
/// `content` has LF line ends; it may hold any bytes. Titles are text: bytes that are not UTF-8 become U+FFFD.
pub fn find(language: Language, content: &[u8]) -> Vec<FoundTask> {
    let hits = search::all(content);
    if hits.is_empty() { Vec::new() } else { read(language.rules(), content, &hits) }
}

/// The comments of a content, in order of place, and how many bytes were looked at to find them.
///
/// Comments that neither start before `enough` nor may go on with one that does need not be among them.
fn comments(rules: &'static Rules, content: &[u8], enough: usize) -> (Vec<Comment>, usize) {
    let start = if content.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    match &rules.syntax {
        Syntax::Code(code) => {
            let mut lexer = Lexer::new(code, content, start, content.len());
            lexer.enough = enough;
            lexer.run();
            (lexer.found, lexer.steps)
        }
        Syntax::Markup(markup) => markup::comments(*markup, content, start),
        Syntax::Yaml => yaml::comments(content, start),
    }
}

fn read(rules: &'static Rules, content: &[u8], hits: &[Hit]) -> Vec<FoundTask> {
    let enough = hits.last().map_or(0, |hit| hit.end);
    let (comments, _) = comments(rules, content, enough);
    let mut lines = Walk::new(content);
    let commented = Commented { text: content, comments: &comments };
    let mut found: Vec<FoundTask> = Vec::new();
    let mut around = Around::default();
    let mut at = 0;
    for (index, comment) in comments.iter().enumerate() {
        at += hits[at..].partition_point(|hit| hit.at < comment.text);
        while let Some(hit) = hits.get(at).filter(|hit| hit.end <= comment.end) {
            let piece = commented.piece(index, lines.to(hit.at));
            let tag = tag_in(content, &piece, &hits[at..]);
            at += hits[at..].partition_point(|hit| hit.at < piece.end).max(1);
            if let Some(tag) = tag.filter(|_| !around.is_suppressed(content, piece.line)) {
                let more = commented.continuation(&piece, |next| {
                    let from = hits.partition_point(|hit| hit.at < next.start);
                    tag_in(content, next, &hits[from..]).is_some()
                });
                found.push(task(&commented, &piece, tag, &more, &mut around));
            }
        }
    }
    found
}

/// The first tag of a piece that counts (T13); `hits` start at or before it.
fn tag_in(content: &[u8], piece: &Piece, hits: &[Hit]) -> Option<Tag> {
    let line = &content[piece.start..piece.end];
    let inside = hits.iter().take_while(|hit| hit.end <= piece.end).filter(|hit| hit.at >= piece.start);
    inside
        .filter_map(|hit| {
            tags::read(line, piece.ink - piece.start, hit.at - piece.start, hit.end - piece.start)
        })
        .next()
}

fn task(
    commented: &Commented<'_>,
    piece: &Piece,
    tag: Tag,
    more: &[Piece],
    around: &mut Around,
) -> FoundTask {
    let first = String::from_utf8_lossy(&commented.text(piece)[tag.text..]);
    let mut title = trim(commented, piece, &first).to_owned();
    for next in more {
        let text = String::from_utf8_lossy(&commented.text[next.ink..next.end]);
        let text = trim(commented, next, &text);
        if !title.is_empty() && !text.is_empty() {
            title.push(' ');
        }
        title.push_str(text);
    }
    if let Some(open) = tag.inside {
        let close = if open == '(' { ')' } else { ']' };
        if title.ends_with(close) && title.matches(close).count() > title.matches(open).count() {
            title.truncate(title.trim_end_matches(close).len());
            title.truncate(title.trim_end().len());
        }
    }
    let mut references = tag.references;
    for reference in references_in(&title) {
        if !references.contains(&reference) {
            references.push(reference);
        }
    }
    let last = more.last().unwrap_or(piece).line;
    FoundTask {
        kind: TaskKind::Comment,
        key: None,
        title,
        state: TaskState::Open,
        line: piece.line.number as u64 + 1,
        parent: None,
        section: None,
        tag: Some(tag.name),
        assignee: tag.assignee,
        references,
        surroundings: around.surroundings(commented.text, piece.line, last),
    }
}

/// A piece's text without white space at its ends and, where its block closes behind it, the stars of the marker.
fn trim<'t>(commented: &Commented<'_>, piece: &Piece, text: &'t str) -> &'t str {
    let comment = &commented.comments[piece.comment];
    let marker = |from: usize, to: usize| std::str::from_utf8(&commented.text[from..to]).unwrap_or_default();
    let text =
        before_close(text, marker(comment.start, comment.text), marker(comment.end, comment.after)).trim();
    if comment.block && piece.end == comment.end { text.trim_end_matches('*').trim_end() } else { text }
}

/// A text up to where a block around it closes that was opened before it (`/* /* TODO x */ */`).
fn before_close<'t>(text: &'t str, open: &str, close: &str) -> &'t str {
    if close.is_empty() || open == close {
        return text;
    }
    let (mut from, mut depth) = (0, 0_usize);
    for (at, _) in text.match_indices(close) {
        depth += text[from..at].matches(open).count();
        if depth == 0 {
            return &text[..at];
        }
        depth -= 1;
        from = at + close.len();
    }
    text
}

/// What was last found out about a line: many comments may stand on one, and it is looked at once.
#[derive(Default)]
struct Around {
    suppressed: Option<(Line, bool)>,
    digest: Option<(Line, Line, String)>,
}

impl Around {
    fn is_suppressed(&mut self, text: &[u8], line: Line) -> bool {
        match self.suppressed {
            Some((known, answer)) if known == line => answer,
            _ => {
                let answer = tags::is_suppressed(&text[line.start..line.end]);
                self.suppressed = Some((line, answer));
                answer
            }
        }
    }

    fn surroundings(&mut self, text: &[u8], first: Line, last: Line) -> String {
        match &self.digest {
            Some((from, to, digest)) if (*from, *to) == (first, last) => digest.clone(),
            _ => {
                let digest = lines::surroundings(text, first, last);
                self.digest = Some((first, last, digest.clone()));
                digest
            }
        }
    }
}
