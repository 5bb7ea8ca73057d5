//! `muster key status`: opens the database without keys, so that it can say which are missing.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::Result;
use muster_store::WrappingKeyId;
use serde::Serialize;

use crate::args::{Format, StatusArgs};
use crate::configuration::KeySource;
use crate::context::Context;
use crate::database::Database;
use crate::keys;
use crate::print::json::{ListWriter, Shape};
use crate::print::style::{PLAIN, STRONG, WARNING};
use crate::print::table::{Cell, Column, Table};

/// A key and who needs it.
#[derive(Serialize)]
struct KeyLine {
    key: String,
    /// `current`, `former` or `missing`.
    state: &'static str,
    /// Short names.
    tenants: Vec<String>,
}

/// Runs it.
pub(super) fn run(args: &StatusArgs, context: &Context) -> Result<()> {
    let source = context.settings.key_source();
    let keys = keys::read(&source)?;
    Database::refuse_missing(context)?;
    let database = Database::open_without_keys(context)?;
    let mut needed: BTreeMap<WrappingKeyId, Vec<String>> = BTreeMap::new();
    let mut without = Vec::new();
    for record in database.wait(database.store().list_tenants())? {
        match database.wait(database.store().tenant(record.id).wrapping_key())? {
            Some(key) => needed.entry(key).or_default().push(record.subdomain),
            None => without.push(record.subdomain),
        }
    }
    let given: Vec<WrappingKeyId> = keys.iter().flat_map(|keys| keys.ids()).collect();
    let states = ["current"].into_iter().chain(std::iter::repeat("former"));
    let mut lines: Vec<KeyLine> = (given.iter().zip(states))
        .map(|(id, state)| KeyLine {
            key: id.to_string(),
            state,
            tenants: needed.remove(id).unwrap_or_default(),
        })
        .collect();
    let missing = needed.into_iter();
    lines.extend(missing.map(|(id, tenants)| KeyLine { key: id.to_string(), state: "missing", tenants }));
    print(args.format, &lines, context)?;
    say(&source, &lines, &without, context);
    Ok(())
}

fn print(format: Format, lines: &[KeyLine], context: &Context) -> Result<()> {
    let shape = match format {
        Format::Table if lines.is_empty() => return Ok(()),
        Format::Table => {
            let mut table = Table::new([
                Column::words("KEY"),
                Column::words("STATE"),
                Column::number("TENANTS"),
                Column::text("NEEDED BY", 16),
            ]);
            for line in lines {
                let style = if line.state == "missing" { WARNING } else { PLAIN };
                table.push([
                    Cell::new(&line.key, STRONG),
                    Cell::new(line.state, style),
                    (line.tenants.len() as u64).into(),
                    line.tenants.join(", ").into(),
                ]);
            }
            let mut out = context.output();
            table.write(&mut out, &context.look)?;
            return Ok(out.flush()?);
        }
        Format::Json => Shape::Document,
        Format::Ndjson => Shape::Lines,
    };
    let mut out = ListWriter::new(context.output(), shape);
    lines.iter().try_for_each(|line| out.item("key", line))?;
    Ok(out.finish()?)
}

/// What the rows do not say.
fn say(source: &KeySource, lines: &[KeyLine], without: &[String], context: &Context) {
    let is_given = lines.iter().any(|line| line.state == "current");
    match source {
        KeySource::Text(_) => context.say("the keys come from MUSTER_KEY"),
        KeySource::Named(path) | KeySource::Own(path) if is_given => {
            context.say(&format!("the keys come from {}", path.display()));
            say_who_can_read(path, context);
        }
        KeySource::Own(path) => {
            context.say(&format!("no key is configured: muster key init makes {}", path.display()));
        }
        KeySource::Named(_) | KeySource::Nowhere => {
            context.say("no key is configured: set MUSTER_KEY_FILE (muster key init makes one)");
        }
    }
    let missing: Vec<&str> =
        lines.iter().filter(|line| line.state == "missing").map(|line| line.key.as_str()).collect();
    if !missing.is_empty() {
        context.say(&format!(
            "missing: {}; add what is missing to the key file, behind the current one, or no secret of these tenants \
             can be opened",
            missing.join(", ")
        ));
    }
    if !without.is_empty() {
        context.say(&format!("no key yet, for want of a secret: {}", without.join(", ")));
    }
}

/// Says where others than the owner can read a file.
fn say_who_can_read(path: &std::path::Path, context: &Context) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = path.metadata().map(|found| found.permissions().mode()).unwrap_or_default();
        if mode & 0o077 != 0 {
            context.say(&format!("others than its owner can read it: chmod 600 {}", path.display()));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, context);
}
