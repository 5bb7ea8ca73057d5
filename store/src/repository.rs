//! Repositories: one row for each source key of a tenant.

use muster_model::ObjectId;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::history::HistoryProgress;
use crate::words::{object_id, word};
use crate::{RepositoryId, StoreError, Tenant};

const FIND: &str = include_str!("../sql/repositories/find.sql");

/// What a scan says about a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// How it is known: never changes.
    pub source_key: String,
    /// Its short name.
    pub name: String,
    /// Its address, without user info.
    pub clone_url: Option<String>,
    /// The branch of the current state.
    pub branch: Option<String>,
    /// The commit of the current state.
    pub head: Option<ObjectId>,
    /// The folder differed from its commit.
    pub dirty: bool,
    /// History is cut off.
    pub shallow: bool,
    /// The version of the rules that read it: extracts of other rules say nothing about this state.
    pub extractor_version: u32,
}

/// A stored repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Its id.
    pub id: RepositoryId,
    /// What the last scan that changed anything said.
    pub facts: RepositoryFacts,
    /// How much of its history is stored.
    pub history: HistoryProgress,
    /// Grows with every change of current state.
    pub revision: i64,
    /// The cache of the projects that commits touch is out of date.
    pub commit_projects_stale: bool,
}

impl Repository {
    pub(crate) fn from_row(row: &SqliteRow) -> Result<Self, StoreError> {
        let head: Option<&[u8]> = row.try_get("head")?;
        Ok(Self {
            id: RepositoryId(row.try_get("id")?),
            facts: RepositoryFacts {
                source_key: row.try_get("source_key")?,
                name: row.try_get("name")?,
                clone_url: row.try_get("clone_url")?,
                branch: row.try_get("branch")?,
                head: head.map(object_id).transpose()?,
                dirty: row.try_get("dirty")?,
                shallow: row.try_get("shallow")?,
                extractor_version: row.try_get("extractor_version")?,
            },
            history: word(row.try_get("history")?)?,
            revision: row.try_get("revision")?,
            commit_projects_stale: row.try_get("commit_projects_stale")?,
        })
    }
}

impl Tenant {
    /// The repository that is known by this source key.
    pub async fn find_repository_by_source_key(&self, key: &str) -> Result<Option<Repository>, StoreError> {
        let row = sqlx::query(FIND).bind(self.id.as_bytes()).bind(key).fetch_optional(&self.pool).await?;
        row.as_ref().map(Repository::from_row).transpose()
    }
}
