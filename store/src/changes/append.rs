//! Noting a change, as the last thing that a transaction does before it commits.

use serde::{Deserialize, Serialize};

use crate::database::{Statement, TenantTransaction, statement};
use crate::{RepositoryId, StoreError, Timestamp};

const NEXT_SEQ: Statement = statement!(both "changes/next_seq");
const APPEND: Statement = statement!(both "changes/append");

/// What became visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Something of a repository: its tips, projects, tasks in files, commits, or what it is called.
    Repository,
    /// An issue or a pull request.
    Task,
    /// Links of commits and pull requests to tasks.
    Link,
}

impl ChangeKind {
    /// The word of documents and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Task => "task",
            Self::Link => "link",
        }
    }
}

/// A change to be noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewChange {
    /// Of which repository.
    pub(crate) repository: Option<RepositoryId>,
    /// What.
    pub(crate) kind: ChangeKind,
    /// When it was made at the provider, where that is known.
    pub(crate) pushed_at: Option<Timestamp>,
    /// When we heard of it.
    pub(crate) received_at: Option<Timestamp>,
    /// When it shows: now.
    pub(crate) visible_at: Timestamp,
}

impl NewChange {
    /// Something that shows from now on, whenever it was made.
    pub(crate) fn seen(kind: ChangeKind, repository: Option<RepositoryId>, now: Timestamp) -> Self {
        Self { repository, kind, pushed_at: None, received_at: None, visible_at: now }
    }
}

/// Notes a change and gives its seq. Others of the tenant that want one wait until this transaction has ended, so nothing
/// else is done in it afterwards. Those who wait for changes are woken when it is committed.
pub(crate) async fn append(
    transaction: &mut TenantTransaction,
    change: &NewChange,
) -> Result<i64, StoreError> {
    let query = transaction.query(NEXT_SEQ);
    let seq = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchTenant)?.int("seq")?;
    let query = transaction
        .query(APPEND)
        .bind(seq)
        .bind(change.repository.map(|repository| repository.0))
        .bind(change.kind.as_str())
        .bind(change.pushed_at.map(|at| at.0))
        .bind(change.received_at.map(|at| at.0))
        .bind(change.visible_at.0);
    transaction.execute(query).await?;
    transaction.announce_changes();
    Ok(seq)
}
