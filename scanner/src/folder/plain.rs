//! A folder without Git: every file that a `.gitignore` in it does not exclude.
//!
//! The walk is our own, because a `.gitignore` may be a link that leads out of the folder, or a pipe that never ends:
//! as in a work tree, only a plain file of that name counts.

use std::fs::FileType;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use muster_model::{EntryKind, ProblemKind};

use crate::git_dir::{can_be_rules, open_plain};
use crate::limits::Limits;
use crate::tree::{Listing, Place};

/// The rules of a directory and, behind it, of those above.
struct Rules {
    own: Gitignore,
    above: Option<Rc<Rules>>,
}

/// Adds every file and symbolic link; links are not followed, Git repositories inside are left out and reported.
pub(crate) fn list_plain(root: &Path, limits: Limits, listing: &mut Listing) {
    let mut pending = vec![(Vec::new(), 0_usize, None)];
    while let Some((directory, depth, above)) = pending.pop() {
        let on_disk = root.join(std::ffi::OsStr::from_bytes(&directory));
        let names = match std::fs::read_dir(&on_disk) {
            Ok(names) => names,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                listing.problem(&directory, ProblemKind::Unreadable, format!("cannot be listed: {error}"));
                continue;
            }
        };
        let rules = rules_of(&on_disk, above);
        for name in names.flatten() {
            let Ok(kind) = name.file_type() else { continue };
            let path = match directory.as_slice() {
                b"" => name.file_name().as_bytes().to_vec(),
                above => [above, b"/", name.file_name().as_bytes()].concat(),
            };
            if path.len() > limits.path_bytes || is_excluded(rules.as_deref(), &name.path(), kind) {
                continue;
            }
            if kind.is_dir() {
                if name.path().join(".git").symlink_metadata().is_ok() {
                    let message = "a Git repository of its own; scan it by itself";
                    listing.problem(&path, ProblemKind::NestedRepository, message);
                } else if depth >= limits.depth {
                    let message = format!("deeper than {} directories; left out", limits.depth);
                    listing.problem(&path, ProblemKind::LimitReached, message);
                } else {
                    pending.push((path, depth + 1, rules.clone()));
                }
            } else if let Some(kind) = entry_kind(kind)
                && !listing.push(&path, kind, None, Place::Untracked)
            {
                return;
            }
        }
    }
}

fn entry_kind(kind: FileType) -> Option<EntryKind> {
    if kind.is_symlink() {
        return Some(EntryKind::Symlink);
    }
    kind.is_file().then_some(EntryKind::File)
}

fn rules_of(directory: &Path, above: Option<Rc<Rules>>) -> Option<Rc<Rules>> {
    let Some(own) = read_rules(directory) else { return above };
    Some(Rc::new(Rules { own, above }))
}

/// A line that is no pattern is passed over, as Git does.
fn read_rules(directory: &Path) -> Option<Gitignore> {
    let path = directory.join(".gitignore");
    if !can_be_rules(&path) || path.is_symlink() {
        return None;
    }
    let mut content = Vec::new();
    open_plain(&path)?.read_to_end(&mut content).ok()?;
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    let mut builder = GitignoreBuilder::new(directory);
    for line in content.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()) {
        let _passed_over = builder.add_line(None, line.strip_suffix('\r').unwrap_or(line)).is_err();
    }
    builder.build().ok()
}

/// The nearest rule that speaks of a path decides.
fn is_excluded(mut rules: Option<&Rules>, path: &Path, kind: FileType) -> bool {
    while let Some(held) = rules {
        match held.own.matched(path, kind.is_dir()) {
            ignore::Match::None => rules = held.above.as_deref(),
            found => return found.is_ignore(),
        }
    }
    false
}
