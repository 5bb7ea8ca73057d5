//! The paths that a commit changed against its first parent: two trees compared name by name.
//!
//! Our own comparison, because a partial copy lacks trees: what is there is compared, and the commit is marked.

use std::cmp::Ordering;
use std::collections::HashMap;

use gix::objs::tree::EntryRef;
use gix::objs::{Find, Kind, TreeRefIter};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use muster_model::{Commit, ObjectId, ProblemKind};

use super::Troubles;
use super::commit::Header;
use crate::content::{to_gix, to_model};
use crate::limits::Limits;
use crate::path_text::to_text;

/// Decoded trees that a thread keeps: neighbours in history share most of theirs.
const TREE_CACHE_BYTES: usize = 4 << 20;
/// Bases of deltas that a thread keeps. Both caches are as small as they are for a reason: what no longer fits the
/// processor's own cache costs more to look up than to make again.
const BASE_CACHE_BYTES: usize = 6 << 20;

/// One thread's way to the commits.
pub(super) struct Reader<'a> {
    repository: gix::Repository,
    /// Commits are read once each: they would only push trees out of the cache.
    uncached: gix::OdbHandle,
    trees: &'a HashMap<gix::ObjectId, gix::ObjectId>,
    limits: Limits,
    commit: Vec<u8>,
    /// Buffers of trees that are no longer needed.
    spare: Vec<Vec<u8>>,
    pending: Vec<Pair>,
    paths: Vec<Vec<u8>>,
}

/// Two trees at one path, of which either may be absent.
struct Pair {
    before: Option<gix::ObjectId>,
    after: Option<gix::ObjectId>,
    prefix: Vec<u8>,
}

/// A tree is missing or damaged.
struct Incomplete;

