//! Measures pages of a large tenant beside 99 others, finding a tenant, and what row-level security costs.
//!
//! Each call is one of the store's methods as a caller makes it, one after another: what is measured is how long the
//! answer takes, not how many are given at once. Run by `benches/pages`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "pages/fill.rs"]
mod fill;
#[path = "pages/latencies.rs"]
mod latencies;
#[path = "pages/lookups.rs"]
mod lookups;
#[path = "pages/policies.rs"]
mod policies;
#[path = "../tests/scratch/mod.rs"]
mod scratch;

use std::time::Instant;

use latencies::{HEAD, Latencies};
use muster_model::{TaskKind, TaskState};
use muster_store::{DatabaseUrl, ProjectFilter, ProjectId, Store, TaskFilter, TaskId, Tenant};
use scratch::ScratchDatabase;
use sqlx::{Connection as _, SqliteConnection};

const USAGE: &str = "usage: pages sqlite|postgres CALLS";
const PAGE: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, calls] = &arguments[..] else { panic!("{USAGE}") };
    let calls = calls.parse().expect(USAGE);
    match engine.as_str() {
        "sqlite" => sqlite(calls).await,
        "postgres" => postgres(calls).await,
        _ => panic!("{USAGE}"),
    }
}

async fn sqlite(calls: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap();
    let tenant = fill::fill(&store).await;
    println!("\nsqlite: pages of {PAGE} of a tenant with 10,000 projects and 100,000 tasks\n\n{HEAD}");
    pages(&tenant, calls).await;
    let mut connection = SqliteConnection::connect(&path.display().to_string()).await.unwrap();
    lookups::sqlite(&mut connection, calls).await;
}

async fn postgres(calls: usize) {
    let database = ScratchDatabase::new().await;
    let store = Store::open(&database.url()).await.unwrap();
    let tenant = fill::fill(&store).await;
    let mut superuser = database.superuser().await;
    scratch::run(&mut superuser, "vacuum analyze").await;
    println!("\npostgres: pages of {PAGE} of a tenant with 10,000 projects and 100,000 tasks\n\n{HEAD}");
    pages(&tenant, calls).await;
    let mut service = database.service().await;
    lookups::postgres(&mut superuser, &mut service, calls).await;
    scratch::run(&mut superuser, &policies::preparation(scratch::SERVICE)).await;
    policies::compare(&mut service, tenant.id(), calls).await;
    scratch::run(&mut superuser, &policies::cleaning()).await;
    store.close().await;
    database.remove().await;
}

/// Every kind of page.
async fn pages(tenant: &Tenant, calls: usize) {
    let repositories = tenant.list_repositories(&Default::default()).await.unwrap().items;
    let repository = Some(repositories[60].repository.id);
    let in_it = ProjectFilter { repository, limit: 1, ..ProjectFilter::default() };
    let project = tenant.list_projects(&in_it).await.unwrap().items[0].id;

    let first = ProjectFilter { limit: PAGE, ..ProjectFilter::default() };
    projects("projects, first page", tenant, &first, calls).await;
    let after = Some(ProjectId(7777));
    projects("projects, deep page", tenant, &ProjectFilter { after, ..first.clone() }, calls).await;
    projects("projects of one repository", tenant, &ProjectFilter { repository, ..first.clone() }, calls)
        .await;

    let first = TaskFilter { limit: PAGE, ..TaskFilter::default() };
    tasks("tasks, first page", tenant, first, calls).await;
    tasks("tasks, deep page", tenant, TaskFilter { after: Some(TaskId(77_777)), ..first }, calls).await;
    tasks("tasks of one repository", tenant, TaskFilter { repository, ..first }, calls).await;
    tasks("tasks of one project", tenant, TaskFilter { project: Some(project), ..first }, calls).await;
    let (state, kind) = (Some(TaskState::Open), Some(TaskKind::Comment));
    tasks("tasks that are open", tenant, TaskFilter { state, ..first }, calls).await;
    tasks("tasks in comments", tenant, TaskFilter { kind, ..first }, calls).await;
}

async fn projects(what: &str, tenant: &Tenant, filter: &ProjectFilter, calls: usize) {
    let mut latencies = Latencies::default();
    for _ in 0..calls {
        let begun = Instant::now();
        let page = tenant.list_projects(filter).await.unwrap();
        latencies.push(begun.elapsed());
        assert_eq!(page.items.len(), PAGE, "{what}");
    }
    println!("{}", latencies.row(what));
}

async fn tasks(what: &str, tenant: &Tenant, filter: TaskFilter, calls: usize) {
    let mut latencies = Latencies::default();
    for _ in 0..calls {
        let begun = Instant::now();
        let page = tenant.list_tasks(&filter).await.unwrap();
        latencies.push(begun.elapsed());
        assert_eq!(page.items.len(), if filter.project.is_some() { 10 } else { PAGE }, "{what}");
    }
    println!("{}", latencies.row(what));
}
