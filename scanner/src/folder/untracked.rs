//! What stands in a folder beside its tracked files: walked directory by directory, names that the index knows are
//! passed over before anything else is asked of them.

use std::fs::DirEntry;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use gix::bstr::ByteSlice;
use gix::index::entry::Mode;
use muster_model::{EntryKind, ProblemKind};

use crate::git_dir::can_be_rules;
use crate::limits::Limits;
use crate::repository::describe;
use crate::tree::{Listing, Place};

/// Adds every file that is neither tracked nor excluded by `.gitignore` or `info/exclude`.
///
/// Directories that hold a `.git` of their own and are no submodules are left out and reported.
pub(crate) fn list_untracked(
    repository: &gix::Repository,
    index: &gix::index::File,
    root: &Path,
    limits: Limits,
    listing: &mut Listing,
) {
    let source = gix::worktree::stack::state::ignore::Source::WorktreeThenIdMappingIfNotSkipped;
    let mut excludes = match repository.excludes(index, None, source) {
        Ok(excludes) => excludes,
        Err(error) => {
            let message =
                format!("ignore rules cannot be read, untracked files are left out: {}", describe(&error));
            listing.problem(b".gitignore", ProblemKind::Unreadable, message);
            return;
        }
    };
    let mut pending: Vec<(Vec<u8>, usize)> = vec![(Vec::new(), 0)];
    while let Some((directory, depth)) = pending.pop() {
        let on_disk = root.join(std::ffi::OsStr::from_bytes(&directory));
        let names = match std::fs::read_dir(&on_disk) {
            Ok(names) => names,
            Err(error) => {
                if error.kind() != std::io::ErrorKind::NotFound {
                    listing.problem(
                        &directory,
                        ProblemKind::Unreadable,
                        format!("cannot be listed: {error}"),
                    );
                }
                continue;
            }
        };
        if !can_be_rules(&on_disk.join(".gitignore")) {
            let rules = [&directory[..], b"/.gitignore"].concat();
            let rules = rules.strip_prefix(b"/").unwrap_or(&rules);
            let message = "no plain file of a sane size; untracked files beside it are left out";
            listing.problem(rules, ProblemKind::Unreadable, message);
            continue;
        }
        for name in names {
            let Ok(name) = name else { continue };
            let path = match directory.as_slice() {
                b"" => name.file_name().as_bytes().to_vec(),
                above => [above, b"/", name.file_name().as_bytes()].concat(),
            };
            let Some(kind) = kind_of(&name) else { continue };
            // Git passes over this name wherever it stands.
            if name.file_name() == ".git" || path.len() > limits.path_bytes {
                continue;
            }
            let known = path.as_bstr();
            if index.entry_by_path(known).is_some() || is_conflicted(index, known) {
                // A tracked file or gitlink; where a file became a directory, what lies in it is untracked.
                let gitlink = index.entry_by_path(known).is_some_and(|entry| entry.mode == Mode::COMMIT);
                if gitlink || !matches!(kind, Found::Directory) {
                    continue;
                }
            }
            match kind {
                Found::Directory => {
                    let tracked = index.path_is_directory(known);
                    if !tracked {
                        if is_excluded(&mut excludes, &path, Some(Mode::DIR)) {
                            continue;
                        }
                        if name.path().join(".git").symlink_metadata().is_ok() {
                            let message =
                                "a Git repository of its own that is no submodule here; scan it by itself";
                            listing.problem(&path, ProblemKind::NestedRepository, message);
                            continue;
                        }
                    }
                    if depth >= limits.depth {
                        let message = format!("deeper than {} directories; left out", limits.depth);
                        listing.problem(&path, ProblemKind::LimitReached, message);
                        continue;
                    }
                    pending.push((path, depth + 1));
                }
                Found::Entry(kind) => {
                    if !is_excluded(&mut excludes, &path, None)
                        && !listing.push(&path, kind, None, Place::Untracked)
                    {
                        return;
                    }
                }
            }
        }
    }
}

enum Found {
    Directory,
    Entry(EntryKind),
}

/// What a name stands for, links not followed; `None` for what no commit can hold (pipes, sockets, devices).
fn kind_of(name: &DirEntry) -> Option<Found> {
    let kind = name.file_type().ok()?;
    if kind.is_dir() {
        Some(Found::Directory)
    } else if kind.is_symlink() {
        Some(Found::Entry(EntryKind::Symlink))
    } else {
        kind.is_file().then_some(Found::Entry(EntryKind::File))
    }
}

fn is_conflicted(index: &gix::index::File, path: &gix::bstr::BStr) -> bool {
    index.entry_index_by_path(path).is_ok()
}

fn is_excluded(excludes: &mut gix::AttributeStack<'_>, path: &[u8], mode: Option<Mode>) -> bool {
    excludes.at_entry(path.as_bstr(), mode).is_ok_and(|platform| platform.is_excluded())
}
