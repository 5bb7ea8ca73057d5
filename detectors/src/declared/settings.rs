//! What `.muster.toml` may say: `[[detector]]`, `[roles]` and `tasklists`, and nothing else.
//!
//! Of the user's configuration only `[[detector]]` is looked at here; its other keys belong to the command line.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use muster_model::{Problem, ProblemKind, Role};
use serde_json::{Map, Value};

use super::Declared;
use crate::pattern::Pattern;
use crate::role::RoleMap;
use crate::syntax::parse_toml;

/// The largest text that is read, in bytes.
const MAX_BYTES: usize = 64 << 10;
/// The most detectors, roles and task lists of one text.
const MAX_DETECTORS: usize = 50;
const MAX_ROLES: usize = 200;
const MAX_TASKLISTS: usize = 200;

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The user's `config.toml`.
    User,
    /// The repository's `.muster.toml`.
    Repository,
}

/// What a text says, less what it may not.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// In order.
    pub(crate) detectors: Vec<Declared>,
    /// `[roles]`.
    pub(crate) roles: RoleMap,
    /// Files whose boxes are tasks.
    pub(crate) tasklists: GlobSet,
}

impl Settings {
    /// Reads a text; whatever is wrong with it is a problem.
    pub(crate) fn read(source: Source, text: &[u8], problems: &mut Vec<Problem>) -> Self {
        let mut said = Vec::new();
        let settings = parse(source, text, &mut said);
        problems.extend(said.into_iter().map(|message| match source {
            Source::User => {
                Problem::whole(ProblemKind::Configuration, format!("user configuration: {message}"))
            }
            Source::Repository => Problem::at(".muster.toml", ProblemKind::Configuration, message),
        }));
        settings
    }
}

fn parse(source: Source, text: &[u8], problems: &mut Vec<String>) -> Settings {
    let mut settings = Settings::default();
    if text.len() > MAX_BYTES {
        problems.push(format!("larger than {} KiB: not read", MAX_BYTES >> 10));
        return settings;
    }
    let table = match parse_toml(text) {
        Ok(Value::Object(table)) => table,
        Ok(_) => return settings,
        Err(problem) => {
            problems.push(problem);
            return settings;
        }
    };
    settings.detectors = detectors(table.get("detector"), problems);
    if source == Source::User {
        return settings;
    }
    settings.roles = RoleMap::of(roles(table.get("roles"), problems));
    settings.tasklists = tasklists(table.get("tasklists"), problems);
    for key in table.keys().filter(|key| !["detector", "roles", "tasklists"].contains(&key.as_str())) {
        problems.push(format!("`{key:.64}` may not be set by a repository: ignored"));
    }
    settings
}

fn detectors(value: Option<&Value>, problems: &mut Vec<String>) -> Vec<Declared> {
    let Some(value) = value else { return Vec::new() };
    let Some(tables) = value.as_array() else {
        problems.push("`detector` is not a list of tables: write [[detector]]".to_owned());
        return Vec::new();
    };
    if tables.len() > MAX_DETECTORS {
        problems.push(format!("{} detectors: only the first {MAX_DETECTORS} are used", tables.len()));
    }
    let mut detectors = Vec::new();
    for (at, table) in tables.iter().take(MAX_DETECTORS).enumerate() {
        let parsed = match table.as_object() {
            Some(table) => Declared::parse(table, problems),
            None => Err("is not a table".to_owned()),
        };
        match parsed {
            Ok(detector) => detectors.push(detector),
            Err(why) => problems.push(format!("[[detector]] number {} {why}: left out", at + 1)),
        }
    }
    detectors
}

fn roles(value: Option<&Value>, problems: &mut Vec<String>) -> Vec<(Pattern, Role, String)> {
    let empty = Map::new();
    let table = match value {
        None => &empty,
        Some(Value::Object(table)) => table,
        Some(_) => {
            problems.push("`roles` is not a table: write [roles]".to_owned());
            &empty
        }
    };
    if table.len() > MAX_ROLES {
        problems.push(format!("{} roles: only the first {MAX_ROLES} are used", table.len()));
    }
    let mut patterns = Vec::new();
    for (text, role) in table.iter().take(MAX_ROLES) {
        let role = match role.as_str() {
            Some("primary") => Role::Primary,
            Some("example") => Role::Example,
            Some("docs") => Role::Docs,
            Some("bench") => Role::Bench,
            Some("fixture") => Role::Fixture,
            Some("template") => Role::Template,
            _ => {
                problems.push(format!(
                    "[roles] `{text:.64}`: not one of primary, example, docs, bench, fixture, template"
                ));
                continue;
            }
        };
        match Pattern::parse(".", text, true) {
            Ok(pattern) => patterns.push((pattern, role, text.clone())),
            Err(why) => problems.push(format!("[roles] `{text:.64}` {why}")),
        }
    }
    patterns
}

