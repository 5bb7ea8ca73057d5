//! The order of commits: newest first, each once; from any number of tips, down to the roots or to what is known.
//!
//! A walk can be interrupted and told what is known below it, for whoever keeps commits elsewhere cannot be asked for each one.
//! Where a commit is known, so is everything that it reaches: the walk does not go there.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use gix::objs::{Find, FindHeader, Kind};
use muster_model::{ObjectId, ProblemKind};

use super::commit::Header;
use super::{History, HistoryError, Troubles};
use crate::content::{to_gix, to_model};
use crate::limits::Limits;
use crate::progress::Progress;

/// A walk under way.
#[derive(Debug)]
pub struct Walk {
    repository: gix::Repository,
    limits: Limits,
    /// Where a shallow clone is cut off.
    boundary: HashSet<gix::ObjectId>,
    stops: HashSet<ObjectId>,
    met: HashSet<ObjectId>,
    seen: HashSet<gix::ObjectId>,
    /// By time; of equal times the one that was found first comes first.
    pending: BinaryHeap<(i64, Reverse<u64>, gix::ObjectId)>,
    /// The parents of everything that was found, read or pending.
    parents: HashMap<gix::ObjectId, Vec<gix::ObjectId>>,
    /// The tree of each commit that says it has one, so that a commit's parent need not be read again for it.
    trees: HashMap<gix::ObjectId, gix::ObjectId>,
    buffer: Vec<u8>,
    ids: Vec<ObjectId>,
    troubles: Troubles,
}

impl Walk {
    /// Begins at `tips`; what is in `stops` is known, and not walked.
    pub(crate) fn new(
        repository: &gix::Repository,
        limits: Limits,
        tips: impl IntoIterator<Item = ObjectId>,
        stops: HashSet<ObjectId>,
    ) -> Self {
        let boundary = repository.shallow_commits().ok().flatten();
        let mut walk = Self {
            repository: repository.clone(),
            limits,
            boundary: boundary.map(|ids| ids.iter().copied().collect()).unwrap_or_default(),
            stops,
            met: HashSet::new(),
            seen: HashSet::new(),
            pending: BinaryHeap::new(),
            parents: HashMap::new(),
            trees: HashMap::new(),
            buffer: Vec::new(),
            ids: Vec::new(),
            troubles: Troubles::default(),
        };
        for tip in tips {
            walk.find(to_gix(&tip));
        }
        walk
    }

    /// Walks on by at most so many commits; true at the end.
    ///
    /// # Errors
    /// Where somebody asked to stop.
    pub fn advance(
        &mut self,
        most: usize,
        progress: &dyn Progress,
        cancelled: &AtomicBool,
    ) -> Result<bool, HistoryError> {
        for _ in 0..most {
            let Some((_, _, id)) = self.pending.pop() else { break };
            self.ids.push(to_model(&id));
            if self.ids.len().is_multiple_of(1024) {
                progress.advance(1024);
                if cancelled.load(Ordering::Relaxed) {
                    return Err(HistoryError::Cancelled);
                }
            }
            let parents = self.parents.get(&id).cloned().unwrap_or_default();
            for parent in parents {
                self.find(parent);
            }
        }
        Ok(self.pending.is_empty())
    }

    /// The commits so far, newest first.
    pub fn ids(&self) -> &[ObjectId] {
        &self.ids
    }

    /// True where the walk came to this stop.
    pub fn met(&self, stop: &ObjectId) -> bool {
        self.met.contains(stop)
    }

    /// True where the walk has found this commit, stops and what is still to be walked included.
    pub fn has_found(&self, id: &ObjectId) -> bool {
        self.seen.contains(&to_gix(id))
    }

    /// Commits of the walk turned out to be known: what they reach is not walked, unless it was already.
    pub fn pass_over(&mut self, known: &[ObjectId]) {
        let mut below: HashSet<gix::ObjectId> = known.iter().map(to_gix).collect();
        let mut left: Vec<gix::ObjectId> = below.iter().copied().collect();
        while let Some(id) = left.pop() {
            for parent in self.parents.get(&id).into_iter().flatten() {
                if below.insert(*parent) {
                    left.push(*parent);
                }
            }
        }
        self.pending.retain(|(_, _, id)| !below.contains(id));
    }

    /// What was walked, to be read. The walk should have come to its end.
    pub fn into_history(mut self) -> History {
        let at_edge = self.ids.iter().filter(|id| self.boundary.contains(&to_gix(id))).count();
        for _ in 0..at_edge {
            self.troubles.add(
                ProblemKind::History,
                "at the edge of a shallow clone (what came before is not here)",
                || self.boundary.iter().min().map_or_else(String::new, ToString::to_string),
            );
        }
        let problems = self.troubles.into_problems();
        let repository = self.repository.into_sync();
        History { repository, limits: self.limits, trees: self.trees, ids: self.ids, problems }
    }

    /// Takes a commit on, unless it was before. A stop is read too: what came next is measured against its tree.
    fn find(&mut self, id: gix::ObjectId) {
        if !self.seen.insert(id) {
            return;
        }
        let stop = self.stops.contains(&to_model(&id));
        if stop {
            self.met.insert(to_model(&id));
        }
        let Some((time, parents)) = self.look(id, stop) else { return };
        if !stop {
            self.parents.insert(id, parents);
            self.pending.push((time, Reverse(self.seen.len() as u64), id));
        }
    }

    /// Reads a commit's header. What is missing is counted, but for a stop.
    fn look(&mut self, id: gix::ObjectId, stop: bool) -> Option<(i64, Vec<gix::ObjectId>)> {
        let trouble = match self.repository.objects.try_header(&id).ok().flatten() {
            Some(header) if header.kind == Kind::Commit && header.size <= self.limits.commit_bytes => None,
            Some(_) => Some((ProblemKind::History, "that cannot be read (too large, or something else)")),
            None => Some((ProblemKind::MissingObject, "missing")),
        };
        if let Some((kind, what)) = trouble {
            if !stop {
                self.troubles.add(kind, what, || id.to_string());
            }
            return None;
        }
        let Ok(Some(data)) = self.repository.objects.try_find(&id, &mut self.buffer) else {
            if !stop {
                self.troubles.add(ProblemKind::MissingObject, "that cannot be read", || id.to_string());
            }
            return None;
        };
        let header = Header::parse(data.data);
        self.trees.extend(header.tree.map(|tree| (id, tree)));
        let parents = if self.boundary.contains(&id) { Vec::new() } else { header.parents };
        Some((header.committer_seconds, parents))
    }
}
