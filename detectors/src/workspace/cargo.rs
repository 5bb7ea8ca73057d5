//! Members of a Cargo workspace: <https://doc.rust-lang.org/cargo/reference/workspaces.html>.
//!
//! Beside what `members` matches, Cargo takes every path dependency inside the root's directory, and theirs in turn.
//! `exclude` lists plain paths and covers what lies below, unless `members` names the same path or one above it.
//! `default-members` only chooses among members, so it is not read.

use std::collections::BTreeSet;

use muster_model::{Workspace, ancestors, depth, is_within};

use super::dialect::Patterns;
use super::{Candidates, rust_manifest};
use crate::relative::resolve;
use crate::ruleset::Extracts;
use crate::rust::INHERITED_DEPENDENCY;

pub(super) fn members(
    workspace: &Workspace,
    candidates: &Candidates<'_>,
    extracts: &Extracts,
    patterns: &mut Patterns<'_>,
) -> BTreeSet<String> {
    let root = patterns.root.directory;
    let plain =
        |texts: &[String]| texts.iter().filter_map(|text| resolve(root, text)).collect::<BTreeSet<_>>();
    let (named, excluded) = (plain(&workspace.members), plain(&workspace.exclude));
    let is_excluded = |directory: &str| {
        !excluded.is_empty() && lies_in(directory, &excluded) && !lies_in(directory, &named)
    };
    let mut pending = vec![root.to_owned()];
    for text in &workspace.members {
        for pattern in patterns.parse(text, true) {
            pending.extend(
                candidates.matching("rust", &pattern, patterns.budget).into_iter().map(str::to_owned),
            );
        }
    }
    let mut members = BTreeSet::new();
    while let Some(directory) = pending.pop() {
        let manifest = rust_manifest(extracts, &directory);
        let stated =
            manifest.map_or(0, |manifest| manifest.path_dependencies.len() + manifest.inherits.len());
        if !patterns.budget.take((stated + depth(&directory)) as u64 + 1) {
            break;
        }
        let is_root = directory == root;
        if members.contains(&directory)
            || !is_root && (!candidates.holds("rust", &directory) || is_excluded(&directory))
        {
            continue;
        }
        members.insert(directory.clone());
        let Some(manifest) = manifest else { continue };
        let stated = manifest.path_dependencies.iter().filter_map(|path| resolve(&directory, &path.0));
        let inherited = manifest
            .inherits
            .iter()
            .filter_map(|field| workspace.dependency_paths.get(field.strip_prefix(INHERITED_DEPENDENCY)?))
            .filter_map(|path| resolve(root, path));
        let inside = stated.chain(inherited).filter(|path| is_within(path, root) && !members.contains(path));
        pending.extend(inside);
    }
    members
}

/// True where a directory, or one above it, is in the set.
fn lies_in(directory: &str, set: &BTreeSet<String>) -> bool {
    set.contains(directory) || ancestors(directory).any(|above| set.contains(above))
}
