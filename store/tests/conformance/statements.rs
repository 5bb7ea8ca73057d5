//! Rules of the statements' texts and of the schema.

use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn texts(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    files(&root, &mut found);
    found.sort();
    let named = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().display().to_string(), text)
    };
    found.into_iter().map(named).collect()
}

#[test]
fn every_statement_of_a_tenant_carries_its_id() {
    let texts = texts("sql");
    assert!(texts.len() > 30);
    for (name, text) in texts {
        let subjects =
            ["tenants/", "schema/", "session/", "isolation/", "examine/", "transfer/", "moving/tenants/"];
        // In a transfer there are rows of no tenant.
        let global =
            subjects.iter().any(|subject| name.starts_with(subject)) || name.contains("read_unowned");
        // The queue is every tenant's, but for what it does in a tenant's name.
        let queue = ["jobs/", "deliveries/"].iter().any(|subject| name.starts_with(subject));
        // How a hook was refused is noted by its address alone: whoever called need not have been its tenant. And the App's
        // address is no tenant's.
        let refused = ["hooks/refused", "hooks/app"].iter().any(|subject| name.starts_with(subject));
        let global = global || refused || (queue && !name.contains("/own_"));
        assert!(global || (text.contains("tenant_id") && text.contains("$1")), "{name} names no tenant");
    }
}

#[test]
fn every_key_and_index_leads_with_the_tenant() {
    // Lookups lead to a tenant, and the queue holds rows of none: the audit of the catalogue knows them by table.
    let others = ["0013_lookups.sql", "0014_queue.sql"];
    for (name, text) in
        texts("../migrations/sqlite").into_iter().filter(|(name, _)| !others.contains(&name.as_str()))
    {
        for line in text.lines().map(str::trim) {
            let key =
                ["primary key (", "unique (", "foreign key ("].iter().find_map(|k| line.strip_prefix(k));
            let index = line.contains("create").then(|| line.split_once(" on ")).flatten();
            let columns =
                key.or(index.and_then(|(_, rest)| rest.split_once('(')).map(|(_, columns)| columns));
            assert!(columns.is_none_or(|c| c.starts_with("tenant_id, ")), "{name}: {line}");
        }
    }
}

#[test]
fn every_table_is_strict() {
    for (name, text) in texts("../migrations/sqlite") {
        let tables = text.matches("create table").count();
        assert_eq!(text.matches(") strict").count(), tables, "{name}");
    }
}
