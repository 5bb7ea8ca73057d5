//! Which commits stand otherwise when refs have moved. The short way walks Git from what is new down to what is known, and
//! knows when that is not enough: where something may have been dropped, the stored history is compared as a whole.
//!
//! What is stored is trusted only while the history counts as complete (`muster_store`, looks).

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;

use muster_model::ObjectId;
use muster_scanner::{HistoryError, Progress, Source, Walk};
use muster_store::{CommitId, CommitMarks, CommitStanding, HistoryProgress, StoreError, StoredRefs, Tenant};

use super::LookError;
use super::graph::Graph;
use super::tips::{Tips, live};

/// Commits that are walked before the database is asked what of them it knows; twice as many each time.
const FIRST_STRIDE: usize = 64;
/// Commits that are walked to find tips that are gone (most often of branches that were merged) before the long way is taken.
const SEARCHED: usize = 4096;

/// What a walk needs besides the commits.
#[derive(Clone, Copy)]
pub(crate) struct Walking<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) stored: &'a StoredRefs,
    pub(crate) source: &'a Source,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) cancelled: &'a AtomicBool,
}

/// A walk that has come to its end, and where the commits of it stand that are stored.
pub(crate) struct Walked {
    pub(crate) walk: Walk,
    pub(crate) standings: HashMap<ObjectId, CommitStanding>,
}

impl Walked {
    /// The commits that are not stored, or without their paths, newest first.
    pub(crate) fn missing(&self) -> Vec<ObjectId> {
        let is_missing =
            |id: &&ObjectId| self.standings.get(*id).is_none_or(|standing| !standing.paths_complete);
        self.walk.ids().iter().filter(is_missing).copied().collect()
    }
}

impl Walking<'_> {
    /// True where what is stored can be relied on.
    pub(crate) fn trusts(&self) -> bool {
        self.stored.repository.history == HistoryProgress::Complete
    }

    /// Walks from `tips` down to `stops`, and to what is stored and `ends` the walk; `None` for no such end.
    pub(crate) async fn walk(
        &self,
        tips: impl IntoIterator<Item = ObjectId>,
        stops: HashSet<ObjectId>,
        ends: Option<fn(&CommitStanding) -> bool>,
    ) -> Result<Walked, LookError> {
        let repository = self.stored.repository.id;
        let mut walk = self.source.walk(tips, stops).ok_or(LookError::NoRepository)?;
        let (mut standings, mut asked, mut stride) = (HashMap::new(), 0, FIRST_STRIDE);
        loop {
            let is_at_end = walk.advance(stride, self.progress, self.cancelled)?;
            let found = self.tenant.commit_standings(repository, &walk.ids()[asked..]).await?;
            if let Some(ends) = ends {
                let known: Vec<ObjectId> = found.iter().filter(|one| ends(one)).map(|one| one.sha).collect();
                walk.pass_over(&known);
            }
            asked = walk.ids().len();
            standings.extend(found.into_iter().map(|standing| (standing.sha, standing)));
            if is_at_end {
                return Ok(Walked { walk, standings });
            }
            stride *= 2;
        }
    }

    /// The marks, by the short way where it is sure. Every commit that is new is stored by now.
    pub(crate) async fn marks(&self, tips: &Tips) -> Result<CommitMarks, LookError> {
        if self.trusts()
            && self.is_marked().await?
            && let Some(reached) = self.reached(tips).await?
            && let Some(joined) = self.joined(tips).await?
        {
            return Ok(CommitMarks { reached, joined, ..CommitMarks::default() });
        }
        Ok(long_marks(self.tenant, self.stored, tips).await?)
    }

    /// False for a history that was stored when commits were not marked yet.
    async fn is_marked(&self) -> Result<bool, LookError> {
        let Some(head) = self.stored.repository.facts.head else { return Ok(true) };
        let found = self.tenant.commit_standings(self.stored.repository.id, &[head]).await?;
        Ok(found.iter().any(|standing| standing.is_on_default))
    }

    /// Commits that are reached now and were not; `None` where some may not be any more.
    async fn reached(&self, tips: &Tips) -> Result<Option<Vec<CommitId>>, LookError> {
        let before: HashSet<ObjectId> = live(&self.stored.refs).map(|stored| stored.tip).collect();
        let now = tips.commits();
        let new: Vec<ObjectId> = now.difference(&before).copied().collect();
        let walked = self.walk(new, before.clone(), Some(|standing| standing.is_reachable)).await?;
        let gone: Vec<&ObjectId> =
            before.difference(&now).filter(|tip| !walked.walk.has_found(tip)).collect();
        if !gone.is_empty() {
            let mut search =
                self.source.walk(now.iter().copied(), HashSet::new()).ok_or(LookError::NoRepository)?;
            search.advance(SEARCHED, self.progress, self.cancelled)?;
            if gone.into_iter().any(|tip| !search.has_found(tip)) {
                return Ok(None);
            }
        }
        Ok(Some(walked.ids_where(|standing| !standing.is_reachable)))
    }

    /// Commits that came onto the default branch; `None` where some may have left it.
    async fn joined(&self, tips: &Tips) -> Result<Option<Vec<CommitId>>, LookError> {
        let before = self.stored.repository.facts.head;
        if before == tips.default {
            return Ok(Some(Vec::new()));
        }
        let (Some(now), stops) = (tips.default, HashSet::from_iter(before)) else { return Ok(None) };
        let walked = self.walk([now], stops, Some(|standing| standing.is_on_default)).await?;
        let leads_on = before.is_none_or(|before| walked.walk.has_found(&before));
        Ok(leads_on.then(|| walked.ids_where(|standing| !standing.is_on_default)))
    }
}

impl Walked {
    fn ids_where(&self, accepts: impl Fn(&CommitStanding) -> bool) -> Vec<CommitId> {
        let mut ids: Vec<_> = self.standings.values().filter(|one| accepts(one)).map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    }
}

/// The marks, by the long way.
pub(crate) async fn long_marks(
    tenant: &Tenant,
    stored: &StoredRefs,
    tips: &Tips,
) -> Result<CommitMarks, StoreError> {
    let graph = Graph::load(tenant, stored.repository.id).await?;
    Ok(graph.marks(tips.commits(), tips.default))
}

impl From<HistoryError> for LookError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Cancelled => Self::Cancelled,
        }
    }
}
