//! `pyproject.toml`: `[project]` (<https://packaging.python.org/en/latest/specifications/pyproject-toml/>), else
//! `[tool.poetry]`, else `[tool.flit.metadata]`, field by field.
//!
//! A dynamic version is asked of the file that the build back end would take it from, where that is a literal; one
//! that comes from tags is null.

use muster_model::{Ask, Manifest, Workspace};
use serde_json::{Map, Value};

use super::asks::{PackageDirectories, for_attribute, for_name, for_name_in, for_text};
use crate::syntax::{object_at, parse_toml, text_at, text_list};

type Table = Map<String, Value>;

pub(super) fn read(content: &[u8]) -> Manifest {
    let mut manifest = Manifest::default();
    let table = match parse_toml(content) {
        Ok(Value::Object(table)) => table,
        Ok(_) => return manifest,
        Err(problem) => {
            manifest.problems.push(problem);
            return manifest;
        }
    };
    let problems = &mut manifest.problems;
    let project = object_at(&table, &["project"]);
    let poetry = object_at(&table, &["tool", "poetry"]);
    let flit = object_at(&table, &["tool", "flit", "metadata"]);
    let mut field = |key: &str| {
        let stated = project.and_then(|project| text_at(project, key, &format!("project.{key}"), problems));
        stated.or_else(|| {
            poetry.and_then(|poetry| text_at(poetry, key, &format!("tool.poetry.{key}"), problems))
        })
    };
    let (name, version, description) = (field("name"), field("version"), field("description"));
    let flit_name = flit.and_then(|flit| {
        text_at(flit, "dist-name", "dist-name", problems)
            .or_else(|| text_at(flit, "module", "module", problems))
    });
    manifest.workspace = object_at(&table, &["tool", "uv", "workspace"]).map(|workspace| Workspace {
        members: text_list(workspace.get("members"), "tool.uv.workspace.members", problems)
            .unwrap_or_default(),
        exclude: text_list(workspace.get("exclude"), "tool.uv.workspace.exclude", problems)
            .unwrap_or_default(),
        ..Workspace::default()
    });
    (manifest.name, manifest.version, manifest.description) = (name.or(flit_name), version, description);
    manifest.asks = asks(&table, &manifest);
    manifest
}

