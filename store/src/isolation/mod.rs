//! The proof that tenants are kept apart, from the engine's own catalogue rather than from our migrations.
//!
//! [`Catalogue::read`] asks the engine what is there; [`audit`] is pure, over that value, so that each rule can be shown
//! to fail on a planted defect. What a table is stands in an explicit list (`tables.rs`): one that is in none of its
//! classes fails, so that nobody adds a table without deciding. `docs/ISOLATION.md` says how to read the findings.

mod catalogue;
mod finding;
mod functions;
mod reading;
mod rules;
mod tables;

#[cfg(test)]
mod planted;

pub use catalogue::{
    Catalogue, Column, DatabaseRole, Engine, Function, Grant, Key, KeyKind, Policy, Reference,
    SessionDefault, Table, TableKind, Trigger,
};
pub use finding::{Finding, Rule};
pub(crate) use reading::{read_postgres, read_sqlite};
pub use tables::{Privilege, TableClass, class_of, expected_privileges};

/// Everything that is wrong with how a database keeps tenants apart, by rule and object. Nothing where all is well.
pub fn audit(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = rules::tables(catalogue);
    findings.extend(rules::keys(catalogue));
    match catalogue.engine {
        Engine::Sqlite => findings.extend(rules::sqlite(catalogue)),
        Engine::Postgres => {
            findings.extend(rules::policies(catalogue));
            findings.extend(rules::rights(catalogue));
            findings.extend(rules::roles(catalogue));
            findings.extend(rules::functions(catalogue));
        }
    }
    findings.extend(rules::side_ways(catalogue));
    findings.sort_by(|one, other| (one.rule, &one.object).cmp(&(other.rule, &other.object)));
    findings
}
