//! `muster tenant create --demo`: three tenants with small repositories to try things with.
//!
//! The repositories are texts in this program. They are written to a folder of their own, scanned by the engine as any
//! folder is, and saved; so what they show is what a scan shows. They have no history, for they are no Git repositories,
//! and an address that leads nowhere (`.invalid`, RFC 2606), for the folder is gone afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use muster_engine::{ScanOptions, save, scan};
use muster_scanner::{Limits, Silent, Source};
use muster_store::{NewTenant, Tenant, TenantRecord};

use super::show;
use crate::args::CreateArgs;
use crate::context::Context;
use crate::database::Database;
use crate::print::amounts::counted;

/// Short name, the organisation's name, and its repositories.
const TENANTS: [(&str, &str, &str); 3] = [
    ("coditect-ai", "CODITECT AI (demo)", include_str!("../../../../fixtures/demo/coditect-ai.case")),
    (
        "find-me-a-mechanic",
        "Find Me a Mechanic (demo)",
        include_str!("../../../../fixtures/demo/find-me-a-mechanic.case"),
    ),
    ("hookup-app", "Hookup App (demo)", include_str!("../../../../fixtures/demo/hookup-app.case")),
];

/// Runs it.
pub(super) fn run(args: &CreateArgs, context: &Context) -> Result<()> {
    let database = Database::open(context)?;
    let mut records = Vec::new();
    for (subdomain, organization, text) in TENANTS {
        let Some(record) = find_or_make(&database, subdomain, organization, context)? else {
            context.say(&format!("{subdomain} is a tenant of yours, not of the demo: it is left as it is"));
            continue;
        };
        let tenant = database.store().tenant(record.id);
        let mut made = 0;
        for (name, files) in repositories(text) {
            let made_now = add_repository(&database, &tenant, subdomain, name, &files, context);
            made += u64::from(made_now.with_context(|| format!("scan {name} of {subdomain}"))?);
        }
        context.say(&match made {
            0 => format!("{subdomain} is there already"),
            1 => format!("{subdomain} has 1 new repository"),
            made => format!("{subdomain} has {made} new repositories"),
        });
        records.push(record);
    }
    show::print_all(&records, args.format, context)?;
    let tasks =
        "muster projects --tenant hookup-app and muster tasks --tenant coditect-ai show what is in them";
    context.say(&format!("{} to try things with: {tasks}", counted(records.len() as u64, "tenant")));
    Ok(())
}

/// The demo tenant of that name; none where somebody else's has it.
fn find_or_make(
    database: &Database,
    subdomain: &str,
    organization: &str,
    context: &Context,
) -> Result<Option<TenantRecord>> {
    let find = || database.wait(database.store().tenant_by_subdomain(subdomain));
    if let Some(record) = find()? {
        return Ok(Some(record).filter(|record| record.organization_name == organization));
    }
    let new = NewTenant {
        subdomain: subdomain.to_owned(),
        organization_name: organization.to_owned(),
        ..NewTenant::default()
    };
    database.wait(database.store().create_tenant_by(&new, &context.actor, context.now()))?;
    Ok(find()?)
}

/// The files of each repository, by its name: a section `-- name/path --` for each.
fn repositories(text: &str) -> BTreeMap<&str, Vec<(&str, String)>> {
    let mut found: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        let head = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        if let Some((name, path)) = head.and_then(|head| head.split_once('/')) {
            found.entry(name).or_default().push((path, String::new()));
            current = Some(name);
        } else if let Some((_, content)) = current.and_then(|name| found.get_mut(name)?.last_mut()) {
            content.push_str(line);
            content.push('\n');
        }
    }
    found
}

/// Scans and saves a repository; false where it is saved already.
fn add_repository(
    database: &Database,
    tenant: &Tenant,
    subdomain: &str,
    name: &str,
    files: &[(&str, String)],
    context: &Context,
) -> Result<bool> {
    let key = format!("https://demo.invalid/{subdomain}/{name}");
    if database.wait(tenant.find_repository_by_source_key(&key))?.is_some() {
        return Ok(false);
    }
    let folder = tempfile::tempdir()?;
    let root = folder.path().join(name);
    for (path, content) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        fs::write(path, content)?;
    }
    let options = ScanOptions {
        user_rules: None,
        all: false,
        submodules: false,
        threads: 1,
        progress: &Silent,
        cancelled: &AtomicBool::new(false),
    };
    let mut snapshot = scan(Source::open(&root, None, Limits::default())?, options, None)?.snapshot;
    (snapshot.source_key, snapshot.clone_url) = (key, None);
    database.wait(save(tenant, &snapshot, context.now()))?;
    Ok(true)
}
