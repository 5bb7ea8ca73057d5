//! The tree of a commit, straight from the object database.

mod blobs;

use gix::objs::tree::EntryKind as Mode;
use gix::objs::{Find, TreeRefIter};
use muster_model::{EntryKind, Problem, ProblemKind};

pub(crate) use blobs::BlobWorker;

use crate::limits::Limits;
use crate::path_text::to_text;
use crate::repository::describe;

/// Where the bytes of an entry are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the object database alone: a commit's entry, or one that a sparse checkout leaves out.
    Objects,
    /// In the folder; the index tells what it looked like when Git last saw it unchanged.
    Tracked {
        /// Seconds and nanoseconds of the last modification.
        modified: (u32, u32),
        /// Bytes on disk.
        size: u32,
        /// Changed so shortly before the index was written that only the content tells.
        racy: bool,
        /// Whether its owner may run it; `None` where modes mean nothing.
        executable: Option<bool>,
    },
    /// In the folder, unknown to Git.
    Untracked,
}

/// One entry with what is needed to read it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// As shown.
    pub(crate) path: String,
    /// As it is, where that differs.
    pub(crate) raw: Option<Box<[u8]>>,
    pub(crate) kind: EntryKind,
    /// The recorded object.
    pub(crate) id: Option<gix::ObjectId>,
    pub(crate) place: Place,
}

impl Listed {
    pub(crate) fn raw_path(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.path.as_bytes())
    }
}

/// A list of entries under construction, bounded.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) entries: Vec<Listed>,
    pub(crate) problems: Vec<Problem>,
    limits: Limits,
    full: bool,
    visited: usize,
}

impl Listing {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { entries: Vec::new(), problems: Vec::new(), limits, full: false, visited: 0 }
    }

    /// Counts whatever stands in a tree, directories too: trees that hold nothing but trees never yield an entry.
    /// False once there were too many.
    fn visit(&mut self) -> bool {
        self.visited += 1;
        self.visited <= self.limits.entries.saturating_mul(2) || self.say_full()
    }

    fn say_full(&mut self) -> bool {
        if !self.full {
            self.full = true;
            let message = format!("more than {} entries; the rest is left out", self.limits.entries);
            self.problems.push(Problem::whole(ProblemKind::LimitReached, message));
        }
        false
    }

    /// Adds an entry; false once there is no more room.
    pub(crate) fn push(
        &mut self,
        raw: &[u8],
        kind: EntryKind,
        id: Option<gix::ObjectId>,
        place: Place,
    ) -> bool {
        if self.entries.len() >= self.limits.entries {
            return self.say_full();
        }
        let (path, encoded) = to_text(raw);
        if path.len() > self.limits.entry_path_bytes {
            let shown = &path[..path.floor_char_boundary(200)];
            let message = format!("the path is longer than {} bytes; left out", self.limits.entry_path_bytes);
            self.problems.push(Problem::at(format!("{shown}..."), ProblemKind::LimitReached, message));
            return true;
        }
        if encoded {
            let message = "the path is not UTF-8; it is shown percent-encoded";
            self.problems.push(Problem::at(path.clone(), ProblemKind::PathNotUtf8, message));
        }
        let raw = encoded.then(|| raw.into());
        self.entries.push(Listed { path: path.into_owned(), raw, kind, id, place });
        true
    }

    pub(crate) fn problem(&mut self, raw: &[u8], kind: ProblemKind, message: impl Into<String>) {
        self.problems.push(Problem::at(to_text(raw).0, kind, message));
    }

    /// Sorts by path and drops what stands at a path twice (a forged tree may list a name more than once, and a name
    /// that is not UTF-8 may be shown as another one): the first by its bytes stays.
    pub(crate) fn finish(mut self) -> (Vec<Listed>, Vec<Problem>) {
        if !self.entries.is_sorted_by(|one, next| one.path < next.path) {
            self.entries.sort_by(|one, other| {
                one.path.cmp(&other.path).then_with(|| one.raw_path().cmp(other.raw_path()))
            });
        }
        self.entries.dedup_by(|next, one| next.path == one.path);
        (self.entries, self.problems)
    }
}

/// Lists everything below the tree `root`, breadth first, so that the stack does not grow with the depth.
pub(crate) fn list(
    objects: &impl Find,
    hash: gix::hash::Kind,
    root: gix::ObjectId,
    prefix: &[u8],
    listing: &mut Listing,
) {
    let limits = listing.limits;
    let mut pending = vec![(root, prefix.to_vec(), 0_usize)];
    let mut buffer = Vec::new();
    while let Some((id, prefix, depth)) = pending.pop() {
        let data = match objects.try_find(&id, &mut buffer) {
            Ok(Some(found)) if found.kind == gix::objs::Kind::Tree => found.data,
            Ok(found) => {
                let what = if found.is_some() { "is not a tree" } else { "is missing" };
                let message = format!("tree {id} {what}; what lies below is not scanned");
                push_missing(listing, &prefix, message);
                continue;
            }
            Err(error) => {
                let message = format!("tree {id} cannot be read: {}", describe(&error));
                push_missing(listing, &prefix, message);
                continue;
            }
        };
        for entry in TreeRefIter::from_bytes(data, hash) {
            if !listing.visit() {
                return;
            }
            let Ok(entry) = entry else {
                push_missing(listing, &prefix, format!("tree {id} is damaged; the rest of it is left out"));
                break;
            };
            let name: &[u8] = entry.filename;
            let mut path = prefix.clone();
            path.extend_from_slice(name);
            let reserved = matches!(name, b"" | b"." | b"..") || name.eq_ignore_ascii_case(b".git");
            if reserved || memchr::memchr2(b'/', 0, name).is_some() {
                listing.problem(&path, ProblemKind::Unreadable, "a name that no file can have; left out");
                continue;
            }
            let kind = match entry.mode.kind() {
                Mode::Tree if depth >= limits.depth || path.len() >= limits.path_bytes => {
                    let message = format!("deeper than {} directories; left out", limits.depth);
                    listing.problem(&path, ProblemKind::LimitReached, message);
                    continue;
                }
                Mode::Tree => {
                    if pending.len() < limits.entries {
                        path.push(b'/');
                        pending.push((entry.oid.to_owned(), path, depth + 1));
                    }
                    continue;
                }
                Mode::Blob | Mode::BlobExecutable => EntryKind::File,
                Mode::Link => EntryKind::Symlink,
                Mode::Commit => EntryKind::Gitlink,
            };
            if !listing.push(&path, kind, Some(entry.oid.to_owned()), Place::Objects) {
                return;
            }
        }
    }
}

fn push_missing(listing: &mut Listing, prefix: &[u8], message: String) {
    match prefix.strip_suffix(b"/") {
        Some(path) => listing.problem(path, ProblemKind::MissingObject, message),
        None => listing.problems.push(Problem::whole(ProblemKind::MissingObject, message)),
    }
}
