//! One declared detector.

use globset::Glob;
use muster_model::Manifest;
use serde_json::{Map, Value};

use super::field::Field;
use super::settings::glob;
use crate::registry::is_built_in;
use crate::syntax::{parse_json, parse_toml, parse_yaml};

const KEYS: [&str; 6] = ["type", "glob", "format", "name", "version", "description"];

/// How a file is parsed before its fields are read by their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Toml,
    Yaml,
}

/// A detector that is data: a type for the directories of the files that a glob matches.
#[derive(Debug)]
pub(crate) struct Declared {
    /// The type of its projects.
    pub(crate) type_name: String,
    /// The files that it reads.
    pub(crate) glob: Glob,
    format: Option<Format>,
    name: Option<Field>,
    version: Option<Field>,
    description: Option<Field>,
}

impl Declared {
    /// From one `[[detector]]` table; `Err` says, in a sentence fragment, why there is none. What can be left out is
    /// a problem only.
    pub(super) fn parse(table: &Map<String, Value>, problems: &mut Vec<String>) -> Result<Self, String> {
        let text = |key: &str| table.get(key).and_then(Value::as_str);
        let type_name = text("type").ok_or("has no `type`")?;
        if !is_type_name(type_name) {
            return Err("has a `type` that is not 1 to 64 of a-z, 0-9, `-`, `_` and `.`".to_owned());
        }
        if is_built_in(type_name) {
            return Err(format!("takes the built-in type `{type_name}`"));
        }
        let pattern = text("glob").ok_or("has no `glob`")?;
        let glob = glob(pattern).ok_or("has a `glob` that is not valid")?;
        let format = match text("format") {
            Some("json") => Some(Format::Json),
            Some("toml") => Some(Format::Toml),
            Some("yaml") => Some(Format::Yaml),
            Some(_) => return Err("has a `format` other than json, toml and yaml".to_owned()),
            None => None,
        };
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            problems.push(format!("[[detector]] `{type_name}`: unknown key `{key:.64}`"));
        }
        let field = |key: &str| match table.get(key) {
            Some(value) => Field::parse(value).map(Some).map_err(|why| format!("has a `{key}` that {why}")),
            None => Ok(None),
        };
        Ok(Self {
            type_name: type_name.to_owned(),
            glob,
            format,
            name: field("name")?,
            version: field("version")?,
            description: field("description")?,
        })
    }

    /// What the file says.
    pub(crate) fn read(&self, path: &str, content: &[u8]) -> Manifest {
        let mut manifest = Manifest::default();
        let fields = [&self.name, &self.version, &self.description];
        let mut document = Value::Null;
        if fields.iter().any(|field| field.as_ref().is_some_and(Field::needs_document)) {
            let parsed = match self.format.or_else(|| format_of(path)) {
                Some(Format::Json) => parse_json(content),
                Some(Format::Toml) => parse_toml(content),
                Some(Format::Yaml) => parse_yaml(content),
                None => Err("neither its ending nor `format` tells how to read it".to_owned()),
            };
            match parsed {
                Ok(value) => document = value,
                Err(problem) => manifest.problems.push(problem),
            }
        }
        let [name, version, description] =
            fields.map(|field| field.as_ref().and_then(|field| field.read(&document, content)));
        (manifest.name, manifest.version, manifest.description) = (name, version, description);
        manifest
    }
}

fn format_of(path: &str) -> Option<Format> {
    match path.rsplit_once('.')?.1 {
        "json" => Some(Format::Json),
        "toml" => Some(Format::Toml),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    }
}

fn is_type_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
}
