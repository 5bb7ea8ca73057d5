//! Saving history while it is walked: commits come one by one and are written in small batches.
//!
//! Nothing is held back until the end, so a save that is cut off leaves what it had, marked as partial; the next one
//! walks again from the tips that were read to their end, passes over what is stored, and completes it.

use muster_model::{Commit, ObjectId, Reference};
use muster_store::{CommitRow, HistoryProgress, RepositoryId, StoreError, StoredHistory, Tenant, WalkEnd};

/// Commits of one batch. On SQLite nobody else writes meanwhile, so it bounds how long a single row waits for its turn
/// (`benches/onboarding`).
const BATCH_COMMITS: usize = 250;
/// Paths after which a batch ends early.
const BATCH_PATHS: usize = 5_000;
/// Bytes of messages and paths after which a batch ends early.
const BATCH_BYTES: usize = 1 << 20;

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
    stored: StoredHistory,
    batch: Vec<CommitRow>,
    paths: usize,
    bytes: usize,
    new: usize,
    known: usize,
}

impl HistoryWriter {
    /// Looks up what is stored of a repository's history.
    pub async fn begin(tenant: Tenant, repository: RepositoryId) -> Result<Self, StoreError> {
        let stored = tenant.stored_history(repository).await?;
        let batch = Vec::new();
        Ok(Self { tenant, repository, stored, batch, paths: 0, bytes: 0, new: 0, known: 0 })
    }

    /// Commits at which the walk may stop: they are stored with everything that they reach. One that the repository
    /// no longer has is to be passed over.
    pub fn tips(&self) -> &[ObjectId] {
        &self.stored.tips
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

    /// Writes what is left and marks history as read to that end.
    pub async fn finish(mut self, end: &WalkEnd) -> Result<HistorySaved, StoreError> {
        self.flush().await?;
        self.tenant.finish_history(self.repository, end).await?;
        let progress = self.tenant.stored_history(self.repository).await?.progress;
        Ok(HistorySaved { new: self.new, known: self.known, progress })
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if !self.batch.is_empty() {
            let appended = self.tenant.append_commits(self.repository, &self.batch).await?;
            self.new += appended.new;
            self.known += appended.known;
            self.batch.clear();
        }
        (self.paths, self.bytes) = (0, 0);
        Ok(())
    }
}
