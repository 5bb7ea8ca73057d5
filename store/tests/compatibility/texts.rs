//! Statements as files: their names say for which engine they are.

use std::path::Path;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatementText {
    /// Its file below `store/sql`.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Statements of a table that is there only while a transfer goes on: no release leaves it to the next.
const PASSING: &str = "transfer/";

/// Every statement in a folder, by name.
pub(crate) fn below(folder: &Path) -> Vec<StatementText> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(StatementText { name, text: std::fs::read_to_string(path).unwrap() });
        }
    }
    found.retain(|statement| !statement.name.starts_with(PASSING));
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

impl StatementText {
    /// SQLite runs it.
    pub(crate) fn is_for_sqlite(&self) -> bool {
        !self.name.ends_with(".postgres.sql")
    }

    /// PostgreSQL runs it, and can plan it: a block of code has no plan, and is run by every migration anyway.
    pub(crate) fn is_for_postgres(&self) -> bool {
        let mut lines = self.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.find(|line| !line.starts_with("--")).unwrap_or_default();
        !self.name.ends_with(".sqlite.sql") && !first.starts_with("do $$")
    }
}