/// Where the fields that are declared dynamic stand.
fn asks(table: &Table, manifest: &Manifest) -> Vec<Ask> {
    let dynamic = object_at(table, &["project"])
        .and_then(|project| project.get("dynamic")?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let flit_only = object_at(table, &["tool", "flit", "metadata"]).is_some();
    let mut asks = Vec::new();
    for (field, stated) in [("version", &manifest.version), ("description", &manifest.description)] {
        let is_dynamic = dynamic.iter().any(|name| name.as_str() == Some(field));
        if stated.is_none() && (is_dynamic || flit_only) {
            asks.extend(setuptools(table, field));
            if field == "version" {
                asks.extend(version_file(table));
            }
            asks.extend(flit(table, field, manifest.name.as_deref()));
        }
    }
    asks
}

/// `[tool.setuptools.dynamic] version = { attr = "pkg.__version__" }` or `{ file = "VERSION" }`.
fn setuptools(table: &Table, field: &str) -> Option<Ask> {
    let source = object_at(table, &["tool", "setuptools", "dynamic", field])?;
    if let Some(dotted) = source.get("attr").and_then(Value::as_str) {
        return for_attribute(field, dotted, &package_directories(table));
    }
    match source.get("file")? {
        Value::String(file) => for_text(field, [file.trim().to_owned()]),
        Value::Array(files) => for_text(field, files.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => None,
    }
}

fn package_directories(table: &Table) -> PackageDirectories {
    object_at(table, &["tool", "setuptools", "package-dir"])
        .into_iter()
        .flatten()
        .filter_map(|(package, directory)| Some((package.clone(), directory.as_str()?.to_owned())))
        .take(16)
        .collect()
}

/// Hatch's and PDM's version files. Hatch's own `pattern`, and sources that run code or read tags, are not followed.
fn version_file(table: &Table) -> Vec<Ask> {
    let hatch = object_at(table, &["tool", "hatch", "version"])
        .filter(|hatch| hatch.get("source").is_none_or(|source| source == "regex"))
        .filter(|hatch| !hatch.get("pattern").is_some_and(Value::is_string));
    let pdm = object_at(table, &["tool", "pdm", "version"])
        .filter(|pdm| pdm.get("source").is_some_and(|source| source == "file"));
    let path = |source: Option<&Table>| Some(source?.get("path")?.as_str()?.to_owned());
    let mut asks = Vec::new();
    if let Some(path) = path(hatch) {
        // Hatch looks for either name: https://hatch.pypa.io/latest/plugins/version-source/regex/
        asks.extend(["__version__", "VERSION"].map(|name| for_name_in("version", &path, name)));
    }
    asks.extend(path(pdm).map(|path| for_name_in("version", &path, "__version__")));
    asks
}

/// Flit takes both fields from the module itself.
fn flit(table: &Table, field: &str, name: Option<&str>) -> Option<Ask> {
    let metadata = object_at(table, &["tool", "flit", "metadata"]);
    let backend = object_at(table, &["build-system"]).and_then(|build| build.get("build-backend")?.as_str());
    if metadata.is_none() && !backend.is_some_and(|backend| backend.starts_with("flit")) {
        return None;
    }
    let stated = object_at(table, &["tool", "flit", "module"]).and_then(|module| module.get("name"));
    let module =
        stated.or_else(|| metadata?.get("module")).and_then(Value::as_str).or(name)?.replace('-', "_");
    let attribute = if field == "version" { "__version__" } else { "__doc__" };
    for_name(field, &module, attribute, &PackageDirectories::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        let asks = read(text.as_bytes()).asks;
        asks.iter().map(|ask| format!("{} {:?} {}", ask.field, ask.ask, ask.paths.join(" "))).collect()
    }

    #[test]
    fn the_first_table_that_states_a_field_gives_it() {
        let manifest = read(
            b"[project]\nname = 'a'\n[tool.poetry]\nname = 'b'\nversion = '2'\n[tool.flit.metadata]\nmodule = 'c'\n",
        );
        assert_eq!((manifest.name.as_deref(), manifest.version.as_deref()), (Some("a"), Some("2")));
        let flit = read(b"[tool.flit.metadata]\nmodule = 'c'\ndist-name = 'c-d'\n");
        assert_eq!((flit.name.as_deref(), flit.asks[0].paths[0].as_str()), (Some("c-d"), "c/__init__.py"));
        assert_eq!(read(b"[build-system]\nrequires = []\n"), Manifest::default());
    }

    #[test]
    fn dynamic_fields_are_asked_of_the_back_end_s_file() {
        insta::assert_snapshot!(asked("[project]\nname='a'\ndynamic=['version','description']\n[tool.setuptools.dynamic]\n\
            version={attr='a.__version__'}\ndescription={file=['SHORT','LONG']}\n").join("\n"), @r#"
        version Attribute("__version__") a/__init__.py a.py src/a/__init__.py src/a.py
        description Text SHORT LONG
        "#);
        insta::assert_snapshot!(asked("[project]\nname='a'\ndynamic=['version']\n[tool.hatch.version]\npath='src/a/about.py'\n").join("\n"), @r#"
        version Attribute("__version__") src/a/about.py
        version Attribute("VERSION") src/a/about.py
        "#);
        insta::assert_snapshot!(asked("[project]\nname='a-b'\ndynamic=['version','description']\n[build-system]\nbuild-backend='flit_core.buildapi'\n").join("\n"), @r#"
        version Attribute("__version__") a_b/__init__.py a_b.py src/a_b/__init__.py src/a_b.py
        description Attribute("__doc__") a_b/__init__.py a_b.py src/a_b/__init__.py src/a_b.py
        "#);
        for nothing in [
            "[project]\nname='a'\nversion='1'\n[tool.setuptools.dynamic]\nversion={attr='a.v'}\n",
            "[project]\nname='a'\ndynamic=['version']\n[tool.hatch.version]\nsource='vcs'\n",
            "[project]\nname='a'\ndynamic=['version']\n[tool.setuptools_scm]\n",
        ] {
            assert_eq!(asked(nothing), [""; 0], "{nothing}");
        }
    }
}
