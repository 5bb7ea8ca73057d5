//! Rust: `Cargo.toml` (<https://doc.rust-lang.org/cargo/reference/manifest.html>).
//!
//! What Cargo would refuse but TOML can read is kept, with a sentence that says why Cargo refuses it. Fields and
//! dependencies taken from the workspace's root are only named here: `assemble` knows the root.

use std::collections::BTreeMap;

use muster_model::{Manifest, PathDependency, Workspace, file_name};
use serde_json::{Map, Value};

use crate::detector::Detector;
use crate::syntax::{object_at, parse_toml, text_at, text_list};

/// The tables of a manifest that name dependencies, at its top and below each `target`.
const DEPENDENCY_TABLES: [&str; 5] =
    ["dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies"];

/// Before a dependency's name in `Manifest::inherits`.
pub(crate) const INHERITED_DEPENDENCY: &str = "dependencies.";

/// Recognises Cargo packages and workspaces.
pub(crate) struct Rust;

impl Detector for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn rank(&self, path: &str) -> Option<u8> {
        (file_name(path) == "Cargo.toml").then_some(0)
    }

    fn read(&self, _path: &str, content: &[u8]) -> Option<Manifest> {
        Some(match parse_toml(content) {
            Ok(Value::Object(table)) => read_table(&table),
            Ok(_) => Manifest { problems: vec!["not a TOML table".to_owned()], ..Manifest::default() },
            Err(problem) => Manifest { problems: vec![problem], ..Manifest::default() },
        })
    }
}

fn read_table(table: &Map<String, Value>) -> Manifest {
    let mut manifest = Manifest::default();
    let problems = &mut manifest.problems;
    manifest.workspace = table.get("workspace").and_then(Value::as_object).map(|ws| workspace(ws, problems));
    // `[project]` is what Cargo called `[package]` before 1.0; it still reads it.
    match object_at(table, &["package"]).or_else(|| object_at(table, &["project"])) {
        Some(package) => read_package(package, &mut manifest),
        None if manifest.workspace.is_none() => {
            manifest.problems.push("Cargo refuses it: neither [package] nor [workspace]".to_owned());
        }
        None => {}
    }
    read_dependencies(table, &mut manifest);
    for target in table.get("target").and_then(Value::as_object).into_iter().flat_map(Map::values) {
        if let Some(target) = target.as_object() {
            read_dependencies(target, &mut manifest);
        }
    }
    manifest
}

fn read_package(package: &Map<String, Value>, manifest: &mut Manifest) {
    let problems = &mut manifest.problems;
    manifest.name = text_at(package, "name", "package.name", problems);
    if manifest.name.is_none() {
        problems.push("Cargo refuses it: [package] has no name".to_owned());
    }
    manifest.workspace_root = text_at(package, "workspace", "package.workspace", problems);
    for (field, slot) in [("version", &mut manifest.version), ("description", &mut manifest.description)] {
        if is_inherited(package.get(field)) {
            manifest.inherits.push(field.to_owned());
        } else {
            *slot = text_at(package, field, &format!("package.{field}"), problems);
        }
    }
}

/// `version.workspace = true`, `serde = { workspace = true, features = [..] }`.
fn is_inherited(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn workspace(table: &Map<String, Value>, problems: &mut Vec<String>) -> Workspace {
    let package = object_at(table, &["package"]);
    let mut inherited = |field: &str| {
        package.and_then(|package| text_at(package, field, &format!("workspace.package.{field}"), problems))
    };
    let (version, description) = (inherited("version"), inherited("description"));
    Workspace {
        version,
        description,
        members: text_list(table.get("members"), "workspace.members", problems).unwrap_or_default(),
        exclude: text_list(table.get("exclude"), "workspace.exclude", problems).unwrap_or_default(),
        dependency_paths: object_at(table, &["dependencies"])
            .map(|dependencies| paths_of(dependencies).collect::<BTreeMap<_, _>>())
            .unwrap_or_default(),
    }
}

fn paths_of(dependencies: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    dependencies
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.get("path")?.as_str()?.to_owned())))
}

fn read_dependencies(table: &Map<String, Value>, manifest: &mut Manifest) {
    for dependencies in DEPENDENCY_TABLES.iter().filter_map(|key| object_at(table, &[key])) {
        manifest.path_dependencies.extend(paths_of(dependencies).map(|(_, path)| PathDependency(path)));
        let inherited = dependencies.iter().filter(|(_, value)| is_inherited(Some(value)));
        manifest.inherits.extend(inherited.map(|(name, _)| format!("{INHERITED_DEPENDENCY}{name}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Manifest {
        Rust.read("Cargo.toml", text.as_bytes()).unwrap()
    }

    #[test]
    fn inheritance_is_named_not_resolved() {
        let manifest = read(
            "[package]\nname = \"a\"\nversion.workspace = true\ndescription = { workspace = true }\nworkspace = \"../r\"\n\
             [dependencies]\nb = { path = \"../b\" }\nc.workspace = true\nd = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\ne = { path = \"e\" }\n",
        );
        assert_eq!(manifest.inherits, ["version", "description", "dependencies.c"]);
        assert_eq!(manifest.path_dependencies, [PathDependency("../b".into()), PathDependency("e".into())]);
        assert_eq!(manifest.workspace_root.as_deref(), Some("../r"));
        assert_eq!(manifest.problems, [""; 0]);
    }

    #[test]
    fn what_cargo_refuses_is_kept_and_said() {
        assert_eq!(
            read("[package]\nversion = \"1\"\n").problems,
            ["Cargo refuses it: [package] has no name"]
        );
        assert_eq!(read("[lib]\n").problems, ["Cargo refuses it: neither [package] nor [workspace]"]);
        assert_eq!(read("").problems, ["Cargo refuses it: neither [package] nor [workspace]"]);
        assert_eq!(read("[package]\nname = 1\nversion = \"2\"\n").version.as_deref(), Some("2"));
    }
}
