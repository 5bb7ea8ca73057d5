//! The rules, one file a subject: each takes a catalogue and gives what is wrong.

mod functions;
mod keys;
mod policies;
mod rights;
mod roles;
mod side_ways;
mod sqlite;
mod tables;

pub(super) use functions::functions;
pub(super) use keys::keys;
pub(super) use policies::policies;
pub(super) use rights::rights;
pub(super) use roles::roles;
pub(super) use side_ways::side_ways;
pub(super) use sqlite::sqlite;
pub(super) use tables::tables;

/// The column that says whose a row is.
const TENANT: &str = "tenant_id";

/// Names, one after another.
fn list(names: &[String]) -> String {
    names.join(", ")
}
