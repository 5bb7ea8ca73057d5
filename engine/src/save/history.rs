//! Saving history while it is walked: commits come one by one and are written in small batches.
//!
//! Nothing is held back until the end, so a save that is cut off leaves what it had, marked as partial; the next one
//! walks again from the tips that were read to their end, passes over what is stored, and completes it. Only then do
//! commits show that came to a history which was there before: `finish` settles the line as a look settles all refs.

use muster_model::{Commit, ObjectId, Reference};
use muster_store::{
    CommitRow, HistoryProgress, LookChange, RepositoryId, Standing, StoreError, Tenant, Timestamp,
};

use crate::look::{ATTEMPTS, MARKS, Tips, long_marks, mark_ahead};

/// Commits of one batch. On SQLite nobody else writes meanwhile, so it bounds how long a single row waits for its turn
/// (`benches/onboarding`).
const BATCH_COMMITS: usize = 250;
/// Paths after which a batch ends early.
const BATCH_PATHS: usize = 5_000;
/// Bytes of messages and paths after which a batch ends early.
const BATCH_BYTES: usize = 1 << 20;

/// Where the walk of one line ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkEnd {
    /// The full name of the branch, or `HEAD` where none is checked out.
    pub reference: String,
    /// Where the walk began; `None` in a repository without commits.
    pub tip: Option<ObjectId>,
    /// The walk reached every root or known tip: nothing was cut off or missing.
    pub whole: bool,
}

/// What saving a history left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistorySaved {
    /// Commits that were not stored before.
    pub new: usize,
    /// Commits that were walked although they were stored.
    pub known: usize,
    /// How much of the history is stored now.
    pub progress: HistoryProgress,
}

/// Takes the commits of a walk and writes them.
#[derive(Debug)]
pub struct HistoryWriter {
    tenant: Tenant,
    repository: RepositoryId,
    tips: Vec<ObjectId>,
    standing: Standing,
    batch: Vec<CommitRow>,
    paths: usize,
    bytes: usize,
    new: usize,
    known: usize,
}

impl HistoryWriter {
    /// Looks up what is stored of a repository's history, to which the line of its default branch is added.
    pub async fn begin(tenant: Tenant, repository: RepositoryId, now: Timestamp) -> Result<Self, StoreError> {
        let stored = tenant.stored_history(repository).await?;
        // The very first history shows while it grows. Later on, what is added shows when its ref does.
        let standing =
            if stored.tips.is_empty() { Standing::first(true, now) } else { Standing::unseen(now) };
        Ok(Self { tips: stored.tips, ..Self::adding(tenant, repository, standing) })
    }

    /// The same for commits of any standing, of which it is known that they are not stored.
    pub(crate) fn adding(tenant: Tenant, repository: RepositoryId, standing: Standing) -> Self {
        let (tips, batch) = (Vec::new(), Vec::new());
        Self { tenant, repository, tips, standing, batch, paths: 0, bytes: 0, new: 0, known: 0 }
    }

    /// Commits at which the walk may stop: they are stored with everything that they reach. One that the repository
    /// no longer has is to be passed over.
    pub fn tips(&self) -> &[ObjectId] {
        &self.tips
    }

    /// Those of `ids` that are stored, sorted. What they reach need not be.
    pub async fn known(&self, ids: &[ObjectId]) -> Result<Vec<ObjectId>, StoreError> {
        self.tenant.known_commits(self.repository, ids).await
    }

    /// Those of a walk's commits that are not stored, in their order: what is left to read and to `push`.
    pub async fn missing(&self, ids: &[ObjectId]) -> Result<Vec<ObjectId>, StoreError> {
        let known = self.known(ids).await?;
        Ok(ids.iter().filter(|id| known.binary_search(id).is_err()).copied().collect())
    }

    /// Takes one commit, in any order, stored or not; writes when a batch is full.
    pub async fn push(&mut self, commit: Commit, references: Vec<Reference>) -> Result<(), StoreError> {
        self.paths += commit.paths.len();
        self.bytes += commit.message.len() + commit.paths.iter().map(String::len).sum::<usize>();
        self.batch.push(CommitRow { commit, references });
        if self.batch.len() >= BATCH_COMMITS || self.paths >= BATCH_PATHS || self.bytes >= BATCH_BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes what is left and settles the line: its tip is stored where the walk was whole, what it reaches shows and counts
    /// as the default branch, what it has dropped does not.
    pub async fn finish(mut self, end: &WalkEnd, now: Timestamp) -> Result<HistorySaved, StoreError> {
        self.flush().await?;
        let mut attempt = 1;
        let progress = loop {
            match self.settle(end, now).await {
                Err(StoreError::StateMoved) if attempt < ATTEMPTS => attempt += 1,
                settled => break settled?,
            }
        };
        Ok(HistorySaved { new: self.new, known: self.known, progress })
    }

    async fn settle(&self, end: &WalkEnd, now: Timestamp) -> Result<HistoryProgress, StoreError> {
        let stored = self.tenant.stored_refs(self.repository).await?;
        let tips = Tips::of_line(&end.reference, end.tip, end.whole, &stored.refs);
        let progress = if end.whole { HistoryProgress::Complete } else { HistoryProgress::Partial };
        let refs = tips.changes(&stored.refs);
        if refs.is_empty() && self.new == 0 && stored.repository.history == HistoryProgress::Complete {
            return Ok(progress);
        }
        let mut marks = long_marks(&self.tenant, &stored, &tips).await?;
        mark_ahead(&self.tenant, &stored, &mut marks, MARKS, now).await?;
        let nothing = LookChange::nothing(self.repository, stored.repository.revision);
        let change = LookChange { refs, marks, history: Some(progress), ..nothing };
        self.tenant.settle_look(&change, None, now).await?;
        Ok(progress)
    }

    /// Commits that it has written and that were not stored before.
    pub(crate) fn written(&self) -> usize {
        self.new
    }

    pub(crate) async fn flush(&mut self) -> Result<(), StoreError> {
        if !self.batch.is_empty() {
            let appended = self.tenant.append_commits(self.repository, &self.batch, self.standing).await?;
            self.new += appended.new;
            self.known += appended.known;
            self.batch.clear();
        }
        (self.paths, self.bytes) = (0, 0);
        Ok(())
    }
}
