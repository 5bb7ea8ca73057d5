//! `muster doctor`.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use muster_store::{DatabaseUrl, Store};

use crate::args::{DoctorArgs, Format};
use crate::context::Context;
use crate::print::examination::{write_json, write_lines, write_table};

/// Runs it: 1 where something is wrong.
pub(crate) fn run(args: &DoctorArgs, context: &Context) -> Result<ExitCode> {
    examine(args, context).context("examine the database")
}

fn examine(args: &DoctorArgs, context: &Context) -> Result<ExitCode> {
    let url: DatabaseUrl = context.settings.database()?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let examination = runtime.block_on(Store::examine(&url));
    let mut out = context.output();
    match args.format {
        Format::Table => write_table(&mut out, &examination, &context.look)?,
        Format::Json => write_json(&mut out, &examination)?,
        Format::Ndjson => write_lines(&mut out, &examination)?,
    }
    out.flush()?;
    Ok(if examination.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
