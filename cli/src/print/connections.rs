//! What `muster repo` and `muster installation` show: connections, webhooks as they are entered, installations.

use std::io::{self, Write};

use muster_ingest::connecting::{Connected, EVENTS, Hook};
use muster_store::{ConnectionRecord, HookRecord, InstallationRecord, Timestamp};
use serde::Serialize;

use super::style::{FAINT, KIND, Look, PLAIN, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::visible;

/// How a provider is to write the body.
const CONTENT_TYPE: &str = "application/json";
/// Stands for where the service is reached, where that was not said.
const SOMEWHERE: &str = "https://YOUR-HOST";

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// The secret as text; those that we make always are.
fn secret(hook: &Hook) -> Option<String> {
    hook.secret.as_ref().map(|secret| String::from_utf8_lossy(secret.expose()).into_owned())
}

/// A webhook as JSON, as it is entered at the provider.
#[derive(Debug, Serialize)]
pub(crate) struct HookEntry {
    payload_url: Option<String>,
    path: String,
    content_type: &'static str,
    secret: Option<String>,
    events: &'static [&'static str],
}

impl HookEntry {
    /// Of a hook, below the address at which the service is reached.
    pub(crate) fn new(hook: &Hook, public_url: Option<&str>) -> Self {
        let path = hook.path();
        Self {
            payload_url: public_url.map(|url| format!("{url}{path}")),
            path,
            content_type: CONTENT_TYPE,
            secret: secret(hook),
            events: EVENTS,
        }
    }
}

/// A new connection as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct ConnectedItem<'a> {
    id: String,
    name: &'a str,
    source: &'a str,
    webhook: Option<HookEntry>,
}

impl<'a> ConnectedItem<'a> {
    /// Of one, below the address at which the service is reached.
    pub(crate) fn new(connected: &'a Connected, public_url: Option<&str>) -> Self {
        let facts = &connected.repository.facts;
        Self {
            id: connected.repository.id.to_string(),
            name: &facts.name,
            source: &facts.source_key,
            webhook: connected.hook.as_ref().map(|hook| HookEntry::new(hook, public_url)),
        }
    }
}

/// Writes one thing as a JSON object in a line.
pub(crate) fn write_one(out: &mut impl Write, item: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, item)?;
    out.write_all(b"\n")
}

/// Writes a webhook as it is entered at the provider.
pub(crate) fn write_hook(
    out: &mut impl Write,
    hook: &Hook,
    public_url: Option<&str>,
    look: &Look,
) -> io::Result<()> {
    let address = format!("{}{}", public_url.unwrap_or(SOMEWHERE), hook.path());
    let secret = secret(hook);
    let events = EVENTS.join(", ");
    let lines = [
        ("Payload URL", visible(&address)),
        ("Content type", CONTENT_TYPE.into()),
        ("Secret", secret.as_deref().map_or("(not shown again)".into(), visible)),
        ("Events", events.as_str().into()),
    ];
    for (label, value) in lines {
        writeln!(out, "{}  {value}", look.paint(FAINT, &format!("{label:12}")))?;
    }
    Ok(())
}

/// A connection as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct ConnectionItem<'a> {
    id: String,
    name: &'a str,
    full_name: Option<&'a str>,
    source: &'a str,
    state: &'static str,
    connected_at: Option<String>,
    installation_id: Option<String>,
    has_token: bool,
    webhooks: Vec<HookItem<'a>>,
    head: Option<String>,
    pushed_at: Option<String>,
    received_at: Option<String>,
    visible_at: Option<String>,
    waiting_since: Option<String>,
    last_synced_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct HookItem<'a> {
    prefix: &'a str,
    created_at: String,
    delivered_at: Option<String>,
    refused_code: Option<&'a str>,
    refused_at: Option<String>,
    refusals: u64,
    has_previous_secret: bool,
}

