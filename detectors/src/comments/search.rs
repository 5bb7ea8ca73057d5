//! Looks for tags, and for nothing else: most files hold none, and then they are never parsed.
//!
//! One packed (SIMD) search for the ways in which rules T3 and T6 let a tag be written, then a look at the bytes on
//! either side. What is found here is only plausible: whether it stands in a comment, and where in it, is decided
//! later. What is not found here is no tag: a property test compares this search with a naive one.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

/// A tag as written: `at` is its first letter, `end` one past its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub at: usize,
    pub end: usize,
}

/// The tags, in upper case; the first two need nothing behind them.
pub(super) const TAGS: [&str; 5] = ["TODO", "FIXME", "HACK", "XXX", "BUG"];

/// Every way of writing a tag that can count, with what must stand around it.
fn patterns() -> Vec<String> {
    let mut all = vec!["TODO".to_owned(), "FIXME".to_owned()];
    for tag in TAGS {
        let lower = tag.to_ascii_lowercase();
        let title = format!("{}{}", &tag[..1], &lower[1..]);
        let loud = tag == "TODO" || tag == "FIXME";
        if !loud {
            all.extend([":", "(", "["].map(|behind| format!("{tag}{behind}")));
        }
        for word in [lower, title] {
            all.extend([":", "("].map(|behind| format!("{word}{behind}")));
            if loud {
                all.push(format!("@{word}"));
            } else {
                all.push(format!("@{word}["));
            }
        }
    }
    all
}

enum Searcher {
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| {
    let patterns = patterns();
    let config = packed::Config::new();
    match config.builder().extend(&patterns).build() {
        Some(searcher) => Searcher::Packed(searcher),
        None => {
            Searcher::Automaton(AhoCorasick::new(&patterns).expect("a few short patterns fit any automaton"))
        }
    }
});

/// The first plausible tag at or after `from`.
pub(super) fn next(content: &[u8], mut from: usize) -> Option<Hit> {
    while from < content.len() {
        let found = match &*SEARCHER {
            Searcher::Packed(searcher) => {
                searcher.find_in(content, aho_corasick::Span { start: from, end: content.len() })
            }
            Searcher::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(content).span(from..content.len()))
            }
        }?;
        let at = found.start() + usize::from(content[found.start()] == b'@');
        let word = content[at..].iter().take(5).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let hit = Hit { at, end: at + word.min(found.end() - at) };
        if is_plausible(content, hit) {
            return Some(hit);
        }
        from = found.end();
    }
    None
}

/// Every plausible tag, in order.
pub(super) fn all(content: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut from = 0;
    while let Some(hit) = next(content, from) {
        from = hit.end;
        hits.push(hit);
    }
    hits
}

/// No letter before it, and behind it what T4 asks for or what may close a comment.
fn is_plausible(content: &[u8], hit: Hit) -> bool {
    let left = hit.at == 0 || !(content[hit.at - 1].is_ascii_alphanumeric() || content[hit.at - 1] == b'_');
    left && content.get(hit.end).is_none_or(|byte| {
        matches!(byte, 0..=b' ' | b'(' | b'[' | b':' | b'-' | b'*' | b']' | b'}' | b'#' | b'=' | b'?' | 0x80..)
    })
}