impl<'a> Reader<'a> {
    pub(super) fn new(
        mut repository: gix::Repository,
        trees: &'a HashMap<gix::ObjectId, gix::ObjectId>,
        limits: Limits,
    ) -> Self {
        let uncached = repository.objects.clone();
        repository.object_cache_size(TREE_CACHE_BYTES);
        let bases = || Box::new(MemoryCappedHashmap::new(BASE_CACHE_BYTES)) as _;
        repository.objects.set_pack_cache(bases);
        Self {
            repository,
            limits,
            uncached,
            trees,
            commit: Vec::new(),
            spare: Vec::new(),
            pending: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// Reads one commit; `None` where it is not here (the walk has counted it).
    pub(super) fn read(&mut self, id: &ObjectId, troubles: &mut Troubles) -> Option<Commit> {
        let mut commit = std::mem::take(&mut self.commit);
        let read = self.read_into(id, &mut commit, troubles);
        self.commit = commit;
        read
    }

    fn read_into(&mut self, id: &ObjectId, buffer: &mut Vec<u8>, troubles: &mut Troubles) -> Option<Commit> {
        let data = self.uncached.try_find(&to_gix(id), buffer).ok()??;
        let header = Header::parse(data.data);
        let before = match header.parents.first() {
            Some(parent) => self.trees.get(parent).copied().map(Some).ok_or(Incomplete),
            None => Ok(None),
        };
        self.paths.clear();
        let complete = match (before, header.tree) {
            (Ok(before), Some(after)) => self.compare(before, Some(after)).is_ok(),
            _ => false,
        };
        if !complete {
            troubles.add(ProblemKind::History, "with unknown paths (a parent or a tree is not here)", || {
                id.to_string()
            });
        }
        self.paths.sort_unstable();
        let mut unclear = false;
        let mut paths: Vec<String> = Vec::with_capacity(self.paths.len());
        for raw in &self.paths {
            let (text, encoded) = to_text(raw);
            unclear |= encoded;
            paths.push(text.into_owned());
        }
        if unclear {
            paths.sort_unstable();
            troubles.add(
                ProblemKind::PathNotUtf8,
                "with paths that are not UTF-8 (shown percent-encoded)",
                || id.to_string(),
            );
        }
        let (author, committer) = (header.author(), header.committer());
        if !author.time.is_exact() || !committer.time.is_exact() {
            troubles.add(ProblemKind::AbsurdTime, "with a time or an offset that no calendar has", || {
                id.to_string()
            });
        }
        Some(Commit {
            id: *id,
            parents: header.parents.iter().map(|parent| to_model(parent)).collect(),
            author,
            committer,
            message: header.message(),
            paths,
            paths_complete: complete,
        })
    }

    fn compare(
        &mut self,
        before: Option<gix::ObjectId>,
        after: Option<gix::ObjectId>,
    ) -> Result<(), Incomplete> {
        if before == after {
            return Ok(());
        }
        self.pending.push(Pair { before, after, prefix: Vec::new() });
        let mut result = Ok(());
        let mut visited = 0_usize;
        while let Some(pair) = self.pending.pop() {
            // Trees that hold nothing but trees yield no path.
            visited += 1;
            if visited.max(self.paths.len()) > self.limits.paths_per_commit
                || self.pending.len() > self.limits.entries
            {
                self.pending.clear();
                return Err(Incomplete);
            }
            if self.compare_pair(&pair).is_err() {
                result = Err(Incomplete);
            }
        }
        result
    }

    fn compare_pair(&mut self, pair: &Pair) -> Result<(), Incomplete> {
        let hash = self.repository.object_hash();
        let mut before_buffer = self.spare.pop().unwrap_or_default();
        let mut after_buffer = self.spare.pop().unwrap_or_default();
        let result = (|| {
            let before = self.tree(pair.before, &mut before_buffer)?;
            let after = self.tree(pair.after, &mut after_buffer)?;
            let (mut before, mut after) =
                (TreeRefIter::from_bytes(before, hash), TreeRefIter::from_bytes(after, hash));
            let (mut one, mut other) = (next(&mut before)?, next(&mut after)?);
            loop {
                let order = match (&one, &other) {
                    (None, None) => return Ok(()),
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (Some(one), Some(other)) => name_order(one, other),
                };
                match order {
                    Ordering::Less => {
                        self.one_side(&pair.prefix, one.take(), true);
                        one = next(&mut before)?;
                    }
                    Ordering::Greater => {
                        self.one_side(&pair.prefix, other.take(), false);
                        other = next(&mut after)?;
                    }
                    Ordering::Equal => {
                        if let (Some(one), Some(other)) = (one, other) {
                            self.both_sides(&pair.prefix, &one, &other);
                        }
                        one = next(&mut before)?;
                        other = next(&mut after)?;
                    }
                }
            }
        })();
        self.spare.push(before_buffer);
        self.spare.push(after_buffer);
        result
    }

    fn tree<'b>(&self, id: Option<gix::ObjectId>, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Incomplete> {
        let Some(id) = id else { return Ok(&[]) };
        if id.is_empty_tree() {
            return Ok(&[]);
        }
        match self.repository.objects.try_find(&id, buffer) {
            Ok(Some(found)) if found.kind == Kind::Tree => Ok(found.data),
            _ => Err(Incomplete),
        }
    }

    fn one_side(&mut self, prefix: &[u8], entry: Option<EntryRef<'_>>, is_before: bool) {
        let Some(entry) = entry else { return };
        let path = [prefix, entry.filename].concat();
        if entry.mode.is_tree() {
            let id = Some(entry.oid.to_owned());
            let (before, after) = if is_before { (id, None) } else { (None, id) };
            self.descend(before, after, path);
        } else {
            self.paths.push(path);
        }
    }

    fn both_sides(&mut self, prefix: &[u8], one: &EntryRef<'_>, other: &EntryRef<'_>) {
        if one.oid == other.oid && one.mode == other.mode {
            return;
        }
        let path = [prefix, other.filename].concat();
        if other.mode.is_tree() {
            self.descend(Some(one.oid.to_owned()), Some(other.oid.to_owned()), path);
        } else {
            self.paths.push(path);
        }
    }

    fn descend(&mut self, before: Option<gix::ObjectId>, after: Option<gix::ObjectId>, mut prefix: Vec<u8>) {
        if before != after && prefix.len() < self.limits.path_bytes {
            prefix.push(b'/');
            self.pending.push(Pair { before, after, prefix });
        }
    }
}

fn next<'a>(entries: &mut TreeRefIter<'a>) -> Result<Option<EntryRef<'a>>, Incomplete> {
    entries.next().transpose().map_err(|_| Incomplete)
}

/// Git sorts a directory as if its name ended with `/`; so a file and a directory of one name are two entries.
fn name_order(one: &EntryRef<'_>, other: &EntryRef<'_>) -> Ordering {
    gix::objs::tree::name_order(one.filename, one.mode.is_tree(), other.filename, other.mode.is_tree())
}
