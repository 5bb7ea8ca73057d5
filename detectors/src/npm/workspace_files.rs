//! `pnpm-workspace.yaml` (<https://pnpm.io/pnpm-workspace_yaml>) and `lerna.json` (<https://lerna.js.org/docs/api-reference/configuration>).
//!
//! Both only list member directories. Since version 7 Lerna without `packages` takes the package manager's list, so
//! nothing is assumed where the key is missing.

use muster_model::{Manifest, ManifestKind, Workspace};
use serde_json::Value;

use crate::syntax::{parse_json, parse_yaml, text_list};

pub(super) fn read_pnpm(content: &[u8]) -> Manifest {
    packages_of(parse_yaml(content))
}

pub(super) fn read_lerna(content: &[u8]) -> Manifest {
    packages_of(parse_json(content))
}

fn packages_of(parsed: Result<Value, String>) -> Manifest {
    let mut manifest = Manifest { kind: ManifestKind::Companion, ..Manifest::default() };
    match parsed {
        Ok(Value::Object(object)) => {
            manifest.workspace = text_list(object.get("packages"), "packages", &mut manifest.problems)
                .map(|members| Workspace { members, ..Workspace::default() });
        }
        Ok(Value::Null) => {}
        Ok(_) => manifest.problems.push("not a mapping of keys to values".to_owned()),
        Err(problem) => manifest.problems.push(problem),
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_listed_as_written() {
        let pnpm = read_pnpm(b"packages:\n  - 'packages/*'\n  - '!**/test/**'\ncatalog:\n  vue: ^3\n");
        assert_eq!(pnpm.workspace.unwrap().members, ["packages/*", "!**/test/**"]);
        assert_eq!(read_pnpm(b"catalog:\n  vue: ^3\n").workspace, None);
        assert_eq!(read_pnpm(b""), Manifest { kind: ManifestKind::Companion, ..Manifest::default() });
        assert_eq!(read_lerna(br#"{"packages":["p/*"]}"#).workspace.unwrap().members, ["p/*"]);
        assert_eq!(read_pnpm(b"packages: all\n").problems, ["`packages` is not a list"]);
    }
}
