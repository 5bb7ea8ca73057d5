//! `setup.cfg`, `[metadata]`: <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>.
//!
//! The dialect is Python's `configparser`: keys without regard to case, `=` or `:`, values that go on in indented
//! lines. Most files of this name configure a linter and name nothing.

use std::collections::HashMap;

use muster_model::Manifest;

use super::asks::{PackageDirectories, for_attribute, for_text};
use crate::syntax::decode;

pub(super) fn read(content: &[u8]) -> Manifest {
    let mut manifest = Manifest::default();
    let keys = match decode(content).and_then(parse) {
        Ok(keys) => keys,
        Err(problem) => {
            manifest.problems.push(problem);
            return manifest;
        }
    };
    let metadata = |key: &str| keys.get(&("metadata", key.to_owned())).map(|value| value.trim());
    let directories =
        package_directories(keys.get(&("options", "package_dir".to_owned())).map(String::as_str));
    manifest.name = metadata("name").filter(|name| !name.is_empty()).map(str::to_owned);
    let description = metadata("description").or_else(|| metadata("summary"));
    for (field, value) in [("version", metadata("version")), ("description", description)] {
        let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
        if let Some(dotted) = value.strip_prefix("attr:") {
            manifest.asks.extend(for_attribute(field, dotted, &directories));
        } else if let Some(files) = value.strip_prefix("file:") {
            manifest
                .asks
                .extend(for_text(field, files.split([',', '\n']).map(|file| file.trim().to_owned())));
        } else if field == "version" {
            manifest.version = Some(value.to_owned());
        } else {
            manifest.description = Some(value.to_owned());
        }
    }
    manifest
}

/// The keys of the two sections that matter, `(section, key)` to the value.
fn parse(text: &str) -> Result<HashMap<(&'static str, String), String>, String> {
    let mut keys: HashMap<(&'static str, String), String> = HashMap::new();
    let mut section = None;
    let mut in_section = false;
    let mut current: Option<(&'static str, String)> = None;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) && in_section {
            if let Some(value) = current.as_ref().and_then(|key| keys.get_mut(key)) {
                value.push('\n');
                value.push_str(trimmed);
            }
            continue;
        }
        current = None;
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            in_section = true;
            section = ["metadata", "options"].into_iter().find(|known| *known == name.0);
            continue;
        }
        if !in_section {
            return Err(format!("no section before line {}", at + 1));
        }
        let (Some(section), Some((key, value))) = (section, trimmed.split_once(['=', ':'])) else { continue };
        let key = (section, key.trim().to_ascii_lowercase().replace('-', "_"));
        keys.insert(key.clone(), value.trim().to_owned());
        current = Some(key);
    }
    Ok(keys)
}

/// `package_dir`: `pkg = directory` a line, ` = src` for all packages.
fn package_directories(value: Option<&str>) -> PackageDirectories {
    let lines = value.unwrap_or("").split(['\n', ',']);
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(package, directory)| (package.trim().to_owned(), directory.trim().to_owned()))
        .take(16)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_as_configparser_does() {
        let manifest = read(
            b"# x\n[metadata]\nName: a\nversion = attr: a.about.V\ndescription = file:\n    SHORT.txt\n[options]\npackage_dir =\n    = lib\n[flake8]\nname = no\n",
        );
        assert_eq!(manifest.name.as_deref(), Some("a"));
        assert_eq!(manifest.asks[0].paths[0], "lib/a/about/__init__.py");
        assert_eq!(manifest.asks[1].paths, ["SHORT.txt"]);
        let folded = read(b"[metadata]\nsummary = one\n  two\n\n  three\nversion = 1\n");
        assert_eq!(folded.description.as_deref(), Some("one\ntwo\nthree"));
        assert_eq!(folded.version.as_deref(), Some("1"));
    }

    #[test]
    fn a_key_outside_sections_is_a_problem() {
        assert_eq!(read(b"\nname = a\n").problems, ["no section before line 2"]);
        assert_eq!(read(b"").problems, [""; 0]);
    }
}
