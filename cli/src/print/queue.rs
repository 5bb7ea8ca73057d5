//! What `muster jobs | deliveries` shows: rows for people, items for programs, and one of them whole.

use std::borrow::Cow;
use std::io::{self, Write};

use muster_store::{DeadGroup, DeliveryRecord, DeliveryStatus, JobRecord, JobState, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::amounts::number;
use super::style::{FAINT, GOOD, KIND, Look, PLAIN, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::visible;

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// A job as JSON. `tenant` is its short name; none for one that is nobody's.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct JobItem<'a> {
    id: String,
    tenant: Option<&'a str>,
    kind: &'a str,
    state: &'static str,
    payload: &'a Value,
    priority: &'static str,
    long: bool,
    serial_key: Option<&'a str>,
    installation_id: Option<String>,
    attempts: u64,
    losses: u64,
    merges: u64,
    merged_into: Option<String>,
    lease_owner: Option<&'a str>,
    enqueued_at: String,
    run_at: String,
    parked_until: Option<String>,
    started_at: Option<String>,
    finished_at: Option<String>,
    errors: Vec<ErrorItem<'a>>,
}

/// One error of a job as JSON.
#[derive(Clone, Debug, Serialize)]
struct ErrorItem<'a> {
    at: String,
    attempt: u64,
    cause: &'a str,
    message: &'a str,
}

impl<'a> JobItem<'a> {
    /// Of a row and what its tenant is called.
    pub(crate) fn new(job: &'a JobRecord, tenant: Option<&'a str>) -> Self {
        use muster_store::Priority::{Backfill, Nightly, Webhook};
        let errors = job.errors.iter().map(|error| ErrorItem {
            at: Timestamp(error.at).to_string(),
            attempt: error.attempt,
            cause: &error.cause,
            message: &error.message,
        });
        Self {
            id: job.id.to_string(),
            tenant,
            kind: &job.kind,
            state: job.state.as_str(),
            payload: &job.payload,
            priority: match job.priority {
                Webhook => "webhook",
                Backfill => "backfill",
                Nightly => "nightly",
            },
            long: job.long,
            serial_key: job.serial_key.as_deref(),
            installation_id: job.installation.map(|id| id.to_string()),
            attempts: job.attempts,
            losses: job.losses,
            merges: job.merges,
            merged_into: job.merged_into.map(|id| id.to_string()),
            lease_owner: job.lease_owner.as_deref(),
            enqueued_at: job.enqueued_at.to_string(),
            run_at: job.run_at.to_string(),
            parked_until: text(job.parked_until),
            started_at: text(job.started_at),
            finished_at: text(job.finished_at),
            errors: errors.collect(),
        }
    }
}

/// Writes jobs, each with what its tenant is called, where that is to be shown.
pub(crate) fn write_jobs(out: &mut impl Write, jobs: &[(&JobRecord, &str)], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("TENANT", 8),
        Column::words("KIND"),
        Column::words("STATE"),
        Column::number("ATTEMPTS"),
        Column::words("ENQUEUED"),
        Column::words("ENDED"),
        Column::text("WHAT", 16),
        Column::text("LAST ERROR", 16),
    ]);
    for (job, tenant) in jobs {
        table.push([
            Cell::new(&job.id.to_string(), FAINT),
            (*tenant).into(),
            Cell::new(&job.kind, KIND),
            Cell::new(job.state.as_str(), state_style(job.state)),
            number(job.attempts).into(),
            Cell::new(&job.enqueued_at.to_string(), FAINT),
            Cell::new(&text(job.finished_at).unwrap_or_default(), FAINT),
            what(&job.payload).into(),
            job.errors.last().map_or_else(Cell::default, |error| Cell::new(&error.message, WARNING)),
        ]);
    }
    table.write(out, look)
}

/// A job's payload in a few words: `delivery 7`.
fn what(payload: &Value) -> String {
    let Some(fields) = payload.as_object() else { return payload.to_string() };
    let words = fields.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name} {text}"),
        value => format!("{name} {value}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn state_style(state: JobState) -> anstyle::Style {
    match state {
        JobState::Ready => PLAIN,
        JobState::Running => STRONG,
        JobState::Done => GOOD,
        JobState::Dead => WARNING,
    }
}

