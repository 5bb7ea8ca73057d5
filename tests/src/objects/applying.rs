//! From a delivery to rows.

use std::fmt::Write as _;

use muster_store::{RepositoryFilter, TaskFilter, TenantId};

use super::voices::{INSTALLATION, REPOSITORY, claim, connect, deliver, work_off};
use crate::work::scene::{Scene, on_both};

/// What is stored of a tenant's repositories and tasks.
async fn shown(scene: &Scene, tenant: TenantId) -> String {
    let tenant = scene.store.tenant(tenant);
    let mut text = String::new();
    for listing in tenant.list_repositories(&RepositoryFilter::default()).await.unwrap().items {
        let (facts, provided) = (&listing.repository.facts, &listing.repository.provided);
        let rests = if listing.repository.is_active { "" } else { ", rests" };
        let url = facts.clone_url.as_deref().unwrap_or("no address");
        let branch = provided.default_branch.as_deref().unwrap_or("?");
        writeln!(text, "{} {} at {url} on {branch}{rests}", facts.source_key, facts.name).unwrap();
    }
    let filter = TaskFilter { closed: true, ..TaskFilter::default() };
    for task in tenant.list_tasks(&filter).await.unwrap().items {
        let gone = if task.closed_at.is_some() { ", gone" } else { "" };
        let (kind, state) = (task.found.kind.as_str(), task.found.state.as_str());
        let key = task.found.key.as_deref().unwrap_or("");
        writeln!(text, "{kind} {key} {:?} {state}{gone} {:?}", task.found.title, task.found.references)
            .unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_says_becomes_rows() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        claim(scene, acme, INSTALLATION).await;
        let said = [
            "installation/created.json",
            "installation_repositories/added.json",
            "issues/opened-by-app.json",
            "pull_request/opened-by-app.json",
        ];
        deliver(scene, "app", None, &said).await;
        let (worker, failed) = work_off(scene).await;
        let granted = shown(scene, acme).await;
        deliver(scene, "app", None, &["installation_repositories/removed.json", "installation/deleted.json"]).await;
        scene.until(|jobs| jobs.iter().all(|job| job.finished_at.is_some())).await;
        let removed = shown(scene, acme).await;
        insta::allow_duplicates! { insta::assert_snapshot!([failed.join("\n"), granted, removed].join("\n"), @r##"

        github:5000000123 tide-table at https://github.com/example-org/tide-table on ?
        github:5000000777 moon-table at https://github.com/example-org/moon-table on ?
        issue #12 "Spring tides are an hour late" open ["TASK-7"]
        pull_request #14 "Add neap tides" in_progress ["#12"]

        github:5000000123 tide-table at https://github.com/example-org/tide-table on ?, rests
        github:5000000777 moon-table at https://github.com/example-org/moon-table on ?, rests
        issue #12 "Spring tides are an hour late" open ["TASK-7"]
        pull_request #14 "Add neap tides" in_progress ["#12"]
        "##); }
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hook_says_becomes_rows_in_any_order() {
    on_both(async |scene| {
        let mut answers = Vec::new();
        let said = [
            "issues/opened.json",
            "issues/closed-completed.json",
            "pull_request/opened.json",
            "pull_request/closed-merged.json",
            "repository/renamed.json",
            "repository/archived.json",
        ];
        for (name, backwards) in [("one", false), ("two", true)] {
            let tenant = scene.tenant(name).await;
            let (_, key) = connect(scene, tenant, REPOSITORY, "example-org/tide-table").await;
            let mut said = said;
            if backwards {
                said.reverse();
            }
            deliver(scene, key.as_str(), Some(tenant), &said).await;
            let (worker, failed) = work_off(scene).await;
            assert!(failed.is_empty(), "{failed:?}");
            worker.stop().await;
            answers.push(shown(scene, tenant).await);
        }
        insta::allow_duplicates! { insta::assert_snapshot!(answers[0], @r##"
        github:5000000123 tide-table at https://github.com/example-org/tide-table.git on main
        issue #12 "Spring tides are an hour late" done ["TASK-7"]
        pull_request #14 "Add neap tides" done ["#12"]
        "##); }
        assert_eq!(answers[0], answers[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_tells_once_which_repository_it_is() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        let tenant = scene.store.tenant(acme);
        let connection = muster_store::Connection {
            clone_url: Some("https://github.com/Example-Org/tide-table"),
            ..muster_store::Connection::default()
        };
        let now = muster_ingest::work::machine_clock();
        let repository = tenant.connect_repository(&connection, now, &super::voices::actor()).await.unwrap();
        let key = muster_store::HookKey::generate(&muster_store::SystemRandom).unwrap();
        tenant.add_hook(repository.id, &key, now, &super::voices::actor()).await.unwrap();
        deliver(scene, key.as_str(), Some(acme), &["issues/opened.json"]).await;
        let (worker, failed) = work_off(scene).await;
        assert!(failed.is_empty(), "{failed:?}");
        let learnt = tenant.find_repository(repository.id).await.unwrap().unwrap();
        assert_eq!(learnt.provided.id, Some((muster_store::Provider::GitHub, REPOSITORY)));
        assert_eq!(tenant.list_tasks(&TaskFilter::default()).await.unwrap().items.len(), 1);
        worker.stop().await;
    })
    .await;
}
