//! Tenants: the organisations that own everything else.
//!
//! Whatever is done to a tenant takes the tenant's turn to write first, then works as the operator: so it waits for a
//! scan that is being saved, never for half of one, and what follows for its rows happens in the same transaction.

mod change;
mod delete;
mod plans;
pub(crate) mod quota;
mod usage;

pub use change::TenantChange;
pub use quota::BeyondQuota;
pub use usage::TenantUsage;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Row, Statement, Urgency, statement};
use crate::words::{column, word};
use crate::{Store, StoreError, Tenant, TenantId, Timestamp};

const CREATE: Statement = statement!(both "tenants/create");
const FIND: Statement = statement!(both "tenants/find");
const LIST: Statement = statement!(both "tenants/list");

/// The tenant that is made on first use.
const DEFAULT: &str = "default";

/// What a tenant pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanTier {
    /// Nothing.
    Free,
    /// A subscription.
    Pro,
    /// An agreement, or one's own server.
    #[default]
    Enterprise,
}

impl PlanTier {
    /// The word of documents and of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }
}

/// How much a tenant may have; `None` is without bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantLimits {
    /// Users that may log in.
    pub max_users: Option<u64>,
    /// Projects that are listed.
    pub max_projects: Option<u64>,
    /// Repositories that are connected.
    pub max_repositories: Option<u64>,
}

/// A tenant to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTenant {
    /// Its short name, unique in the database: a DNS label.
    pub subdomain: String,
    /// Its name as people write it.
    pub organization_name: String,
    /// What it pays for.
    pub plan_tier: PlanTier,
    /// How much it may have.
    pub limits: TenantLimits,
}

/// A stored tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantRecord {
    /// Its id.
    pub id: TenantId,
    /// Its short name, unique in the database.
    pub subdomain: String,
    /// Its name as people write it.
    pub organization_name: String,
    /// What it pays for.
    pub plan_tier: PlanTier,
    /// How much it may have.
    pub limits: TenantLimits,
    /// The payment provider's id of the customer.
    pub stripe_customer_id: Option<String>,
    /// The payment provider's word on the subscription.
    pub subscription_status: Option<String>,
    /// When it was suspended; `None` while it is not.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl TenantRecord {
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        let limit = |column| Ok::<_, StoreError>(row.maybe_int(column)?.map(crate::words::count));
        Ok(Self {
            id: row.tenant("id")?,
            subdomain: row.text("subdomain")?,
            organization_name: row.text("organization_name")?,
            plan_tier: word(row.word("plan_tier")?)?,
            limits: TenantLimits {
                max_users: limit("max_users")?,
                max_projects: limit("max_projects")?,
                max_repositories: limit("max_repositories")?,
            },
            stripe_customer_id: row.maybe_text("stripe_customer_id")?,
            subscription_status: row.maybe_text("subscription_status")?,
            suspended_at: row.maybe_int("suspended_at")?.map(Timestamp),
            created_at: Timestamp(row.int("created_at")?),
        })
    }

    /// The same, unless it is suspended.
    fn not_suspended(self) -> Result<Self, StoreError> {
        match self.suspended_at {
            None => Ok(self),
            Some(_) => Err(StoreError::Suspended { tenant: self.subdomain }),
        }
    }
}

impl Store {
    /// Makes a tenant that nobody asked for, so that its audit log says nothing of it. See
    /// [`Store::create_tenant_by`].
    pub async fn create_tenant(&self, new: &NewTenant, now: Timestamp) -> Result<Tenant, StoreError> {
        self.make_tenant(new, None, now).await
    }

    /// Makes a tenant, whole or not at all. [`StoreError::AlreadyThere`] where its short name is taken.
    ///
    /// With it comes its data key, where the database was opened with keys; else the first secret makes one.
    pub async fn create_tenant_by(
        &self,
        new: &NewTenant,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Tenant, StoreError> {
        self.make_tenant(new, Some(actor), now).await
    }

    async fn make_tenant(
        &self,
        new: &NewTenant,
        actor: Option<&Actor>,
        now: Timestamp,
    ) -> Result<Tenant, StoreError> {
        if !is_label(&new.subdomain) {
            return Err(StoreError::NotALabel);
        }
        let tenant = self.tenant(TenantId::new(now));
        let mut transaction = tenant.write(Urgency::Answer).await?;
        transaction.work_as(Role::Operator).await?;
        let limit = |limit: Option<u64>| limit.map(column);
        let query = transaction
            .query(CREATE)
            .bind(new.subdomain.as_str())
            .bind(new.organization_name.as_str())
            .bind(new.plan_tier.as_str())
            .bind(limit(new.limits.max_users))
            .bind(limit(new.limits.max_projects))
            .bind(limit(new.limits.max_repositories))
            .bind(now.0);
        transaction.execute(query).await?;
        transaction.work_as(Role::App).await?;
        if tenant.keys.is_some() {
            tenant.data_key_or_new(&mut transaction, now).await?;
        }
        if let Some(actor) = actor {
            let details =
                json!({ "subdomain": new.subdomain, "plan_tier": new.plan_tier, "limits": new.limits });
            let subject = format!("tenant:{}", tenant.id);
            append(&mut transaction, &Entry { at: now, actor, action: "tenant.create", subject, details })
                .await?;
        }
        transaction.commit().await?;
        Ok(tenant)
    }

    /// The tenant of that short name.
    pub async fn tenant_by_subdomain(&self, subdomain: &str) -> Result<Option<TenantRecord>, StoreError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(FIND).bind(subdomain);
        transaction.fetch_optional(query).await?.as_ref().map(TenantRecord::from_row).transpose()
    }

    /// The tenant of that short name, to work with; `default` is made where it is missing, any other is `None`.
    /// [`StoreError::Suspended`] where it is suspended.
    pub async fn tenant_by_name_or_create_default(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Tenant>, StoreError> {
        let found = async || {
            let record = self.tenant_by_subdomain(name).await?;
            record.map(|record| record.not_suspended().map(|record| self.tenant(record.id))).transpose()
        };
        if let Some(tenant) = found().await? {
            return Ok(Some(tenant));
        }
        if name != DEFAULT {
            return Ok(None);
        }
        let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
        match self.create_tenant(&new, now).await {
            // Another process made it in between.
            Err(StoreError::AlreadyThere) => found().await,
            made => made.map(Some),
        }
    }

    /// Every tenant, by short name.
    pub async fn list_tenants(&self) -> Result<Vec<TenantRecord>, StoreError> {
        let mut transaction = self.pool.read_global(Role::App).await?;
        let query = transaction.statement(LIST);
        transaction.fetch_all(query).await?.iter().map(TenantRecord::from_row).collect()
    }
}

/// A label of the domain name system in lower case (RFC 1035, section 2.3.1, and RFC 1123, section 2.1, which lets it
/// begin with a digit): letters, digits and hyphens, none of them at an end, 63 at most.
pub(crate) fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
