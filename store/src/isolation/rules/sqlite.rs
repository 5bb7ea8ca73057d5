//! What stands in for row-level security in a file: types that hold, foreign keys that are obeyed, a log that is closed.

use super::side_ways::unknown_trigger;
use crate::isolation::{Catalogue, Finding, Rule, TableClass};

/// The migration that closes the audit log: the triggers have to be those.
const AUDIT_LOG: &str = include_str!("../../../../migrations/sqlite/0012_audit_log.sql");
const AUDIT_TRIGGERS: [&str; 3] = ["audit_log_update", "audit_log_delete", "audit_log_replace"];

/// Rules of a file.
pub(in crate::isolation) fn sqlite(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !catalogue.foreign_keys {
        findings.push(Finding::new(
            Rule::ForeignKeysOff,
            "the connection",
            "foreign keys are not obeyed, so that a row may refer to one that is another tenant's or not there",
            "use a SQLite that was built with foreign keys",
        ));
    }
    let lax = catalogue.listed().filter(|(table, class)| !table.strict && *class != TableClass::Bookkeeping);
    findings.extend(lax.map(|(table, _)| {
        Finding::new(
            Rule::NotStrict,
            &table.name,
            "its columns may hold values of any type: a tenant's id written as text is not equal to the same as bytes",
            "restore the database from a backup, or copy the rows into a new file",
        )
    }));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (known, mut found) = (words(AUDIT_LOG), Vec::new());
    for trigger in &catalogue.triggers {
        let is_ours = AUDIT_TRIGGERS.contains(&trigger.name.as_str()) && trigger.table == "audit_log";
        if !is_ours {
            findings.push(unknown_trigger(&trigger.name, &trigger.table));
        } else if known.contains(&words(&trigger.text)) {
            found.push(trigger.name.as_str());
        }
    }
    let open = AUDIT_TRIGGERS.iter().filter(|trigger| !found.contains(trigger));
    findings.extend(open.map(|trigger| {
        Finding::new(
            Rule::AuditLogOpen,
            *trigger,
            "the trigger that keeps rows of the audit log from being changed is not there or is another",
            "make it as migrations/sqlite/0012_audit_log.sql has it, and look through the log with care",
        )
    }));
    findings
}
