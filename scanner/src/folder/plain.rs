//! A folder without Git: every file that a `.gitignore` in it does not exclude.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use muster_model::{EntryKind, ProblemKind};

use crate::limits::Limits;
use crate::tree::{Listing, Place};

/// Adds every file and symbolic link; links are not followed, Git repositories inside are left out and reported.
pub(crate) fn list_plain(root: &Path, limits: Limits, listing: &mut Listing) {
    let mut walk = ignore::WalkBuilder::new(root);
    walk.standard_filters(false)
        .git_ignore(true)
        .require_git(false)
        .parents(false)
        .max_depth(Some(limits.depth))
        .filter_entry(|entry| {
            let directory = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !directory || entry.path().join(".git").symlink_metadata().is_err()
        });
    for found in walk.build() {
        let entry = match found {
            Ok(entry) => entry,
            Err(error) => {
                listing.problems.push(muster_model::Problem::whole(
                    ProblemKind::Unreadable,
                    without_root(&error.to_string(), root),
                ));
                continue;
            }
        };
        let Ok(relative) = entry.path().strip_prefix(root) else { continue };
        let raw = relative.as_os_str().as_bytes();
        let Some(kind) = entry.file_type() else { continue };
        let kind = if kind.is_symlink() {
            EntryKind::Symlink
        } else if kind.is_file() {
            EntryKind::File
        } else {
            continue;
        };
        if raw.len() <= limits.path_bytes && !listing.push(raw, kind, None, Place::Untracked) {
            return;
        }
    }
}

/// Documents hold paths of the tree alone.
fn without_root(message: &str, root: &Path) -> String {
    message.replace(&format!("{}/", root.display()), "")
}
