//! `muster doctor`.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use muster_store::{Check, DatabaseUrl, Examination, Store, Verdict};

use crate::args::{DoctorArgs, Format};
use crate::context::Context;
use crate::database::Database;
use crate::print::examination::{write_json, write_lines, write_table};

/// Runs it: 1 where something is wrong.
pub(crate) fn run(args: &DoctorArgs, context: &Context) -> Result<ExitCode> {
    examine(args, context).context("examine the database")
}

fn examine(args: &DoctorArgs, context: &Context) -> Result<ExitCode> {
    let url: DatabaseUrl = context.settings.database()?.parse()?;
    if let DatabaseUrl::Sqlite(path) = &url
        && context.settings.names_database()
        && !path.exists()
    {
        anyhow::bail!(
            "find {}: there is no such file; look at the address (muster scan PATH makes a file)",
            path.display()
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut examination = runtime.block_on(Store::examine(&url));
    examination.checks.extend(keys(&examination, context));
    let mut out = context.output();
    match args.format {
        Format::Table => write_table(&mut out, &examination, &context.look)?,
        Format::Json => write_json(&mut out, &examination)?,
        Format::Ndjson => write_lines(&mut out, &examination)?,
    }
    out.flush()?;
    Ok(if examination.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Do the configured keys open what is sealed? Asked only of a database that opening changes nothing in.
fn keys(examination: &Examination, context: &Context) -> Option<Check> {
    let is_current = |check: &Check| check.subject == "schema" && check.verdict == Verdict::Fine;
    if !examination.is_fine() || !examination.checks.iter().any(is_current) {
        return None;
    }
    let error = Database::open(context).err()?;
    let says = format!("failed to {error:#}");
    Some(Check { subject: "keys", verdict: Verdict::Wrong, says, mend: None, finding: None })
}
