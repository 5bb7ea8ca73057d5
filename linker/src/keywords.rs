//! What the words before a reference say of it.
//!
//! Read backwards from each reference, never forwards from each keyword: a word such as `fix` is in most messages,
//! a reference in few, and what stands between the two may be no more than a colon and a noun. Source of the words:
//! GitHub, "Linking a pull request to an issue"; GitLab, "Closing issues automatically".

use muster_model::Relation;

use crate::boundary::{floor, is_free_before, run_start, word_before};
use crate::found::Found;

/// How far back a reference looks, in bytes.
const REACH: usize = 160;

/// Words that take back what the next one says. Forms in `n't` are told by their end.
const NEGATIONS: [&str; 20] = [
    "cannot",
    "cant",
    "didnt",
    "doesnt",
    "dont",
    "fail",
    "failed",
    "failing",
    "fails",
    "isnt",
    "neither",
    "never",
    "no",
    "nor",
    "not",
    "partial",
    "partially",
    "partly",
    "without",
    "wont",
];

/// Words that may stand between a negation and what it negates.
const ADVERBS: [&str; 13] = [
    "actually",
    "be",
    "been",
    "completely",
    "entirely",
    "even",
    "fully",
    "longer",
    "quite",
    "really",
    "to",
    "totally",
    "yet",
];

/// Sets what keywords say of each reference; `founds` is in order of place.
pub(crate) fn relate(text: &str, founds: &mut [Found]) {
    let mut before: Option<(usize, Option<(Relation, &'static str)>)> = None;
    for found in founds {
        let from = before.map_or(0, |(end, _)| end);
        if found.said.is_none() {
            found.said = match before {
                Some((end, said @ Some(_))) if is_list_gap(&text[end..found.start]) => said,
                _ => said_before(text, from, found.start),
            };
        }
        before = Some((found.end, found.said.filter(|(_, rule)| matches!(*rule, "keyword" | "negated"))));
    }
}

/// True for what may stand between two references of one list: a comma, `and`, `&`, or a comma and one of these.
pub(crate) fn is_list_gap(gap: &str) -> bool {
    if gap.len() > REACH || gap.contains(['\n', '\r']) {
        return false;
    }
    let inner = gap.trim_matches([' ', '\t']);
    let (comma, word) = match inner.strip_prefix(',') {
        Some(rest) => (true, rest.trim_start_matches([' ', '\t'])),
        None => (false, inner),
    };
    match word {
        "" => comma,
        "&" => true,
        word => word.eq_ignore_ascii_case("and") && gap.len() > inner.len() && gap.ends_with([' ', '\t']),
    }
}

/// The relation of a reference at `start`, by the line before it and after `from`.
fn said_before(text: &str, from: usize, start: usize) -> Option<(Relation, &'static str)> {
    let from = from.max(floor(text, start.saturating_sub(REACH)));
    let line = text[from..start].rfind(['\n', '\r']).map_or(from, |at| from + at + 1);
    let mut end = skip_spaces(text, line, start);
    let mut parted = end < start;
    let noun = word_before(text, end);
    if parted && is_noun(noun) {
        let before = skip_spaces(text, line, end.saturating_sub(noun.len()).max(line));
        parted = before < end - noun.len();
        end = before;
    }
    if text[line..end].ends_with(':') {
        parted = true;
        end = skip_spaces(text, line, end - 1);
    }
    let word = word_before(&text[..end], end);
    let place = end - word.len();
    if !parted || place < line || !is_free_before(text, place) {
        return None;
    }
    let relation = relation(word)?;
    if is_negated(text, line, place) {
        return Some((Relation::Mentions, "negated"));
    }
    Some((relation, "keyword"))
}

fn is_noun(word: &str) -> bool {
    let word = word.strip_suffix(['s', 'S']).unwrap_or(word);
    ["issue", "bug", "ticket"].iter().any(|noun| noun.eq_ignore_ascii_case(word))
}

fn relation(word: &str) -> Option<Relation> {
    match word.to_ascii_lowercase().as_str() {
        "close" | "closes" | "closed" | "closing" | "fix" | "fixes" | "fixed" | "fixing" | "resolve"
        | "resolves" | "resolved" | "resolving" => Some(Relation::Closes),
        "implement" | "implements" | "implemented" | "implementing" => Some(Relation::Implements),
        "reopen" | "reopens" | "reopened" => Some(Relation::Reopens),
        _ => None,
    }
}

/// True where one of the few words before `end` takes back what follows.
fn is_negated(text: &str, line: usize, end: usize) -> bool {
    let mut end = end;
    for _ in 0..3 {
        let spaced = skip_spaces(text, line, end);
        if spaced == end {
            return false;
        }
        let start = word_with_apostrophe(text, line, spaced);
        let word = text[start..spaced].to_lowercase();
        if word.ends_with("n't") || word.ends_with("n’t") || NEGATIONS.contains(&word.as_str()) {
            return true;
        }
        if word == "unable" || !ADVERBS.contains(&word.as_str()) {
            return word == "unable";
        }
        end = start;
    }
    false
}

/// Where the word that ends at `end` begins; `'` and `’` belong to it.
fn word_with_apostrophe(text: &str, line: usize, end: usize) -> usize {
    let inside = |c: char| c.is_ascii_alphabetic() || matches!(c, '\'' | '’');
    text[line..end]
        .char_indices()
        .rev()
        .take(24)
        .take_while(|(_, c)| inside(*c))
        .last()
        .map_or(end, |(at, _)| line + at)
}

/// `end` without the spaces and tabs before it, not beyond `line`.
pub(crate) fn skip_spaces(text: &str, line: usize, end: usize) -> usize {
    run_start(text, end, end.saturating_sub(line), |byte| matches!(byte, b' ' | b'\t'))
}
