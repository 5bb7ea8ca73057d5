//! Changing what a tenant is called, may have and pays for; suspending it, and taking it up again.

use serde_json::json;

use super::quota;
use super::{PlanTier, TenantLimits, TenantRecord};
use crate::audit_log::{Actor, Entry, append};
use crate::database::{Role, Statement, Urgency, statement};
use crate::words::column;
use crate::{Store, StoreError, TenantId, Timestamp};

const CHANGE: Statement = statement!(both "tenants/change");
const SUSPEND: Statement = statement!(both "tenants/suspend");

/// What is to be another than before; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantChange {
    /// Its name as people write it.
    pub organization_name: Option<String>,
    /// What it pays for. The limits of the plan come with it.
    pub plan_tier: Option<PlanTier>,
    /// Users that may log in; `Some(None)` is without bound, here and below. Wins over the plan's.
    pub max_users: Option<Option<u64>>,
    /// Projects that are listed.
    pub max_projects: Option<Option<u64>>,
    /// Repositories that are connected.
    pub max_repositories: Option<Option<u64>>,
}

impl TenantChange {
    /// The limits that hold afterwards.
    fn limits(&self, before: TenantLimits) -> TenantLimits {
        let plan = self.plan_tier.map_or(before, PlanTier::limits);
        TenantLimits {
            max_users: self.max_users.unwrap_or(plan.max_users),
            max_projects: self.max_projects.unwrap_or(plan.max_projects),
            max_repositories: self.max_repositories.unwrap_or(plan.max_repositories),
        }
    }

    fn apply_to(&self, record: &mut TenantRecord) {
        record.limits = self.limits(record.limits);
        record.plan_tier = self.plan_tier.unwrap_or(record.plan_tier);
        if let Some(name) = &self.organization_name {
            record.organization_name.clone_from(name);
        }
    }
}

impl Store {
    /// Changes a tenant, and gives it as it is afterwards. A suspended one can be changed too.
    ///
    /// A limit that is lower than what is there takes nothing away: it refuses what would be added, and leaves the
    /// projects that came last out of lists.
    pub async fn change_tenant(
        &self,
        id: TenantId,
        change: &TenantChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<TenantRecord, StoreError> {
        let mut transaction = self.tenant(id).write(Urgency::Answer).await?;
        let mut record = quota::lock(&mut transaction).await?;
        let before = record.limits;
        change.apply_to(&mut record);
        transaction.work_as(Role::Operator).await?;
        let query = transaction
            .query(CHANGE)
            .bind(record.organization_name.as_str())
            .bind(record.plan_tier.as_str())
            .bind(record.limits.max_users.map(column))
            .bind(record.limits.max_projects.map(column))
            .bind(record.limits.max_repositories.map(column))
            .bind(record.stripe_customer_id.as_deref())
            .bind(record.subscription_status.as_deref());
        transaction.execute(query).await?;
        transaction.work_as(Role::App).await?;
        if record.limits.max_projects != before.max_projects {
            quota::mark_projects(&mut transaction, record.limits).await?;
        }
        let entry = Entry {
            at: now,
            actor,
            action: "tenant.change",
            subject: format!("tenant:{id}"),
            details: json!({ "organization_name": record.organization_name, "plan_tier": record.plan_tier,
                "limits": record.limits }),
        };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(record)
    }

    /// Suspends a tenant; false where it was suspended already, since then.
    pub async fn suspend_tenant(
        &self,
        id: TenantId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.set_suspended(id, Some(now), actor, now).await
    }

    /// Takes a suspended tenant up again; false where it was not suspended.
    pub async fn take_up_tenant(
        &self,
        id: TenantId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.set_suspended(id, None, actor, now).await
    }

    async fn set_suspended(
        &self,
        id: TenantId,
        at: Option<Timestamp>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.tenant(id).write(Urgency::Answer).await?;
        let record = quota::lock(&mut transaction).await?;
        if record.suspended_at.is_some() == at.is_some() {
            return Ok(false);
        }
        transaction.work_as(Role::Operator).await?;
        let query = transaction.query(SUSPEND).bind(at.map(|at| at.0));
        transaction.execute(query).await?;
        transaction.work_as(Role::App).await?;
        let action = at.map_or("tenant.take_up", |_| "tenant.suspend");
        let entry = Entry { at: now, actor, action, subject: format!("tenant:{id}"), details: json!({}) };
        append(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_brings_its_limits_and_what_is_said_beside_it_wins() {
        let before = TenantLimits { max_users: Some(1), max_projects: Some(2), max_repositories: Some(3) };
        assert_eq!(TenantChange::default().limits(before), before);
        let upgrade = TenantChange {
            plan_tier: Some(PlanTier::Enterprise),
            max_projects: Some(Some(9)),
            ..TenantChange::default()
        };
        let after = TenantLimits { max_projects: Some(9), ..TenantLimits::default() };
        assert_eq!(upgrade.limits(before), after);
        let raise = TenantChange { max_users: Some(None), ..TenantChange::default() };
        assert_eq!(raise.limits(before), TenantLimits { max_users: None, ..before });
    }
}
