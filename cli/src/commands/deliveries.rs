//! `muster deliveries list | show | replay`.

use std::io::{self, Write as _};

use anyhow::{Context as _, Result, bail};
use muster_store::{DeliveryFilter, DeliveryId, DeliveryRecord, Page, ReplayFilter, StoreError};

use super::listing::{self, List, Out};
use super::queue::QueueReader;
use crate::args::{
    DeliveriesArgs, DeliveriesCommand, DeliveriesListArgs, DeliveriesReplayArgs, DeliveriesShowArgs, Format,
};
use crate::context::Context;
use crate::print::amounts::deliveries;
use crate::print::json::ListWriter;
use crate::print::queue::{DeliveryItem, write_deliveries, write_delivery};
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &DeliveriesArgs, context: &Context) -> Result<()> {
    match &args.command {
        DeliveriesCommand::List(args) => list(args, context).context("list deliveries"),
        DeliveriesCommand::Show(args) => show(args, context),
        DeliveriesCommand::Replay(args) => replay(args, context),
    }
}

fn list(args: &DeliveriesListArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let filter = DeliveryFilter { status: args.status, hook: args.hook.clone(), ..DeliveryFilter::default() };
    listing::print(&Deliveries { queue: &queue, filter }, &args.list, &queue.reader)
}

/// The delivery of an id, if it is one that is meant, and its body.
fn find(queue: &QueueReader<'_>, id: i64) -> Result<(DeliveryRecord, Option<Vec<u8>>)> {
    let found = queue.reader.wait(queue.queue.show_delivery(DeliveryId(id)))?;
    found.filter(|(delivery, _)| queue.means(delivery.tenant)).with_context(|| {
        format!(
            "find delivery {id}: there is none of this id; muster deliveries list shows those that there are \
             (with --all-tenants also those whose tenant is not known yet)"
        )
    })
}

fn show(args: &DeliveriesShowArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let (delivery, body) = find(&queue, args.id)?;
    let tenant = queue.name(delivery.tenant);
    let mut out = context.output();
    match (args.body, body, args.format) {
        (true, Some(body), _) => out.write_all(&body)?,
        (true, None, _) => bail!("show the body of delivery {}: it was removed, as it is old", args.id),
        (false, _, Format::Table) => write_delivery(&mut out, &delivery, tenant, &context.look)?,
        (false, _, Format::Json | Format::Ndjson) => {
            serde_json::to_writer(&mut out, &DeliveryItem::new(&delivery, tenant))?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

fn replay(args: &DeliveriesReplayArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let replayed = if args.ids.is_empty() { replay_all(args, &queue)? } else { replay_each(args, &queue)? };
    let Told { replayed, without_body } = replayed;
    if replayed == 0 && without_body == 0 {
        context.say("there are no such deliveries");
        return Ok(());
    }
    let what = if args.dry_run { "would be planned again" } else { "will be planned again" };
    context.say(&deliveries(replayed, what, what));
    if without_body > 0 {
        let what = ["stays as it is: its body was removed", "stay as they are: their bodies were removed"];
        context.say(&deliveries(without_body, what[0], what[1]));
    }
    Ok(())
}

/// What became of those that were meant.
#[derive(Default)]
struct Told {
    replayed: u64,
    without_body: u64,
}

/// Those of the given ids.
fn replay_each(args: &DeliveriesReplayArgs, queue: &QueueReader<'_>) -> Result<Told> {
    let context = queue.reader.context;
    // All are looked for before the first one is touched.
    for id in &args.ids {
        if find(queue, *id)?.1.is_none() {
            bail!("replay delivery {id}: its body was removed, as it is old");
        }
    }
    let (mut out, mut told) = (context.output(), Told::default());
    for id in &args.ids {
        let replay = queue.queue.replay_delivery(DeliveryId(*id), context.now());
        if args.dry_run || queue.reader.wait(replay)? {
            writeln!(out, "{id}")?;
            told.replayed += 1;
        }
    }
    out.flush()?;
    Ok(told)
}

/// All that are as it is said, by pages: each is told as soon as it is done.
fn replay_all(args: &DeliveriesReplayArgs, queue: &QueueReader<'_>) -> Result<Told> {
    let context = queue.reader.context;
    let which = ReplayFilter {
        tenant: (!queue.is_of_all()).then(|| queue.reader.tenant.id()),
        status: args.status,
        reason: args.reason.clone(),
        waits_for: args.waits_for.clone(),
    };
    let (mut out, mut told, mut after) = (context.output(), Told::default(), None);
    loop {
        let page = queue.queue.replay_deliveries(&which, after, args.dry_run, context.now());
        let page = queue.reader.wait(page)?;
        page.ids.iter().try_for_each(|id| writeln!(out, "{id}"))?;
        out.flush()?;
        told.replayed += page.ids.len() as u64;
        told.without_body += page.without_body;
        after = page.next;
        if after.is_none() {
            return Ok(told);
        }
    }
}

struct Deliveries<'a> {
    queue: &'a QueueReader<'a>,
    filter: DeliveryFilter,
}

impl List for Deliveries<'_> {
    type Row = DeliveryRecord;
    type Id = DeliveryId;
    const PLURAL: &'static str = "deliveries";
    const NONE: Option<&'static str> = Some("there are no such deliveries");

    fn id(number: i64) -> DeliveryId {
        DeliveryId(number)
    }

    fn page(
        &self,
        limit: usize,
        after: Option<DeliveryId>,
    ) -> Result<Page<DeliveryRecord, DeliveryId>, StoreError> {
        let filter = DeliveryFilter { limit, after, ..self.filter.clone() };
        let reader = &self.queue.reader;
        if self.queue.is_of_all() {
            reader.wait(self.queue.queue.list_deliveries(&filter))
        } else {
            reader.wait(reader.tenant.list_deliveries(&filter))
        }
    }

    fn write_item(&self, out: &mut ListWriter<Out>, delivery: &DeliveryRecord) -> io::Result<()> {
        out.item("delivery", &DeliveryItem::new(delivery, self.queue.name(delivery.tenant)))
    }

    fn write_table(&self, out: &mut Out, deliveries: &[DeliveryRecord], look: &Look) -> io::Result<()> {
        let rows: Vec<_> =
            deliveries.iter().map(|delivery| (delivery, self.queue.label(delivery.tenant))).collect();
        write_deliveries(out, &rows, look)
    }
}
