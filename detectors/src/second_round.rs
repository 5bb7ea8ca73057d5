//! What has to be read besides: fields that another file holds, and workspace members in vendored directories.

use std::collections::BTreeSet;

use muster_model::{Entry, EntryKind, ancestors, file_name, parent};

use crate::relative::resolve;
use crate::role::{is_in_vendored, vendored_segment};
use crate::ruleset::{Extracts, Ruleset, Wanted};
use crate::workspace::Workspaces;

/// The files to read, sorted, each once. Only regular files of the tree are ever wanted.
pub(crate) fn wanted(ruleset: &Ruleset, entries: &[Entry], extracts: &Extracts) -> Vec<Wanted> {
    let is_file = |path: &str| {
        let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
        at.is_ok_and(|at| entries[at].kind == EntryKind::File)
    };
    let mut wanted = BTreeSet::new();
    for (path, extract) in extracts {
        for ask in extract.manifests.iter().flat_map(|manifest| &manifest.asks) {
            let directory = parent(path).unwrap_or(".");
            let paths = ask.paths.iter().filter_map(|stated| resolve(directory, stated));
            wanted.extend(
                paths.filter(|path| is_file(path)).map(|path| Wanted { path, ask: Some(ask.ask.clone()) }),
            );
        }
    }
    wanted.extend(lifted_files(ruleset, entries, extracts));
    wanted.into_iter().collect()
}

/// The files of members that lie in vendored directories: the member's own manifests, and sources below it.
fn lifted_files(ruleset: &Ruleset, entries: &[Entry], extracts: &Extracts) -> Vec<Wanted> {
    let is_vendored_file = |entry: &&Entry| entry.kind == EntryKind::File && is_in_vendored(&entry.path);
    if !entries.iter().any(|entry| is_vendored_file(&entry)) {
        return Vec::new();
    }
    let lifted = Workspaces::of(entries, extracts, false).lifted;
    if lifted.is_empty() {
        return Vec::new();
    }
    let is_wanted = |path: &str| {
        let interest = ruleset.interest(path);
        let own = parent(path).is_some_and(|directory| lifted.contains(directory));
        (interest.source || interest.manifest && own) && lies_in_lifted(path, &lifted)
    };
    let files = entries.iter().filter(is_vendored_file).filter(|entry| is_wanted(&entry.path));
    files.map(|entry| Wanted { path: entry.path.clone(), ask: None }).collect()
}

/// True where the way up from the file meets a member before it meets a vendored name.
pub(crate) fn lies_in_lifted(path: &str, lifted: &BTreeSet<String>) -> bool {
    let mut way = ancestors(path).take_while(|directory| *directory != ".");
    let end =
        way.find(|directory| lifted.contains(*directory) || vendored_segment(file_name(directory)).is_some());
    end.is_some_and(|directory| lifted.contains(directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendored_name_below_a_member_ends_it() {
        let lifted = BTreeSet::from(["vendor/a".to_owned()]);
        assert!(lies_in_lifted("vendor/a/src/x.rs", &lifted));
        assert!(!lies_in_lifted("vendor/a/node_modules/x.js", &lifted));
        assert!(!lies_in_lifted("vendor/b/x.js", &lifted));
    }
}
