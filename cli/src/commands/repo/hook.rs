//! `muster repo hook show | rotate`.

use std::io::Write as _;

use anyhow::{Context as _, Result, bail};
use muster_ingest::connecting::{self, Hook};
use muster_store::{ConnectionRecord, Secret, SystemRandom, Tenant};

use super::connect::from_stdin;
use super::meant;
use crate::args::{Format, HookOf, RepoHookRotateArgs, RepoHookShowArgs};
use crate::context::Context;
use crate::database::Database;
use crate::print::connections::{HookEntry, write_hook, write_one};

/// Shows what a webhook is to be told.
pub(super) fn show(args: &RepoHookShowArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let repository = meant::find_active(&database, &tenant, &args.of.repo)?;
    let key = key(&database, &tenant, &repository)?;
    print(&Hook { key, secret: None }, &args.of, context)
}

/// Makes a new secret, or drops the one before.
pub(super) fn rotate(args: &RepoHookRotateArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let repository = meant::find_active(&database, &tenant, &args.of.repo)?;
    let (name, now) = (meant::shown(&repository), context.now());
    if args.drop_previous {
        let step = tenant.drop_previous_webhook_secret(repository.id, &context.actor, now);
        context.say(&if database.wait(step).context("drop the secret before")? {
            format!("of {name} only the present secret is accepted from now on")
        } else {
            format!("{name} has no secret but the present one")
        });
        return Ok(());
    }
    let key = key(&database, &tenant, &repository)?;
    let given: Option<Secret> = if args.secret_stdin { Some(from_stdin()?) } else { None };
    let step = connecting::rotate_secret(&tenant, repository.id, given, &SystemRandom, now, &context.actor);
    let secret = database.wait(step).with_context(|| format!("change the secret of {name}"))?;
    print(&Hook { key, secret: Some(secret) }, &args.of, context)?;
    context.say(
        "enter the secret at the provider; it is shown this once, and the one before is accepted beside it",
    );
    context
        .say(&format!("when the provider has it: muster repo hook rotate {} --drop-previous", repository.id));
    Ok(())
}

/// The last part of the webhook's address.
fn key(database: &Database, tenant: &Tenant, repository: &ConnectionRecord) -> Result<String> {
    let hooks = database.wait(tenant.list_hooks()).context("look for the webhook")?;
    let hook = hooks.into_iter().find(|hook| hook.repository == repository.id);
    let Some(hook) = hook else {
        let name = meant::shown(repository);
        let url = repository.clone_url.as_deref().unwrap_or("URL");
        bail!("find the webhook of {name}: it has none; muster repo connect {url} makes one");
    };
    Ok(hook.key)
}

fn print(hook: &Hook, of: &HookOf, context: &Context) -> Result<()> {
    let public = context.settings.service.public_url.as_deref();
    let mut out = context.output();
    match of.format {
        Format::Table => write_hook(&mut out, hook, public, &context.look)?,
        Format::Json | Format::Ndjson => write_one(&mut out, &HookEntry::new(hook, public))?,
    }
    Ok(out.flush()?)
}
