//! `package.json`: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json>.
//!
//! Most files of this name in a large repository are no packages: they only set `type` for a folder of scripts.
//! Such a marker is told here by its keys; whether it is a member of a workspace after all is told in `assemble`.

use muster_model::{Manifest, ManifestKind, Workspace};
use serde_json::{Map, Value};

use crate::syntax::{parse_json, text_at, text_list};

/// The keys that a marker may have: they tell a loader how to read the folder, and nobody that it is a package.
const MARKER_KEYS: &[&str] = &[
    "type",
    "sideEffects",
    "main",
    "module",
    "browser",
    "types",
    "exports",
    "imports",
    "private",
    "version",
];

pub(super) fn read(content: &[u8]) -> Manifest {
    let object = match parse_json(content) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return broken("not a JSON object".to_owned()),
        Err(problem) => return broken(problem),
    };
    let mut problems = Vec::new();
    let kind = if object.keys().all(|key| MARKER_KEYS.contains(&key.as_str())) {
        ManifestKind::Marker
    } else {
        ManifestKind::Project
    };
    Manifest {
        kind,
        name: text_at(&object, "name", "name", &mut problems),
        version: text_at(&object, "version", "version", &mut problems),
        description: text_at(&object, "description", "description", &mut problems),
        workspace: workspaces(&object, &mut problems),
        problems,
        ..Manifest::default()
    }
}

fn broken(problem: String) -> Manifest {
    Manifest { problems: vec![problem], ..Manifest::default() }
}

/// `workspaces` is a list, or an object whose `packages` is one (Yarn's `nohoist` form).
fn workspaces(object: &Map<String, Value>, problems: &mut Vec<String>) -> Option<Workspace> {
    let value = object.get("workspaces")?;
    let members = match value {
        Value::Object(inner) => text_list(inner.get("packages"), "workspaces.packages", problems),
        Value::Bool(false) => None,
        other => text_list(Some(other), "workspaces", problems),
    }?;
    Some(Workspace { members, ..Workspace::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_have_marker_keys_only() {
        for text in ["{}", r#"{"type":"module"}"#, r#"{"private":"true","version":"0.0.0","exports":{}}"#] {
            assert_eq!(read(text.as_bytes()).kind, ManifestKind::Marker, "{text}");
        }
        for text in [r#"{"name":"a"}"#, r#"{"type":"module","scripts":{}}"#, "[]", "", "{"] {
            assert_eq!(read(text.as_bytes()).kind, ManifestKind::Project, "{text}");
        }
    }

    #[test]
    fn both_forms_of_workspaces_are_read() {
        for text in [r#"{"workspaces":["a/*"]}"#, r#"{"workspaces":{"packages":["a/*"],"nohoist":["x"]}}"#] {
            assert_eq!(read(text.as_bytes()).workspace.unwrap().members, ["a/*"], "{text}");
        }
        let odd = read(br#"{"name":7,"workspaces":"a/*"}"#);
        assert_eq!(odd.problems, ["`name` is not text", "`workspaces` is not a list"]);
    }
}
