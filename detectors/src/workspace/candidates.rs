//! The directories that may be members: those that hold the manifest of a package manager that knows workspaces.

use muster_model::{Entry, EntryKind, depth, file_name, parent};

use super::Budget;
use crate::pattern::Pattern;

/// Directories by the manifest that they hold, each list sorted.
#[derive(Debug, Default)]
pub(crate) struct Candidates<'a> {
    npm: Vec<&'a str>,
    python: Vec<&'a str>,
    rust: Vec<&'a str>,
}

impl<'a> Candidates<'a> {
    pub(crate) fn of(entries: &'a [Entry]) -> Self {
        let mut found = Self::default();
        for entry in entries.iter().filter(|entry| entry.kind == EntryKind::File) {
            let list = match file_name(&entry.path) {
                "package.json" => &mut found.npm,
                "pyproject.toml" => &mut found.python,
                "Cargo.toml" => &mut found.rust,
                _ => continue,
            };
            list.push(parent(&entry.path).unwrap_or("."));
        }
        for list in [&mut found.npm, &mut found.python, &mut found.rust] {
            list.sort_unstable();
            list.dedup();
        }
        found
    }

    fn list(&self, detector: &str) -> &[&'a str] {
        match detector {
            "npm" => &self.npm,
            "python" => &self.python,
            _ => &self.rust,
        }
    }

    /// True where the directory holds the detector's manifest.
    pub(crate) fn holds(&self, detector: &str, directory: &str) -> bool {
        self.list(detector).binary_search(&directory).is_ok()
    }

    /// The directories that a pattern matches, sorted; stops where the budget ends.
    pub(crate) fn matching(&self, detector: &str, pattern: &Pattern, budget: &mut Budget) -> Vec<&'a str> {
        let list = self.list(detector);
        let fixed = pattern.fixed_part();
        if pattern.is_literal() {
            let found = list.binary_search(&fixed.as_str()).ok().map(|at| list[at]);
            return found.filter(|_| budget.take(1)).into_iter().collect();
        }
        let below = format!("{fixed}/");
        let (start, rest) = match fixed.as_str() {
            "." => (&[][..], list),
            fixed => {
                let exact = list.binary_search(&fixed).map_or(&[][..], |at| &list[at..=at]);
                let from = list.partition_point(|directory| *directory < below.as_str());
                let count = list[from..].partition_point(|directory| directory.starts_with(&below));
                (exact, &list[from..from + count])
            }
        };
        let mut segments = Vec::new();
        let mut found = Vec::new();
        for &directory in start.iter().chain(rest) {
            if !budget.take(pattern.cost(depth(directory))) {
                break;
            }
            segments.clear();
            if directory != "." {
                segments.extend(directory.split('/'));
            }
            if pattern.matches(&segments) {
                found.push(directory);
            }
        }
        found
    }
}
