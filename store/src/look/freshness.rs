//! Freshness: when the newest push was made, when we heard of it, and when it showed. And what a fetch needs to know.
//!
//! A push is noted when its delivery is planned, before anybody fetches. A look clears the note only as far as it was received
//! before the remote was asked: what came later may or may not have been there, and another look follows it. The other way
//! round, what was received before the remote was last asked is not waited for, though it be noted later: a delivery that is
//! replayed, or the second one of a push that the App and a hook tell of.

use std::collections::BTreeMap;

use muster_model::ObjectId;

use crate::database::{Row, Statement, Urgency, statement};
use crate::words::{column, object_id, word};
use crate::{HistoryProgress, Provider, RepositoryId, StoreError, Tenant, Timestamp};

const NOTE: Statement = statement!("repositories/note_push");
const WAITS: Statement = statement!("changes/waits");
const SOURCE: Statement = statement!("repositories/fetch_source");

/// How fresh our picture of a repository is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When the newest push was made, as the provider says.
    pub pushed_at: Option<Timestamp>,
    /// When we heard of the newest push.
    pub received_at: Option<Timestamp>,
    /// When what is shown became visible.
    pub visible_at: Option<Timestamp>,
    /// When the remote was last asked for what is shown: pushes that were received until then show.
    pub synced_at: Option<Timestamp>,
    /// When the oldest push was received that does not show yet.
    pub waiting_since: Option<Timestamp>,
}

impl Freshness {
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            pushed_at: time("pushed_at")?,
            received_at: time("received_at")?,
            visible_at: time("visible_at")?,
            synced_at: time("last_synced_at")?,
            waiting_since: time("waiting_since")?,
        })
    }
}

/// What a fetch of a repository needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchSource {
    /// The repository.
    pub id: RepositoryId,
    /// Where it is known from, where it is connected.
    pub provider: Option<Provider>,
    /// `owner/name` there.
    pub full_name: Option<String>,
    /// Its address, without user info.
    pub clone_url: Option<String>,
    /// The installation that reads it; `None` where it was connected without the App.
    pub installation: Option<i64>,
    /// False where nothing of it is to be followed any more.
    pub is_active: bool,
    /// The provider has it no longer.
    pub is_gone: bool,
    /// The commit of the current state.
    pub head: Option<ObjectId>,
    /// How much of its history is stored.
    pub history: HistoryProgress,
    /// How fresh it is.
    pub freshness: Freshness,
}

impl Tenant {
    /// What a fetch of a repository needs to know; `None` where it is not there.
    pub async fn fetch_source(&self, repository: RepositoryId) -> Result<Option<FetchSource>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(SOURCE).bind(repository.0);
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
        let provider = row.maybe_text("provider")?;
        Ok(Some(FetchSource {
            id: repository,
            provider: provider.map(|_| Provider::GitHub),
            full_name: row.maybe_text("full_name")?,
            clone_url: row.maybe_text("clone_url")?,
            installation: row.maybe_int("installation_id")?,
            is_active: row.flag("is_active")?,
            is_gone: row.maybe_int("gone_at")?.is_some(),
            head: row.maybe_bytes("head")?.map(object_id).transpose()?,
            history: word(row.word("history")?)?,
            freshness: Freshness::from_row(&row)?,
        }))
    }

    /// How long, in milliseconds, the latest pushes waited until they showed, the latest first, by repository; at most so many
    /// of them.
    pub async fn recent_waits(&self, limit: usize) -> Result<BTreeMap<RepositoryId, Vec<i64>>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(WAITS).bind(column(limit));
        let mut waits: BTreeMap<_, Vec<i64>> = BTreeMap::new();
        for row in transaction.fetch_all(query).await? {
            waits.entry(RepositoryId(row.int("repository_id")?)).or_default().push(row.int("waited")?);
        }
        Ok(waits)
    }

    /// Notes that a push was received, and when it was made, where that is said. Not before a look settles does it show.
    pub async fn note_push(
        &self,
        repository: RepositoryId,
        pushed_at: Option<Timestamp>,
        received_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(NOTE).bind(repository.0);
        let query = query.bind(pushed_at.map(|at| at.0)).bind(received_at.0);
        transaction.execute(query).await?;
        transaction.commit().await
    }
}
