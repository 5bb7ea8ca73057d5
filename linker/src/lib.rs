//! Pure: messages and tasks in, references and links out.

use std::collections::{HashMap, HashSet};

use muster_model::{Reference, Relation};

/// The task keys that a message is read against.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Task keys known to exist, as written (`P1-T01`, `T1.1.1`).
    pub keys: HashSet<String>,
    /// Prefixes of `PREFIX-N` keys that the tenant uses; `None`: any but the well-known words that are no keys.
    pub prefixes: Option<HashSet<String>>,
}

/// Reads commit messages.
#[derive(Debug, Default)]
pub struct Parser {}

impl Parser {
    /// Builds what one pass over a message needs.
    pub fn new(_vocabulary: &Vocabulary) -> Self {
        Self {}
    }

    /// Every reference of a message in order of place.
    pub fn parse(&self, _message: &str) -> Vec<Reference> {
        Vec::new()
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
