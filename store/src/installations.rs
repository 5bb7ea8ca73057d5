//! Installations of the App: which tenant's deliveries come from one.
//!
//! Whoever claims one must have shown before that it is his: the store knows only that nobody else has it.

use muster_model::{InstallationFacts, Standing};
use serde::Deserialize;
use serde_json::json;

use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Row, Statement, Urgency, statement};
use crate::report::bind_version;
use crate::words::word;
use crate::{Store, StoreError, Tenant, TenantId, Timestamp};

const FIND: Statement = statement!(both "installations/find");
const REPORT: Statement = statement!(both "installations/report");
const CLAIM: Statement = statement!(both "installations/claim");
const LIST: Statement = statement!(both "installations/list");

/// Whose App it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// An installation as whoever has claimed it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallationRecord {
    /// Whose App it is.
    pub provider: Provider,
    /// The provider's id of it.
    pub id: i64,
    /// The provider's name of who installed it.
    pub account: String,
    /// When it was first heard of.
    pub created_at: Timestamp,
    /// Since when the provider has it suspended.
    pub suspended_at: Option<Timestamp>,
    /// When it was removed at the provider.
    pub removed_at: Option<Timestamp>,
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

impl Store {
    /// Notes what an installation is like now, whoever has claimed it; true where this report holds, false where the same or
    /// a later one was here before.
    pub async fn report_installation(
        &self,
        provider: Provider,
        report: &InstallationFacts,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let since = report.version.time.millis().unwrap_or(now.0);
        let mut transaction = self.pool.global(Role::App).await?;
        let query = transaction
            .statement(REPORT)
            .bind(provider.as_str())
            .bind(report.id.get())
            .bind(&report.account)
            .bind(now.0)
            .bind((report.standing == Standing::Suspended).then_some(since))
            .bind((report.standing == Standing::Removed).then_some(since));
        let query = bind_version(query, &report.version);
        let taken = transaction.fetch_optional(query).await?;
        let taken = taken.map(|row| row.flag("taken")).transpose()?.unwrap_or(false);
        transaction.commit().await?;
        Ok(taken)
    }
}

impl Tenant {
    /// The installations that the tenant has claimed.
    pub async fn list_installations(&self) -> Result<Vec<InstallationRecord>, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(LIST);
        let record = |row: &Row| {
            let time = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(Timestamp));
            Ok(InstallationRecord {
                provider: word(row.word("provider")?)?,
                id: row.int("installation_id")?,
                account: row.text("account")?,
                created_at: Timestamp(row.int("created_at")?),
                suspended_at: time("suspended_at")?,
                removed_at: time("removed_at")?,
            })
        };
        transaction.fetch_all(query).await?.iter().map(record).collect()
    }

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
