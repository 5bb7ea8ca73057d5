//! What a person or a program sees: pure functions from the document to text.
//!
//! Nothing here asks where it writes to. Colour, glyphs and width are decided once, by [`style::Look::decide`], and
//! passed in; so every picture can be compared byte for byte in a test. A write that fails is handed up, for only the
//! top level knows that a pipe that closes early is no failure.

pub(crate) mod access;
pub(crate) mod amounts;
pub(crate) mod connections;
pub(crate) mod examination;
pub(crate) mod freshness;
pub(crate) mod json;
pub(crate) mod lists;
pub(crate) mod moved;
pub(crate) mod problems;
pub(crate) mod progress;
pub(crate) mod queue;
pub(crate) mod records;
pub(crate) mod schema;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod tenants;
pub(crate) mod tree;
pub(crate) mod visible;

#[cfg(test)]
mod samples;
