//! Reports in any order and any number of times leave the same rows.

use muster_engine::{read_task, resolve_links};
use muster_ingest::payload::{Names, Payload, text_of};
use muster_ingest::plan::{HookScope, Plan, plan};
use muster_ingest::verify::{BodyKind, EventName};
use muster_model::{Access, Change};
use muster_store::{Provider, RepositoryFilter, TaskFilter, Tenant, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::voices::{REPOSITORY, cases, connect};
use crate::work::scene::on_both;

/// How many orders are tried on each database.
const ORDERS: usize = 12;

/// What all cases say, each by the hook that may say it.
fn changes() -> Vec<Change> {
    let mut all = Vec::new();
    for name in cases() {
        let body =
            std::fs::read(format!("{}/../fixtures/webhooks/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let event = EventName::new(name.split_once('/').unwrap().0.as_bytes()).unwrap();
        let Ok(text) = text_of(BodyKind::Json, &body) else { continue };
        let Ok(payload) = Payload::read(&text) else { continue };
        if let Plan::Changes(changes) = plan(&event, &payload, &own_scope(&payload.names())) {
            all.extend(changes.into_iter().filter(|change| match change {
                Change::Task(task) => task.repository.get() == REPOSITORY,
                Change::Repository(facts) => facts.id.get() == REPOSITORY,
                Change::Access(access) => access.repository.get() == REPOSITORY,
                Change::Installation(_) => true,
                Change::LookAt(_) => false,
            }));
        }
    }
    assert!(all.len() > 80, "the cases say something: {}", all.len());
    all
}

fn own_scope(names: &Names) -> HookScope {
    match names.installation {
        Some(installation) => HookScope::App { claimed: Some(installation), connected: names.repository },
        None => HookScope::Repository { id: names.repository, full_name: None },
    }
}

async fn put(tenant: &Tenant, store: &muster_store::Store, change: &Change, now: Timestamp) {
    let (provider, base) = (Provider::GitHub, "https://github.com");
    match change {
        Change::Task(task) => {
            let said = read_task(task);
            _ = tenant.put_provider_task(provider, task, &said, resolve_links, None, now).await.unwrap();
        }
        Change::Repository(facts) => {
            let put = tenant.put_repository_report(provider, facts, base, Some(resolve_links), None, now);
            _ = put.await.unwrap();
        }
        Change::Access(access) => _ = tenant.put_access(provider, access, base, None, now).await.unwrap(),
        Change::Installation(facts) => _ = store.report_installation(provider, facts, now).await.unwrap(),
        Change::LookAt(_) => {}
    }
}

/// What is stored, ids and our own times aside.
async fn rows(tenant: &Tenant) -> String {
    let mut text = String::new();
    for listing in tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
        let mut repository = listing.repository;
        let gone = repository.provided.gone_at.take().is_some();
        repository.provided.connected_at = None;
        text += &format!("{repository:#?} {gone}\n");
    }
    let filter = TaskFilter { closed: true, ..TaskFilter::default() };
    let tasks = tenant.list_tasks(&filter).await.unwrap().items;
    for task in &tasks {
        let gone = task.closed_at.is_some();
        text += &format!("{:?} {:?} {gone}\n", task.found, task.provided);
    }
    let key = |id| tasks.iter().find(|task| task.id == id).and_then(|task| task.found.key.clone());
    let mut links: Vec<_> = tenant
        .list_links(&muster_store::LinkFilter::default())
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|link| {
            let muster_store::SourceId::PullRequest(source) = link.source else {
                panic!("there are no commits")
            };
            format!(
                "{:?} {} {:?} {} {:?}\n",
                key(source),
                link.task.relation.as_str(),
                link.task.key,
                link.rule,
                link.matched
            )
        })
        .collect();
    links.sort();
    text + &links.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_and_repetition_of_reports_leaves_the_same_rows() {
    let changes = changes();
    on_both(async |scene| {
        let mut runner = TestRunner::deterministic();
        let mut first: Option<String> = None;
        for n in 0..ORDERS {
            let twice: Vec<usize> = (0..changes.len()).chain(0..changes.len()).collect();
            let order = match n {
                0 => (0..changes.len()).collect(),
                _ => Just(twice).prop_shuffle().new_tree(&mut runner).unwrap().current(),
            };
            let id = scene.tenant(&format!("t{n}")).await;
            connect(scene, id, REPOSITORY, "example-org/tide-table").await;
            let tenant = scene.store.tenant(id);
            for at in order {
                put(&tenant, &scene.store, &changes[at], Timestamp(n as i64)).await;
            }
            let rows = rows(&tenant).await;
            match &first {
                None => first = Some(rows),
                Some(first) => assert!(*first == rows, "order {n}: {}", differing(first, &rows)),
            }
        }
    })
    .await;
}

/// The first line in which two texts differ.
pub(super) fn differing(one: &str, other: &str) -> String {
    let mut lines = one.lines().zip(other.lines());
    let different = lines.find(|(one, other)| one != other);
    different.map_or("one is longer".to_owned(), |(one, other)| format!("\n{one}\n{other}"))
}

#[test]
fn the_cases_hold_what_orders_could_change() {
    let changes = changes();
    let count = |is: &dyn Fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    assert!(count(&|change| matches!(change, Change::Task(_))) > 50);
    assert!(count(&|change| matches!(change, Change::Repository(_))) > 5);
    assert!(
        count(&|change| matches!(change, Change::Access(access) if access.access == Access::Withdrawn)) > 0
    );
}
