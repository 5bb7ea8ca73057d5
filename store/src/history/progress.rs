//! How much of a repository's history is stored.

use muster_model::ObjectId;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use crate::words::{object_id, word};
use crate::{RepositoryId, StoreError, Tenant};

const GET: &str = include_str!("../../sql/repositories/history.sql");
const TIPS: &str = include_str!("../../sql/refs/tips.sql");
const KNOWN: &str = include_str!("../../sql/commits/known.sqlite.sql");
const PUT_TIP: &str = include_str!("../../sql/refs/put.sql");
const FINISH: &str = include_str!("../../sql/repositories/finish_history.sql");

/// How much of the scanned line's history is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistoryProgress {
    /// Nothing.
    None,
    /// Some: a save was cut off, the clone is shallow, or a scan left history out.
    Partial,
    /// Everything that the head reaches.
    Complete,
}

impl HistoryProgress {
    /// The word of documents and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::Complete => "complete",
        }
    }
}

/// What is stored of a repository's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHistory {
    /// How much.
    pub progress: HistoryProgress,
    /// Commits that are stored with everything that they reach, sorted: a walk may stop at them.
    pub tips: Vec<ObjectId>,
}

/// Where a walk of history ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkEnd {
    /// The full name of the branch, or `HEAD` where none is checked out.
    pub reference: String,
    /// Where the walk began; `None` in a repository without commits.
    pub tip: Option<ObjectId>,
    /// The walk reached every root or known tip: nothing was cut off or missing.
    pub whole: bool,
}

impl Tenant {
    /// How much of a repository's history is stored, and where a walk may stop.
    pub async fn stored_history(&self, repository: RepositoryId) -> Result<StoredHistory, StoreError> {
        let mut transaction = self.read().await?;
        let query = sqlx::query(GET).bind(self.id.as_bytes()).bind(repository.0);
        let row = query.fetch_optional(&mut *transaction).await?.ok_or(StoreError::NoSuchRepository)?;
        let query = sqlx::query(TIPS).bind(self.id.as_bytes()).bind(repository.0);
        let rows = query.fetch_all(&mut *transaction).await?;
        let tips = rows.iter().map(|row| object_id(row.try_get("tip")?)).collect::<Result<_, _>>()?;
        Ok(StoredHistory { progress: word(row.try_get("history")?)?, tips })
    }

    /// Those of `ids` that are stored with all that can be known of them, sorted. One whose paths could not be read is
    /// left out: it may be read again.
    pub async fn known_commits(
        &self,
        repository: RepositoryId,
        ids: &[ObjectId],
    ) -> Result<Vec<ObjectId>, StoreError> {
        let mut known = Vec::new();
        for chunk in ids.chunks(10_000) {
            let query = sqlx::query(KNOWN).bind(self.id.as_bytes()).bind(serde_json::to_string(chunk)?);
            for row in query.bind(repository.0).fetch_all(&self.pool).await? {
                if row.try_get("paths_complete")? {
                    known.push(object_id(row.try_get("sha")?)?);
                }
            }
        }
        known.sort_unstable();
        known.dedup();
        Ok(known)
    }

    /// Marks history as read: whole, so that the next walk may stop at the tip, or cut off.
    pub async fn finish_history(&self, repository: RepositoryId, end: &WalkEnd) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        if let (Some(tip), true) = (&end.tip, end.whole) {
            let query = sqlx::query(PUT_TIP).bind(self.id.as_bytes()).bind(repository.0);
            query.bind(&end.reference).bind(tip.as_bytes()).execute(&mut *transaction).await?;
        }
        let progress = if end.whole { HistoryProgress::Complete } else { HistoryProgress::Partial };
        let query = sqlx::query(FINISH).bind(self.id.as_bytes()).bind(repository.0).bind(progress.as_str());
        query.execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}
