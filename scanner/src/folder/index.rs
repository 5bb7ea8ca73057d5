//! The tracked files of a folder: the entries of its Git index.
//!
//! The index and not the walk decides what is tracked, so that a file that is both tracked and ignored is there,
//! and one that a sparse checkout leaves out is read from the object database.

use gix::index::entry::{Flags, Mode, Stage};
use muster_model::EntryKind;

use crate::limits::Limits;
use crate::tree::{self, Listing, Place};

/// Adds every tracked entry.
pub(crate) fn list_tracked(
    repository: &gix::Repository,
    index: &gix::index::File,
    limits: Limits,
    listing: &mut Listing,
) {
    let written = index.timestamp();
    let written = (written.unix_seconds(), written.nanoseconds());
    let modes = repository.config_snapshot().boolean("core.fileMode") != Some(false);
    for entry in index.entries() {
        // Of a conflict the side that was checked out is taken.
        if !matches!(entry.stage(), Stage::Unconflicted | Stage::Ours) {
            continue;
        }
        let path: &[u8] = entry.path(index);
        if path.len() > limits.path_bytes {
            continue;
        }
        if entry.mode == Mode::DIR {
            // A sparse index keeps a directory outside the checkout as one entry.
            let prefix = [path.strip_suffix(b"/").unwrap_or(path), b"/"].concat();
            tree::list(&repository.objects, repository.object_hash(), entry.id, &prefix, listing);
            continue;
        }
        let kind = match entry.mode {
            Mode::SYMLINK => EntryKind::Symlink,
            Mode::COMMIT => EntryKind::Gitlink,
            _ => EntryKind::File,
        };
        let place = if entry.flags.contains(Flags::SKIP_WORKTREE) {
            Place::Objects
        } else if entry.flags.contains(Flags::INTENT_TO_ADD) {
            Place::Untracked
        } else {
            let modified = (entry.stat.mtime.secs, entry.stat.mtime.nsecs);
            let racy = written <= (i64::from(modified.0), modified.1);
            let executable = modes.then_some(entry.mode == Mode::FILE_EXECUTABLE);
            Place::Tracked { modified, size: entry.stat.size, racy, executable }
        };
        let id = (place != Place::Untracked).then_some(entry.id);
        if !listing.push(path, kind, id, place) {
            return;
        }
    }
}

/// The blob at a path that a sparse checkout leaves out.
pub(crate) fn skipped(index: &gix::index::File, path: &[u8]) -> Option<gix::ObjectId> {
    let entry = index.entry_by_path(path.into())?;
    let is_file = matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE);
    (is_file && entry.flags.contains(Flags::SKIP_WORKTREE)).then_some(entry.id)
}

/// True where the index records something else than the tree of HEAD: changes are staged, or files are in conflict.
pub(crate) fn is_staged(
    repository: &gix::Repository,
    index: &gix::index::File,
    head_tree: Option<gix::ObjectId>,
    limits: Limits,
) -> bool {
    if index.entries().iter().any(|entry| entry.stage() != Stage::Unconflicted) {
        return true;
    }
    let Some(head_tree) = head_tree else { return !index.entries().is_empty() };
    // Git keeps the tree that the index amounts to, if nothing has been staged since.
    if index.tree().is_some_and(|tree| tree.num_entries.is_some() && tree.id == head_tree) {
        return false;
    }
    let mut head = Listing::new(limits);
    tree::list(&repository.objects, repository.object_hash(), head_tree, b"", &mut head);
    let mut tracked = Listing::new(limits);
    list_tracked(repository, index, limits, &mut tracked);
    let (head, problems) = head.finish();
    let (tracked, _) = tracked.finish();
    // Where trees are missing, nobody can tell; what is there is taken as unchanged.
    problems.is_empty()
        && (head.len() != tracked.len()
            || head
                .iter()
                .zip(&tracked)
                .any(|(one, other)| one.path != other.path || one.id != other.id || one.kind != other.kind))
}
