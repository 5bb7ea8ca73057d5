//! What shows, copies or moves rows at the side of the tables: views, triggers, rules, columns that fill themselves in.

use super::TENANT;
use crate::isolation::{Catalogue, Column, Engine, Finding, Rule, TableClass, TableKind, class_of};

/// Views, triggers and defaults.
pub(in crate::isolation) fn side_ways(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    if catalogue.engine == Engine::Postgres {
        findings.extend(views(catalogue));
        let of_ours = catalogue.triggers.iter().filter(|trigger| class_of(&trigger.table).is_some());
        findings.extend(of_ours.map(|trigger| unknown_trigger(&trigger.name, &trigger.table)));
    }
    findings.extend(catalogue.columns.iter().filter_map(speaking));
    findings
}

fn views(catalogue: &Catalogue) -> impl Iterator<Item = Finding> {
    catalogue.tables.iter().filter_map(|view| match view.kind {
        TableKind::View if !view.invoker => Some(Finding::new(
            Rule::OpenView,
            &view.name,
            format!(
                "the view reads with the rights of {}, its owner, not with those of who asks",
                view.owner
            ),
            format!("alter view {} set (security_invoker = true), or drop it", view.name),
        )),
        TableKind::MaterialisedView => Some(Finding::new(
            Rule::MaterialisedView,
            &view.name,
            "it holds copies of rows, and row-level security cannot be had on it",
            format!("drop materialized view {}", view.name),
        )),
        TableKind::Table | TableKind::View => None,
    })
}

pub(super) fn unknown_trigger(name: &str, table: &str) -> Finding {
    Finding::new(
        Rule::UnknownTrigger,
        format!("{name} on {table}"),
        "a trigger or rule that is not ours runs on every write, and may carry rows to where others see them",
        format!("drop it: drop trigger {name} on {table}, or drop rule {name} on {table}"),
    )
}

/// A number that all tenants draw from tells each how much the others do; a tenant that is filled in hides a mistake.
fn speaking(column: &Column) -> Option<Finding> {
    let class = class_of(&column.table)?;
    if !matches!(class, TableClass::Tenant | TableClass::Queue) {
        return None;
    }
    let numbered = column.identity && class == TableClass::Tenant;
    let filled = column.default.as_ref().filter(|text| column.name == TENANT || text.contains('('));
    if !numbered && filled.is_none() {
        return None;
    }
    let says = match filled {
        Some(text) => format!("it fills itself in with {text}, for all tenants alike"),
        None => "it is numbered over all tenants, which tells each how much the others write".to_owned(),
    };
    let how = if numbered { "identity" } else { "default" };
    Some(Finding::new(
        Rule::SpeakingDefault,
        format!("{}.{}", column.table, column.name),
        says,
        format!("alter table {} alter column {} drop {how}", column.table, column.name),
    ))
}
