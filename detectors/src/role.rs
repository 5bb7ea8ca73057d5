//! Roles by path: the first telling segment decides, and `[roles]` of `.muster.toml` decides before it.

use std::collections::HashMap;

use muster_model::{Role, parent};

use crate::pattern::Pattern;
use crate::workspace::Budget;

/// The role that a segment tells.
fn told_by(segment: &str) -> Option<Role> {
    Some(match segment {
        _ if is_vendored_name(segment) => Role::Vendored,
        "fixtures" | "__fixtures__" | "testdata" | "test" | "tests" | "__tests__" | "spec" => Role::Fixture,
        "template" | "templates" => Role::Template,
        "example" | "examples" | "demo" | "demos" | "playground" | "sample" | "samples" => Role::Example,
        "docs" => Role::Docs,
        "bench" | "benches" | "benchmark" | "benchmarks" => Role::Bench,
        _ if segment.contains("{{") => Role::Template,
        _ => return None,
    })
}

/// True for the names of directories that hold somebody else's code.
fn is_vendored_name(segment: &str) -> bool {
    matches!(segment, "node_modules" | "vendor" | "third_party" | "bower_components")
}

/// The first segment that tells a role, and the role.
pub(crate) fn telling_segment(path: &str) -> Option<(&str, Role)> {
    path.split('/').find_map(|segment| Some((segment, told_by(segment)?)))
}

/// The first vendored segment of a directory's path.
pub(crate) fn vendored_segment(directory: &str) -> Option<&str> {
    directory.split('/').find(|segment| is_vendored_name(segment))
}

/// True where a directory above the file is vendored.
pub(crate) fn is_in_vendored(path: &str) -> bool {
    parent(path).is_some_and(|directory| vendored_segment(directory).is_some())
}

/// `[roles]`: the nearest directory at or above that a pattern matches decides, of several patterns the longest.
#[derive(Debug, Default)]
pub(crate) struct RoleMap {
    patterns: Vec<(Pattern, Role, String)>,
}

impl RoleMap {
    /// Patterns with their text. The order does not matter.
    pub(crate) fn of(mut patterns: Vec<(Pattern, Role, String)>) -> Self {
        patterns.sort_by(|a, b| (b.2.len(), &a.2).cmp(&(a.2.len(), &b.2)));
        Self { patterns }
    }

    fn at(&self, directory: &str, budget: &mut Budget) -> Option<(Role, &str)> {
        let segments: Vec<&str> = directory.split('/').collect();
        let (_, role, text) = self
            .patterns
            .iter()
            .find(|(pattern, ..)| budget.take(pattern.cost(segments.len())) && pattern.matches(&segments))?;
        Some((*role, text))
    }
}

/// Looks directories up in a `RoleMap`, each once.
#[derive(Debug)]
pub(crate) struct RoleLookup<'r> {
    map: &'r RoleMap,
    budget: Budget,
    known: HashMap<String, Option<(Role, &'r str)>>,
}

impl<'r> RoleLookup<'r> {
    pub(crate) fn new(map: &'r RoleMap) -> Self {
        Self { map, budget: Budget::default(), known: HashMap::new() }
    }

    /// True where matching took too much work, so that roles may be missing.
    pub(crate) fn is_spent(&self) -> bool {
        self.budget.is_spent()
    }

    /// The role of a directory and the pattern that gives it.
    pub(crate) fn find(&mut self, directory: &str) -> Option<(Role, &'r str)> {
        if self.map.patterns.is_empty() {
            return None;
        }
        let mut chain = Vec::new();
        let mut at = directory;
        let mut answer = None;
        while at != "." {
            if let Some(known) = self.known.get(at) {
                answer = *known;
                break;
            }
            chain.push(at);
            let own = self.map.at(at, &mut self.budget);
            if own.is_some() {
                answer = own;
                break;
            }
            at = parent(at).unwrap_or(".");
        }
        for directory in chain {
            self.known.insert(directory.to_owned(), answer);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_telling_segment_decides() {
        let role = |path: &str| telling_segment(path).map(|(_, role)| role);
        for (path, expected) in [
            ("packages/a", None),
            ("docs/examples/a", Some(Role::Docs)),
            ("examples/docs", Some(Role::Example)),
            ("a/node_modules/b/test", Some(Role::Vendored)),
            ("tests/vendor/x", Some(Role::Fixture)),
            ("{{cookiecutter.name}}", Some(Role::Template)),
            ("create-x/template-vue", None),
            ("benches", Some(Role::Bench)),
            ("Tests", None),
        ] {
            assert_eq!(role(path), expected, "{path}");
        }
    }

    #[test]
    fn a_file_is_in_what_its_directory_is_in() {
        assert!(is_in_vendored("vendor/a.rs") && is_in_vendored("a/node_modules/b/c.js"));
        assert!(!is_in_vendored("vendor") && !is_in_vendored("a/vendored/b.rs") && !is_in_vendored("a.rs"));
    }

    #[test]
    fn the_nearest_match_decides() {
        let pattern = |text: &str, role| (Pattern::parse(".", text, true).unwrap(), role, text.to_owned());
        let map = RoleMap::of(vec![
            pattern("tools/**", Role::Bench),
            pattern("tools/*/demo", Role::Example),
            pattern("tools", Role::Docs),
        ]);
        let mut lookup = RoleLookup::new(&map);
        let mut role = |path: &str| lookup.find(path).map(|(role, _)| role);
        assert_eq!(role("tools"), Some(Role::Bench));
        assert_eq!(role("tools/a"), Some(Role::Bench));
        assert_eq!(role("tools/a/demo"), Some(Role::Example));
        assert_eq!(role("other"), None);
    }
}
