//! `muster tenant export`.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use muster_store::{ExportError, ExportSummary, Tenant};

use crate::args::ExportArgs;
use crate::context::Context;
use crate::database::Database;
use crate::output::Output;
use crate::print::amounts::{counted, size};
use crate::print::progress::Unit;
use crate::whole_file::WholeFile;

/// Runs it.
pub(crate) fn run(args: &ExportArgs, context: &Context) -> Result<()> {
    export(args, context).with_context(|| format!("export the tenant {}", args.tenant))
}

fn export(args: &ExportArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let found = database.wait(database.store().tenant_by_subdomain(&args.tenant))?;
    let record = found.context("find it: there is none of that name in this database")?;
    let tenant = database.store().tenant(record.id);
    if args.output == Path::new("-") {
        let mut out = Output::new(io::stdout());
        write(&database, &tenant, &mut out, context)?;
        out.flush()?;
        return Ok(());
    }
    let name = args.output.display();
    let mut file = WholeFile::create(&args.output).with_context(|| format!("write {name}"))?;
    let summary = match write(&database, &tenant, &mut file, context) {
        Ok(summary) => summary,
        Err(error) => {
            file.abandon();
            return Err(error.into());
        }
    };
    let bytes = file.finish().with_context(|| format!("write {name}"))?;
    let rows = summary.tables.iter().map(|(_, rows)| rows).sum();
    context.say(&format!("exported {}: {}, {} in {name}", args.tenant, counted(rows, "row"), size(bytes)));
    Ok(())
}

fn write(
    database: &Database,
    tenant: &Tenant,
    out: &mut (dyn io::Write + Send),
    context: &Context,
) -> Result<ExportSummary, ExportError> {
    let indicator = context.indicator();
    let report = |words: &str, rows| indicator.show(words, Unit::Things, rows, None);
    database.wait(tenant.export(out, Some(&context.actor), context.now(), &report))
}
