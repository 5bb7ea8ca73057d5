//! Finds what the grammar takes for a reference, whatever the words around it say.
//!
//! A search for the three bytes that every reference but an address and a known key holds (`#`, `!`, `-`), then a
//! look at what stands around each. Written by hand because every look back is bounded: an owner has at most 39
//! characters, a repository 100, a prefix 10. So the scan is linear for any input, which a pattern with an optional
//! owner in front of each number is not.

use memchr::{memchr3_iter, memmem};
use muster_model::Relation;

use crate::boundary::{is_free_after, is_free_before, is_word, number_end, run_start};
use crate::found::{Found, MAX_REFERENCES};
use crate::vocabulary::KnownKeys;

/// What stands before the path in the last line of a GitLab merge commit.
pub(crate) const SEE_MERGE_REQUEST: &str = "See merge request ";

/// Words that may be glued to `#N` (`PR#12`).
const GLUED: [&str; 4] = ["PR", "MR", "issue", "bug"];

/// The most commits that one sentence reverts or picks.
const MAX_COMMITS: usize = 1_000;

/// The most characters of a task id such as `TASK-ABC-12.3`.
const MAX_TASK_ID: usize = 96;

/// References by `#`, `!` and `-`, in order of place.
pub(crate) fn find_marks(text: &str, known: &KnownKeys, founds: &mut Vec<Found>) {
    let most = founds.len() + MAX_REFERENCES;
    for at in memchr3_iter(b'#', b'!', b'-', text.as_bytes()) {
        if founds.len() >= most {
            return;
        }
        founds.extend(match text.as_bytes()[at] {
            b'#' => hash(text, at),
            b'!' => bang(text, at),
            _ => dash(text, at, known),
        });
    }
}

/// `#N`, `##N`, `PR#N`, `owner/repo#N`.
fn hash(text: &str, at: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    if at > 0 && bytes[at - 1] == b'#' {
        return None;
    }
    let doubled = bytes.get(at + 1) == Some(&b'#');
    let digits = at + 1 + usize::from(doubled);
    let end = number_end(text, digits)?;
    let number = &text[digits..end];
    if is_free_before(text, at) {
        return Some(Found::new(at, end, format!("#{number}"), "number"));
    }
    let word = run_start(text, at, 5, |byte| byte.is_ascii_alphabetic());
    if GLUED.iter().any(|glued| glued.eq_ignore_ascii_case(&text[word..at])) && is_free_before(text, word) {
        return Some(Found::new(word, end, format!("#{number}"), "number"));
    }
    if doubled {
        return None;
    }
    let start = repository_start(text, at)?;
    Some(Found::new(start, end, format!("{}#{number}", &text[start..at]), "qualified"))
}

/// `owner/repo!N`, and after `See merge request` a path of any depth.
fn bang(text: &str, at: usize) -> Option<Found> {
    let end = number_end(text, at + 1)?;
    let number = &text[at + 1..end];
    let path = run_start(text, at, 255, |byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte));
    let start = if text[..path].ends_with(SEE_MERGE_REQUEST) { path } else { repository_start(text, at)? };
    Some(Found::new(start, end, format!("{}#{number}", &text[start..at]), "merge_request"))
}

