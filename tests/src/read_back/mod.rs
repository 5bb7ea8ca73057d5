//! `muster scan`, then `muster projects | tasks | commits | repos`: the binary as its user meets it.
//!
//! Every test has a home, a database and a repository of its own, and hands the binary no variable but those that it
//! names; so a sentence that a test expects is the whole of what was said.

mod at_once;
mod changes;
mod choosing;
mod engines;
mod lists;
mod migrating;
mod moving;
mod people;
mod places;
mod queue;
pub(crate) mod session;
