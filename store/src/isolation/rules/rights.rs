//! The run-time roles may do what the list says and no more, now and with objects to come.

use std::collections::BTreeSet;

use crate::isolation::tables::{APP, PUBLIC, QUEUE, RUN_TIME};
use crate::isolation::{Catalogue, Finding, Grant, Privilege, Rule, expected_privileges};

/// What was granted to the run-time roles and to everybody, and what should have been.
pub(in crate::isolation) fn rights(catalogue: &Catalogue) -> Vec<Finding> {
    let ours = |grant: &&Grant| grant.grantee == PUBLIC || RUN_TIME.contains(&grant.grantee.as_str());
    let mut findings: Vec<Finding> = catalogue.grants.iter().filter(ours).filter_map(excess).collect();
    findings.extend(missing(catalogue));
    findings
}

fn excess(grant: &Grant) -> Option<Finding> {
    let Grant { kind, object, part, grantee, privilege, grantable } = grant;
    match kind.as_str() {
        "table" | "sequence" => {
            let expected = expected_privileges(object, grantee).iter().any(|p| p.as_str() == privilege);
            let (right, means) = match (expected && kind == "table", *grantable) {
                (true, false) => return None,
                (true, true) => (format!("grant option for {privilege}"), "pass on the right to"),
                (false, _) => (privilege.clone(), "do more than its work asks for:"),
            };
            Some(Finding::new(
                Rule::ExcessGrant,
                object,
                format!("{grantee} may {means} {privilege} on the {kind}"),
                format!("revoke {right} on {kind} {object} from {grantee}"),
            ))
        }
        "column" => {
            let column = part.as_deref().unwrap_or_default();
            Some(Finding::new(
                Rule::ColumnGrant,
                format!("{object}.{column}"),
                format!(
                    "{grantee} was granted {privilege} on this column alone, past the rights on the table"
                ),
                format!("revoke {privilege} ({column}) on {object} from {grantee}"),
            ))
        }
        "schema" | "database" if privilege == "CREATE" => Some(Finding::new(
            Rule::OpenSchema,
            format!("{kind} {object}"),
            format!("{grantee} may make objects there, and put one in the place of ours"),
            format!("revoke create on {kind} {object} from {grantee}"),
        )),
        "default" => {
            // Functions are everybody's to call unless somebody revokes it, so that an entry for others repeats it.
            let repeats_the_engine = grantee == PUBLIC && matches!(object.as_str(), "functions" | "types");
            (!repeats_the_engine).then(|| {
                let maker = part.as_deref().unwrap_or_default();
                Finding::new(
                    Rule::DefaultPrivilege,
                    format!("{object} of {maker}"),
                    format!("{grantee} will have {privilege} on {object} that {maker} makes from now on"),
                    format!(
                        "alter default privileges for role {maker} revoke {privilege} on {} from {grantee} (name the schema if it was granted in one)",
                        object.rsplit('.').next().unwrap_or(object),
                    ),
                )
            })
        }
        _ => None,
    }
}

fn missing(catalogue: &Catalogue) -> Vec<Finding> {
    let granted: BTreeSet<(&str, &str, &str)> = catalogue
        .grants
        .iter()
        .filter(|grant| grant.kind == "table")
        .map(|grant| (grant.object.as_str(), grant.grantee.as_str(), grant.privilege.as_str()))
        .collect();
    let mut findings = Vec::new();
    for (table, _) in catalogue.listed() {
        for role in [APP, QUEUE, PUBLIC] {
            let expected =
                expected_privileges(&table.name, role).iter().map(|privilege: &Privilege| privilege.as_str());
            let lacking: Vec<&str> =
                expected.filter(|privilege| !granted.contains(&(&table.name, role, privilege))).collect();
            if !lacking.is_empty() {
                let lacking = lacking.join(", ");
                findings.push(Finding::new(
                    Rule::MissingGrant,
                    &table.name,
                    format!("{role} lacks {lacking}, so that what needs it will fail"),
                    format!("grant {lacking} on {} to {role}", table.name),
                ));
            }
        }
    }
    findings
}
