//! The list of repositories, by source key.

use super::{Page, asked};
use crate::database::{Statement, statement};
use crate::words::count;
use crate::{Freshness, Repository, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: Statement = statement!("repositories/list");
const PLACE: Statement = statement!("repositories/place");

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
    /// Stored commits that some ref reaches.
    pub commits: u64,
    /// When it was last scanned and saved.
    pub scanned_at: Option<Timestamp>,
    /// How fresh all of this is.
    pub freshness: Freshness,
}

impl Tenant {
    /// The tenant's repositories, by source key.
    pub async fn list_repositories(
        &self,
        filter: &RepositoryFilter,
    ) -> Result<Page<RepositoryListing, RepositoryId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let mut start = String::new();
        if let Some(after) = filter.after {
            let query = transaction.query(PLACE).bind(after.0);
            let Some(row) = transaction.fetch_optional(query).await? else { return Ok(Page::nothing()) };
            start = row.text("source_key")?;
        }
        let query = transaction.query(LIST).bind(start.as_str()).bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(|row| {
            let scanned_at = row.maybe_int("scanned_at")?;
            Ok(RepositoryListing {
                repository: Repository::from_row(row)?,
                projects: count(row.int("projects")?),
                tasks: count(row.int("tasks")?),
                commits: count(row.int("commits")?),
                scanned_at: scanned_at.map(Timestamp),
                freshness: Freshness::from_row(row)?,
            })
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::cut(items, size, |listing: &RepositoryListing| listing.repository.id))
    }
}
