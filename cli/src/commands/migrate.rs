//! `muster migrate`: where the schema stands, and bringing it up to date.

use std::io::{self, Write};

use anyhow::{Context as _, Result, bail};
use muster_store::{DatabaseUrl, OpenError, RunTimeRole, Store};
use serde::Serialize;

use crate::args::{Format, MigrateAction, MigrateArgs};
use crate::context::Context;
use crate::database::runtime;
use crate::print::schema::{MigrationItem, Raising, RoleItem, Standing, write_raising, write_standing};

/// How the service gets a login. It takes its roles one at a time: one that inherited them would see, by way of
/// muster_queue, the queue of every tenant.
const LOGIN: &str = "\
the service logs in as a role of its own, which is made once:
  create role muster_service login noinherit password '...';
  grant muster_app, muster_queue, muster_operator to muster_service;";

/// Runs it.
pub(crate) fn run(args: &MigrateArgs, context: &Context) -> Result<()> {
    match args.action {
        MigrateAction::Status => status(args, context).context("look at the database's schema"),
        MigrateAction::Up => up(args, context).context("migrate"),
    }
}

fn status(args: &MigrateArgs, context: &Context) -> Result<()> {
    let url: DatabaseUrl = context.settings.database()?.parse()?;
    if let DatabaseUrl::Sqlite(path) = &url
        && !path.exists()
    {
        bail!("open the database {}: it is not there yet; muster migrate up makes it", path.display());
    }
    let (status, roles) = runtime()?.block_on(async {
        let status = Store::schema_status(&url).await?;
        Ok::<_, OpenError>((status, Store::run_time_roles(&url).await?))
    })?;
    let standing = Standing {
        database: url.to_string(),
        engine: engine(&url),
        found: status.found,
        known: status.known,
        missing: items(&status.missing),
        roles: roles.into_iter().map(role).collect(),
    };
    let mut out = context.output();
    match args.format {
        Format::Table => write_standing(&mut out, &standing, &context.look)?,
        Format::Json | Format::Ndjson => write_json(&mut out, &standing)?,
    }
    out.flush()?;
    if !standing.missing.is_empty() && args.format == Format::Table {
        context.say("muster migrate up brings it up to date; make a backup before");
    }
    Ok(())
}

fn up(args: &MigrateArgs, context: &Context) -> Result<()> {
    let url: DatabaseUrl = context.settings.direct_database()?.parse()?;
    let before = runtime()?.block_on(Store::migrate(&url))?;
    let raising = Raising {
        database: url.to_string(),
        engine: engine(&url),
        from: before.found,
        to: before.known,
        ran: items(&before.missing),
    };
    let mut out = context.output();
    match args.format {
        Format::Table => write_raising(&mut out, &raising, &context.look)?,
        Format::Json | Format::Ndjson => write_json(&mut out, &raising)?,
    }
    out.flush()?;
    // Whoever runs it once more to be sure has made that login.
    if matches!(url, DatabaseUrl::Postgres(_)) && args.format == Format::Table && !raising.ran.is_empty() {
        LOGIN.lines().for_each(|line| context.say(line));
    }
    Ok(())
}

fn engine(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgresql",
    }
}

fn items(migrations: &[(i64, &'static str)]) -> Vec<MigrationItem> {
    migrations.iter().map(|&(number, subject)| MigrationItem { number, subject }).collect()
}

fn role(role: RunTimeRole) -> RoleItem {
    let RunTimeRole { name, is_there, may_be_taken, tables, functions } = role;
    RoleItem { name, exists: is_there, may_be_taken, tables, functions }
}

fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
