//! `muster installation claim | list`.

use std::io;

use anyhow::{Context as _, Result, bail};
use muster_store::{InstallationRecord, Page, Provider, StoreError};

use super::listing::{self, List, Out, Reader};
use crate::args::{InstallationArgs, InstallationClaimArgs, InstallationCommand, InstallationListArgs};
use crate::context::Context;
use crate::database::Database;
use crate::print::amounts::deliveries;
use crate::print::connections::{InstallationItem, write_installations};
use crate::print::json::ListWriter;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &InstallationArgs, context: &Context) -> Result<()> {
    match &args.command {
        InstallationCommand::Claim(args) => claim(args, context),
        InstallationCommand::List(args) => list(args, context).context("list installations"),
    }
}

fn claim(args: &InstallationClaimArgs, context: &Context) -> Result<()> {
    let database = Database::open(context)?;
    let tenant = database.tenant(context)?;
    let (id, now) = (args.id, context.now());
    let step = async {
        let claimed =
            tenant.claim_installation(Provider::GitHub, id, &args.account, now, &context.actor).await?;
        if !claimed {
            return anyhow::Ok(None);
        }
        let queue = database.store().queue().await?;
        Ok(Some(queue.plan_again(&format!("installation:{id}"), now).await?))
    };
    let waited = database.wait(step).with_context(|| format!("claim installation {id}"))?;
    let Some(waited) = waited else {
        bail!("claim installation {id}: another tenant has it");
    };
    context.say(&format!("installation {id} ({}) is {}'s", args.account, context.settings.tenant));
    if waited > 0 {
        let what = ["had waited for that and is planned again", "had waited for that and are planned again"];
        context.say(&deliveries(waited, what[0], what[1]));
    }
    Ok(())
}

fn list(args: &InstallationListArgs, context: &Context) -> Result<()> {
    let reader = Reader::open_even_suspended(context)?;
    listing::print(&Installations { reader: &reader }, &args.list, &reader)
}

struct Installations<'a> {
    reader: &'a Reader<'a>,
}

impl List for Installations<'_> {
    type Row = InstallationRecord;
    type Id = i64;
    const PLURAL: &'static str = "installations";
    const NONE: Option<&'static str> =
        Some("no installation is claimed: muster installation claim ID ACCOUNT claims one");

    fn id(number: i64) -> i64 {
        number
    }

    /// There are few: the store gives all of them.
    fn page(&self, limit: usize, after: Option<i64>) -> Result<Page<InstallationRecord, i64>, StoreError> {
        let mut items = self.reader.wait(self.reader.tenant.list_installations())?;
        items.retain(|one| after.is_none_or(|after| one.id > after));
        let next = (items.len() > limit).then(|| items[limit.saturating_sub(1)].id);
        items.truncate(limit);
        Ok(Page { items, next })
    }

    fn write_item(&self, out: &mut ListWriter<Out>, row: &InstallationRecord) -> io::Result<()> {
        out.item("installation", &InstallationItem::from(row))
    }

    fn write_table(&self, out: &mut Out, rows: &[InstallationRecord], look: &Look) -> io::Result<()> {
        write_installations(out, rows, look)
    }
}
