//! Hooks speak only for themselves: whatever a tenant's hook or installation signs, no row of another tenant changes.

use muster_store::TenantId;

use super::voices::{INSTALLATION, REPOSITORY, cases, claim, connect, deliver, deliver_as, work_off};
use crate::work::scene::{Scene, on_both};

/// Every row of a tenant, as it would be exported. The first line says when.
async fn rows(scene: &Scene, tenant: TenantId) -> String {
    let mut out = Vec::new();
    scene.store.tenant(tenant).export(&mut out, None, muster_store::Timestamp(0), &|_, _| {}).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    text.split_once('\n').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_a_row_of_another_tenant() {
    on_both(async |scene| {
        let (mine, theirs) = (scene.tenant("mine").await, scene.tenant("theirs").await);
        // The victim has what all cases speak of, by its own App and by its own hook, with something to be changed.
        claim(scene, theirs, INSTALLATION).await;
        let (_, key) = connect(scene, theirs, REPOSITORY, "example-org/tide-table").await;
        let own = ["issues/opened.json", "pull_request/opened.json", "repository/archived.json"];
        deliver(scene, key.as_str(), Some(theirs), &own).await;
        let (worker, failed) = work_off(scene).await;
        assert!(failed.is_empty(), "{failed:?}");
        worker.stop().await;
        let before = rows(scene, theirs).await;
        assert!(before.lines().count() > 20);
        // The other's hooks: of a repository with another id, of one whose id is not known and which has the same address, and of
        // one of which nothing is known.
        let (_, other) = connect(scene, mine, 77, "example-org/tide-table").await;
        let all = cases();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        deliver(scene, other.as_str(), Some(mine), &all).await;
        for (n, address) in
            [Some("https://github.com/example-org/tide-table"), Some("/srv/git/x")].into_iter().enumerate()
        {
            let tenant = scene.tenant(&format!("mine{n}")).await;
            let handle = scene.store.tenant(tenant);
            let connection =
                muster_store::Connection { clone_url: address, ..muster_store::Connection::default() };
            let (now, actor) = (muster_ingest::work::machine_clock(), super::voices::actor());
            let repository = handle.connect_repository(&connection, now, &actor).await.unwrap();
            let key = muster_store::HookKey::generate(&muster_store::SystemRandom).unwrap();
            handle.add_hook(repository.id, &key, now, &actor).await.unwrap();
            deliver(scene, key.as_str(), Some(tenant), &all).await;
        }
        let assert_said = |failed: Vec<String>| {
            let is_said =
                |failure: &String| failure.contains("read the payload") || failure.contains("lacks");
            assert!(failed.iter().all(is_said), "{failed:#?}");
        };
        let (worker, failed) = work_off(scene).await;
        worker.stop().await;
        assert_said(failed);
        assert_eq!(rows(scene, theirs).await, before);
        assert!(rows(scene, mine).await.lines().count() > 100, "they were recorded, each in its tenant");
        // The same ids, said of another installation: the App signs for both, and this one is the other tenant's.
        claim(scene, mine, INSTALLATION + 1).await;
        let own = rows(scene, mine).await;
        deliver_as(scene, INSTALLATION + 1, &all).await;
        let (worker, failed) = work_off(scene).await;
        worker.stop().await;
        assert_said(failed);
        assert_ne!(rows(scene, mine).await, own, "they were applied where they belong");
        assert_eq!(rows(scene, theirs).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hook_of_one_repository_does_not_speak_of_another_of_its_tenant() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        let handle = scene.store.tenant(acme);
        // One that was connected by its address, whose id nobody has said yet; and one that has the id that is said.
        let by_address = muster_store::Connection {
            clone_url: Some("https://github.com/example-org/tide-table"),
            ..muster_store::Connection::default()
        };
        let (now, actor) = (muster_ingest::work::machine_clock(), super::voices::actor());
        let repository = handle.connect_repository(&by_address, now, &actor).await.unwrap();
        let key = muster_store::HookKey::generate(&muster_store::SystemRandom).unwrap();
        handle.add_hook(repository.id, &key, now, &actor).await.unwrap();
        let (other, _) = connect(scene, acme, REPOSITORY, "example-org/moon-table").await;
        let said =
            ["issues/opened.json", "repository/deleted.json", "repository/renamed.json", "push/branch.json"];
        deliver(scene, key.as_str(), Some(acme), &said).await;
        let (worker, failed) = work_off(scene).await;
        worker.stop().await;
        assert!(failed.is_empty(), "{failed:?}");
        for delivery in scene.queue.list_deliveries(&Default::default()).await.unwrap().items {
            let reason = delivery.reason.unwrap_or_default();
            assert!(reason.contains("hook of another repository"), "{} {reason}", delivery.guid);
        }
        assert!(handle.list_tasks(&muster_store::TaskFilter::default()).await.unwrap().items.is_empty());
        assert_eq!(handle.find_repository(other.id).await.unwrap().unwrap(), other);
        assert_eq!(handle.find_repository(repository.id).await.unwrap().unwrap(), repository);
    })
    .await;
}