/// Where the `owner/repo` that ends at `end` begins.
fn repository_start(text: &str, end: usize) -> Option<usize> {
    let repo = run_start(text, end, 100, |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if repo == end || !text[..repo].ends_with('/') || matches!(&text[repo..end], "." | "..") {
        return None;
    }
    let owner = run_start(text, repo - 1, 39, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let named = text.as_bytes()[owner].is_ascii_alphanumeric();
    (named && is_free_before(text, owner)).then_some(owner)
}

/// `GH-N`, `TASK-1.2`, `TASK-ABC-1`, `ABC-1`.
fn dash(text: &str, at: usize, known: &KnownKeys) -> Option<Found> {
    let digits = at + 1;
    if !text.as_bytes().get(digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let start = run_start(text, at, 11, |byte| byte.is_ascii_alphanumeric());
    let prefix = &text[start..at];
    if matches!(prefix, "GH" | "gh") && is_free_before(text, start) {
        let end = number_end(text, digits)?;
        return Some(Found::new(start, end, format!("#{}", &text[digits..end]), "gh"));
    }
    if !is_prefix(prefix) {
        return None;
    }
    let task = if prefix == "TASK" {
        Some(start)
    } else {
        text[..start].ends_with("TASK-").then(|| start - "TASK-".len())
    };
    if let Some(task) = task.filter(|task| is_free_before(text, *task)) {
        let end = task_id_end(text, digits)?;
        return Some(Found::new(task, end, text[task..end].to_owned(), "task_id"));
    }
    let end = number_end(text, digits)?;
    (is_free_before(text, start) && known.takes_prefix(prefix))
        .then(|| Found::new(start, end, text[start..end].to_owned(), "key"))
}

/// `[A-Z][A-Z0-9]{1,9}`.
fn is_prefix(prefix: &str) -> bool {
    (2..=10).contains(&prefix.len())
        && prefix.as_bytes()[0].is_ascii_uppercase()
        && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The end of `12`, `12.3`, `12.3.4` and so on; leading zeros are allowed.
fn task_id_end(text: &str, at: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[at..];
    let mut length = 0;
    while length <= MAX_TASK_ID {
        let digits =
            bytes[length..].iter().take(MAX_TASK_ID).take_while(|byte| byte.is_ascii_digit()).count();
        length += digits;
        let goes_on =
            bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !goes_on {
            return (length <= MAX_TASK_ID && is_free_after(text, at + length)).then_some(at + length);
        }
        length += 1;
    }
    None
}

/// Commit ids after `This reverts commit` and `cherry picked from commit`.
pub(crate) fn find_commits(text: &str, founds: &mut Vec<Found>) {
    let most = founds.len() + MAX_REFERENCES;
    for at in memmem::find_iter(text.as_bytes(), b"his reverts commit") {
        if founds.len() < most && at > 0 && text.as_bytes()[at - 1].eq_ignore_ascii_case(&b't') {
            take_commits(
                text,
                at + "his reverts commit".len(),
                (Relation::Reverts, "reverts_commit"),
                founds,
            );
        }
    }
    for at in memmem::find_iter(text.as_bytes(), b"picked from commit") {
        if founds.len() < most && is_cherry(text, at) {
            take_commits(
                text,
                at + "picked from commit".len(),
                (Relation::Backport, "cherry_picked"),
                founds,
            );
        }
    }
}

/// True where `picked` at `at` follows `cherry ` or `cherry-`.
pub(crate) fn is_cherry(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[at.saturating_sub("cherry ".len())..at];
    before.len() == "cherry ".len()
        && before[..6].eq_ignore_ascii_case(b"cherry")
        && b" -".contains(&before[6])
}

/// One id, or several with commas or `and` between them where the text says `commits`.
fn take_commits(text: &str, from: usize, said: (Relation, &'static str), founds: &mut Vec<Found>) {
    let mut at = from + usize::from(text[from..].starts_with('s'));
    for _ in 0..MAX_COMMITS {
        let Some(rest) = text[at..].strip_prefix([' ', ':']) else { return };
        let start = text.len() - rest.trim_start_matches([' ', ':']).len();
        let length = text.as_bytes()[start..]
            .iter()
            .take(65)
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            .count();
        let end = start + length;
        let ends = !text[end..].chars().next().is_some_and(is_word);
        if !(matches!(length, 7..=40 | 64) && ends) {
            return;
        }
        founds.push(Found { said: Some(said), ..Found::new(start, end, text[start..end].to_owned(), "sha") });
        let Some(next) = [", and", ",", " and", " &"].iter().find(|mark| text[end..].starts_with(**mark))
        else {
            return;
        };
        at = end + next.len();
    }
}
