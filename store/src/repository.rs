//! Repositories: one row for each source key of a tenant.

use muster_model::ObjectId;

use crate::database::{Row, Statement, statement};
use crate::history::HistoryProgress;
use crate::words::{object_id, word};
use crate::{RepositoryId, StoreError, Tenant};

const FIND: Statement = statement!("repositories/find");

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
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: RepositoryId(row.int("id")?),
            facts: RepositoryFacts {
                source_key: row.text("source_key")?,
                name: row.text("name")?,
                clone_url: row.maybe_text("clone_url")?,
                branch: row.maybe_text("branch")?,
                head: row.maybe_bytes("head")?.map(object_id).transpose()?,
                dirty: row.flag("dirty")?,
                shallow: row.flag("shallow")?,
                extractor_version: u32::try_from(row.int("extractor_version")?).unwrap_or_default(),
            },
            history: word(row.word("history")?)?,
            revision: row.int("revision")?,
            commit_projects_stale: row.flag("commit_projects_stale")?,
        })
    }
}

impl Tenant {
    /// The repository that is known by this source key.
    pub async fn find_repository_by_source_key(&self, key: &str) -> Result<Option<Repository>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(FIND).bind(key);
        transaction.fetch_optional(query).await?.as_ref().map(Repository::from_row).transpose()
    }
}
