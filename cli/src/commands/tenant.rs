//! `muster tenant`: what an operator does. A suspended tenant can be looked at and changed as any other.

mod create;
mod delete;
mod demo;
mod show;

use anyhow::{Context as _, Result};
use muster_store::{TenantChange, TenantRecord};

use crate::args::{ChangeArgs, SuspendArgs, TenantArgs, TenantCommand};
use crate::context::Context;
use crate::database::Database;

/// Runs it.
pub(crate) fn run(args: &TenantArgs, context: &Context) -> Result<()> {
    match &args.command {
        TenantCommand::Create(args) if args.demo => demo::run(args, context).context("make the demo tenants"),
        TenantCommand::Create(args) => create::run(args, context).context("make a tenant"),
        TenantCommand::List(args) => show::list(args, context).context("list tenants"),
        TenantCommand::Show(args) => show::run(args, context).context("show a tenant"),
        TenantCommand::Change(args) => change(args, context).context("change a tenant"),
        TenantCommand::Suspend(args) => suspend(args, context).context("suspend a tenant"),
        TenantCommand::Delete(args) => delete::run(args, context).context("delete a tenant"),
        TenantCommand::Export(args) => super::export::run(args, context),
        TenantCommand::Import(args) => super::import::run(args, context),
    }
}

/// The tenant of that name, suspended or not.
fn find(database: &Database, name: &str) -> Result<TenantRecord> {
    let found = database.wait(database.store().tenant_by_subdomain(name))?;
    found.with_context(|| {
        format!("find {name}: there is no such tenant; muster tenant list names those that are there")
    })
}

fn change(args: &ChangeArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let record = find(&database, &args.name)?;
    let change = TenantChange {
        organization_name: args.organization.clone(),
        plan_tier: args.plan.map(Into::into),
        max_users: args.limits.max_users.map(|limit| limit.0),
        max_projects: args.limits.max_projects.map(|limit| limit.0),
        max_repositories: args.limits.max_repositories.map(|limit| limit.0),
    };
    let changed = database.store().change_tenant(record.id, &change, &context.actor, context.now());
    let record = database.wait(changed)?;
    show::print(&database, &record, args.format, context)
}

fn suspend(args: &SuspendArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let (name, id) = (&args.name, find(&database, &args.name)?.id);
    let (store, actor, now) = (database.store(), &context.actor, context.now());
    let words = if args.undo {
        match database.wait(store.take_up_tenant(id, actor, now))? {
            true => format!("{name} is taken up again"),
            false => format!("{name} was not suspended"),
        }
    } else {
        match database.wait(store.suspend_tenant(id, actor, now))? {
            true => format!("{name} is suspended; muster tenant suspend --undo {name} takes it up again"),
            false => format!("{name} was suspended before"),
        }
    };
    context.say(&words);
    Ok(())
}
