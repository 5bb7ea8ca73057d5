//! Pure: messages and tasks in, references and links out.
//!
//! A message is read in one pass over its bytes: blank what is code or quoted, take the addresses, find the marks
//! that references hold, then look at the words before each. Nothing is compiled at run time and nothing looks back
//! without a bound, so the cost grows with the length of the message alone, whatever it holds.

mod address;
mod boundary;
mod branch;
mod found;
mod keys;
mod keywords;
pub mod links;
mod mask;
mod refuse;
pub mod resolve;
mod scan;
mod subject;
mod vocabulary;

use std::collections::HashMap;

use muster_model::{Reference, Relation};

use crate::found::{Found, MAX_REFERENCES};
pub use crate::keys::possible_keys;
use crate::vocabulary::KnownKeys;
pub use crate::vocabulary::Vocabulary;

/// Reads commit messages. One serves any number of threads.
#[derive(Debug)]
pub struct Parser {
    known: KnownKeys,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new(&Vocabulary::default())
    }
}

impl Parser {
    /// Builds what one pass over a message needs.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        Self { known: KnownKeys::new(vocabulary) }
    }

    /// Every reference of a message in order of place; no two overlap. Of more than 10,000 the first are kept.
    pub fn parse(&self, message: &str) -> Vec<Reference> {
        let mut founds = Vec::new();
        let masked = mask::mask(message);
        let text = address::take_addresses(&masked, &mut founds);
        scan::find_marks(&text, &self.known, &mut founds);
        scan::find_commits(&text, &mut founds);
        self.known.find(&text, &mut founds);
        if founds.is_empty() {
            return Vec::new();
        }
        founds.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
        let mut end = 0;
        founds.retain(|found| {
            let apart = found.start >= end;
            end = if apart { found.end } else { end };
            apart
        });
        founds.truncate(MAX_REFERENCES);
        refuse::refuse(&text, &mut founds);
        keywords::relate(&text, &mut founds);
        subject::refine(&text, &mut founds);
        founds.into_iter().map(Found::into_reference).collect()
    }
}

/// The strongest relation for each target, sorted by target.
pub fn strongest(references: &[Reference]) -> Vec<(String, Relation)> {
    let mut best: HashMap<&str, Relation> = HashMap::new();
    for reference in references {
        let held = best.entry(&reference.target).or_insert(reference.relation);
        *held = (*held).max(reference.relation);
    }
    let mut all: Vec<_> = best.into_iter().map(|(target, relation)| (target.to_owned(), relation)).collect();
    all.sort();
    all
}
