//! The order of commits: newest first, each once.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use gix::objs::{Find, FindHeader, Kind};
use muster_model::{ObjectId, ProblemKind};

use super::commit::Header;
use super::{HistoryError, Troubles};
use crate::content::to_model;
use crate::limits::Limits;
use crate::progress::Progress;

/// The commits of a walk.
pub(super) struct Walked {
    /// In order.
    pub(super) ids: Vec<ObjectId>,
    /// The tree of each that says it has one, so that a commit's parent need not be read again for it.
    pub(super) trees: HashMap<gix::ObjectId, gix::ObjectId>,
}

/// Every commit reachable from `head` that is here. What is missing is counted in `troubles`.
pub(super) fn newest_first(
    repository: &gix::Repository,
    head: gix::ObjectId,
    limits: Limits,
    progress: &dyn Progress,
    cancelled: &AtomicBool,
    troubles: &mut Troubles,
) -> Result<Walked, HistoryError> {
    let boundary: HashSet<gix::ObjectId> = repository
        .shallow_commits()
        .ok()
        .flatten()
        .map(|ids| ids.iter().copied().collect())
        .unwrap_or_default();
    let mut seen = HashSet::from([head]);
    // Of equal times the one that was found first comes first.
    let mut pending = BinaryHeap::new();
    let mut found = 0_u64;
    let mut buffer = Vec::new();
    let mut ids = Vec::new();
    let mut trees = HashMap::new();
    let mut look = |id: gix::ObjectId, troubles: &mut Troubles| -> Option<(i64, Vec<gix::ObjectId>)> {
        let header = repository.objects.try_header(&id).ok().flatten();
        match header {
            Some(header) if header.kind == Kind::Commit && header.size <= limits.commit_bytes => {}
            Some(_) => {
                troubles.add(
                    ProblemKind::History,
                    "that cannot be read (too large, or something else)",
                    || id.to_string(),
                );
                return None;
            }
            None => {
                troubles.add(ProblemKind::MissingObject, "missing", || id.to_string());
                return None;
            }
        }
        let Ok(Some(data)) = repository.objects.try_find(&id, &mut buffer) else {
            troubles.add(ProblemKind::MissingObject, "that cannot be read", || id.to_string());
            return None;
        };
        let header = Header::parse(data.data);
        trees.extend(header.tree.map(|tree| (id, tree)));
        let parents = if boundary.contains(&id) { Vec::new() } else { header.parents };
        Some((header.committer_seconds, parents))
    };
    if let Some((time, parents)) = look(head, troubles) {
        pending.push((time, Reverse(found), head, parents));
    }
    while let Some((_, _, id, parents)) = pending.pop() {
        ids.push(to_model(&id));
        if ids.len().is_multiple_of(1024) {
            progress.advance(1024);
            if cancelled.load(Ordering::Relaxed) {
                return Err(HistoryError::Cancelled);
            }
        }
        for parent in parents {
            if !seen.insert(parent) {
                continue;
            }
            if let Some((time, parents)) = look(parent, troubles) {
                found += 1;
                pending.push((time, Reverse(found), parent, parents));
            }
        }
    }
    if !boundary.is_empty() {
        let count = ids.iter().filter(|id| boundary.contains(&crate::content::to_gix(id))).count();
        for _ in 0..count {
            troubles.add(
                ProblemKind::History,
                "at the edge of a shallow clone (what came before is not here)",
                || boundary.iter().min().map_or_else(String::new, ToString::to_string),
            );
        }
    }
    Ok(Walked { ids, trees })
}
