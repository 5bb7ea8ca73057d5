//! The task keys that a message is read against.
//!
//! Keys are looked up, never compiled into a pattern: at each place where a key may begin, the texts of the lengths
//! that keys have are hashed. A table of the first two bytes answers for nearly every word, so a hundred thousand
//! keys cost a message no more than one.

use std::collections::{BTreeSet, HashSet};

use crate::boundary::{is_free_after, is_free_before};
use crate::found::{Found, MAX_REFERENCES};

/// Longer keys than this are not looked for.
const MAX_KEY: usize = 96;

/// Prefixes that look like those of keys and belong to standards, ciphers and chips.
const NO_PREFIXES: [&str; 20] = [
    "AES", "ANSI", "ASCII", "CPU", "CVE", "CWE", "GPT", "GPU", "GTX", "HTTP", "IEEE", "ISO", "MD", "PEP",
    "RFC", "RSA", "RTX", "SHA", "TLS", "UTF",
];

/// The task keys that a message is read against.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Task keys known to exist, as written (`P1-T01`, `T1.1.1`). Those above 96 bytes are not looked for.
    pub keys: HashSet<String>,
    /// Prefixes of `PREFIX-N` keys that the tenant uses; `None`: any but the well-known words that are no keys.
    pub prefixes: Option<HashSet<String>>,
}

/// A vocabulary, ready for looking up.
#[derive(Debug)]
pub(crate) struct KnownKeys {
    keys: HashSet<String>,
    prefixes: Option<HashSet<String>>,
    /// The lengths that keys have, longest first.
    lengths: Vec<usize>,
    /// A bit for each pair of first and second byte.
    openings: Vec<u64>,
}

impl KnownKeys {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Self {
        let mut known = Self {
            keys: HashSet::new(),
            prefixes: vocabulary.prefixes.clone(),
            lengths: Vec::new(),
            openings: vec![0; (1 << 16) / 64],
        };
        let mut lengths = BTreeSet::new();
        for key in vocabulary.keys.iter().filter(|key| (2..=MAX_KEY).contains(&key.len())) {
            let bit = opening(key.as_bytes(), 0);
            known.openings[bit / 64] |= 1 << (bit % 64);
            lengths.insert(key.len());
            known.keys.insert(key.clone());
        }
        known.lengths = lengths.into_iter().rev().collect();
        known
    }

    /// True where `prefix` may stand before a number.
    pub(crate) fn takes_prefix(&self, prefix: &str) -> bool {
        match &self.prefixes {
            Some(prefixes) => prefixes.contains(prefix),
            None => NO_PREFIXES.binary_search(&prefix).is_err(),
        }
    }

    /// Every known key in the text, the longest where several begin at one place.
    pub(crate) fn find(&self, text: &str, founds: &mut Vec<Found>) {
        if self.keys.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let most = founds.len() + MAX_REFERENCES;
        let mut at = 0;
        while at + 1 < bytes.len() && founds.len() < most {
            let bit = opening(bytes, at);
            if self.openings[bit / 64] >> (bit % 64) & 1 == 1
                && let Some(end) = self.key_end(text, at)
            {
                founds.push(Found::new(at, end, text[at..end].to_owned(), "key"));
                at = end;
                continue;
            }
            at += 1;
        }
    }

    fn key_end(&self, text: &str, at: usize) -> Option<usize> {
        if !text.is_char_boundary(at) || !is_free_before(text, at) {
            return None;
        }
        self.lengths.iter().map(|length| at + length).find(|end| {
            text.get(at..*end).is_some_and(|key| self.keys.contains(key)) && is_free_after(text, *end)
        })
    }
}

/// The place of two bytes in the table of openings.
fn opening(bytes: &[u8], at: usize) -> usize {
    usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keys: &[&str], text: &str) -> Vec<String> {
        let vocabulary =
            Vocabulary { keys: keys.iter().map(|key| (*key).to_owned()).collect(), prefixes: None };
        let mut founds = Vec::new();
        KnownKeys::new(&vocabulary).find(text, &mut founds);
        founds.into_iter().map(|found| found.target).collect()
    }

    #[test]
    fn the_list_of_no_prefixes_is_sorted() {
        assert!(NO_PREFIXES.is_sorted());
    }

    #[test]
    fn keys_stand_between_boundaries_and_the_longest_wins() {
        let keys = ["T1.1", "T1.1.1", "P1-T01", "A.9.1.3", "Task 1.12", "é1"];
        assert_eq!(found(&keys, "T1.1.1, T1.1. (P1-T01) A.9.1.3"), ["T1.1.1", "T1.1", "P1-T01", "A.9.1.3"]);
        assert_eq!(found(&keys, "Task 1.12: é1"), ["Task 1.12", "é1"]);
        assert!(found(&keys, "T1.1.2 xT1.1 T1.1x P1-T012 ./T1.1 $T1.1 T1.1-3 Task 1.123 éé1").is_empty());
        assert!(found(&[], "T1.1").is_empty());
    }
}
