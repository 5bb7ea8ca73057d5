//! A reference on its way: found in the text, its relation still open.

use muster_model::{Reference, Relation};

/// The most references that are kept of one message, the first by place. No message that a person reads has as many;
/// one of ten megabytes of `#1` has three million, which would take half a gigabyte.
pub(crate) const MAX_REFERENCES: usize = 10_000;

/// A match of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// As the scan document writes it.
    pub(crate) target: String,
    /// The rule of the grammar.
    pub(crate) rule: &'static str,
    /// What the words around it say, and by which rule; `None`: nothing, it is a mention.
    pub(crate) said: Option<(Relation, &'static str)>,
}

impl Found {
    pub(crate) fn new(start: usize, end: usize, target: String, rule: &'static str) -> Self {
        Self { start, end, target, rule, said: None }
    }

    pub(crate) fn into_reference(self) -> Reference {
        let (relation, rule) = match self.said {
            Some((relation, said)) => (relation, format!("{}.{said}", self.rule)),
            None => (Relation::Mentions, self.rule.to_owned()),
        };
        Reference { start: self.start, end: self.end, target: self.target, relation, rule }
    }
}