impl<'a> ConnectionItem<'a> {
    /// Of a row and its hooks.
    pub(crate) fn new(row: &'a ConnectionRecord, hooks: &'a [HookRecord]) -> Self {
        let hook = |hook: &'a HookRecord| HookItem {
            prefix: hook.prefix(),
            created_at: hook.created_at.to_string(),
            delivered_at: text(hook.delivered_at),
            refused_code: hook.refused.as_ref().map(|(code, _)| code.as_str()),
            refused_at: hook.refused.as_ref().map(|(_, at)| at.to_string()),
            refusals: hook.refusals,
            has_previous_secret: row.has_previous_secret,
        };
        Self {
            id: row.id.to_string(),
            name: &row.name,
            full_name: row.full_name.as_deref(),
            source: &row.source_key,
            state: state(row),
            connected_at: text(row.connected_at),
            installation_id: row.installation.map(|id| id.to_string()),
            has_token: row.has_token,
            webhooks: hooks.iter().map(hook).collect(),
            head: row.head.map(|head| head.to_string()),
            pushed_at: text(row.pushed_at),
            received_at: text(row.received_at),
            visible_at: text(row.visible_at),
            waiting_since: text(row.waiting_since),
            last_synced_at: text(row.last_synced_at),
        }
    }
}

/// In a word, whether it is looked at.
fn state(row: &ConnectionRecord) -> &'static str {
    match (row.is_active, row.connected_at, row.gone_at) {
        (_, _, Some(_)) => "gone",
        (true, Some(_), None) => "active",
        (false, Some(_), None) => "inactive",
        (_, None, None) => "removed",
    }
}

/// Writes connections, each with its hooks.
pub(crate) fn write_connections(
    out: &mut impl Write,
    rows: &[(&ConnectionRecord, &[HookRecord])],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("REPOSITORY", 16),
        Column::words("STATE"),
        Column::text("HEARD BY", 12),
        Column::words("LAST DELIVERY"),
        Column::words("LAST LOOK"),
        Column::words("SHOWS SINCE"),
        Column::words("WAITS SINCE"),
    ]);
    for (row, hooks) in rows {
        let by = match (row.installation, hooks.first()) {
            (Some(id), _) => format!("App {id}"),
            (None, Some(hook)) => format!("webhook {}", hook.prefix()),
            (None, None) => String::new(),
        };
        // What an App sends is known only once it was planned: then it is the newest push.
        let delivered = hooks.iter().filter_map(|hook| hook.delivered_at).max().or(row.received_at);
        let (state, name) = (state(row), row.full_name.as_deref().unwrap_or(&row.name));
        table.push([
            Cell::new(&row.id.to_string(), FAINT),
            Cell::new(name, STRONG),
            Cell::new(state, if state == "active" { KIND } else { WARNING }),
            Cell::new(&by, PLAIN),
            Cell::from(text(delivered).as_deref()),
            Cell::from(text(row.last_synced_at).as_deref()),
            Cell::from(text(row.visible_at).as_deref()),
            Cell::from(text(row.waiting_since).as_deref()),
        ]);
    }
    table.write(out, look)
}

/// An installation as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct InstallationItem<'a> {
    id: String,
    provider: &'static str,
    account: &'a str,
    created_at: String,
    suspended_at: Option<String>,
    removed_at: Option<String>,
}

impl<'a> From<&'a InstallationRecord> for InstallationItem<'a> {
    fn from(row: &'a InstallationRecord) -> Self {
        Self {
            id: row.id.to_string(),
            provider: row.provider.as_str(),
            account: &row.account,
            created_at: row.created_at.to_string(),
            suspended_at: text(row.suspended_at),
            removed_at: text(row.removed_at),
        }
    }
}

/// Writes installations.
pub(crate) fn write_installations(
    out: &mut impl Write,
    rows: &[InstallationRecord],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("ACCOUNT", 16),
        Column::words("KNOWN SINCE"),
        Column::words("SUSPENDED"),
        Column::words("REMOVED"),
    ]);
    for row in rows {
        table.push([
            Cell::new(&row.id.to_string(), FAINT),
            Cell::new(&row.account, STRONG),
            row.created_at.to_string().into(),
            Cell::from(text(row.suspended_at).as_deref()),
            Cell::from(text(row.removed_at).as_deref()),
        ]);
    }
    table.write(out, look)
}
