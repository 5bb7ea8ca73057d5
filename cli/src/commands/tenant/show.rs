//! `muster tenant list` and `show`.

use std::io::Write as _;

use anyhow::Result;
use muster_store::TenantRecord;

use crate::args::{Format, ListArgs, ShowArgs};
use crate::context::Context;
use crate::database::Database;
use crate::print::json::{ListWriter, Shape};
use crate::print::tenants::{TenantItem, TenantView, write_tenant, write_tenants};

/// Every tenant.
pub(super) fn list(args: &ListArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let records = database.wait(database.store().list_tenants())?;
    print_all(&records, args.format, context)?;
    if records.is_empty() {
        context.say(
            "there are no tenants yet: muster tenant create NAME makes one, muster scan the default one",
        );
    }
    Ok(())
}

/// Prints tenants.
pub(super) fn print_all(records: &[TenantRecord], format: Format, context: &Context) -> Result<()> {
    let shape = match format {
        Format::Table if records.is_empty() => return Ok(()),
        Format::Table => {
            let mut out = context.output();
            write_tenants(&mut out, records, &context.look)?;
            return Ok(out.flush()?);
        }
        Format::Json => Shape::Document,
        Format::Ndjson => Shape::Lines,
    };
    let mut out = ListWriter::new(context.output(), shape);
    records.iter().try_for_each(|record| out.item("tenant", &TenantItem::from(record)))?;
    Ok(out.finish()?)
}

/// One tenant.
pub(super) fn run(args: &ShowArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    print(&database, &super::find(&database, &args.name)?, args.format, context)
}

/// Prints a tenant with what it has.
pub(super) fn print(
    database: &Database,
    record: &TenantRecord,
    format: Format,
    context: &Context,
) -> Result<()> {
    let tenant = database.store().tenant(record.id);
    let usage = database.wait(tenant.usage())?;
    let key = database.wait(tenant.wrapping_key())?.map(|key| key.to_string());
    let view = TenantView { record, usage, key };
    let mut out = context.output();
    match format {
        Format::Table => write_tenant(&mut out, &view, &context.look)?,
        Format::Json | Format::Ndjson => {
            serde_json::to_writer(&mut out, &view.item())?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}
