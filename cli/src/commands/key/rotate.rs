//! `muster key rotate`: the file first, then tenant by tenant.
//!
//! The new key is on the disk before anything is wrapped with it, and the former one stays beside it. So wherever this is
//! cut off, the file opens everything, and the next run goes on where some tenant still needs a former key.

use anyhow::{Context as _, Result, bail};
use muster_store::{Rewrapped, SystemRandom, WrappingKey, WrappingKeys};

use crate::args::RotateArgs;
use crate::configuration::KeySource;
use crate::context::Context;
use crate::database::Database;
use crate::keys::{self, KeyFile};
use crate::print::amounts::counted;

/// Runs it.
pub(super) fn run(args: &RotateArgs, context: &Context) -> Result<()> {
    let path = match context.settings.key_source() {
        KeySource::Named(path) | KeySource::Own(path) => path,
        KeySource::Text(_) => return rewrap_with_variable(args, context),
        KeySource::Nowhere => bail!("find the key file: set MUSTER_KEY_FILE (muster key init makes one)"),
    };
    let in_file = || format!("change the key file {}", path.display());
    let (mut file, mut keys) = KeyFile::open(&path).with_context(in_file)?;
    Database::refuse_missing(context)?;
    // Nothing is made or dropped unless the file opens everything that is stored.
    let mut database = Database::open_without_keys(context)?.with_keys(copy(&keys)?)?;
    let unfinished = needs_former(&database, &keys)?;
    if unfinished {
        context.say("some tenants still need a former key: finishing that, without another new one");
    } else if !args.drop_old {
        let key = WrappingKey::generate(&SystemRandom)?;
        let id = key.id();
        keys = keys.rotated_to(key);
        file.replace(&keys).with_context(in_file)?;
        (file, keys) = KeyFile::open(&path).with_context(in_file)?;
        if keys.current().id() != id {
            bail!("use the new key: another program has changed {} meanwhile; try again", path.display());
        }
        database = database.with_keys(copy(&keys)?)?;
        context.say(&format!("key {id} is the current one in {}", path.display()));
    }
    rewrap(&database, &keys, context)?;
    if args.drop_old {
        return drop_former(&database, file, &keys, context).with_context(in_file);
    }
    context.say(
        "the former keys are still in the file: when no backup that may be restored needs them and every running \
         program has read the file again, muster key rotate --drop-old takes them out",
    );
    Ok(())
}

/// The environment cannot be written to: whoever set it has put the new key in front.
fn rewrap_with_variable(args: &RotateArgs, context: &Context) -> Result<()> {
    if args.drop_old {
        bail!("drop the former keys: they come from MUSTER_KEY; take them out there");
    }
    Database::refuse_missing(context)?;
    let database = Database::open(context)?;
    let keys = keys::read(&context.settings.key_source())?.context("read MUSTER_KEY")?;
    if !needs_former(&database, &keys)? {
        context.say("the keys come from MUSTER_KEY: put a new one in front there, a comma behind it, and run this again");
    }
    rewrap(&database, &keys, context)
}

fn copy(keys: &WrappingKeys) -> Result<WrappingKeys> {
    Ok(WrappingKeys::parse(keys.to_text().expose())?)
}

/// Is some tenant's key wrapped with another than the current one?
fn needs_former(database: &Database, keys: &WrappingKeys) -> Result<bool> {
    let in_use = database.wait(database.store().wrapping_keys_in_use())?;
    Ok(in_use.iter().any(|(id, _)| *id != keys.current().id()))
}

/// Wraps every tenant's key with the current one.
fn rewrap(database: &Database, keys: &WrappingKeys, context: &Context) -> Result<()> {
    let tenants = database.wait(database.store().list_tenants())?;
    let (mut now, mut before) = (0, 0);
    for record in tenants {
        let tenant = database.store().tenant(record.id);
        let done = database.wait(tenant.rewrap_data_key(&context.actor, context.now()));
        match done.with_context(|| format!("wrap the key of tenant {} anew", record.subdomain))? {
            Rewrapped::Now => now += 1,
            Rewrapped::Before => before += 1,
            Rewrapped::NoKey => {}
        }
    }
    let id = keys.current().id();
    context.say(&match now + before {
        0 => "no tenant has a data key yet, so there was none to wrap".to_owned(),
        all => format!("key {id} wraps the keys of {}, {now} of them wrapped anew", counted(all, "tenant")),
    });
    Ok(())
}

fn drop_former(database: &Database, file: KeyFile, keys: &WrappingKeys, context: &Context) -> Result<()> {
    // A tenant may have been given a key meanwhile, by a program that has not read the file again.
    if needs_former(database, keys)? {
        bail!(
            "a tenant still needs a former key: run this again when every running program has read the file"
        );
    }
    let former: Vec<String> = keys.ids().skip(1).map(|id| id.to_string()).collect();
    if former.is_empty() {
        context.say("there is no former key in the file");
        return Ok(());
    }
    file.replace(&copy(keys)?.current_alone())?;
    context.say(&format!(
        "taken out of the file: {}; a backup that needs one opens with an older copy",
        former.join(", ")
    ));
    Ok(())
}
