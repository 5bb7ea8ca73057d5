//! Tenants: a row each, or one of them whole, with what it has beside what it may have.

use std::io::{self, Write};

use muster_store::{PlanTier, TenantLimits, TenantRecord, TenantUsage};
use serde::Serialize;

use super::amounts::number;
use super::style::{FAINT, Look, PLAIN, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::visible;

/// A tenant as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct TenantItem<'a> {
    id: String,
    subdomain: &'a str,
    organization_name: &'a str,
    plan_tier: PlanTier,
    #[serde(flatten)]
    limits: TenantLimits,
    suspended_at: Option<String>,
    created_at: String,
    #[serde(flatten)]
    has: Option<Has>,
}

/// What it has.
#[derive(Debug, Serialize)]
struct Has {
    users: u64,
    repositories: u64,
    projects: u64,
    projects_over_quota: u64,
    tasks: u64,
    commits: u64,
    wrapping_key: Option<String>,
}

impl<'a> From<&'a TenantRecord> for TenantItem<'a> {
    fn from(record: &'a TenantRecord) -> Self {
        Self {
            id: record.id.to_string(),
            subdomain: &record.subdomain,
            organization_name: &record.organization_name,
            plan_tier: record.plan_tier,
            limits: record.limits,
            suspended_at: record.suspended_at.map(|time| time.to_string()),
            created_at: record.created_at.to_string(),
            has: None,
        }
    }
}

/// A tenant, what it has, and which key its secrets need.
#[derive(Debug)]
pub(crate) struct TenantView<'a> {
    pub(crate) record: &'a TenantRecord,
    pub(crate) usage: TenantUsage,
    /// The id of the wrapping key; none where there is no data key yet.
    pub(crate) key: Option<String>,
}

impl TenantView<'_> {
    /// The same as JSON.
    pub(crate) fn item(&self) -> TenantItem<'_> {
        let usage = &self.usage;
        let has = Has {
            users: usage.users,
            repositories: usage.repositories,
            projects: usage.projects,
            projects_over_quota: usage.over_quota,
            tasks: usage.tasks,
            commits: usage.commits,
            wrapping_key: self.key.clone(),
        };
        TenantItem { has: Some(has), ..TenantItem::from(self.record) }
    }
}

fn limit(limit: Option<u64>) -> String {
    limit.map_or_else(|| "unlimited".to_owned(), number)
}

/// Writes tenants, a row each.
pub(crate) fn write_tenants(out: &mut impl Write, records: &[TenantRecord], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("TENANT"),
        Column::text("ORGANIZATION", 12),
        Column::words("PLAN"),
        Column::number("USERS"),
        Column::number("REPOSITORIES"),
        Column::number("PROJECTS"),
        Column::words("MADE"),
        Column::words("SUSPENDED"),
    ]);
    for record in records {
        table.push([
            Cell::new(&record.subdomain, STRONG),
            record.organization_name.as_str().into(),
            record.plan_tier.as_str().into(),
            limit(record.limits.max_users).into(),
            limit(record.limits.max_repositories).into(),
            limit(record.limits.max_projects).into(),
            Cell::new(&record.created_at.to_string(), FAINT),
            record.suspended_at.map_or_else(Cell::default, |time| Cell::new(&time.to_string(), WARNING)),
        ]);
    }
    table.write(out, look)
}

/// Writes one tenant, a line for each thing.
pub(crate) fn write_tenant(out: &mut impl Write, view: &TenantView<'_>, look: &Look) -> io::Result<()> {
    let TenantView { record, usage, key } = view;
    let of = |has: u64, may: Option<u64>| match may {
        None => number(has),
        Some(may) => format!("{} of {}", number(has), number(may)),
    };
    let beyond = match usage.over_quota {
        0 => String::new(),
        beyond => format!(" ({} beyond the quota, left out of lists)", number(beyond)),
    };
    let suspended = record.suspended_at.map(|time| format!("since {time}"));
    let key = key.as_deref().map_or(
        ("data key", "none yet: made with the first secret, which needs a wrapping key (muster key init, where none is configured)"),
        |key| ("wrapping key", key),
    );
    let lines = [
        ("tenant", record.subdomain.clone(), STRONG),
        ("organization", record.organization_name.clone(), PLAIN),
        ("plan", record.plan_tier.as_str().to_owned(), PLAIN),
        ("suspended", suspended.unwrap_or_default(), WARNING),
        ("users", of(usage.users, record.limits.max_users), PLAIN),
        ("repositories", of(usage.repositories, record.limits.max_repositories), PLAIN),
        ("projects", of(usage.projects, record.limits.max_projects) + &beyond, PLAIN),
        ("tasks", number(usage.tasks), PLAIN),
        ("commits", number(usage.commits), PLAIN),
        (key.0, key.1.to_owned(), PLAIN),
        ("made", record.created_at.to_string(), FAINT),
        ("id", record.id.to_string(), FAINT),
    ];
    for (name, value, style) in lines.iter().filter(|(_, value, _)| !value.is_empty()) {
        writeln!(out, "{name:<14}{}", look.paint(*style, &visible(value)))?;
    }
    Ok(())
}
