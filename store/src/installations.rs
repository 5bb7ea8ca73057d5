//! Installations of the App: which tenant's deliveries come from one.
//!
//! Whoever claims one must have shown before that it is his: the store knows only that nobody else has it.

use serde_json::json;

use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Statement, Urgency, statement};
use crate::{Store, StoreError, Tenant, TenantId, Timestamp};

const FIND: Statement = statement!(both "installations/find");
const CLAIM: Statement = statement!(both "installations/claim");

/// Whose App it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// GitHub.
    GitHub,
}

impl Provider {
    /// The word of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
        }
    }
}

/// A known installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Who has claimed it.
    pub tenant: Option<TenantId>,
    /// The provider's name of who installed it.
    pub account: String,
    /// Since when the provider has it suspended.
    pub suspended_at: Option<Timestamp>,
    /// When it was removed at the provider.
    pub removed_at: Option<Timestamp>,
    /// The tenant is suspended: what comes is recorded, and nothing more.
    pub is_tenant_suspended: bool,
}

impl Store {
    /// The installation of a provider's id; `None` where nobody has told of it.
    pub async fn find_installation(
        &self,
        provider: Provider,
        id: i64,
    ) -> Result<Option<Installation>, StoreError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(FIND).bind(provider.as_str()).bind(id);
        let Some(row) = transaction.fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(Installation {
            tenant: row.maybe_tenant("tenant_id")?,
            account: row.text("account")?,
            suspended_at: row.maybe_int("suspended_at")?.map(Timestamp),
            removed_at: row.maybe_int("removed_at")?.map(Timestamp),
            is_tenant_suspended: row.maybe_int("tenant_suspended_at")?.is_some(),
        }))
    }
}

impl Tenant {
    /// Makes an installation the tenant's; false where another tenant has it. `account` is the provider's name of who
    /// installed it. One that was removed and is claimed again is there again.
    pub async fn claim_installation(
        &self,
        provider: Provider,
        id: i64,
        account: &str,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let query = transaction.query(CLAIM).bind(provider.as_str()).bind(id).bind(account).bind(now.0);
        let claimed = transaction.fetch_optional(query).await?;
        if !claimed.map(|row| row.flag("claimed")).transpose()?.unwrap_or(false) {
            return Ok(false);
        }
        let subject = format!("installation:{id}");
        let details = json!({ "provider": provider.as_str(), "account": account });
        append(&mut transaction, &Entry { at: now, actor, action: "installation.claim", subject, details })
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
