//! The list of repositories, by source key.

use sqlx::Row;

use super::{Page, asked};
use crate::words::count;
use crate::{Repository, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: &str = include_str!("../../sql/repositories/list.sql");

/// Which repositories to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepositoryFilter {
    /// The rows of a page; 0 for as many as a page holds.
    pub limit: usize,
    /// The last row of the page before.
    pub after: Option<RepositoryId>,
}

/// A repository with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryListing {
    /// The row.
    pub repository: Repository,
    /// Open projects, hidden roles included.
    pub projects: u64,
    /// Open rows of tasks: those that are in the files now, whatever their state.
    pub tasks: u64,
    /// Stored commits.
    pub commits: u64,
    /// When it was last scanned and saved.
    pub scanned_at: Option<Timestamp>,
}

impl Tenant {
    /// The tenant's repositories, by source key.
    pub async fn list_repositories(
        &self,
        filter: &RepositoryFilter,
    ) -> Result<Page<RepositoryListing, RepositoryId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let query = sqlx::query(LIST).bind(self.id.as_bytes()).bind(filter.after.map(|id| id.0)).bind(limit);
        let rows = query.fetch_all(&self.pool).await?;
        let items = rows.iter().map(|row| {
            let scanned_at: Option<i64> = row.try_get("scanned_at")?;
            Ok(RepositoryListing {
                repository: Repository::from_row(row)?,
                projects: count(row.try_get("projects")?),
                tasks: count(row.try_get("tasks")?),
                commits: count(row.try_get("commits")?),
                scanned_at: scanned_at.map(Timestamp),
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |listing: &RepositoryListing| listing.repository.id))
    }
}
