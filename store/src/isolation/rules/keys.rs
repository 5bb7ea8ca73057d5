//! Keys and indexes lead with the tenant, and no foreign key leads out of it.
//!
//! A unique key that does not lead with the tenant tells that another tenant has such a row; an index that does not
//! keeps the table from being distributed. The engine checks foreign keys past every policy: one of a single column
//! lets a tenant refer to another's row, and learn by it that the row is there.

use super::{TENANT, list};
use crate::isolation::{Catalogue, Finding, Key, KeyKind, Reference, Rule, TableClass, class_of};

/// Unique keys of the queue over all tenants, with the reason why each has to be.
const ACROSS_TENANTS: [(&str, &[&str]); 6] = [
    ("deliveries", &["id"]),           // given out by the engine
    ("deliveries", &["hook", "guid"]), // a delivery is recorded before its tenant is known; both are unguessable
    ("jobs", &["id"]),
    ("jobs", &["turn", "serial_key"]), // a turn is a tenant's own, and stands for its id
    ("jobs", &["turn", "coalescing_key"]),
    ("jobs", &["turn", "once_key"]),
];

/// Keys, indexes and foreign keys.
pub(in crate::isolation) fn keys(catalogue: &Catalogue) -> Vec<Finding> {
    let listed = catalogue.keys.iter().filter_map(|key| Some((key, class_of(&key.table)?)));
    let keys = listed.filter(|(key, class)| !leads(key, *class)).map(|(key, _)| {
        let unique = key.kind != KeyKind::Index;
        Finding::new(
            Rule::KeyOrder,
            &key.name,
            format!(
                "{} of {} is ({}), which does not lead with tenant_id{}",
                match key.kind {
                    KeyKind::Primary => "the primary key",
                    KeyKind::Unique => "a unique key",
                    KeyKind::Index => "an index",
                },
                key.table,
                list(&key.columns),
                if unique { ": a refused row tells that another tenant has one like it" } else { "" },
            ),
            format!("make it anew with tenant_id as its first column, and drop {}", key.name),
        )
    });
    let references = catalogue.references.iter().filter(|reference| is_narrow(reference)).map(|reference| {
        Finding::new(
            Rule::NarrowReference,
            &reference.name,
            format!(
                "{} ({}) refers to {} ({}) without the tenant: a row may refer to another tenant's",
                reference.table,
                list(&reference.columns),
                reference.to,
                list(&reference.to_columns),
            ),
            format!("make it anew from (tenant_id, ...) to (tenant_id, ...), and drop {}", reference.name),
        )
    });
    keys.chain(references).collect()
}

fn leads(key: &Key, class: TableClass) -> bool {
    let first = key.columns.first().map(String::as_str);
    let nobodys = |predicate: &String| predicate.to_ascii_lowercase().contains("tenant_id is null");
    match class {
        TableClass::Tenant => first == Some(TENANT),
        TableClass::Queue => {
            first == Some(TENANT)
                || key.kind == KeyKind::Index
                || key.predicate.as_ref().is_some_and(nobodys)
                || ACROSS_TENANTS
                    .iter()
                    .any(|(table, columns)| *table == key.table && *columns == key.columns)
        }
        TableClass::Global | TableClass::Bookkeeping => true,
    }
}

/// Does it lead out of the tenant? To the tenants themselves `tenant_id` alone leads.
fn is_narrow(reference: &Reference) -> bool {
    let pairs = || reference.columns.iter().zip(&reference.to_columns);
    let first = pairs().next().map(|(from, to)| (from.as_str(), to.as_str()));
    let from_tenants = matches!(class_of(&reference.table), Some(TableClass::Tenant | TableClass::Queue));
    match class_of(&reference.to) {
        Some(TableClass::Tenant) => first != Some((TENANT, TENANT)) || pairs().count() < 2,
        // Rows of the queue are also nobody's, and nulls pass through foreign keys.
        Some(TableClass::Queue) => true,
        Some(_) if reference.to == "tenants" => from_tenants && first.is_none_or(|(from, _)| from != TENANT),
        _ => from_tenants,
    }
}