/// Writes one job, a line for each thing, and its errors one below another.
pub(crate) fn write_job(
    out: &mut impl Write,
    job: &JobRecord,
    tenant: Option<&str>,
    look: &Look,
) -> io::Result<()> {
    let times = match job.attempts {
        1 => "1 attempt".to_owned(),
        attempts => format!("{} attempts", number(attempts)),
    };
    let more = [(job.losses, "lost leases"), (job.merges, "more that it stands for")];
    let more = more.iter().filter(|(count, _)| *count > 0).map(|(count, of)| format!(", {count} {of}"));
    let lines = [
        ("job", job.id.to_string(), STRONG),
        ("tenant", tenant.unwrap_or("nobody's").to_owned(), PLAIN),
        ("kind", job.kind.clone(), KIND),
        ("what", what(&job.payload), PLAIN),
        ("state", job.state.as_str().to_owned(), state_style(job.state)),
        ("tried", times + &more.collect::<String>(), PLAIN),
        ("one at a time", job.serial_key.clone().unwrap_or_default(), FAINT),
        ("worker", job.lease_owner.clone().unwrap_or_default(), PLAIN),
        ("merged into", job.merged_into.map(|id| id.to_string()).unwrap_or_default(), PLAIN),
        ("enqueued", job.enqueued_at.to_string(), FAINT),
        (
            "not before",
            if job.state == JobState::Ready { job.run_at.to_string() } else { String::new() },
            FAINT,
        ),
        ("parked until", text(job.parked_until).unwrap_or_default(), WARNING),
        ("started", text(job.started_at).unwrap_or_default(), FAINT),
        ("ended", text(job.finished_at).unwrap_or_default(), FAINT),
    ];
    write_lines(out, &lines, look)?;
    for error in &job.errors {
        let (at, cause) = (Timestamp(error.at).to_string(), visible(&error.cause));
        writeln!(
            out,
            "{} attempt {}, {}",
            look.paint(FAINT, &at),
            error.attempt,
            look.paint(WARNING, &cause)
        )?;
        writeln!(out, "  {}", visible(&error.message))?;
    }
    Ok(())
}

fn write_lines(
    out: &mut impl Write,
    lines: &[(&str, String, anstyle::Style)],
    look: &Look,
) -> io::Result<()> {
    for (name, value, style) in lines.iter().filter(|(_, value, _)| !value.is_empty()) {
        writeln!(out, "{name:<14}{}", look.paint(*style, &visible(value)))?;
    }
    Ok(())
}

/// Dead jobs that died of the same, as JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DeadItem<'a> {
    kind: &'a str,
    cause: &'a str,
    jobs: u64,
    first_id: String,
    last_id: String,
    last_at: String,
}

impl<'a> From<&'a DeadGroup> for DeadItem<'a> {
    fn from(group: &'a DeadGroup) -> Self {
        Self {
            kind: &group.kind,
            cause: &group.cause,
            jobs: group.jobs,
            first_id: group.first.to_string(),
            last_id: group.last.to_string(),
            last_at: group.last_at.to_string(),
        }
    }
}

/// Writes what jobs died of.
pub(crate) fn write_dead(out: &mut impl Write, groups: &[DeadGroup], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("KIND"),
        Column::text("CAUSE", 16),
        Column::number("JOBS"),
        Column::words("FIRST"),
        Column::words("LAST"),
        Column::words("LAST DIED"),
    ]);
    for group in groups {
        table.push([
            Cell::new(&group.kind, KIND),
            Cell::new(&group.cause, WARNING),
            number(group.jobs).into(),
            group.first.to_string().into(),
            group.last.to_string().into(),
            Cell::new(&group.last_at.to_string(), FAINT),
        ]);
    }
    table.write(out, look)
}

