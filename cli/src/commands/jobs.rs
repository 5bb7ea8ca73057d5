//! `muster jobs list | show | retry`.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use anyhow::{Context as _, Result, bail};
use muster_store::{DeadGroup, JobFilter, JobId, JobRecord, JobState, Page, StoreError, Timestamp};

use super::listing::{self, List, Out};
use super::queue::QueueReader;
use crate::args::{Format, JobsArgs, JobsCommand, JobsListArgs, JobsRetryArgs, JobsShowArgs};
use crate::context::Context;
use crate::print::json::{ListWriter, Shape};
use crate::print::queue::{DeadItem, JobItem, write_dead, write_job, write_jobs};
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &JobsArgs, context: &Context) -> Result<()> {
    match &args.command {
        JobsCommand::List(args) if args.by_cause => by_cause(args, context).context("list dead jobs"),
        JobsCommand::List(args) => list(args, context).context("list jobs"),
        JobsCommand::Show(args) => show(args, context),
        JobsCommand::Retry(args) => retry(args, context),
    }
}

fn list(args: &JobsListArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let filter = JobFilter { state: args.wanted(), kind: args.kind.clone(), ..JobFilter::default() };
    listing::print(&Jobs { queue: &queue, filter }, &args.list, &queue.reader)
}

fn by_cause(args: &JobsListArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let groups = groups(&queue)?;
    let shape = match args.list.format {
        Format::Table => None,
        Format::Json => Some(Shape::Document),
        Format::Ndjson => Some(Shape::Lines),
    };
    match shape {
        Some(shape) => {
            let mut out = ListWriter::new(context.output(), shape);
            groups.iter().try_for_each(|group| out.item("dead_jobs", &DeadItem::from(group)))?;
            out.finish()?;
        }
        None if groups.is_empty() => {}
        None => {
            let mut out = context.output();
            write_dead(&mut out, &groups, &context.look)?;
            out.flush()?;
        }
    }
    if groups.is_empty() {
        context.say("there are no dead jobs");
    }
    Ok(())
}

/// Everybody's are grouped by the database; a tenant's are few enough to be read.
fn groups(queue: &QueueReader<'_>) -> Result<Vec<DeadGroup>, StoreError> {
    if queue.is_of_all() {
        return queue.reader.wait(queue.queue.dead_by_cause());
    }
    let mut groups: BTreeMap<(String, String), DeadGroup> = BTreeMap::new();
    for job in dead(queue, None)? {
        let cause = cause(&job).to_owned();
        let died_at = job.finished_at.unwrap_or_default();
        let new = || DeadGroup {
            kind: job.kind.clone(),
            cause: cause.clone(),
            jobs: 0,
            first: job.id,
            last: job.id,
            last_at: Timestamp(0),
        };
        let group = groups.entry((job.kind.clone(), cause.clone())).or_insert_with(new);
        group.jobs += 1;
        group.first = group.first.min(job.id);
        group.last = group.last.max(job.id);
        group.last_at = group.last_at.max(died_at);
    }
    Ok(groups.into_values().collect())
}

/// What a dead job died of.
fn cause(job: &JobRecord) -> &str {
    job.errors.last().map_or("", |error| &error.cause)
}

/// The tenant's dead jobs, newest first.
fn dead(queue: &QueueReader<'_>, kind: Option<&str>) -> Result<Vec<JobRecord>, StoreError> {
    let (state, kind) = (Some(JobState::Dead), kind.map(str::to_owned));
    let mut filter = JobFilter { state, kind, ..JobFilter::default() };
    let mut jobs = Vec::new();
    loop {
        let page = queue.reader.wait(queue.reader.tenant.list_jobs(&filter))?;
        jobs.extend(page.items);
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(jobs);
        }
    }
}

/// The job of an id, if it is one that is meant.
fn find(queue: &QueueReader<'_>, id: i64) -> Result<JobRecord> {
    let job = queue.reader.wait(queue.queue.show_job(JobId(id)))?.filter(|job| queue.means(job.tenant));
    job.with_context(|| {
        format!("find job {id}: there is none of this id; muster jobs list shows those that there are")
    })
}

