//! Addresses: those of issues and pull requests are references, and no other may be read for one.
//!
//! Only the two public hosts are read for references: a target says nothing of its host, so an issue of a private
//! installation must not be taken for one of a public repository with the same name.

use std::borrow::Cow;

use memchr::memmem;

use crate::boundary::{number_end, run_start};
use crate::found::{Found, MAX_REFERENCES};
use crate::mask::Blanking;

/// Blanks every address, so that nothing inside one is read again; what they name goes to `founds`.
pub(crate) fn take_addresses<'a>(text: &'a str, founds: &mut Vec<Found>) -> Cow<'a, str> {
    let mut from = 0;
    let mut blanks = Blanking::new(text);
    while let Some(colon) = memmem::find(&text.as_bytes()[from..], b"://").map(|at| from + at) {
        // The whole word, however long: a part of one that stays would be read for what the word is not.
        let is_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+.-".contains(&b);
        let scheme = run_start(text, colon, colon - from, is_scheme).max(from);
        let path = colon + 3;
        let end = path + length(&text[path..]);
        if founds.len() < MAX_REFERENCES
            && (text[scheme..colon].eq_ignore_ascii_case("https")
                || text[scheme..colon].eq_ignore_ascii_case("http"))
            && let Some(target) = issue(&text[path..end])
        {
            founds.push(Found::new(scheme, end, target, "address"));
        }
        blanks.blank(scheme, end);
        from = end;
    }
    blanks.into_text()
}

/// How far an address goes: to white space, a bracket that it did not open, or a mark that no address holds; the
/// punctuation of the sentence around it is not part of it.
fn length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut end = rest.len();
    for (at, c) in rest.char_indices() {
        let stops = match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                let closes = depth == 0;
                depth = depth.saturating_sub(1);
                closes
            }
            '<' | '>' | '"' | '`' | ']' | '|' | '\0' => true,
            '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => true,
            _ => c.is_whitespace(),
        };
        if stops {
            end = at;
            break;
        }
    }
    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']).len()
}

/// `owner/repo#N` for `host/owner/repo/issues/N` and its kin.
fn issue(address: &str) -> Option<String> {
    let (host, path) = address.split_once('/')?;
    let host = host.to_ascii_lowercase();
    match host.strip_prefix("www.").unwrap_or(&host) {
        "github.com" => {
            let mut parts = path.splitn(4, '/');
            let (owner, repo, kind, number) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            let known = matches!(kind, "issues" | "pull" | "pulls");
            (known && is_name(owner) && is_name(repo)).then(|| target(&format!("{owner}/{repo}"), number))?
        }
        "gitlab.com" => {
            let (at, rest) = ["/-/issues/", "/-/merge_requests/", "/issues/", "/merge_requests/"]
                .iter()
                .find_map(|kind| path.find(kind).map(|at| (at, at + kind.len())))?;
            let project = &path[..at];
            (project.contains('/') && project.len() <= 255 && project.split('/').all(is_name))
                .then(|| target(project, &path[rest..]))?
        }
        _ => None,
    }
}

fn is_name(segment: &str) -> bool {
    !segment.is_empty()
        && segment.len() <= 100
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn target(project: &str, number: &str) -> Option<String> {
    number_end(number, 0).map(|end| format!("{project}#{}", &number[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_and_pull_requests_of_the_public_hosts_are_read() {
        for (address, wanted) in [
            ("github.com/o/r/issues/26", Some("o/r#26")),
            ("www.github.com/o/r.js/pull/26/files?w=1", Some("o/r.js#26")),
            ("GitHub.com/o/r/pull/26.diff", Some("o/r#26")),
            ("github.com/o/r/issues/26a", None),
            ("github.com/o/r/commit/26", None),
            ("github.example/o/r/issues/26", None),
            ("gitlab.com/g/s/p/-/merge_requests/9", Some("g/s/p#9")),
            ("gitlab.com/g/p/issues/9#note_1", Some("g/p#9")),
            ("gitlab.com/issues/9", None),
            ("github.com", None),
        ] {
            assert_eq!(issue(address).as_deref(), wanted, "{address}");
        }
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (rest, end) in [("a/b, c", 3), ("a/b).", 3), ("a_(b))", 5), ("a。b", 1), ("a>", 1), ("a/#1).", 4)]
        {
            assert_eq!(length(rest), end, "{rest}");
        }
    }

    #[test]
    fn the_whole_word_before_the_marks_is_blanked() {
        for text in ["T1.1TASK-012GH-https://", "x T1.1TASK-012GH-https://a b"] {
            let mut founds = Vec::new();
            let blanked = take_addresses(text, &mut founds);
            assert!(!blanked.contains("T1.1") && founds.is_empty(), "{blanked:?}");
        }
    }
}
