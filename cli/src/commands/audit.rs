//! `muster audit list | verify`.

use std::io::{self, Write as _};

use anyhow::{Context as _, Result, bail};
use muster_store::{AuditFilter, AuditRecord, AuditSeq, Page, StoreError};

use super::listing::{self, List, Out, Reader};
use crate::args::{AuditArgs, AuditCommand, AuditListArgs, AuditVerifyArgs};
use crate::context::Context;
use crate::print::access::{AuditItem, write_entries};
use crate::print::amounts::number;
use crate::print::json::ListWriter;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &AuditArgs, context: &Context) -> Result<()> {
    match &args.command {
        AuditCommand::List(args) => list(args, context).context("list the audit log"),
        AuditCommand::Verify(args) => verify(args, context)
            .with_context(|| format!("verify the audit log of {}", context.settings.tenant)),
    }
}

fn list(args: &AuditListArgs, context: &Context) -> Result<()> {
    let reader = Reader::open_even_suspended(context)?;
    let filter = AuditFilter { oldest_first: args.oldest_first, ..AuditFilter::default() };
    listing::print(&Entries { reader: &reader, filter }, &args.list, &reader)
}

/// The head alone goes to standard output, so that it can be kept as it is.
fn verify(args: &AuditVerifyArgs, context: &Context) -> Result<()> {
    let reader = Reader::open_even_suspended(context)?;
    let report = reader.wait(reader.tenant.verify_audit_log(args.expect_head))?;
    if let Some(fault) = report.fault {
        match report.verified {
            0 => bail!(fault),
            1 => bail!("{fault}; entry 1 holds"),
            last => bail!("{fault}; entries 1 to {} hold", number(last)),
        }
    }
    let mut out = context.output();
    writeln!(out, "{}", report.head)?;
    out.flush()?;
    context.say(&match report.verified {
        0 => "the audit log is empty".to_owned(),
        1 => "the audit log holds: 1 entry".to_owned(),
        entries => format!("the audit log holds: {} entries", number(entries)),
    });
    Ok(())
}

struct Entries<'a> {
    reader: &'a Reader<'a>,
    filter: AuditFilter,
}

impl List for Entries<'_> {
    type Row = AuditRecord;
    type Id = AuditSeq;
    const PLURAL: &'static str = "entries";
    const NONE: Option<&'static str> = Some("the audit log is empty");

    fn id(number: i64) -> AuditSeq {
        AuditSeq(number)
    }

    fn page(&self, limit: usize, after: Option<AuditSeq>) -> Result<Page<AuditRecord, AuditSeq>, StoreError> {
        let filter = AuditFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.audit_entries(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, entry: &AuditRecord) -> io::Result<()> {
        out.item("audit_entry", &AuditItem::new(entry))
    }

    fn write_table(&self, out: &mut Out, entries: &[AuditRecord], look: &Look) -> io::Result<()> {
        write_entries(out, entries, look)
    }
}
