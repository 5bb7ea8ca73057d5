//! How much of a repository's history is stored.

use muster_model::ObjectId;
use serde::{Deserialize, Serialize};

use crate::database::{ObjectIds, Statement, statement};
use crate::words::{object_id, word};
use crate::{RepositoryId, StoreError, Tenant};

const GET: Statement = statement!("repositories/history");
const TIPS: Statement = statement!("refs/tips");
const KNOWN: Statement = statement!(both "commits/known");

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

impl Tenant {
    /// How much of a repository's history is stored, and where a walk may stop.
    pub async fn stored_history(&self, repository: RepositoryId) -> Result<StoredHistory, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let query = transaction.query(TIPS).bind(repository.0);
        let rows = transaction.fetch_all(query).await?;
        let tips = rows.iter().map(|row| object_id(row.bytes("tip")?)).collect::<Result<_, _>>()?;
        Ok(StoredHistory { progress: word(row.word("history")?)?, tips })
    }

    /// Those of `ids` that are stored with all that can be known of them, sorted. One whose paths could not be read is
    /// left out: it may be read again.
    pub async fn known_commits(
        &self,
        repository: RepositoryId,
        ids: &[ObjectId],
    ) -> Result<Vec<ObjectId>, StoreError> {
        let mut known = Vec::new();
        let mut transaction = self.read().await?;
        for chunk in ids.chunks(10_000) {
            let query = transaction.query(KNOWN).bind(repository.0).bind(ObjectIds(chunk));
            for row in transaction.fetch_all(query).await? {
                if row.flag("paths_complete")? {
                    known.push(object_id(row.bytes("sha")?)?);
                }
            }
        }
        known.sort_unstable();
        known.dedup();
        Ok(known)
    }
}
