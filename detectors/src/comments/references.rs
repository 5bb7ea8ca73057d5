//! Rules T7 and T8: what a comment or a task's text names.
//!
//! References are kept as written. In brackets behind a tag more is a reference than in running text: there `ABC-12`
//! is a ticket, here it is as likely `UTF-8`.

/// Segments of an address that an issue's number or key follows.
const ISSUE_SEGMENTS: [&str; 13] = [
    "issues",
    "issue",
    "pull",
    "pulls",
    "merge_requests",
    "browse",
    "bugs",
    "bug",
    "ticket",
    "tickets",
    "work_items",
    "pullrequests",
    "discussions",
];

/// Issues (`#12`, `owner/repo#12`, `GH-12`) and addresses of issues that a text names, in order, each once, as
/// written. Other addresses, and what only looks like a key (`UTF-8`), are none.
pub fn references_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let apart = |letter: char| letter.is_whitespace() || "()<>[]{}\"'`,;|".contains(letter);
    for word in text.split(apart).filter(|word| !word.is_empty()) {
        for reference in read_word(word) {
            if seen.insert(reference) {
                found.push(reference.to_owned());
            }
        }
    }
    found
}

fn read_word(word: &str) -> Vec<&str> {
    let trimmed = word.trim_end_matches(['.', ':', '!', '?', '。', '*', '_']);
    if is_issue_address(trimmed) || is_gh_number(trimmed) {
        return vec![trimmed];
    }
    if word.contains("://") {
        return Vec::new();
    }
    word.match_indices('#').filter_map(|(at, _)| numbered(word, at)).collect()
}

/// `#12` at a place in a word, with `owner/repo` before it where that stands there.
fn numbered(word: &str, at: usize) -> Option<&str> {
    let rest = &word[at + 1..];
    let digits = rest.bytes().take(11).take_while(u8::is_ascii_digit).count();
    let behind = &rest[digits..];
    let mut next = behind.chars();
    let ends = match next.next() {
        None => true,
        Some('.' | '-') => !next.next().is_some_and(|letter| letter.is_ascii_digit()),
        Some(letter) => !letter.is_ascii_alphanumeric() && letter != '_',
    };
    if !(1..=10).contains(&digits) || rest.starts_with('0') || !ends {
        return None;
    }
    let before = &word[..at];
    let name = before.bytes().rev().take(200).take_while(|&byte| is_name_byte(byte) || byte == b'/').count();
    let start = at - name;
    let end = at + 1 + digits;
    let free = !before[..start].ends_with(['#', '&', '@', '$', '\\', ':']);
    let qualified = before[start..].split_once('/').is_some_and(|(owner, repository)| {
        !owner.is_empty() && !repository.is_empty() && !repository.contains('/')
    });
    if name == 0
        && !before.ends_with(['#', '&', '@', '$', '\\', '/'])
        && !before.ends_with(char::is_alphanumeric)
    {
        Some(&word[at..end])
    } else if qualified && free {
        Some(&word[start..end])
    } else if matches!(before[start..].to_ascii_lowercase().as_str(), "pr" | "mr" | "issue" | "bug") {
        Some(&word[at..end])
    } else {
        None
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn is_gh_number(word: &str) -> bool {
    let Some((prefix, number)) = word.split_once('-') else { return false };
    prefix.eq_ignore_ascii_case("gh") && is_number(number)
}

fn is_number(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

fn is_key(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(prefix, number)| {
        prefix.starts_with(|letter: char| letter.is_ascii_uppercase())
            && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && number.starts_with(|letter: char| letter.is_ascii_digit())
    })
}

/// An item in brackets that names something: `#12`, `o/r#12`, `ABC-12`, `gh-1`, `b/123`, an address.
pub(super) fn is_reference(item: &str) -> bool {
    let short = item.split_once('/').is_some_and(|(place, number)| {
        (1..=10).contains(&place.len())
            && place.bytes().all(|byte| byte.is_ascii_alphabetic())
            && is_number(number)
    });
    short
        || is_key(item)
        || is_gh_number(item)
        || is_address(item)
        || item.rfind('#').is_some_and(|at| numbered(item, at) == Some(item))
}

/// `https://...` or `host.name/path`.
fn is_address(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    match text.split_once("://") {
        Some((scheme, rest)) => matches!(scheme, "http" | "https") && !rest.is_empty(),
        None => text.split_once('/').is_some_and(|(host, path)| !path.is_empty() && is_host(host)),
    }
}

fn is_host(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or("");
    host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-')
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// An address that names an issue: a number or key behind a telling segment, or at the end on a tracker's own host.
fn is_issue_address(word: &str) -> bool {
    if !is_address(word) {
        return false;
    }
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_id = |text: &str| {
        let end = text.find(['#', '?']).unwrap_or(text.len());
        is_number(&text[..end]) || is_key(&text[..end])
    };
    let mut segments = path.split('/').filter(|segment| !segment.is_empty() && *segment != "-");
    let mut above = "";
    if segments.any(|segment| {
        is_id(segment) && ISSUE_SEGMENTS.contains(&std::mem::replace(&mut above, segment)) || {
            above = segment;
            false
        }
    }) {
        return true;
    }
    let tracker = ["crbug.com", "bugs.", "bugzilla.", "issues.", "issuetracker.", "jira."];
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    let known = tracker.iter().any(|name| host.starts_with(name)) || path.contains("show_bug.cgi?id=");
    known && digits > 0
}

/// A name: a letter or `_` first, then letters, digits and `_ . - + @` (people write logins and mail addresses).
pub(super) fn is_identifier(text: &str) -> bool {
    text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_alphanumeric() || "_.-+@/".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_and_their_addresses_are_references() {
        for (text, wanted) in [
            ("see #9, #9 and (#10).", &["#9", "#10"][..]),
            (
                "o/r#3 PR#4 issue#5 **#6** [#7](https://github.com/o/r/issues/7)",
                &["o/r#3", "#4", "#5", "#6", "#7", "https://github.com/o/r/issues/7"],
            ),
            ("GH-4 gh-5", &["GH-4", "gh-5"]),
            (
                "https://gitlab.com/g/p/-/merge_requests/8#note_1",
                &["https://gitlab.com/g/p/-/merge_requests/8#note_1"],
            ),
            ("<https://issues.example.org/browse/ABC-12>.", &["https://issues.example.org/browse/ABC-12"]),
            ("https://bugs.example.org/issue1234", &["https://bugs.example.org/issue1234"]),
            ("修复 #12 的问题", &["#12"]),
        ] {
            assert_eq!(references_in(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_looks_like_one_is_none() {
        for text in [
            "a#1 a/b/c#1 F#4 &#39; \\#12 #0 #012 #12ab #1.2 #1-2 ## # 12 #define #12345678901",
            "UTF-8 SHA-256 ABC-12 b/123",
            "https://example.org/x#12 https://example.org/2024/issues https://github.com/o/r",
            "",
        ] {
            assert_eq!(references_in(text), [""; 0], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn references_stand_in_the_text_and_are_told_once(text in "[#a-z0-9/ .:()é-]{0,60}") {
            let found = references_in(&text);
            let unique: std::collections::HashSet<_> = found.iter().collect();
            proptest::prop_assert_eq!(unique.len(), found.len());
            proptest::prop_assert!(found.iter().all(|reference| text.contains(reference.as_str())));
        }
    }
}
