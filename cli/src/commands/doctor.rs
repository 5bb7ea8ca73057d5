//! `muster doctor`: the database, and then what is amiss with what it holds.

mod app;
mod facts;
mod queue;
mod webhooks;

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
    examination.checks.extend(use_of(&examination, context));
    let mut out = context.output();
    match args.format {
        Format::Table => write_table(&mut out, &examination, &context.look)?,
        Format::Json => write_json(&mut out, &examination)?,
        Format::Ndjson => write_lines(&mut out, &examination)?,
    }
    out.flush()?;
    Ok(if examination.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Do the configured keys open what is sealed, and is what is connected heard and worked off? Asked only of a database that
/// opening changes nothing in.
fn use_of(examination: &Examination, context: &Context) -> Vec<Check> {
    let is_current = |check: &Check| check.subject == "schema" && check.verdict == Verdict::Fine;
    if !examination.is_fine() || !examination.checks.iter().any(is_current) {
        return Vec::new();
    }
    let failed = |subject, error: &anyhow::Error| {
        let says = format!("failed to {error:#}");
        vec![Check { subject, verdict: Verdict::Wrong, says, mend: None, finding: None }]
    };
    let database = match Database::open(context) {
        Ok(database) => database,
        Err(error) => return failed("keys", &error),
    };
    match facts::gather(&database, context) {
        Ok(facts) => [webhooks::checks(&facts), queue::checks(&facts)].concat(),
        Err(error) => failed("webhooks", &error),
    }
}