fn tasklists(value: Option<&Value>, problems: &mut Vec<String>) -> GlobSet {
    let list = match value {
        None => return GlobSet::default(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            problems.push("`tasklists` is not a list of paths".to_owned());
            return GlobSet::default();
        }
    };
    if list.len() > MAX_TASKLISTS {
        problems.push(format!("{} task lists: only the first {MAX_TASKLISTS} are used", list.len()));
    }
    let mut set = GlobSetBuilder::new();
    for value in list.iter().take(MAX_TASKLISTS) {
        match value.as_str().and_then(glob) {
            Some(glob) => {
                set.add(glob);
            }
            None => problems.push(format!("`tasklists`: {:.64} is not a path or glob", value.to_string())),
        }
    }
    set.build().unwrap_or_else(|_| {
        problems.push("`tasklists` is too large".to_owned());
        GlobSet::default()
    })
}

/// A glob of files, relative to the root of the tree; a path without wildcards matches itself.
pub(super) fn glob(text: &str) -> Option<Glob> {
    let text = text.strip_prefix("./").unwrap_or(text).trim_start_matches('/');
    if text.is_empty() || text.len() > 1_024 || text.split('/').any(|segment| segment == "..") {
        return None;
    }
    GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str) -> String {
        let mut problems = Vec::new();
        Settings::read(Source::Repository, text.as_bytes(), &mut problems);
        problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_may_not_be_said_is_a_problem() {
        insta::assert_snapshot!(problems_of(concat!(
            "database = 'x'\ntasklists = ['../x', 7, 'TODO.md']\n",
            "[roles]\n'a' = 'vendored'\n'b' = 'group'\n'../c' = 'docs'\n'd' = 'docs'\n",
            "[[detector]]\ntype = 'npm'\nglob = 'x'\n",
            "[[detector]]\ntype = 'Helm'\nglob = 'x'\n",
            "[[detector]]\ntype = 'helm'\n",
            "[[detector]]\ntype = 'helm'\nglob = '**/Chart.yaml'\nname = 7\n",
            "[[detector]]\ntype = 'helm'\nglob = '**/Chart.yaml'\nname = 'name'\ncolour = 'red'\n",
        )), @r#"
        [[detector]] number 1 takes the built-in type `npm`: left out
        [[detector]] number 2 has a `type` that is not 1 to 64 of a-z, 0-9, `-`, `_` and `.`: left out
        [[detector]] number 3 has no `glob`: left out
        [[detector]] number 4 has a `name` that is neither text, a list of keys nor { regex = "..." }: left out
        [[detector]] `helm`: unknown key `colour`
        [roles] `../c` points outside the repository
        [roles] `a`: not one of primary, example, docs, bench, fixture, template
        [roles] `b`: not one of primary, example, docs, bench, fixture, template
        `tasklists`: "../x" is not a path or glob
        `tasklists`: 7 is not a path or glob
        `database` may not be set by a repository: ignored
        "#);
        insta::assert_snapshot!(problems_of("detector = 1\nroles = []\ntasklists = 'x'\n"), @r#"
        `detector` is not a list of tables: write [[detector]]
        `roles` is not a table: write [roles]
        `tasklists` is not a list of paths
        "#);
        insta::assert_snapshot!(problems_of("a = = 1"), @"not valid TOML: extra `=`, expected nothing (line 1, column 5)");
    }

    #[test]
    fn bounds_hold() {
        assert_eq!(problems_of(&"#".repeat(MAX_BYTES + 1)), "larger than 64 KiB: not read");
        let many = "[[detector]]\ntype='x'\nglob='x'\n".repeat(51);
        assert_eq!(problems_of(&many), "51 detectors: only the first 50 are used");
        let mut problems = Vec::new();
        let settings = Settings::read(Source::Repository, many.as_bytes(), &mut problems);
        assert_eq!(settings.detectors.len(), 50);
    }

    #[test]
    fn the_users_other_keys_are_not_looked_at() {
        let mut problems = Vec::new();
        Settings::read(Source::User, b"database = 'x'\n[roles]\na = 1\n", &mut problems);
        assert_eq!(problems, []);
    }
}
