//! The hooks of a tenant, and how each is doing.

use crate::database::{Row, Statement, statement};
use crate::words::count;
use crate::{HookKey, RepositoryId, StoreError, Tenant, Timestamp};

const LIST: Statement = statement!(both "hooks/list");

/// The address of a repository's hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRecord {
    /// The last part of the address. No secret, and yet not for logs: [`HookRecord::prefix`] is.
    pub key: String,
    /// Whose it is.
    pub repository: RepositoryId,
    /// When it was made.
    pub created_at: Timestamp,
    /// It has brought a delivery that was accepted.
    pub has_delivered: bool,
    /// When the last one was; `None` also where that was ten thousand deliveries of the tenant ago.
    pub delivered_at: Option<Timestamp>,
    /// How it was last refused: code and time.
    pub refused: Option<(String, Timestamp)>,
    /// How often it was refused since it was made.
    pub refusals: u64,
}

impl HookRecord {
    /// What tells it from others.
    pub fn prefix(&self) -> &str {
        HookKey::prefix(&self.key)
    }

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
        Ok(Self {
            key: row.text("hook_key")?,
            repository: RepositoryId(row.int("repository_id")?),
            created_at: Timestamp(row.int("created_at")?),
            has_delivered: row.flag("has_delivered")?,
            delivered_at: time("delivered_at")?,
            refused: row.maybe_text("refused_code")?.zip(time("refused_at")?),
            refusals: count(row.int("refused_count")?),
        })
    }
}

impl Tenant {
    /// Every hook of the tenant's repositories, by repository.
    pub async fn list_hooks(&self) -> Result<Vec<HookRecord>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(LIST);
        transaction.fetch_all(query).await?.iter().map(HookRecord::from_row).collect()
    }
}
