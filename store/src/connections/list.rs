//! The list of connections, by id.

use muster_model::ObjectId;

use crate::database::{Row, Statement, statement};
use crate::lists::asked;
use crate::words::object_id;
use crate::{Page, RepositoryId, StoreError, Tenant, Timestamp};

const FIND: Statement = statement!("connections/find");
const LIST: Statement = statement!("connections/list");

/// Which connections to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectionFilter {
    /// Also repositories that no longer are connected.
    pub removed: bool,
    /// At most so many; 0 is as many as a page holds.
    pub limit: usize,
    /// Behind this one: [`Page::next`] of the page before.
    pub after: Option<RepositoryId>,
}

/// A connected repository. No secret is among what is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRecord {
    /// Its id.
    pub id: RepositoryId,
    /// Its short name.
    pub name: String,
    /// How it is known.
    pub source_key: String,
    /// `owner/name` at the provider.
    pub full_name: Option<String>,
    /// The address to fetch from, without user info.
    pub clone_url: Option<String>,
    /// Its default branch.
    pub default_branch: Option<String>,
    /// It is looked at; false where it was removed, or an installation lost sight of it.
    pub is_active: bool,
    /// Since when it is connected; `None` where it no longer is.
    pub connected_at: Option<Timestamp>,
    /// The installation that reads it; `None` for one with a hook of its own.
    pub installation: Option<i64>,
    /// Its id at the provider, once that is known.
    pub provider_repo_id: Option<i64>,
    /// A token to fetch it with is stored.
    pub has_token: bool,
    /// The secret of its hook is stored,
    pub has_secret: bool,
    /// and one that is accepted beside it.
    pub has_previous_secret: bool,
    /// The commit that is shown.
    pub head: Option<ObjectId>,
    /// The newest push: when it was made,
    pub pushed_at: Option<Timestamp>,
    /// when we heard of it,
    pub received_at: Option<Timestamp>,
    /// and when it showed.
    pub visible_at: Option<Timestamp>,
    /// When the oldest push was received that does not show yet.
    pub waiting_since: Option<Timestamp>,
    /// When the remote was last asked for what is shown.
    pub last_synced_at: Option<Timestamp>,
    /// Since when the provider has it no longer.
    pub gone_at: Option<Timestamp>,
}

impl ConnectionRecord {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            id: RepositoryId(row.int("id")?),
            name: row.text("name")?,
            source_key: row.text("source_key")?,
            full_name: row.maybe_text("full_name")?,
            clone_url: row.maybe_text("clone_url")?,
            default_branch: row.maybe_text("default_branch")?,
            is_active: row.flag("is_active")?,
            connected_at: time("connected_at")?,
            installation: row.maybe_int("installation_id")?,
            provider_repo_id: row.maybe_int("provider_repo_id")?,
            has_token: row.flag("has_token")?,
            has_secret: row.flag("has_secret")?,
            has_previous_secret: row.flag("has_previous_secret")?,
            head: row.maybe_bytes("head")?.map(object_id).transpose()?,
            pushed_at: time("pushed_at")?,
            received_at: time("received_at")?,
            visible_at: time("visible_at")?,
            waiting_since: time("waiting_since")?,
            last_synced_at: time("last_synced_at")?,
            gone_at: time("gone_at")?,
        })
    }
}

impl Tenant {
    /// One of the tenant's repositories as a connection, connected or not.
    pub async fn find_connection(
        &self,
        repository: RepositoryId,
    ) -> Result<Option<ConnectionRecord>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(FIND).bind(repository.0);
        transaction.fetch_optional(query).await?.as_ref().map(ConnectionRecord::from_row).transpose()
    }

    /// Connected repositories, the oldest first.
    pub async fn list_connections(
        &self,
        filter: &ConnectionFilter,
    ) -> Result<Page<ConnectionRecord, RepositoryId>, StoreError> {
        let (size, limit) = asked(filter.limit);
        let mut transaction = self.read().await?;
        let after = filter.after.map_or(0, |id| id.0);
        let query = transaction.query(LIST).bind(after).bind(filter.removed).bind(limit);
        let rows = transaction.fetch_all(query).await?;
        let items = rows.iter().map(ConnectionRecord::from_row).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, size, |record: &ConnectionRecord| record.id))
    }
}
