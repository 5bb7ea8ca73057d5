//! What the shape of a whole message says: merges, squashes, reverts, cherry-picks.
//!
//! Git writes `This reverts commit` under a `Reapply "..."` and under a revert of a revert as well; both bring a
//! change back, so there the claims of the quoted subject stand.

use memchr::memmem;
use muster_model::Relation;

use crate::found::Found;
use crate::scan::{SEE_MERGE_REQUEST, is_cherry};

const REVERT: &str = "revert \"";
const REAPPLY: &str = "reapply \"";

/// Sets what the shape of the message says; `founds` is in order of place.
pub(crate) fn refine(text: &str, founds: &mut [Found]) {
    let (from, to) = subject(text);
    for found in &mut *founds {
        if found.said.is_none() {
            found.said = pull_request(text, found, from, to).or_else(|| cherry_picked(text, found));
        }
    }
    if founds.is_empty() || !is_revert(text, &text[from..to]) {
        return;
    }
    for found in founds {
        if matches!(found.said, Some((Relation::Closes | Relation::Implements, _))) {
            found.said = Some((Relation::Reverts, "reverted"));
        }
    }
}

/// The first line that is not blank, without white space at its ends.
fn subject(text: &str) -> (usize, usize) {
    let from = text.len() - text.trim_start().len();
    let line = text[from..].find('\n').map_or(text.len(), |at| from + at);
    (from, from + text[from..line].trim_end().len())
}

fn pull_request(text: &str, found: &Found, from: usize, to: usize) -> Option<(Relation, &'static str)> {
    let before = &text[..found.start];
    if found.rule == "merge_request" {
        return before.ends_with(SEE_MERGE_REQUEST).then_some((Relation::Pr, "see_merge_request"));
    }
    if !matches!(found.rule, "number" | "gh") {
        return None;
    }
    if let Some(line) = before.strip_suffix("Merge pull request ") {
        let line = line.trim_end_matches([' ', '\t']);
        return (line.is_empty() || line.ends_with('\n')).then_some((Relation::Pr, "merge_pull_request"));
    }
    let closes_subject = from <= found.start && found.end <= to && &text[found.end..to] == ")";
    (closes_subject && before.ends_with('(')).then_some((Relation::Pr, "subject_end"))
}

fn cherry_picked(text: &str, found: &Found) -> Option<(Relation, &'static str)> {
    let before = text[..found.start].trim_end_matches(' ');
    let before = ["pull request", "merge request", "PR", "MR"]
        .iter()
        .find_map(|noun| before.strip_suffix(noun))
        .map_or(before, |rest| rest.trim_end_matches(' '));
    let at = before.strip_suffix("picked from")?.len();
    is_cherry(text, at).then_some((Relation::Backport, "cherry_picked"))
}

fn is_revert(text: &str, subject: &str) -> bool {
    let mut rest = without_type(subject);
    let mut reverts = 0_usize;
    while let Some(inner) = strip(rest, REVERT) {
        reverts += 1;
        rest = inner;
    }
    if reverts > 0 || strip(rest, REAPPLY).is_some() {
        return reverts % 2 == 1;
    }
    memmem::find_iter(text.as_bytes(), b"his reverts commit")
        .any(|at| at > 0 && text.as_bytes()[at - 1].eq_ignore_ascii_case(&b't'))
}

/// The subject without `fix: ` or `chore(scope)!: ` before it.
fn without_type(subject: &str) -> &str {
    let (kind, rest) = subject.split_once(": ").unwrap_or(("", subject));
    let typed =
        kind.len() <= 40 && kind.starts_with(|c: char| c.is_ascii_lowercase()) && !kind.contains([' ', '"']);
    if typed { rest } else { subject }
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).map(|_| &text[prefix.len()..])
}
