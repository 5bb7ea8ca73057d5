//! `muster tenant import`.

use std::fs::File;
use std::io::{self, BufReader, Seek as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use muster_store::{ImportOptions, Imported, SystemRandom, check_export};

use crate::args::ImportArgs;
use crate::context::Context;
use crate::database::Database;
use crate::print::amounts::counted;
use crate::print::moved::write_counts;
use crate::print::progress::Unit;

/// Runs it.
pub(crate) fn run(args: &ImportArgs, context: &Context) -> Result<()> {
    let imported = import(args, context).context("import a tenant")?;
    let mut out = context.output();
    write_counts(&mut out, &imported.tables, &context.look).and_then(|()| out.flush())?;
    let rows = imported.tables.iter().map(|(_, rows)| rows).sum();
    context.say(&format!("imported {}: {}", imported.subdomain, counted(rows, "row")));
    for left in &imported.left_behind {
        let rows = counted(left.rows, "row");
        context.say(&format!("left behind: {rows} of {}, for {}", left.what, left.reason));
    }
    if imported.resealed > 0 {
        context.say(&format!("sealed {} anew", counted(imported.resealed, "secret")));
    }
    Ok(())
}

fn import(args: &ImportArgs, context: &Context) -> Result<Imported> {
    let indicator = context.indicator();
    let report = |words: &str, rows| indicator.show(words, Unit::Things, rows, None);
    let name = args.file.display();
    let mut file = if args.file == Path::new("-") {
        spooled()?
    } else {
        File::open(&args.file).with_context(|| format!("open {name}"))?
    };
    // Nothing is written, not even a new database, before the whole of it was read and fits.
    check_export(&mut BufReader::with_capacity(256 * 1024, &mut file), &report)?;
    file.rewind().with_context(|| format!("read {name} a second time; give it as - from a pipe"))?;
    let keys = match &args.copy_as {
        Some(_) => crate::keys::read(&context.settings.key_source())?,
        None => None,
    };
    let database = Database::open(context)?;
    let options = ImportOptions {
        copy_as: args.copy_as.as_deref(),
        keys: keys.as_ref(),
        random: &SystemRandom,
        now: context.now(),
        actor: Some(&context.actor),
    };
    let mut input = BufReader::with_capacity(256 * 1024, file);
    Ok(database.wait(database.store().import_tenant(&mut input, options, &report))?)
}

/// Standard input in a file that has no name and goes with this process.
fn spooled() -> Result<File> {
    let mut file = tempfile::tempfile().context("make a temporary file")?;
    io::copy(&mut io::stdin().lock(), &mut file).context("keep standard input in a temporary file")?;
    file.rewind()?;
    Ok(file)
}
