//! Addresses that hooks of single repositories call: which repository of which tenant one belongs to. And how the App's,
//! which is the database's own, is doing.

mod app;
mod list;
mod refused;

pub use app::{APP_HOOK, AppHookRecord};
pub use list::HookRecord;
pub use refused::HookRefusals;

use serde_json::json;

use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Statement, Urgency, statement};
use crate::{HookKey, RepositoryId, Store, StoreError, Tenant, TenantId, Timestamp};

const ADD: Statement = statement!(both "hooks/add");
const FIND: Statement = statement!(both "hooks/find");
const REMOVE: Statement = statement!(both "hooks/remove");
const REPOSITORY: Statement = statement!("repositories/get");

/// Where a hook leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookRoute {
    /// The tenant.
    pub tenant: TenantId,
    /// Its repository.
    pub repository: RepositoryId,
    /// The tenant is suspended: what comes is recorded, and nothing more.
    pub is_suspended: bool,
}

impl Store {
    /// Whose hook calls at this address.
    pub async fn find_hook(&self, key: &str) -> Result<Option<HookRoute>, StoreError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(FIND).bind(key);
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(HookRoute {
            tenant: row.tenant("tenant_id")?,
            repository: RepositoryId(row.int("repository_id")?),
            is_suspended: row.maybe_int("suspended_at")?.is_some(),
        }))
    }
}

impl Tenant {
    /// Gives a repository an address for its hook. [`StoreError::NoSuchRepository`] where the tenant has none of that
    /// id.
    pub async fn add_hook(
        &self,
        repository: RepositoryId,
        key: &HookKey,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(REPOSITORY).bind(repository.0);
        transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let query = transaction.query(ADD).bind(key.as_str()).bind(repository.0).bind(now.0);
        transaction.execute(query).await?;
        let subject = format!("repository:{repository}");
        let details = json!({ "prefix": HookKey::prefix(key.as_str()) });
        append(&mut transaction, &Entry { at: now, actor, action: "hook.add", subject, details }).await?;
        transaction.commit().await
    }

    /// Takes an address away; false where the tenant has no such address.
    pub async fn remove_hook(&self, key: &str, now: Timestamp, actor: &Actor) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(REMOVE).bind(key);
        let removed = transaction.fetch_optional(query).await?;
        if !removed.map(|row| row.flag("removed")).transpose()?.unwrap_or(false) {
            return Ok(false);
        }
        let subject = format!("hook:{}", HookKey::prefix(key));
        append(
            &mut transaction,
            &Entry { at: now, actor, action: "hook.remove", subject, details: json!({}) },
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
