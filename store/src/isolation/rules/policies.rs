//! Row-level security is on, forced, and says what we know it says.
//!
//! Expressions are compared as the engine writes them out, with its own names alone in reach: whoever puts another
//! function or operator in the place of one of them is seen. Restrictive policies may be added: they only take away.

use super::list;
use crate::isolation::tables::{PUBLIC, QUEUE};
use crate::isolation::{Catalogue, Finding, Policy, Rule, TableClass};

/// The policy of a tenant's rows.
const TENANT_ROWS: &str = "tenant_rows";
/// The policy by which the queue's role sees the queue.
const QUEUE_ROWS: &str = "queue_rows";

/// The condition as PostgreSQL 15 and later write it out, without blanks.
const CONDITION: &str = "(tenant_id=(SELECT(NULLIF(current_setting('app.current_tenant_id'::text,true),''::text))::uuidAS\"nullif\"))";

/// Row-level security and its policies.
pub(in crate::isolation) fn policies(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (table, class) in catalogue.listed() {
        let known: &[&str] = match class {
            TableClass::Tenant => &[TENANT_ROWS],
            TableClass::Queue => &[TENANT_ROWS, QUEUE_ROWS],
            TableClass::Global | TableClass::Bookkeeping => continue,
        };
        let name = table.name.as_str();
        if !table.row_security {
            findings.push(Finding::new(
                Rule::RowSecurityOff,
                name,
                "row-level security is off: every tenant's rows can be read and written with any tenant set",
                format!("alter table {name} enable row level security"),
            ));
        }
        if !table.forced {
            findings.push(Finding::new(
                Rule::RowSecurityNotForced,
                name,
                "row-level security does not bind the table's owner, nor functions that run with its rights",
                format!("alter table {name} force row level security"),
            ));
        }
        let own: Vec<&Policy> = catalogue.policies.iter().filter(|policy| policy.table == name).collect();
        for expected in known {
            match own.iter().find(|policy| policy.name == *expected) {
                None => findings.push(Finding::new(
                    Rule::PolicyMissing,
                    format!("{expected} on {name}"),
                    "the policy is not there: who should see the rows sees none, or another policy decides",
                    format!(
                        "drop the table's other policies and make it anew: {}",
                        statement(expected, name)
                    ),
                )),
                Some(policy) => findings.extend(altered(policy)),
            }
        }
        let added = own.iter().filter(|policy| policy.permissive && !known.contains(&policy.name.as_str()));
        findings.extend(added.map(|policy| {
            Finding::new(
                Rule::PolicyAdded,
                format!("{} on {name}", policy.name),
                format!(
                    "a policy that is not ours lets {} through to rows for which {}",
                    list(&policy.roles),
                    policy.using.as_deref().or(policy.check.as_deref()).unwrap_or("true"),
                ),
                format!("drop policy {} on {name}", policy.name),
            )
        }));
    }
    findings
}

fn altered(policy: &Policy) -> Option<Finding> {
    let (roles, condition) = match policy.name.as_str() {
        QUEUE_ROWS => (QUEUE, "true"),
        _ => (PUBLIC, CONDITION),
    };
    let is = |expression: &Option<String>| {
        expression.as_ref().is_some_and(|text| text.split_whitespace().collect::<String>() == condition)
    };
    let mut wrong = Vec::new();
    if !policy.permissive {
        wrong.push("is restrictive".to_owned());
    }
    if !policy.every_command {
        wrong.push("is about one command alone".to_owned());
    }
    if policy.roles != [roles] {
        wrong.push(format!("is for {}", list(&policy.roles)));
    }
    for (clause, expression) in [("USING", &policy.using), ("WITH CHECK", &policy.check)] {
        if !is(expression) {
            let says = expression.as_deref().unwrap_or("nothing");
            wrong.push(format!("says {says} for {clause}"));
        }
    }
    if wrong.is_empty() {
        return None;
    }
    Some(Finding::new(
        Rule::PolicyAltered,
        format!("{} on {}", policy.name, policy.table),
        format!("the policy is not the one that keeps tenants apart: it {}", wrong.join(", ")),
        format!(
            "drop policy {} on {}; {}",
            policy.name,
            policy.table,
            statement(&policy.name, &policy.table)
        ),
    ))
}

/// What makes a policy anew.
fn statement(policy: &str, table: &str) -> String {
    if policy == QUEUE_ROWS {
        return format!("create policy {policy} on {table} to {QUEUE} using (true) with check (true)");
    }
    let condition = "tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)";
    format!("create policy {policy} on {table} using ({condition}) with check ({condition})")
}
