//! Every table is known, and every row of a tenant's table says whose it is.

use super::TENANT;
use crate::isolation::tables::TABLES;
use crate::isolation::{Catalogue, Engine, Finding, Rule, TableClass, TableKind, class_of};

/// Tables against the list, and their column `tenant_id`.
pub(in crate::isolation) fn tables(catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in &catalogue.tables {
        // Views of PostgreSQL have rules of their own; the statements for SQLite use none.
        let counts = table.kind == TableKind::Table || catalogue.engine == Engine::Sqlite;
        // What stands in another schema is not ours; what is granted on it is looked at by other rules.
        if counts && class_of(&table.name).is_none() && !table.name.contains('.') {
            findings.push(Finding::new(
                Rule::UnlistedTable,
                &table.name,
                "this table is in no list: nobody has decided whose rows it holds, so nothing guards them",
                "drop it, or move it to another schema; one that belongs to Muster is put into a class in store/src/isolation/tables.rs",
            ));
        }
    }
    let is_there = |name: &str| {
        catalogue.tables.iter().any(|table| table.name == name && table.kind == TableKind::Table)
    };
    for (name, class) in TABLES {
        if !is_there(name) {
            findings.push(Finding::new(
                Rule::MissingTable,
                *name,
                "this table is not there: what would be kept in it is lost or kept elsewhere",
                "restore the database from a backup",
            ));
        } else if matches!(class, TableClass::Tenant | TableClass::Queue) {
            findings.extend(tenant_column(catalogue, name, *class));
        }
    }
    findings
}

fn tenant_column(catalogue: &Catalogue, table: &str, class: TableClass) -> Option<Finding> {
    let column = catalogue.columns.iter().find(|column| column.table == table && column.name == TENANT);
    match column {
        None => Some(Finding::new(
            Rule::NoTenantColumn,
            table,
            "its rows do not say whose they are: it has no column tenant_id",
            "restore the database from a backup",
        )),
        Some(column) if column.nullable && class == TableClass::Tenant => Some(Finding::new(
            Rule::NullableTenant,
            table,
            "a row of it may belong to nobody: tenant_id may be null, and nulls pass through foreign keys and unique keys",
            format!("alter table {table} alter column tenant_id set not null"),
        )),
        Some(_) => None,
    }
}
