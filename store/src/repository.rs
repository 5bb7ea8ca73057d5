//! Repositories: one row for each source key of a tenant.

mod access;
mod address;
mod connect;
mod learn;
mod provided;
mod report;

use muster_model::ObjectId;

pub(crate) use address::key as address_key;
pub use connect::Connection;
pub(crate) use connect::known_by;
pub use provided::Provided;

use crate::database::{Row, Statement, TenantTransaction, statement};
use crate::history::HistoryProgress;
use crate::words::{object_id, word};
use crate::{Provider, RepositoryId, StoreError, Tenant};

const GET: Statement = statement!("repositories/get");
const FIND: Statement = statement!("repositories/find");
const FIND_BY_ADDRESS: Statement = statement!("repositories/find_by_address");
const FIND_BY_PROVIDER: Statement = statement!("repositories/find_by_provider");

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
    /// It is looked at, and counts against the quota.
    pub is_active: bool,
    /// What its provider says of it.
    pub provided: Provided,
}

impl Repository {
    /// True where its whole history is still to come: it was never looked at.
    pub fn is_new(&self) -> bool {
        self.facts.head.is_none() || self.history == HistoryProgress::None
    }

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
            is_active: row.flag("is_active")?,
            provided: Provided::from_row(row)?,
        })
    }
}

impl Tenant {
    /// The repository of this id.
    pub async fn find_repository(&self, id: RepositoryId) -> Result<Option<Repository>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(id.0);
        transaction.fetch_optional(query).await?.as_ref().map(Repository::from_row).transpose()
    }

    /// The repository that is known by this source key, or that has this address although it is known by its id at the
    /// provider.
    pub async fn find_repository_by_source_key(&self, key: &str) -> Result<Option<Repository>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(FIND).bind(key);
        let mut row = transaction.fetch_optional(query).await?;
        if row.is_none() && address::is_address(key) {
            let query = transaction.query(FIND_BY_ADDRESS).bind(key);
            row = transaction.fetch_optional(query).await?;
        }
        row.as_ref().map(Repository::from_row).transpose()
    }

    /// The repository that a provider knows by this id.
    pub async fn find_repository_by_provider(
        &self,
        provider: Provider,
        id: i64,
    ) -> Result<Option<Repository>, StoreError> {
        let mut transaction = self.read().await?;
        find_by_provider(&mut transaction, provider, id).await
    }
}

pub(crate) async fn find_by_provider(
    transaction: &mut TenantTransaction,
    provider: Provider,
    id: i64,
) -> Result<Option<Repository>, StoreError> {
    let query = transaction.query(FIND_BY_PROVIDER).bind(provider.as_str()).bind(id);
    transaction.fetch_optional(query).await?.as_ref().map(Repository::from_row).transpose()
}