/// A delivery as JSON, without its body. A hook's key is a part of an address that only its owner knows: of it only the
/// beginning is shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DeliveryItem<'a> {
    id: String,
    tenant: Option<&'a str>,
    hook: Cow<'a, str>,
    guid: &'a str,
    event: &'a str,
    action: Option<&'a str>,
    status: &'static str,
    reason: Option<&'a str>,
    waits_for: Option<&'a str>,
    received_at: String,
    settled_at: Option<String>,
    has_body: bool,
    headers: Value,
}

impl<'a> DeliveryItem<'a> {
    /// Of a row and what its tenant is called.
    pub(crate) fn new(delivery: &'a DeliveryRecord, tenant: Option<&'a str>) -> Self {
        Self {
            id: delivery.id.to_string(),
            tenant,
            hook: hook(delivery),
            guid: &delivery.guid,
            event: &delivery.event,
            action: delivery.action.as_deref(),
            status: delivery.status.as_str(),
            reason: delivery.reason.as_deref(),
            waits_for: delivery.waits_for.as_deref(),
            received_at: delivery.received_at.to_string(),
            settled_at: text(delivery.settled_at),
            has_body: delivery.body_purged_at.is_none(),
            headers: serde_json::from_str(&delivery.headers).unwrap_or_default(),
        }
    }
}

fn hook(delivery: &DeliveryRecord) -> Cow<'_, str> {
    match delivery.hook.as_str() {
        "app" => "app".into(),
        key => muster_store::HookKey::prefix(key).into(),
    }
}

fn status_style(status: DeliveryStatus) -> anstyle::Style {
    match status {
        DeliveryStatus::Received => STRONG,
        DeliveryStatus::Parked | DeliveryStatus::Dead => WARNING,
        DeliveryStatus::Ignored => FAINT,
        DeliveryStatus::Done => GOOD,
    }
}

/// Writes deliveries, each with what its tenant is called, where that is to be shown.
pub(crate) fn write_deliveries(
    out: &mut impl Write,
    deliveries: &[(&DeliveryRecord, &str)],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("TENANT", 8),
        Column::words("HOOK"),
        Column::words("EVENT"),
        Column::text("ACTION", 8),
        Column::words("STATUS"),
        Column::words("RECEIVED"),
        Column::text("REASON", 16),
    ]);
    for (delivery, tenant) in deliveries {
        table.push([
            Cell::new(&delivery.id.to_string(), FAINT),
            (*tenant).into(),
            Cell::new(&hook(delivery), FAINT),
            Cell::new(&delivery.event, KIND),
            Cell::from(delivery.action.as_deref()),
            Cell::new(delivery.status.as_str(), status_style(delivery.status)),
            Cell::new(&delivery.received_at.to_string(), FAINT),
            Cell::from(delivery.reason.as_deref()),
        ]);
    }
    table.write(out, look)
}

/// Writes one delivery, a line for each thing.
pub(crate) fn write_delivery(
    out: &mut impl Write,
    delivery: &DeliveryRecord,
    tenant: Option<&str>,
    look: &Look,
) -> io::Result<()> {
    let event = match &delivery.action {
        Some(action) => format!("{} {action}", delivery.event),
        None => delivery.event.clone(),
    };
    let lines = [
        ("delivery", delivery.id.to_string(), STRONG),
        ("tenant", tenant.unwrap_or("not known yet").to_owned(), PLAIN),
        ("hook", hook(delivery).into_owned(), PLAIN),
        ("guid", delivery.guid.clone(), FAINT),
        ("event", event, KIND),
        ("status", delivery.status.as_str().to_owned(), status_style(delivery.status)),
        ("reason", delivery.reason.clone().unwrap_or_default(), PLAIN),
        ("waits for", delivery.waits_for.clone().unwrap_or_default(), PLAIN),
        ("received", delivery.received_at.to_string(), FAINT),
        ("planned", text(delivery.settled_at).unwrap_or_default(), FAINT),
        ("body removed", text(delivery.body_purged_at).unwrap_or_default(), FAINT),
    ];
    write_lines(out, &lines, look)?;
    let headers: Value = serde_json::from_str(&delivery.headers).unwrap_or_default();
    for (name, value) in headers.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        writeln!(out, "  {}: {}", look.paint(FAINT, &visible(name)), visible(&value))?;
    }
    Ok(())
}
