//! `muster repo connect | list | remove | sync | hook`.

mod connect;
mod hook;
mod list;
mod meant;

use anyhow::{Context as _, Result, bail};
use muster_store::{NewJob, Priority};

use crate::args::{RepoArgs, RepoCommand, RepoHookCommand, RepoRemoveArgs, RepoSyncArgs};
use crate::context::Context;
use crate::database::Database;

/// Runs it.
pub(crate) fn run(args: &RepoArgs, context: &Context) -> Result<()> {
    match &args.command {
        RepoCommand::Connect(args) => connect::run(args, context),
        RepoCommand::List(args) => list::run(args, context).context("list connected repositories"),
        RepoCommand::Remove(args) => remove(args, context),
        RepoCommand::Sync(args) => sync(args, context),
        RepoCommand::Hook(args) => match &args.command {
            RepoHookCommand::Show(args) => hook::show(args, context),
            RepoHookCommand::Rotate(args) => hook::rotate(args, context),
        },
    }
}

fn remove(args: &RepoRemoveArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let repository = meant::find(&database, &tenant, &args.repo)?;
    let name = meant::shown(&repository);
    let removed = tenant.disconnect_repository(repository.id, context.now(), &context.actor);
    if !database.wait(removed).context("remove the repository")? {
        bail!("remove {name}: it was removed before; muster repo list --removed shows it");
    }
    context.say(&format!(
        "{name} is no longer looked at; its webhook, secrets and token are removed, and what is saved of it stays"
    ));
    context.say("remove its webhook at the provider too: what it sends from now on is refused");
    Ok(())
}

fn sync(args: &RepoSyncArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let connection = meant::find_active(&database, &tenant, &args.repo)?;
    let now = context.now();
    let enqueue = async {
        let repository = tenant.find_repository(connection.id).await?;
        let repository = repository.ok_or(muster_store::StoreError::NoSuchRepository)?;
        tenant.enqueue(&[NewJob::look(repository.id, Priority::Webhook, repository.is_new(), now)], now).await
    };
    let enqueued = database.wait(enqueue).context("have the repository looked at")?;
    let (job, how) = match (enqueued.new.first(), enqueued.merged.first()) {
        (Some(job), _) => (job, "is to be looked at"),
        (None, Some(job)) => (job, "was to be looked at already"),
        (None, None) => bail!("have the repository looked at: no job was made"),
    };
    context.say(&format!(
        "{} {how}: muster jobs show {job} tells how far that is; muster serve or muster worker does it",
        meant::shown(&connection)
    ));
    Ok(())
}