fn show(args: &JobsShowArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let job = find(&queue, args.id)?;
    let tenant = queue.name(job.tenant);
    let mut out = context.output();
    match args.format {
        Format::Table => write_job(&mut out, &job, tenant, &context.look)?,
        Format::Json | Format::Ndjson => {
            serde_json::to_writer(&mut out, &JobItem::new(&job, tenant))?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

fn retry(args: &JobsRetryArgs, context: &Context) -> Result<()> {
    let queue = QueueReader::open(context, args.all_tenants)?;
    let ids = match (&args.kind, &args.cause) {
        (Some(kind), Some(cause)) if queue.is_of_all() => {
            let replay = queue.queue.replay_dead(kind, cause, args.dry_run, context.now());
            queue.reader.wait(replay)?
        }
        (Some(kind), Some(wanted)) => {
            let mut jobs = dead(&queue, Some(kind))?;
            jobs.retain(|job| cause(job) == wanted);
            jobs.reverse();
            let ids = jobs.into_iter().map(|job| job.id.0).collect::<Vec<_>>();
            retry_each(&queue, &ids, args.dry_run, context)?
        }
        _ => {
            // All are looked for before the first one is touched.
            for id in &args.ids {
                let job = find(&queue, *id)?;
                if !matches!(job.state, JobState::Dead | JobState::Ready) {
                    bail!("run job {id} now: it is {}", job.state.as_str());
                }
            }
            retry_each(&queue, &args.ids, args.dry_run, context)?
        }
    };
    let mut out = context.output();
    ids.iter().try_for_each(|id| writeln!(out, "{id}"))?;
    out.flush()?;
    let jobs = if ids.len() == 1 { "1 job".to_owned() } else { format!("{} jobs", ids.len()) };
    context.say(&match (ids.is_empty(), args.dry_run) {
        (true, _) => "there are no such dead jobs".to_owned(),
        (false, true) => format!("{jobs} would run now"),
        (false, false) => format!("{jobs} can run now"),
    });
    Ok(())
}

/// Lets them run now; gives those that could.
fn retry_each(
    queue: &QueueReader<'_>,
    ids: &[i64],
    dry_run: bool,
    context: &Context,
) -> Result<Vec<JobId>, StoreError> {
    let mut retried = Vec::new();
    for id in ids.iter().copied().map(JobId) {
        if dry_run || queue.reader.wait(queue.queue.retry_job(id, context.now()))? {
            retried.push(id);
        }
    }
    Ok(retried)
}

struct Jobs<'a> {
    queue: &'a QueueReader<'a>,
    filter: JobFilter,
}

impl List for Jobs<'_> {
    type Row = JobRecord;
    type Id = JobId;
    const PLURAL: &'static str = "jobs";
    const NONE: Option<&'static str> = Some("there are no such jobs");

    fn id(number: i64) -> JobId {
        JobId(number)
    }

    fn page(&self, limit: usize, after: Option<JobId>) -> Result<Page<JobRecord, JobId>, StoreError> {
        let filter = JobFilter { limit, after, ..self.filter.clone() };
        let reader = &self.queue.reader;
        if self.queue.is_of_all() {
            reader.wait(self.queue.queue.list_jobs(&filter))
        } else {
            reader.wait(reader.tenant.list_jobs(&filter))
        }
    }

    fn write_item(&self, out: &mut ListWriter<Out>, job: &JobRecord) -> io::Result<()> {
        out.item("job", &JobItem::new(job, self.queue.name(job.tenant)))
    }

    fn write_table(&self, out: &mut Out, jobs: &[JobRecord], look: &Look) -> io::Result<()> {
        let rows: Vec<_> = jobs.iter().map(|job| (job, self.queue.label(job.tenant))).collect();
        write_jobs(out, &rows, look)
    }
}
