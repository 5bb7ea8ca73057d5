//! `muster tenant create`.

use anyhow::{Result, bail};
use muster_store::{NewTenant, PlanTier, StoreError, TenantLimits};

use super::show;
use crate::args::{CreateArgs, Limit, LimitArgs};
use crate::context::Context;
use crate::database::Database;

/// Runs it.
pub(super) fn run(args: &CreateArgs, context: &Context) -> Result<()> {
    let name = args.name.as_deref().unwrap_or_default();
    let database = Database::open(context)?;
    let plan_tier = PlanTier::from(args.plan);
    let new = NewTenant {
        subdomain: name.to_owned(),
        organization_name: args.organization.clone().unwrap_or_default(),
        plan_tier,
        limits: limits(plan_tier, &args.limits),
    };
    match database.wait(database.store().create_tenant_by(&new, &context.actor, context.now())) {
        Err(StoreError::AlreadyThere) => {
            bail!("there is a tenant {name} already; muster tenant show {name} says more")
        }
        made => drop(made?),
    }
    show::print(&database, &super::find(&database, name)?, args.format, context)
}

/// Those of the plan, unless another is given.
fn limits(plan: PlanTier, given: &LimitArgs) -> TenantLimits {
    let or = |given: Option<Limit>, of_plan: Option<u64>| given.map_or(of_plan, |limit| limit.0);
    let of_plan = plan.limits();
    TenantLimits {
        max_users: or(given.max_users, of_plan.max_users),
        max_projects: or(given.max_projects, of_plan.max_projects),
        max_repositories: or(given.max_repositories, of_plan.max_repositories),
    }
}
